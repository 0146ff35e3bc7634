import { describe, expect, it } from 'vitest';
import { anObject } from '../key-store.fixtures.ts';
import type { Attribution } from '../management-records.ts';
import type { Predicate } from '../records.ts';
import type { ContractContext } from './context.ts';

const EVERYTHING: Predicate = { kind: 'and', of: [] };
const ACTIVE: Predicate = { kind: 'equals', name: 'State', value: 'Active' };

const by = (at: number, name: string): Attribution => ({
  at,
  actor: `IBMid-${name}`,
  certificateId: `certificate-${name}`,
  fingerprintSha256: `fingerprint-${name}`,
});

export function describeObjectHistory(context: ContractContext): void {
  const { commit, given, givenAdapter, givenObject, store } = context;

  describe('who did what to an object', () => {
    it('is told from its creation to its destruction, each deed by itself', async () => {
      const object = anObject({ adapterId: (await givenAdapter()).id, createdAt: 1_000 });
      const { id, adapterId, objectType, attributes } = object;
      await given({ kind: 'insert-object', object, by: by(1_000, 'a') });
      const summary = () => store().readObjectSummary(adapterId, id);
      const made = {
        id,
        adapterId,
        version: 1,
        objectType,
        attributes,
        hasMaterial: true,
        created: by(1_000, 'a'),
        updated: by(1_000, 'a'),
        destroyed: undefined,
      };
      expect(await summary()).toEqual(made);

      await given({ kind: 'update-object', object: { ...object, version: 2 }, by: by(2_000, 'b') });
      expect(await summary()).toEqual({ ...made, version: 2, updated: by(2_000, 'b') });

      const destroyed = { ...object, version: 3, material: null, attributes: Uint8Array.of(5) };
      await given({
        kind: 'update-object',
        object: destroyed,
        by: by(3_000, 'c'),
        destroyed: true,
      });
      const gone = {
        ...made,
        version: 3,
        attributes: destroyed.attributes,
        hasMaterial: false,
        updated: by(3_000, 'c'),
        destroyed: by(3_000, 'c'),
      };
      expect(await summary()).toEqual(gone);

      const noted = { ...destroyed, version: 4 };
      await given({ kind: 'update-object', object: noted, by: by(4_000, 'd') });
      expect(await summary()).toEqual({ ...gone, version: 4, updated: by(4_000, 'd') });
    });

    it('may be a person without a certificate, or nobody known', async () => {
      const object = await givenObject({ createdAt: 1_000 });
      const summary = () => store().readObjectSummary(object.adapterId, object.id);
      expect(await summary()).toMatchObject({ created: { at: 1_000 }, updated: { at: 1_000 } });
      const person: Attribution = { at: 2_000, actor: 'IBMid-a' };
      await given({
        kind: 'update-object',
        object: { ...object, version: 2 },
        by: person,
        destroyed: true,
      });
      expect((await summary())?.destroyed).toEqual(person);
      await given({ kind: 'update-object', object: { ...object, version: 3 } });
      expect((await summary())?.updated).toEqual(person);
    });

    it('may be a client that an authority has issued, by its fingerprint', async () => {
      const { id: adapterId } = await givenAdapter();
      const object = anObject({ adapterId, createdAt: 1_000 });
      const client: Attribution = {
        at: 1_000,
        actor: 'IBMid-a',
        authorityId: 'authority-a',
        fingerprintSha256: 'fingerprint-a',
      };
      await given({ kind: 'insert-object', object, by: client });
      const update = { kind: 'update-object', object: { ...object, version: 2 } } as const;
      await given({ ...update, by: { ...client, at: 2_000 }, destroyed: true });
      expect(await store().readObjectSummary(adapterId, object.id)).toMatchObject({
        created: client,
        updated: { ...client, at: 2_000 },
        destroyed: { ...client, at: 2_000 },
      });
    });

    it('leaves nothing of a unit that is refused', async () => {
      const object = await givenObject({ createdAt: 1_000 });
      const update = { kind: 'update-object', object: { ...object, version: 2 } } as const;
      const outcome = await commit({
        changes: [
          { ...update, by: by(2_000, 'a') },
          { ...update, by: by(3_000, 'b') },
        ],
      });
      expect(outcome).toEqual({ kind: 'conflict', id: object.id });
      expect(await store().readObjectSummary(object.adapterId, object.id)).toMatchObject({
        version: 1,
        updated: { at: 1_000 },
      });
    });

    it('must be told of a destruction', async () => {
      const object = await givenObject();
      const change = {
        kind: 'update-object',
        object: { ...object, version: 2 },
        destroyed: true,
      } as const;
      await expect(commit({ changes: [change] })).rejects.toMatchObject({ code: 'invalid' });
    });

    it('is kept from other adapters', async () => {
      const object = await givenObject();
      const other = await givenAdapter();
      expect(await store().readObjectSummary(other.id, object.id)).toBeUndefined();
      const page = { where: EVERYTHING, offset: 0, limit: 10 };
      expect(await store().listObjectSummaries(other.id, page)).toEqual({ items: [], total: 0 });
    });

    it('is listed newest first by page and condition, with the total of all that match', async () => {
      const { id: adapterId } = await givenAdapter();
      const objects = Array.from({ length: 6 }, (_, position) =>
        anObject({
          adapterId,
          createdAt: position,
          index: [{ name: 'State', value: position % 3 === 2 ? 'Destroyed' : 'Active' }],
        }),
      );
      for (const object of objects) {
        await given({ kind: 'insert-object', object, by: by(object.createdAt, 'a') });
      }
      const list = async (where: Predicate, offset: number, limit: number) => {
        const { items, total } = await store().listObjectSummaries(adapterId, {
          where,
          offset,
          limit,
        });
        return { created: items.map(({ created }) => created), total };
      };
      expect(await list(EVERYTHING, 1, 2)).toEqual({
        created: [by(4, 'a'), by(3, 'a')],
        total: 6,
      });
      expect(await list(ACTIVE, 1, 9)).toEqual({
        created: [by(3, 'a'), by(1, 'a'), by(0, 'a')],
        total: 4,
      });
      const uncounted = { where: ACTIVE, offset: 1, limit: 2, countUpTo: 0 };
      const { items, total } = await store().listObjectSummaries(adapterId, uncounted);
      expect(items.map(({ created }) => created)).toEqual([by(3, 'a'), by(1, 'a')]);
      expect(total).toBe(0);
      expect(await list(ACTIVE, 0, 0)).toEqual({ created: [], total: 4 });
      await expect(list(EVERYTHING, -1, 2)).rejects.toMatchObject({ code: 'invalid' });
    });
  });
}
