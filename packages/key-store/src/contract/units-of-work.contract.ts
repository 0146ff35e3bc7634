import { describe, expect, it } from 'vitest';
import {
  aClientAuthority,
  anAdapter,
  anApiKey,
  anEvent,
  anObject,
  aPrincipal,
  aRefusedCertificate,
  aRootKey,
} from '../key-store.fixtures.ts';
import type { Change, UnitOfWork } from '../unit-of-work.ts';
import type { ContractContext } from './context.ts';

export function describeUnitsOfWork(context: ContractContext): void {
  const { commit, given, givenAdapter, store } = context;

  describe('units of work', () => {
    it('commits nothing of a unit when a guard fails, and names the guard', async () => {
      const { certificate, rootKey, changes } = aPrincipal();
      await given(...changes);
      const object = anObject({ adapterId: certificate.adapterId });
      await given({ kind: 'insert-object', object });
      const { adapterId, id } = object;
      const good = [
        { kind: 'certificate-present', certificateId: certificate.id },
        { kind: 'root-key-enabled', rootKeyId: rootKey.id },
        { kind: 'object-version', adapterId, id, version: 1 },
      ] as const;
      expect(await commit({ guards: good })).toMatchObject({ kind: 'committed' });
      const bad = [
        { kind: 'certificate-present', certificateId: 'nobody' },
        { kind: 'root-key-enabled', rootKeyId: 'nobody' },
        { kind: 'object-version', adapterId, id, version: 2 },
        { kind: 'object-version', adapterId: 'nobody', id, version: 1 },
        { kind: 'object-version', adapterId, id: 'nobody', version: 1 },
      ] as const;
      for (const guard of bad) {
        const before = await store().lastEventSequence();
        const added = anObject({ adapterId });
        const outcome = await commit({
          guards: [...good, guard],
          changes: [{ kind: 'insert-object', object: added }],
          events: [anEvent()],
        });
        expect(outcome).toEqual({ kind: 'guard-failed', guard });
        expect(await store().readObject(adapterId, added.id)).toBeUndefined();
        expect(await store().lastEventSequence()).toBe(before);
      }
    });

    it('holds a root key that is disabled or deleted for unusable', async () => {
      const { rootKey, changes } = aPrincipal();
      await given(...changes);
      const guards = [{ kind: 'root-key-enabled', rootKeyId: rootKey.id }] as const;
      for (const state of ['disabled', 'deleted'] as const) {
        await given({ kind: 'set-root-key-state', id: rootKey.id, state });
        expect(await commit({ guards })).toMatchObject({ kind: 'guard-failed' });
      }
    });

    it('commits nothing of a unit of which a later change is refused', async () => {
      const adapter = await givenAdapter();
      const object = anObject({ adapterId: adapter.id });
      const before = await store().lastEventSequence();
      const outcome = await commit({
        changes: [
          { kind: 'insert-object', object },
          { kind: 'delete-certificate', id: 'nobody' },
        ],
        events: [anEvent()],
      });
      expect(outcome).toEqual({ kind: 'not-found', what: 'certificate' });
      expect(await store().readObject(adapter.id, object.id)).toBeUndefined();
      expect(await store().lastEventSequence()).toBe(before);
    });

    it('lets a refused unit not disturb those that are committed beside it', async () => {
      const adapter = await givenAdapter();
      const before = await store().lastEventSequence();
      const objects = Array.from({ length: 20 }, () => anObject({ adapterId: adapter.id }));
      const outcomes = await Promise.all(
        objects.map((object, position) =>
          commit({
            changes: [
              { kind: 'insert-object', object },
              ...(position % 3 === 0
                ? [{ kind: 'delete-certificate', id: 'nobody' } as const]
                : []),
            ],
            events: [anEvent()],
          }),
        ),
      );
      const kinds = outcomes.map(({ kind }) => kind);
      expect(kinds).toEqual(
        objects.map((_, position) => (position % 3 === 0 ? 'not-found' : 'committed')),
      );
      const listed = await store().listObjects(adapter.id, { offset: 0, limit: 100 });
      expect(listed).toHaveLength(13);
      expect(await store().lastEventSequence()).toBe(before + 13);
    });

    it('refuses what no store can keep as invalid, and goes on', async () => {
      const adapter = await givenAdapter();
      const event = anEvent();
      await commit({ events: [event] });
      const object = anObject({ adapterId: adapter.id });
      const units: readonly Partial<UnitOfWork>[] = [
        { changes: [{ kind: 'insert-object', object: { ...object, version: 2 } }] },
        { changes: [{ kind: 'update-object', object: { ...object, version: 1 } }] },
        { changes: [{ kind: 'insert-object', object: { ...object, createdAt: 0.5 } }] },
        {
          changes: [
            {
              kind: 'insert-object',
              object: { ...object, index: [{ name: 'n', value: Number.NaN }] },
            },
          ],
        },
        {
          changes: [{ kind: 'insert-object', object: { ...object, uniqueNames: ['a', 'b\0'] } }],
        },
        {
          changes: [
            { kind: 'insert-object', object: { ...object, index: [{ name: 'n', value: '\0' }] } },
          ],
        },
        {
          changes: [
            {
              kind: 'insert-adapter',
              adapter: anAdapter({ rootKeyId: adapter.rootKeyId, name: 'a\0' }),
            },
          ],
        },
        { events: [anEvent({ body: '\0' })] },
        { events: [anEvent({ time: Number.POSITIVE_INFINITY })] },
        { events: [event] },
      ];
      for (const unit of units) {
        await expect(commit(unit)).rejects.toMatchObject({ name: 'StoreError', code: 'invalid' });
      }
      await given({ kind: 'insert-object', object });
    });

    it.each<readonly [string, Change]>([
      ['half a millisecond', { kind: 'revoke-api-key', id: 'a', by: { at: 0.5 } }],
      [
        'a zero character in the name of an author',
        { kind: 'touch-adapter', id: 'a', by: { at: 1, actor: '\0' } },
      ],
      [
        'a zero character in the id of a certificate',
        {
          kind: 'insert-object',
          object: anObject({ adapterId: 'a' }),
          by: { at: 1, certificateId: '\0' },
        },
      ],
      [
        'a time before the epoch',
        { kind: 'set-root-key-state', id: 'a', state: 'enabled', by: { at: -1 } },
      ],
      [
        'a zero character in a tag',
        { kind: 'insert-root-key', rootKey: aRootKey(), details: { tags: ['a', 'b\0'] } },
      ],
      [
        'a zero character in an alias',
        { kind: 'insert-root-key', rootKey: aRootKey(), details: { aliases: ['\0'] } },
      ],
      [
        'a zero character in a description',
        { kind: 'insert-root-key', rootKey: aRootKey(), details: { description: '\0' } },
      ],
      [
        'an end that is no number',
        { kind: 'insert-root-key', rootKey: aRootKey(), details: { expirationAt: Number.NaN } },
      ],
      [
        'a version made at no time',
        {
          kind: 'rotate-root-key',
          id: 'a',
          fromVersionId: 'a',
          version: { id: 'b', wrappedKey: new Uint8Array(), createdAt: Number.NaN },
          adapters: [],
        },
      ],
      [
        'a zero character in the id of a version',
        {
          kind: 'rotate-root-key',
          id: 'a',
          fromVersionId: 'a',
          version: { id: '\0', wrappedKey: new Uint8Array(), createdAt: 0 },
          adapters: [],
        },
      ],
      [
        'an adapter changed at no time',
        { kind: 'insert-adapter', adapter: anAdapter({ rootKeyId: 'a', updatedAt: Number.NaN }) },
      ],
      [
        'an obstacle that is no number',
        {
          kind: 'delete-adapter',
          id: 'a',
          unless: { kind: 'equals', name: 'n', value: Number.NaN },
        },
      ],
      [
        'an authority with half a date',
        {
          kind: 'insert-client-authority',
          authority: aClientAuthority({ adapterId: 'a', notAfter: 0.5 }),
        },
      ],
      [
        'a zero character in the reason of a refusal',
        {
          kind: 'record-refused-certificate',
          refused: aRefusedCertificate({ reason: '\0' }),
        },
      ],
      [
        'less than no attempts',
        { kind: 'record-refused-certificate', refused: aRefusedCertificate({ attempts: -1 }) },
      ],
      [
        'a zero character in the role of an API key',
        { kind: 'insert-api-key', apiKey: anApiKey({ role: '\0' }) },
      ],
      ['a zero character in a setting', { kind: 'replace-setting', name: 'a', value: '\0' }],
    ])('refuses %s as invalid', async (_name, change) => {
      await expect(commit({ changes: [change] })).rejects.toMatchObject({
        name: 'StoreError',
        code: 'invalid',
      });
    });
  });
}
