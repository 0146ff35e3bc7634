/** Random management, against the reference model: both must answer the same, always. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  aCertificate,
  aClientAuthority,
  anAdapter,
  anApiKey,
  anObject,
  aRefusedCertificate,
  aRootKey,
  aUnit,
} from './key-store.fixtures.ts';
import { createMemoryKeyStore } from './memory-key-store.ts';
import type { Predicate } from './records.ts';
import { openSqliteKeyStore } from './sqlite-store.ts';
import type { KeyStore } from './store.ts';
import type { Change, Guard } from './unit-of-work.ts';

const directory = mkdtempSync(join(tmpdir(), 'claviger-key-store-'));
let sqlite: KeyStore;
beforeAll(async () => {
  sqlite = await openSqliteKeyStore({ path: join(directory, 'a.db') });
});
afterAll(async () => {
  await sqlite.close();
  rmSync(directory, { recursive: true });
});

/** Few of everything, so that changes meet; `w` is the world of one run, whose ids are its own. */
const few = fc.constantFrom('1', '2');
const some = fc.constantFrom('1', '2', '3');
const at = fc.constantFrom(1_000, 2_000, 3_000);
const by = fc.record(
  { at, actor: fc.constant('IBMid-a'), certificateId: fc.constant('certificate') },
  { requiredKeys: ['at'] },
);
const states = fc.subarray(['enabled', 'disabled', 'deleted'] as const, { minLength: 1 });
const unless = fc.constantFrom<Predicate | undefined>(
  undefined,
  { kind: 'not', of: { kind: 'equals', name: 'State', value: 'Destroyed' } },
  { kind: 'equals', name: 'State', value: 'Active' },
);
const flag = fc.constantFrom<true | undefined>(true, undefined);

type Make = (world: string) => Change;

const change: fc.Arbitrary<Make> = fc.oneof(
  fc.tuple(few, few, fc.subarray(['a', 'b', 'c']), fc.nat({ max: 9 })).map(
    ([id, version, aliases, odds]): Make =>
      (w) => ({
        kind: 'insert-root-key',
        rootKey: aRootKey({ id: `${w}k${id}`, name: 'k' }),
        details: {
          aliases: aliases.map((alias) => w + alias),
          versionId: `${w}v${version}`,
          extractable: odds === 0,
        },
      }),
  ),
  fc.tuple(few, states, fc.option(states, { nil: undefined }), flag, by).map(
    ([id, [state = 'enabled'], from, unlessUsed, who]): Make =>
      (w) => ({
        kind: 'set-root-key-state',
        id: `${w}k${id}`,
        state,
        from,
        unlessUsed,
        by: who,
      }),
  ),
  fc.tuple(few, some, some, fc.subarray(['1', '2', '3']), at).map(
    ([id, from, to, adapters, createdAt]): Make =>
      (w) => ({
        kind: 'rotate-root-key',
        id: `${w}k${id}`,
        fromVersionId: `${w}v${from}`,
        version: { id: `${w}v${to}`, wrappedKey: Uint8Array.of(Number(to)), createdAt },
        adapters: adapters.map((adapter) => ({
          id: `${w}a${adapter}`,
          wrappedKey: Uint8Array.of(40 + Number(to)),
        })),
      }),
  ),
  fc.tuple(some, few, few, at).map(
    ([id, name, rootKey, createdAt]): Make =>
      (w) => ({
        kind: 'insert-adapter',
        adapter: anAdapter({
          id: `${w}a${id}`,
          name: `${w}n${name}`,
          rootKeyId: `${w}k${rootKey}`,
          createdAt,
        }),
      }),
  ),
  fc.tuple(some, by).map(
    ([id, who]): Make =>
      (w) => ({ kind: 'touch-adapter', id: `${w}a${id}`, by: who }),
  ),
  fc.tuple(some, unless, flag, fc.option(by, { nil: undefined })).map(
    ([id, where, withCertificates, who]): Make =>
      (w) => ({
        kind: 'delete-adapter',
        id: `${w}a${id}`,
        unless: where,
        withCertificates,
        by: who,
      }),
  ),
  fc.tuple(some, some, some, some).map(
    ([id, adapter, name, fingerprint]): Make =>
      (w) => ({
        kind: 'insert-certificate',
        certificate: aCertificate({
          id: `${w}c${id}`,
          adapterId: `${w}a${adapter}`,
          name,
          fingerprintSha256: `${w}f${fingerprint}`,
          fingerprintSha1: 'sha1',
        }),
      }),
  ),
  some.map(
    (id): Make =>
      (w) => ({ kind: 'delete-certificate', id: `${w}c${id}` }),
  ),
  fc.tuple(some, some, few, few).map(
    ([id, adapter, name, fingerprint]): Make =>
      (w) => ({
        kind: 'insert-client-authority',
        authority: aClientAuthority({
          id: `${w}u${id}`,
          adapterId: `${w}a${adapter}`,
          name,
          fingerprintSha256: fingerprint,
        }),
      }),
  ),
  some.map(
    (id): Make =>
      (w) => ({ kind: 'delete-client-authority', id: `${w}u${id}` }),
  ),
  fc.tuple(some, some, fc.constantFrom('Active', 'Destroyed'), by).map(
    ([id, adapter, state, who]): Make =>
      (w) => ({
        kind: 'insert-object',
        object: anObject({
          id: `${w}o${id}`,
          adapterId: `${w}a${adapter}`,
          index: [{ name: 'State', value: state }],
        }),
        by: who,
      }),
  ),
  fc.tuple(some, some, fc.constantFrom(2, 3), by, flag).map(
    ([id, adapter, version, who, destroyed]): Make =>
      (w) => ({
        kind: 'update-object',
        object: anObject({
          id: `${w}o${id}`,
          adapterId: `${w}a${adapter}`,
          version,
          index: [{ name: 'State', value: destroyed ? 'Destroyed' : 'Active' }],
        }),
        by: who,
        destroyed,
      }),
  ),
  some.map(
    (id): Make =>
      (w) => ({ kind: 'insert-api-key', apiKey: anApiKey({ id: `${w}p${id}`, name: 'p' }) }),
  ),
  fc.tuple(some, by).map(
    ([id, who]): Make =>
      (w) => ({ kind: 'revoke-api-key', id: `${w}p${id}`, by: who }),
  ),
  fc.tuple(some, some, at, at, fc.constantFrom('one', 'two')).map(
    ([id, sha1, firstAt, lastAt, reason]): Make =>
      (w) => ({
        kind: 'record-refused-certificate',
        refused: aRefusedCertificate({
          fingerprintSha256: `${w}r${id}`,
          fingerprintSha1: `${w}s${sha1}`,
          firstAt,
          lastAt,
          reason,
        }),
      }),
  ),
  some.map(
    (id): Make =>
      (w) => ({ kind: 'forget-refused-certificate', fingerprintSha256: `${w}r${id}` }),
  ),
  fc.tuple(few, few).map(
    ([name, value]): Make =>
      (w) => ({ kind: 'replace-setting', name: `${w}${name}`, value }),
  ),
);

const guard: fc.Arbitrary<(world: string) => Guard> = fc.oneof(
  fc.tuple(few, some).map(
    ([id, version]) =>
      (w: string): Guard => ({
        kind: 'root-key-version',
        rootKeyId: `${w}k${id}`,
        versionId: `${w}v${version}`,
      }),
  ),
  some.map(
    (id) =>
      (w: string): Guard => ({ kind: 'client-authority-present', clientAuthorityId: `${w}u${id}` }),
  ),
);

const unit = fc.record({
  guards: fc.tuple(fc.nat({ max: 9 }), guard).map(([odds, make]) => (odds === 0 ? [make] : [])),
  changes: fc.array(change, { minLength: 1, maxLength: 3 }),
});

/** Most units meet keys, adapters and certificates that are there. */
const beginnings: readonly Make[] = [
  (w) => ({
    kind: 'insert-root-key',
    rootKey: aRootKey({ id: `${w}k1` }),
    details: { versionId: `${w}v1`, aliases: [`${w}a`] },
  }),
  (w) => ({
    kind: 'insert-adapter',
    adapter: anAdapter({ id: `${w}a1`, name: `${w}n1`, rootKeyId: `${w}k1` }),
  }),
];

async function readings(store: KeyStore, w: string) {
  const page = { offset: 0, limit: 10 };
  const everything = { where: { kind: 'and', of: [] }, ...page } as const;
  const ids = ['1', '2', '3'];
  const each = <T>(read: (id: string) => Promise<T>) => Promise.all(ids.map(read));
  return {
    rootKeys: await each((id) => store.findRootKey(`${w}k${id}`)),
    aliases: await Promise.all(['a', 'b', 'c'].map((alias) => store.findRootKey(w + alias))),
    versions: await each((id) => store.pageRootKeyVersions(`${w}k${id}`, page)),
    adapters: await each((id) => store.findAdapter(`${w}a${id}`)),
    names: await each((id) => store.findAdapter(`${w}n${id}`)),
    adapterPages: await each((id) => store.pageAdapters({ ...page, rootKeyId: `${w}k${id}` })),
    principals: await each((id) => store.findPrincipal(`${w}f${id}`)),
    certificates: await each((id) => store.pageCertificates(`${w}a${id}`, page)),
    certificateNames: await each((id) => store.findCertificate(`${w}a1`, id)),
    authorities: await each((id) => store.listClientAuthorities(`${w}a${id}`)),
    authorityNames: await each((id) => store.findClientAuthority(`${w}a1`, id)),
    authorityPrincipals: await each((id) => store.findAuthorityPrincipal(`${w}u${id}`)),
    summaries: await each((id) => store.listObjectSummaries(`${w}a${id}`, everything)),
    apiKeys: await each((id) => store.findApiKey(`${w}p${id}`)),
    refused: await each((id) => store.findRefusedCertificate(`${w}r${id}`)),
    refusedBySha1: await each((id) => store.findRefusedCertificate(`${w}s${id}`)),
    settings: await each((id) => store.readSetting(w + id)),
  };
}

/** Compares histories; answers the outcomes that their units had. */
async function compareHistories(parameters: {
  numRuns: number;
  seed?: number;
}): Promise<ReadonlySet<string>> {
  const outcomes = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.array(unit, { minLength: 4, maxLength: 16 }), async (history) => {
      const model = createMemoryKeyStore();
      const w = `${randomUUID()}/`;
      const began = aUnit({ changes: beginnings.map((make) => make(w)) });
      await Promise.all([sqlite.commit(began), model.commit(began)]);
      for (const { guards, changes } of history) {
        const made = aUnit({
          guards: guards.map((make) => make(w)),
          changes: changes.map((make) => make(w)),
        });
        const [actual, expected] = await Promise.all([sqlite.commit(made), model.commit(made)]);
        expect(actual).toEqual(expected);
        outcomes.add('what' in actual ? `${actual.kind} ${actual.what}` : actual.kind);
      }
      const [actual, expected] = await Promise.all([readings(sqlite, w), readings(model, w)]);
      expect(actual).toEqual(expected);
    }),
    parameters,
  );
  return outcomes;
}

it('answers like the model to any management', async () => {
  await compareHistories({ numRuns: 100 });
});

it('compares histories that reach what they are about', async () => {
  // Whether a history gets that far is chance, so these are always the same.
  const outcomes = await compareHistories({ numRuns: 200, seed: 20_261_122 });
  expect([...outcomes]).toEqual(
    expect.arrayContaining([
      'committed',
      'conflict',
      'duplicate adapter-name',
      'duplicate certificate',
      'duplicate root-key-alias',
      'duplicate root-key-version',
      'guard-failed',
      'in-use adapter',
      'in-use root-key',
      'not-found adapter',
    ]),
  );
});
