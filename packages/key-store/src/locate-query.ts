/**
 * Compiles a predicate to SQL that walks the search index instead of the objects.
 *
 * The rows walked are called `candidate`. When an equality must hold, they are its entries in
 * `object_index_by_value`, which are in the order of creation already; of several equalities the one
 * with the fewest entries drives. All other conditions are looked up per candidate by primary key.
 * Without an equality the candidates are the adapter's objects.
 */
import {
  type Expression,
  expressionBuilder,
  type SelectQueryBuilder,
  type SqlBool,
  sql,
} from 'kysely';
import type { BoundQuery } from './prepared-statement.ts';
import { compileQuery, type QueryBuilder } from './query-compiler.ts';
import type { LocateQuery, Predicate } from './records.ts';
import type { Tables } from './tables.ts';
import { unreachable } from './unreachable.ts';

export type Equality = Extract<Predicate, { readonly kind: 'equals' }>;
type Range = Extract<Predicate, { readonly kind: 'range' }>;

export interface CompiledLocate {
  /** Rows `{ id }`, newest first. */
  readonly page: BoundQuery;
  /** One row `{ total }`, no more than `countUpTo`. */
  readonly total: BoundQuery;
}

/** The equalities of which all must hold; one of them may drive the query. */
export function requiredEqualities(predicate: Predicate): readonly Equality[] {
  return conjunctsOf(predicate).filter((part) => part.kind === 'equals');
}

/** @param driver - One of `requiredEqualities(query.where)`, or undefined when there is none. */
export function compileLocate(
  queries: QueryBuilder,
  adapterId: string,
  query: LocateQuery,
  driver: Equality | undefined,
): CompiledLocate {
  const parts = conjunctsOf(query.where).filter((part) => part !== driver);
  if (driver !== undefined) {
    const candidates = queries
      .selectFrom('object_index as candidate')
      .where('candidate.adapter_id', '=', adapterId)
      .where('candidate.name', '=', driver.name)
      .where('candidate.value', '=', driver.value)
      .where(allOf(parts.map(conditionOf)));
    return {
      page: compileQuery(
        candidates
          .select(idOfCandidate().as('id'))
          .orderBy('candidate.object_rowid', 'desc')
          .limit(query.limit)
          .offset(query.offset),
      ),
      total: compileTotal(queries, candidates.select(sql<number>`1`.as('found')), query.countUpTo),
    };
  }
  // A range that must hold narrows the objects: it is walked once rather than asked of every object.
  const range = parts.find((part) => part.kind === 'range');
  const candidates = queries
    .selectFrom('object as candidate')
    .where('candidate.adapter_id', '=', adapterId)
    .where(allOf(parts.filter((part) => part !== range).map(conditionOf)))
    .$if(range !== undefined, (narrowed) =>
      range === undefined ? narrowed : narrowed.where(inRange(adapterId, range)),
    );
  return {
    page: compileQuery(
      candidates
        .select('candidate.id')
        .orderBy('candidate.object_rowid', 'desc')
        .limit(query.limit)
        .offset(query.offset),
    ),
    total: compileTotal(queries, candidates.select(sql<number>`1`.as('found')), query.countUpTo),
  };
}

/** The limit stands inside: SQLite stops at it, instead of counting on. */
function compileTotal(
  queries: QueryBuilder,
  found: SelectQueryBuilder<Tables, never, { found: number }>,
  countUpTo: number | undefined,
): BoundQuery {
  const counted = countUpTo === undefined ? found : found.limit(countUpTo);
  return compileQuery(
    queries.selectFrom(counted.as('counted')).select((eb) => eb.fn.countAll().as('total')),
  );
}

/** `and` within `and` is one list. */
function conjunctsOf(predicate: Predicate): readonly Predicate[] {
  return predicate.kind === 'and' ? predicate.of.flatMap(conjunctsOf) : [predicate];
}

function conditionOf(predicate: Predicate): Expression<SqlBool> {
  const eb = expressionBuilder<Tables>();
  switch (predicate.kind) {
    case 'equals':
      return eb.exists(
        entriesOfCandidate(predicate.name).where('entry.value', '=', predicate.value),
      );
    case 'range':
      return eb.exists(
        entriesOfCandidate(predicate.name)
          .where('entry.value', '>=', predicate.from ?? -Infinity)
          .where('entry.value', '<=', predicate.to ?? Infinity),
      );
    case 'and':
      return allOf(predicate.of.map(conditionOf));
    case 'or':
      return anyOf(predicate.of.map(conditionOf));
    case 'not':
      return eb.not(conditionOf(predicate.of));
    default:
      return unreachable(predicate, 'predicate');
  }
}

function allOf(conditions: readonly Expression<SqlBool>[]): Expression<SqlBool> {
  return conditions.length === 0 ? sql<SqlBool>`1` : expressionBuilder<Tables>().and(conditions);
}

function anyOf(conditions: readonly Expression<SqlBool>[]): Expression<SqlBool> {
  return conditions.length === 0 ? sql<SqlBool>`0` : expressionBuilder<Tables>().or(conditions);
}

function entriesOfCandidate(name: string) {
  return expressionBuilder<Tables>()
    .selectFrom('object_index as entry')
    .select(sql<number>`1`.as('found'))
    .where('entry.object_rowid', '=', candidateRowid())
    .where('entry.name', '=', name);
}

/** Both bounds always stand: texts sort after every number, so the upper one keeps them out. */
function inRange(adapterId: string, range: Range): Expression<SqlBool> {
  const eb = expressionBuilder<Tables>();
  return eb(
    candidateRowid(),
    'in',
    eb
      .selectFrom('object_index as entry')
      .select('entry.object_rowid')
      .where('entry.adapter_id', '=', adapterId)
      .where('entry.name', '=', range.name)
      .where('entry.value', '>=', range.from ?? -Infinity)
      .where('entry.value', '<=', range.to ?? Infinity),
  );
}

function idOfCandidate() {
  return expressionBuilder<Tables>()
    .selectFrom('object')
    .select('object.id')
    .where('object.object_rowid', '=', candidateRowid());
}

function candidateRowid() {
  return sql.ref<number>('candidate.object_rowid');
}
