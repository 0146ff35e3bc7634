/** How SQLite runs the prepared statements: what grows with the data is searched, never walked. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openForWriting } from './open-database.ts';
import type { StatementText } from './prepared-statement.ts';
import { createQueryBuilder } from './query-compiler.ts';
import { compileReadStatements } from './read-statements.ts';
import type { SqliteDatabase } from './sqlite-driver.ts';
import { compileWriteStatements } from './write-statements.ts';

const queries = createQueryBuilder();
const reads = compileReadStatements(queries);
const writes = compileWriteStatements(queries);

/** What reads everything there is, in order, as its name says; or walks an index in its order. */
const WALKS: Readonly<Record<string, string>> = {
  listObjects: 'a page of all objects, newest first',
  countEntries: 'the rows that its own search found, up to a limit',
  listAdapters: 'all adapters',
  pageAdapters: 'a page of all adapters',
  countAdapters: 'all adapters',
  listCertificates: 'all certificates',
  listClientAuthorities: 'all authorities',
  listApiKeys: 'all API keys',
  listRootKeys: 'all root keys',
  pageRootKeys: 'a page of all keys, in the order of their ids',
  listRefusedCertificates: 'a page of refused certificates, of which there are at most 1,000',
  countRefusedCertificates: 'refused certificates, of which there are at most 1,000',
  trimRefusedCertificates: 'refused certificates, of which there are at most 1,000',
  readChainHead: 'one row, from the end',
  firstEvent: 'one row, from the beginning',
  findFirstEvent: 'one row, from the beginning',
  newestCheckpoint: 'one row, from the end',
  listSinkCursors: 'all sinks',
  slowestSinkCursor: 'all sinks',
};
/** What is sorted after it was found, rather than read in order. */
const SORTS: Readonly<Record<string, string>> = {
  listNames: 'the names of one object',
  listApiKeys: 'all API keys',
  listRootKeys: 'all root keys',
  listClientAuthorities: 'all authorities',
  listClientAuthoritiesOfAdapter: 'the authorities of one adapter',
  listCredentials: 'the credentials of one adapter',
  findRefusedCertificate: 'those of one SHA-1',
  slowestSinkCursor: 'all sinks',
};

const directory = mkdtempSync(join(tmpdir(), 'claviger-key-store-'));
let database: SqliteDatabase;
beforeAll(() => {
  const path = join(directory, 'a.db');
  database = openForWriting({ path, busyTimeoutMs: 1_000, maxBytes: undefined }, () => 0);
});
afterAll(() => {
  database.close();
  rmSync(directory, { recursive: true });
});

function planOf(text: StatementText<object>): readonly string[] {
  const values = text.parameters.map((parameter) => ('name' in parameter ? 1 : parameter.constant));
  return database
    .prepare(`EXPLAIN QUERY PLAN ${text.sql}`)
    .all(values)
    .map((row) => String(row['detail']));
}

const plans = (texts: Readonly<Record<string, StatementText<object>>>) =>
  Object.entries(texts).map(([name, text]) => ({ name, plan: planOf(text) }));

describe('the plan of a statement', () => {
  it.each([
    ['walks', /^SCAN/, WALKS],
    ['sorts', /TEMP B-TREE/, SORTS],
  ])('%s only where that is meant', (_name, pattern, meant) => {
    const found = [...plans(reads), ...plans(writes)]
      .filter(({ plan }) => plan.some((step) => pattern.test(step)))
      .map(({ name }) => name);
    expect(found.sort()).toEqual(Object.keys(meant).sort());
  });

  it.each([
    ['a page of adapters', reads.pageAdapters, 'adapter_by_creation'],
    ['a page of adapters of a root key', reads.pageAdaptersOfRootKey, 'adapter_by_root_key'],
    ['an adapter by name', reads.findAdapterNamed, 'adapter_by_name'],
    ['a page of certificates', reads.pageCertificates, 'certificate_by_adapter'],
    ['a certificate by name', reads.findCertificateNamed, 'certificate_by_name'],
    ['all certificates', reads.listCertificates, 'certificate_by_creation'],
    ['how many keys there are', reads.countRootKeys, 'root_key_by_state'],
    ['the versions of a key', reads.pageRootKeyVersions, 'root_key_version_by_key'],
    ['refused certificates', reads.listRefusedCertificates, 'refused_certificate_by_last_at'],
    ['a refused certificate', reads.findRefusedCertificate, 'refused_certificate_by_sha1'],
    ['the oldest refused ones', writes.trimRefusedCertificates, 'refused_certificate_by_last_at'],
    ['successions of the signing key', reads.listSuccessions, 'checkpoint_by_succession'],
    ['whether a root key is used', writes.findAdapterOfRootKey, 'adapter_by_root_key'],
  ])('reads %s from its index', (_name, text, index) => {
    expect(planOf(text).join('\n')).toContain(`INDEX ${index}`);
  });
});
