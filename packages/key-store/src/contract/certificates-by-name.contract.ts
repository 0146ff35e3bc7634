import { describe, expect, it } from 'vitest';
import { aCertificate } from '../key-store.fixtures.ts';
import type { CertificateRecord } from '../records.ts';
import type { Change } from '../unit-of-work.ts';
import type { ContractContext } from './context.ts';

const insertion = (certificate: CertificateRecord): Change => ({
  kind: 'insert-certificate',
  certificate,
});

export function describeCertificatesByName(context: ContractContext): void {
  const { commit, given, givenAdapter, store } = context;

  describe('certificates of an adapter', () => {
    it('keep who registered them', async () => {
      const { id: adapterId } = await givenAdapter();
      const certificate = aCertificate({ adapterId, createdBy: 'IBMid-a' });
      await given(insertion(certificate));
      expect(await store().findCertificate(adapterId, certificate.id)).toStrictEqual(certificate);
      const principal = await store().findPrincipal(certificate.fingerprintSha256);
      expect(principal?.certificate.createdBy).toBe('IBMid-a');
    });

    it('are found by id or by name within the adapter, by the id first', async () => {
      const { id: adapterId } = await givenAdapter();
      const { id: otherId } = await givenAdapter();
      const certificate = aCertificate({ adapterId });
      const impostor = aCertificate({ adapterId, name: certificate.id });
      await given(insertion(certificate), insertion(impostor));
      expect(await store().findCertificate(adapterId, certificate.name)).toEqual(certificate);
      expect(await store().findCertificate(adapterId, certificate.id)).toEqual(certificate);
      expect(await store().findCertificate(adapterId, impostor.id)).toEqual(impostor);
      expect(await store().findCertificate(adapterId, 'nobody')).toBeUndefined();
      expect(await store().findCertificate(otherId, certificate.id)).toBeUndefined();
      expect(await store().findCertificate(otherId, certificate.name)).toBeUndefined();
    });

    it('have different names, which other adapters may give too', async () => {
      const { id: adapterId } = await givenAdapter();
      const { id: otherId } = await givenAdapter();
      const certificate = aCertificate({ adapterId });
      const { name, fingerprintSha256 } = certificate;
      await given(insertion(certificate), insertion(aCertificate({ adapterId: otherId, name })));
      const sameName = aCertificate({ adapterId, name });
      expect(await commit({ changes: [insertion(sameName)] })).toEqual({
        kind: 'duplicate',
        what: 'certificate-name',
      });
      const sameInAll = { ...sameName, fingerprintSha256 };
      expect(await commit({ changes: [insertion(sameInAll)] })).toEqual({
        kind: 'duplicate',
        what: 'certificate',
      });
      await given({ kind: 'delete-certificate', id: certificate.id }, insertion(sameName));
    });

    it('are listed by page in the order of creation', async () => {
      const { id: adapterId } = await givenAdapter();
      const [first] = await store().listCertificates(adapterId);
      const later = [40, 20, 30].map((seconds) =>
        aCertificate({ adapterId, createdAt: (first?.createdAt ?? 0) + seconds }),
      );
      await given(...later.map(insertion));
      const page = (offset: number, limit: number) =>
        store().pageCertificates(adapterId, { offset, limit });
      expect(await page(0, 2)).toEqual({ items: [first, later[1]], total: 4 });
      expect(await page(2, 9)).toEqual({ items: [later[2], later[0]], total: 4 });
      await expect(page(0, -1)).rejects.toMatchObject({ code: 'invalid' });
    });
  });
}
