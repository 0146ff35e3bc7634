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

const OF_THE_VALUE = 'SEARCH candidate USING PRIMARY KEY (fact_id=? AND value=?)';
const searches = (plan: readonly string[]) =>
  plan.filter((step) => /(SEARCH|SCAN) (candidate|entry|object_entry|object)\b/.test(step));
/** Rows of each shape, of the query's own limit: never more than a page of them. */
const sorts = (plan: readonly string[]) => plan.filter((step) => /TEMP B-TREE/.test(step));

describe('the plan of a locate', () => {
  it('by a name walks the entries of that name and of its shapes, in order, and no others', async () => {
    const { page, total } = await planOf(NAME);
    expect(searches(page)).toEqual([
      OF_THE_VALUE,
      OF_THE_VALUE,
      'SEARCH object USING INTEGER PRIMARY KEY (rowid=?)',
    ]);
    expect(searches(total)).toEqual([OF_THE_VALUE, OF_THE_VALUE]);
    // What the two have found is put in order, of which a page is the most.
    expect(sorts(page)).toHaveLength(1);
    expect(sorts(total)).toEqual([]);
  });

  it('looks further conditions up per entry, by primary key', async () => {
    const { page, total } = await planOf({
      kind: 'and',
      of: [NAME, TYPE, DATE, { kind: 'not', of: TYPE }],
    });
    for (const plan of [page, total]) {
      const looked = searches(plan).filter((step) => step.includes(' entry '));
      expect(looked.length).toBeGreaterThanOrEqual(3);
      for (const step of looked) {
        expect(step).toMatch(
          /^SEARCH entry .*PRIMARY KEY \(object_rowid=\? AND fact_id=\? AND value/,
        );
      }
    }
    expect(sorts(page)).toHaveLength(1);
    expect(sorts(total)).toEqual([]);
  });

  it('by a range alone searches the index of values, not every object', async () => {
    const { page } = await planOf(DATE);
    expect(searches(page)[0]).toBe(
      'SEARCH candidate USING PRIMARY KEY (fact_id=? AND value>? AND value<?)',
    );
    expect(searches(page).filter((step) => /SCAN/.test(step))).toEqual([]);
  });

  it('of everything walks the objects of the shapes that the adapter has', async () => {
    const { page, total } = await planOf({ kind: 'and', of: [] });
    for (const plan of [page, total]) {
      expect(plan.join('\n')).toMatch(/SEARCH shape USING .*\(adapter_id=\?\)/);
      expect(searches(plan)[0]).toBe(OF_THE_VALUE);
    }
  });

  it('binds every value', async () => {
    const { sql } = await planOf({ kind: 'or', of: [NAME, TYPE, DATE] });
    expect(sql).not.toMatch(/vm-1|SymmetricKey|Name|Activation/);
  });
});
