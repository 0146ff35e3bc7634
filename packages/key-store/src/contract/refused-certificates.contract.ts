import { describe, expect, it } from 'vitest';
import { aRefusedCertificate } from '../key-store.fixtures.ts';
import { MAX_REFUSED_CERTIFICATES, type RefusedCertificateRecord } from '../management-records.ts';
import type { Change } from '../unit-of-work.ts';
import type { ContractContext } from './context.ts';

const record = (refused: RefusedCertificateRecord): Change => ({
  kind: 'record-refused-certificate',
  refused,
});

export function describeRefusedCertificates(context: ContractContext): void {
  const { commit, given, inNewStore, store } = context;

  describe('refused certificates', () => {
    it('are found by either fingerprint', async () => {
      const refused = aRefusedCertificate({ adapterId: 'an adapter' });
      await given(record(refused));
      for (const fingerprint of [refused.fingerprintSha256, refused.fingerprintSha1]) {
        expect(await store().findRefusedCertificate(fingerprint)).toStrictEqual(refused);
      }
      expect(await store().findRefusedCertificate('00'.repeat(32))).toBeUndefined();
    });

    it('sum up their attempts, with the newest reason and address', async () => {
      const first = aRefusedCertificate({ firstAt: 1_000, lastAt: 1_000, attempts: 2 });
      const again = {
        ...first,
        reason: 'It has expired.',
        address: '192.0.2.8',
        adapterId: 'an adapter',
        listener: 'kmip-2',
        firstAt: 5_000,
        lastAt: 6_000,
        attempts: 3,
      };
      await given(record(first), record(again));
      const merged = { ...again, firstAt: 1_000, attempts: 5 };
      expect(await store().findRefusedCertificate(first.fingerprintSha256)).toEqual(merged);
      await given(record({ ...again, firstAt: 500, lastAt: 700, attempts: 1 }));
      expect(await store().findRefusedCertificate(first.fingerprintSha256)).toEqual({
        ...merged,
        firstAt: 500,
        attempts: 6,
      });
    });

    it('are forgotten when they are trusted', async () => {
      const refused = aRefusedCertificate();
      const { fingerprintSha256 } = refused;
      const forget: Change = { kind: 'forget-refused-certificate', fingerprintSha256 };
      await given(record(refused), forget);
      expect(await store().findRefusedCertificate(fingerprintSha256)).toBeUndefined();
      expect(await commit({ changes: [forget] })).toEqual({
        kind: 'not-found',
        what: 'refused-certificate',
      });
    });

    it('are listed newest first by page, and the oldest make room', () =>
      inNewStore(async (own) => {
        const number = (position: number) => position.toString(16).padStart(64, '0');
        const refused = Array.from({ length: MAX_REFUSED_CERTIFICATES + 3 }, (_, position) =>
          aRefusedCertificate({ fingerprintSha256: number(position), lastAt: 10_000 + position }),
        );
        await own.commit({ guards: [], changes: refused.map(record), events: [] });
        const page = await own.listRefusedCertificates({ offset: 1, limit: 2 });
        expect(page).toEqual({
          items: refused.slice(-3, -1).reverse(),
          total: MAX_REFUSED_CERTIFICATES,
        });
        expect(await own.findRefusedCertificate(number(2))).toBeUndefined();
        expect(await own.findRefusedCertificate(number(3))).toEqual(refused[3]);

        const seenAgain = { ...aRefusedCertificate(), ...refused[3], lastAt: 20_000 };
        const late = aRefusedCertificate({ lastAt: 15_000 });
        await own.commit({ guards: [], changes: [record(seenAgain), record(late)], events: [] });
        const newest = await own.listRefusedCertificates({ offset: 0, limit: 2 });
        expect(newest.items.map(({ lastAt }) => lastAt)).toEqual([20_000, 15_000]);
        expect(await own.findRefusedCertificate(number(4))).toBeUndefined();
        await expect(own.listRefusedCertificates({ offset: -1, limit: 1 })).rejects.toMatchObject({
          code: 'invalid',
        });
      }));
  });
}
