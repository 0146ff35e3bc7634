import { createMemoryKeyStore } from '@claviger/key-store/testing';
import { describe, expect, it } from 'vitest';
import { withCommitFeed } from './commit-feed.ts';

const anEvent = (id: string) => ({
  id,
  time: 1_772_442_847_310,
  action: 'hs-crypto.kmip-key.create',
  outcome: 'success',
  severity: 'normal',
  initiatorId: 'claviger',
  targetId: 'target',
  adapterId: null,
  correlationId: null,
  body: `{"id":"${id}"}`,
});

describe('the feed of commits', () => {
  it('tells of events that are durable, and of nothing else', async () => {
    const { store, commits } = withCommitFeed(createMemoryKeyStore());
    let told = 0;
    const end = commits.onCommitted(() => {
      told += 1;
    });
    await store.commit({ guards: [], changes: [], events: [anEvent('1'), anEvent('2')] });
    expect(told).toBe(1);
    await store.writeSinkCursor('siem', 2, 0);
    await store.commit({
      guards: [],
      changes: [{ kind: 'replace-setting', name: 'a', value: 'b' }],
      events: [],
    });
    const guard = { kind: 'setting-is', name: 'a', value: 'c' } as const;
    await store.commit({ guards: [guard], changes: [], events: [anEvent('3')] });
    expect(told).toBe(1);
    end();
    await store.commit({ guards: [], changes: [], events: [anEvent('4')] });
    expect(told).toBe(1);
  });
});
