import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { assertValidEvent } from '@claviger/audit-emitter/testing';
import { describe, expect, it } from 'vitest';
import { run } from '../gateway.fixtures.ts';

async function leftovers(): Promise<readonly string[]> {
  return (await readdir(tmpdir())).filter((name) => name.startsWith('claviger-demo-'));
}

describe('claviger demo', () => {
  it('plays all steps, each with its events, and leaves nothing behind', async () => {
    const before = await leftovers();
    const { code, out, err } = await run(['demo', '--json']);
    expect([code, err]).toEqual([0, '']);
    const steps = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(
      steps.map(({ events }) => events.map(({ action }: { action: string }) => action)),
    ).toEqual([
      ['claviger.kmip-server.discover-versions'],
      ['hs-crypto.kmip-key.create'],
      Array(3).fill('claviger.kmip-key-attributes.add'),
      ['hs-crypto.kmip-key-attributes.retrieve'],
      ['hs-crypto.kmip-key.activate'],
      ['hs-crypto.kmip-key.read'],
      ['hs-crypto.kmip-key.destroy'],
      ['hs-crypto.kmip-key.revoke'],
      ['hs-crypto.kmip-key.destroy'],
      ['claviger.kmip-connection.refuse'],
    ]);
    for (const { events } of steps) for (const event of events) assertValidEvent(event);
    expect(out).toContain('["Key Material","(32 bytes, hidden)"]');
    expect(await leftovers()).toEqual(before);
  });
});
