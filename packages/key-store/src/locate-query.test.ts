import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { compileLocate, requiredEqualities } from './locate-query.ts';
import { openForWriting } from './open-database.ts';
import type { BoundQuery } from './prepared-statement.ts';
import { createQueryBuilder } from './query-compiler.ts';
import type { Predicate } from './records.ts';
import { temporaryDirectory } from './temporary-directory.fixtures.ts';

const NAME: Predicate = { kind: 'equals', name: 'Name', value: 'vm-1' };
const TYPE: Predicate = { kind: 'equals', name: 'Object Type', value: 'SymmetricKey' };
const DATE: Predicate = { kind: 'range', name: 'Activation Date', from: 1, to: 2 };

/** The steps of SQLite's plan, for the page and for the total. */
async function planOf(where: Predicate) {
  const path = join(await temporaryDirectory(), 'a.db');
  const database = openForWriting({ path, busyTimeoutMs: 1_000, maxBytes: undefined }, () => 0);
  onTestFinished(() => database.close());
  const [driver] = requiredEqualities(where);
  const query = { where, offset: 0, limit: 10 };
  const { page, total } = compileLocate(createQueryBuilder(), 'adapter', query, driver);
  const explain = ({ sql, values }: BoundQuery): readonly string[] =>
    database
      .prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .all(values)
      .map((row) => String(row['detail']));
  return { sql: page.sql, page: explain(page), total: explain(total) };
}

const WALKS_THE_ENTRIES =
  'SEARCH candidate USING COVERING INDEX object_index_by_value (adapter_id=? AND name=? AND value=?)';

describe('the plan of a locate', () => {
  it('by a name walks the entries of that name, in order, and scans nothing', async () => {
    const { page, total } = await planOf(NAME);
    expect(page[0]).toBe(WALKS_THE_ENTRIES);
    expect(total).toEqual([WALKS_THE_ENTRIES]);
    expect([...page, ...total].filter((step) => /SCAN|TEMP B-TREE/.test(step))).toEqual([]);
  });

  it('looks further conditions up per entry, by primary key', async () => {
    const { page } = await planOf({
      kind: 'and',
      of: [NAME, TYPE, DATE, { kind: 'not', of: TYPE }],
    });
    expect(page[0]).toBe(WALKS_THE_ENTRIES);
    expect(
      page.filter((step) => /SEARCH entry (EXISTS )?USING PRIMARY KEY/.test(step)),
    ).toHaveLength(3);
    expect(page.filter((step) => /SCAN|TEMP B-TREE/.test(step))).toEqual([]);
  });

  it('by a range alone searches the index of values, not every object', async () => {
    const { page } = await planOf(DATE);
    expect(page.join('\n')).toMatch(
      /SEARCH entry USING COVERING INDEX object_index_by_value \(adapter_id=\? AND name=\? AND value>\? AND value<\?\)/,
    );
    expect(page.filter((step) => /SCAN/.test(step))).toEqual([]);
  });

  it('of everything walks the objects of the adapter', async () => {
    const { page } = await planOf({ kind: 'and', of: [] });
    expect(page[0]).toMatch(/SEARCH candidate USING INDEX object_by_adapter \(adapter_id=\?\)/);
  });

  it('binds every value', async () => {
    const { sql } = await planOf({ kind: 'or', of: [NAME, TYPE, DATE] });
    expect(sql).not.toMatch(/vm-1|SymmetricKey|Name|Activation/);
  });
});
