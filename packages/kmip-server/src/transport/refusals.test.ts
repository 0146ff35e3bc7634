import { parseAuditEvent } from '@claviger/audit-emitter';
import { A_FINGERPRINT, anEmitter } from '@claviger/audit-emitter/testing';
import type { Change, NewEvent } from '@claviger/key-store';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createCollectingLog } from '../collecting-log.fixtures.ts';
import type { KmipServerDependencies } from '../dependencies.ts';
import { WINDOW_MS } from './aggregation.ts';
import { createFloodLog } from './flood-log.ts';
import type { Peer } from './peer.ts';
import { createRefusals } from './refusals.ts';

const PEER: Peer = {
  fingerprint: A_FINGERPRINT,
  fingerprintSha256: A_FINGERPRINT,
  fingerprintSha1: 'b'.repeat(40),
  subject: 'CN=stranger',
  certificate: { toString: () => 'the PEM of the stranger' },
  address: '192.0.2.7',
};

let now: number;
let looksAtClock: number;
const clock = {
  now() {
    looksAtClock++;
    return now;
  },
};

/** Lets time pass for timers and clock alike. */
async function pass(milliseconds: number): Promise<void> {
  now += milliseconds;
  await vi.advanceTimersByTimeAsync(milliseconds);
}

function start({ isPublic = false, storeFails = false } = {}) {
  const log = createCollectingLog();
  const events: NewEvent[] = [];
  const changes: Change[] = [];
  const store: Pick<KmipServerDependencies['store'], 'commit'> = {
    async commit(unit) {
      if (storeFails) throw new Error('The disk is full.');
      events.push(...unit.events);
      changes.push(...unit.changes);
      return { kind: 'committed', lastSequence: events.length };
    },
  };
  const refusals = createRefusals(
    { audit: anEmitter(), clock, log, randomness: { uuid: () => 'id' }, store },
    {
      shownAddress: (address) => (isPublic ? address : undefined),
      requestURI: () => 'kmip://kmip.example:5696',
    },
  );
  const recorded = () => events.map(({ body }) => parseAuditEvent(JSON.parse(body)));
  return { log, refusals, recorded, changes };
}

beforeEach(() => {
  vi.useFakeTimers();
  now = 1_770_000_000_000;
  looksAtClock = 0;
});
afterEach(() => vi.useRealTimers());

describe('refusals', () => {
  it('records the first of a peer at once, and the rest of the minute when it is over', async () => {
    const { log, refusals, recorded } = start();
    for (let n = 0; n < 4; n++) refusals.record(PEER, 'unknown-certificate', null);
    expect(recorded()).toHaveLength(1);
    await pass(WINDOW_MS);
    expect(recorded().map(({ requestData }) => requestData)).toMatchObject([
      { refusal: 'unknown-certificate', attempts: 1, subject: 'CN=stranger' },
      { refusal: 'unknown-certificate', attempts: 3 },
    ]);
    expect(log.lines.map(({ level }) => level)).toEqual(['warn', 'warn']);
    await pass(10 * WINDOW_MS);
    expect(recorded()).toHaveLength(2);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('lists what was refused with its certificate, which is in no log', async () => {
    const { log, refusals, changes } = start();
    for (let n = 0; n < 3; n++) refusals.record(PEER, 'unknown-certificate', 'adapter');
    const firstAt = now;
    await pass(WINDOW_MS);
    const refused = {
      fingerprintSha256: A_FINGERPRINT,
      fingerprintSha1: 'b'.repeat(40),
      subject: 'CN=stranger',
      pem: 'the PEM of the stranger',
      reason: 'The client certificate is not registered with any adapter.',
      address: '192.0.2.7',
      adapterId: 'adapter',
      listener: 'kmip://kmip.example:5696',
      firstAt,
      lastAt: firstAt,
    };
    expect(changes).toEqual([
      { kind: 'record-refused-certificate', refused: { ...refused, attempts: 1 } },
      { kind: 'record-refused-certificate', refused: { ...refused, attempts: 2 } },
    ]);
    expect(JSON.stringify(log.lines)).not.toContain('the PEM');
  });

  it('does not list a certificate of a size that no client has', () => {
    const { refusals, recorded, changes } = start();
    const certificate = { toString: () => 'x'.repeat(100_000) };
    refusals.record({ ...PEER, certificate }, 'unknown-certificate', null);
    expect([recorded().length, changes]).toEqual([1, []]);
  });

  it('tells peers and reasons apart', () => {
    const { refusals, recorded } = start();
    refusals.record(PEER, 'unknown-certificate', null);
    refusals.record(PEER, 'certificate-expired', 'adapter');
    refusals.record({ ...PEER, fingerprintSha256: 'c'.repeat(64) }, 'unknown-certificate', null);
    expect(recorded()).toHaveLength(3);
  });

  it('records what is still counted when it is closed, and whatever comes later at once', async () => {
    const { refusals, recorded } = start();
    for (let n = 0; n < 3; n++) refusals.record(PEER, 'unknown-certificate', null);
    await refusals.close();
    expect(recorded()).toHaveLength(2);
    refusals.record(PEER, 'unknown-certificate', null);
    expect(recorded()).toHaveLength(3);
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each([
    [false, undefined],
    [true, { address: '192.0.2.7', addressType: 'IPv4' }],
  ])('on a public network (%s), the event has the address', (isPublic, host) => {
    const { refusals, recorded } = start({ isPublic });
    refusals.record(PEER, 'unknown-certificate', null);
    expect(recorded()[0]?.initiator.host).toEqual(host);
  });

  it('records a peer of which nothing is known', () => {
    const { refusals, recorded, changes } = start({ isPublic: true });
    const nothing = { fingerprint: undefined, fingerprintSha256: undefined };
    const rest = { fingerprintSha1: undefined, subject: undefined, address: undefined };
    refusals.record({ ...nothing, ...rest, certificate: undefined }, 'no-certificate', null);
    expect(recorded()).toMatchObject([{ initiator: { id: 'anonymous' } }]);
    expect(changes).toEqual([]);
  });

  it('records a certificate whose subject reads like a private key, also by its timer', async () => {
    const { log, refusals, recorded } = start();
    const subject = `CN=-----BEGIN PRIVATE KEY-----${'x'.repeat(1000)}`;
    for (let n = 0; n < 2; n++) refusals.record({ ...PEER, subject }, 'unknown-certificate', null);
    await pass(WINDOW_MS);
    expect(recorded()).toHaveLength(2);
    expect(JSON.stringify(recorded())).not.toContain('-----BEGIN');
    expect(JSON.stringify(log.lines).length).toBeLessThan(2000);
    expect(log.lines.some(({ level }) => level === 'error')).toBe(false);
  });

  it('never throws: a store that fails is a line in the log', async () => {
    const { log, refusals } = start({ storeFails: true });
    for (let n = 0; n < 2; n++) refusals.record(PEER, 'unknown-certificate', null);
    await pass(WINDOW_MS);
    await refusals.close();
    expect(log.lines.filter(({ level }) => level === 'error')).toHaveLength(2);
  });

  it('does not spin when the clock is set back by a month', async () => {
    const { refusals, recorded } = start();
    for (let n = 0; n < 2; n++) refusals.record(PEER, 'unknown-certificate', null);
    now -= 31 * 86_400_000;
    refusals.record({ ...PEER, fingerprintSha256: 'd'.repeat(64) }, 'unknown-certificate', null);
    looksAtClock = 0;
    await pass(WINDOW_MS - 1);
    expect(looksAtClock).toBe(0);
    now += 31 * 86_400_000;
    await pass(WINDOW_MS);
    expect(recorded().at(-1)?.requestData).toMatchObject({ attempts: 1 });
  });
});

describe('the flood log', () => {
  it('writes the first of a kind at once, and then a count for each minute', async () => {
    const log = createCollectingLog();
    const floods = createFloodLog(log, clock);
    for (let n = 0; n < 1000; n++) floods.note('handshake-failed', { address: `192.0.2.${n % 9}` });
    floods.note('too-many-connections', { maxConnections: 5 });
    await pass(WINDOW_MS);
    floods.close();
    expect(log.lines).toEqual([
      {
        level: 'info',
        fields: { address: '192.0.2.0', count: 1 },
        message: 'a TLS handshake failed',
      },
      {
        level: 'warn',
        fields: { maxConnections: 5, count: 1 },
        message: 'a connection was dropped: too many are open',
      },
      {
        level: 'info',
        fields: { address: '192.0.2.0', count: 999 },
        message: 'a TLS handshake failed',
      },
    ]);
  });
});
