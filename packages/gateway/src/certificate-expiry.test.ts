import { anEmitter } from '@claviger/audit-emitter/testing';
import { createMemoryKeyStore } from '@claviger/key-store/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  createExpiryWatch,
  type ExpiryWatchDeps,
  type WatchedCertificate,
} from './certificate-expiry.ts';

const NOW = Date.UTC(2026, 4, 6);
const DAY_MS = 24 * 60 * 60 * 1000;

type Store = ReturnType<typeof createMemoryKeyStore>;
let store: Store;
let now: number;
let lines: { readonly level: string; readonly fields: object; readonly message: string }[];
let ids: number;
let certificates: WatchedCertificate[];
beforeEach(() => {
  store = createMemoryKeyStore();
  now = NOW;
  lines = [];
  ids = 0;
  certificates = [];
});

function aWatched(daysLeft: number, different: Partial<WatchedCertificate> = {}) {
  return {
    kind: 'client',
    id: '4f2a7c90-0000-4000-8000-000000000001',
    name: 'vcenter-client',
    adapterId: '4f2a7c90-0000-4000-8000-000000000002',
    fingerprintSha256: 'ab'.repeat(32),
    subject: 'CN=vcenter',
    notBefore: NOW - DAY_MS,
    notAfter: NOW + daysLeft * DAY_MS,
    ...different,
  } as const satisfies WatchedCertificate;
}

function watch(warnDays: readonly number[] = [90, 30, 7], deps: Partial<ExpiryWatchDeps> = {}) {
  const newId = () => `00000000-0000-4000-8000-${String(++ids).padStart(12, '0')}`;
  const note = (level: string) => (fields: object, message: string) => {
    lines.push({ level, fields, message });
  };
  return createExpiryWatch(warnDays, {
    store,
    audit: anEmitter({ newId, now: () => now }),
    clock: { now: () => now },
    randomness: { uuid: newId },
    log: { warn: note('warn'), error: note('error') },
    certificates: async () => certificates,
    onMeasured: () => {},
    ...deps,
  });
}

async function events(): Promise<readonly Record<string, unknown>[]> {
  const records = await store.listEvents({ afterSequence: 0, limit: 100 });
  return records.map(({ body }) => JSON.parse(body));
}

describe('the end of a certificate', () => {
  it('is announced once for each threshold, by a line and an event, and when it has come', async () => {
    certificates = [aWatched(100)];
    const expiry = watch();
    const announced: unknown[] = [];
    for (let day = 0; day <= 105; day++) {
      now = NOW + day * DAY_MS + 1000;
      await expiry.check();
      for (const { message, fields } of lines.splice(0)) {
        announced.push([day, message, 'daysLeft' in fields ? fields.daysLeft : undefined]);
      }
    }
    expect(announced).toEqual([
      [10, 'a certificate ends soon', 89],
      [70, 'a certificate ends soon', 29],
      [93, 'a certificate ends soon', 6],
      [100, 'a certificate has expired', 0],
    ]);
    const thresholds = (await events()).map(({ requestData }) => requestData);
    expect(thresholds).toMatchObject([
      { thresholdDays: 90, hasExpired: false },
      { thresholdDays: 30, hasExpired: false },
      { thresholdDays: 7, hasExpired: false },
      { thresholdDays: 0, hasExpired: true },
    ]);
  });

  it('is not announced again after a restart', async () => {
    certificates = [aWatched(20)];
    await watch().check();
    await watch().check();
    now += DAY_MS;
    await watch().check();
    expect(lines).toHaveLength(1);
    expect(await events()).toHaveLength(1);
  });

  it('is announced by the nearest threshold alone, when several have passed', async () => {
    certificates = [aWatched(5)];
    await watch([7, 90, 30]).check();
    expect(await events()).toMatchObject([
      {
        action: 'claviger.certificate-expiry.announce',
        severity: 'warning',
        initiator: { id: 'claviger' },
        target: { name: 'vcenter-client', id: expect.stringContaining(':certificate:') },
        requestData: {
          certificateRole: 'client',
          certificateFingerprint: 'ab'.repeat(32),
          notAfter: '2026-05-11T00:00:00.000Z',
          thresholdDays: 7,
          daysLeft: 5,
        },
      },
    ]);
    expect(lines).toMatchObject([
      {
        level: 'warn',
        fields: {
          name: 'vcenter-client',
          sha256: expect.stringMatching(/^AB:AB:/),
          advice: expect.stringContaining('claviger cert add'),
        },
      },
    ]);
  });

  it('is announced anew for the certificate that comes after it, and forgotten with it', async () => {
    certificates = [aWatched(5)];
    const expiry = watch();
    await expiry.check();
    certificates = [aWatched(20, { fingerprintSha256: 'cd'.repeat(32) })];
    await expiry.check();
    expect(await store.readSetting('announced-certificate-expiry')).toBe(
      JSON.stringify({ ['cd'.repeat(32)]: 30 }),
    );
    expect(await events()).toHaveLength(2);
  });

  it('is announced once for a certificate that serves twice', async () => {
    const server = { kind: 'server', id: 'server', name: 'server', adapterId: undefined } as const;
    certificates = [aWatched(5), aWatched(5, server)];
    await watch().check();
    expect(await events()).toHaveLength(1);
  });

  it('is announced at the next check when it could not be recorded', async () => {
    certificates = [aWatched(5)];
    const broken = {
      readSetting: (name: string) => store.readSetting(name),
      commit: async () => {
        throw new Error('disk full');
      },
    };
    await watch([7], { store: broken }).check();
    expect(lines).toMatchObject([{ level: 'error' }]);
    await watch([7]).check();
    expect(await events()).toHaveLength(1);
  });

  it('is logged once where the log of events leaves our own actions out', async () => {
    certificates = [aWatched(5)];
    const audit = anEmitter({ extensionActions: false });
    await watch([7], { audit }).check();
    await watch([7], { audit }).check();
    expect(await events()).toEqual([]);
    expect(lines).toHaveLength(1);
  });

  it('is announced though what was kept of earlier announcements is damaged', async () => {
    await store.initialiseSetting('announced-certificate-expiry', '{"half');
    certificates = [aWatched(5)];
    await watch([7]).check();
    expect(await events()).toHaveLength(1);
  });

  it('is measured at each check, however far it is', async () => {
    certificates = [aWatched(3650)];
    const measured: unknown[] = [];
    await watch([7], { onMeasured: (all) => measured.push(...all) }).check();
    expect(measured).toEqual(certificates);
    expect(lines).toEqual([]);
  });
});
