/**
 * Compiles a predicate to SQL over the search index (`object-shapes.ts`).
 *
 * The rows that are looked at are called `candidate`. They come from two places, newest first from each:
 * objects that have the entry by which the search is driven for themselves, and objects of the shapes
 * that have it. Shapes none of whose objects can match are left out as a whole; every other condition is
 * looked up per candidate by primary key. Of several equalities the one with the fewest objects drives;
 * without any, a range does; without either, the candidates are the objects of all shapes.
 */
import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { SHAPE_FACT } from './object-shapes.ts';
import type { BoundQuery } from './prepared-statement.ts';
import { compileQuery, type QueryBuilder } from './query-compiler.ts';
import type { LocateQuery, Predicate } from './records.ts';
import type { LocateBounds } from './total-by-page.ts';
import { unreachable } from './unreachable.ts';

export type Equality = Extract<Predicate, { readonly kind: 'equals' }>;
type Range = Extract<Predicate, { readonly kind: 'range' }>;
/** A condition on one entry. */
type Term = Equality | Range;

type Condition = RawBuilder<SqlBool>;
type Rows = RawBuilder<unknown>;

export interface CompiledLocate {
  /** Rows `{ id }`, newest first. */
  readonly page: BoundQuery;
  /** One row `{ total }`, no more than `countUpTo`. */
  readonly total: BoundQuery;
  readonly bounds: LocateBounds;
}

/** The equalities of which all must hold; one of them may drive the query. */
export function requiredEqualities(predicate: Predicate): readonly Equality[] {
  return conjunctsOf(predicate).filter((part) => part.kind === 'equals');
}

/** @param equality - One of `requiredEqualities(query.where)`, or undefined when there is none. */
export function compileLocate(
  queries: QueryBuilder,
  adapterId: string,
  { where, offset, limit, countUpTo }: LocateQuery,
  equality: Equality | undefined,
): CompiledLocate {
  const conjuncts = conjunctsOf(where);
  const driver = equality ?? conjuncts.find((part) => part.kind === 'range');
  const others: Predicate = { kind: 'and', of: conjuncts.filter((part) => part !== driver) };
  const terms = createTerms(adapterId);
  const ofShapes = candidatesOfShapes(terms, driver, others);
  const ofThemselves = driver && ownCandidates(terms, driver, others);
  const newest = offset + limit;

  const fromShapes = sql`
    SELECT newest.value AS object_rowid
    FROM (${ofShapes.shapes}) AS shape CROSS JOIN json_each((
      SELECT json_group_array(object_rowid) FROM (
        SELECT candidate.object_rowid FROM entry_object AS candidate
        WHERE ${ofShapes.isCandidate} ORDER BY candidate.object_rowid DESC LIMIT ${count(newest)}
      )
    )) AS newest
    WHERE ${ofShapes.canMatch}`;
  const page = sql`
    SELECT (SELECT id FROM object WHERE object.object_rowid = found.object_rowid) AS id FROM (
      ${
        ofThemselves === undefined
          ? fromShapes
          : sql`SELECT object_rowid FROM (
              ${ofThemselves} ORDER BY candidate.object_rowid DESC LIMIT ${count(newest)}
            ) ${unionFor(driver)} ${fromShapes}`
      }
    ) AS found ORDER BY found.object_rowid DESC LIMIT ${count(limit)} OFFSET ${count(offset)}`;

  const allFromShapes = sql`
    SELECT candidate.object_rowid
    FROM (${ofShapes.shapes}) AS shape CROSS JOIN entry_object AS candidate
    WHERE ${ofShapes.canMatch} AND ${ofShapes.isCandidate}`;
  // The limit stands inside: SQLite stops at it, instead of counting on.
  const total = sql`
    SELECT count(*) AS total FROM (
      ${ofThemselves === undefined ? sql`` : sql`${ofThemselves} ${unionFor(driver)}`}
      ${allFromShapes} ${countUpTo === undefined ? sql`` : sql`LIMIT ${count(countUpTo)}`}
    )`;
  const compile = (query: Rows) => compileQuery({ compile: () => query.compile(queries) });
  return {
    page: compile(page),
    total: compile(total),
    bounds: { offset, limit, countUpTo },
  };
}

/** Objects that have the entry of `driver` for themselves. */
function ownCandidates(terms: Terms, driver: Term, others: Predicate): Rows {
  const shape = sql`own_shape.value`;
  return sql`
    SELECT ${driver.kind === 'range' ? sql`DISTINCT` : sql``} candidate.object_rowid
    FROM entry_object AS candidate CROSS JOIN object_entry AS own_shape
    WHERE ${terms.isOf(driver, 'candidate')}
      AND own_shape.object_rowid = candidate.object_rowid AND own_shape.fact_id = ${SHAPE_FACT}
      AND ${conditionOf(others, (term) => holds(terms, term, shape))}`;
}

/** The shapes that have the entry of `driver`, and what their objects must fulfil. */
function candidatesOfShapes(terms: Terms, driver: Term | undefined, others: Predicate) {
  const has = (term: Term) => terms.shapeHas(term, sql`shape.id`);
  const mayHave = (term: Term) =>
    sql<SqlBool>`(${has(term)} OR ${terms.shapeHasOwn(term, sql`shape.id`)})`;
  return {
    shapes:
      driver === undefined
        ? terms.allShapes
        : sql`SELECT DISTINCT shape_id AS id FROM (${terms.shapesThatHave(driver)})`,
    canMatch: conditionOf(others, mayHave, has),
    // The sign takes its type from the number: values of any type are compared with it by their index.
    isCandidate: sql<SqlBool>`candidate.fact_id = ${SHAPE_FACT} AND candidate.value = +shape.id
      AND ${conditionOf(others, (term) => holds(terms, term, sql`candidate.value`))}`,
  };
}

/** A number alone makes SQLite prepare the statement anew for each value, which takes longer than to run it. */
function count(value: number) {
  return sql`(${value} + 0)`;
}

/** An object has an entry once, so it comes from one place; of a range it may have two. */
function unionFor(driver: Term | undefined) {
  return driver?.kind === 'range' ? sql`UNION` : sql`UNION ALL`;
}

/** Whether the candidate has the entry, by its shape or for itself. */
function holds(terms: Terms, term: Term, shape: RawBuilder<unknown>): Condition {
  return sql<SqlBool>`(
    ${terms.shapeHas(term, shape)} OR
    ${terms.shapeHasOwn(term, shape)} AND EXISTS (
      SELECT 1 FROM object_entry AS entry
      WHERE entry.object_rowid = candidate.object_rowid AND ${terms.isOf(term, 'entry')}
    )
  )`;
}

type Terms = ReturnType<typeof createTerms>;

/** What is asked of entries, in one adapter. */
function createTerms(adapterId: string) {
  const factOf = ({ name }: Term) =>
    sql`(SELECT id FROM fact WHERE adapter_id = ${adapterId} AND name = ${name})`;
  const isOf = (term: Term, table: string): Condition => {
    const value = sql.ref(`${table}.value`);
    const isFact = sql`${sql.ref(`${table}.fact_id`)} = ${factOf(term)}`;
    // Both bounds of a range always stand: texts sort after every number, so the upper one keeps them out.
    return term.kind === 'equals'
      ? sql<SqlBool>`${isFact} AND ${value} = ${term.value}`
      : sql<SqlBool>`${isFact} AND ${value} >= ${term.from ?? -Infinity} AND ${value} <= ${term.to ?? Infinity}`;
  };
  return {
    isOf,
    shapesThatHave: (term: Term): Rows =>
      sql`SELECT shape_id FROM shape_entry WHERE ${isOf(term, 'shape_entry')}`,
    // Looked up each time: a list of shapes for IN costs more to make than a search has candidates.
    shapeHas: (term: Term, shape: RawBuilder<unknown>) =>
      sql<SqlBool>`EXISTS (
        SELECT 1 FROM shape_entry WHERE ${isOf(term, 'shape_entry')} AND shape_id = ${shape}
      )`,
    /** Whether objects of the shape have entries of that name for themselves. */
    shapeHasOwn: (term: Term, shape: RawBuilder<unknown>) =>
      sql<SqlBool>`EXISTS (
        SELECT 1 FROM shape_fact WHERE fact_id = ${factOf(term)} AND shape_id = ${shape}
      )`,
    allShapes: sql`SELECT id FROM shape WHERE adapter_id = ${adapterId}`,
  };
}

/** `and` within `and` is one list. */
function conjunctsOf(predicate: Predicate): readonly Predicate[] {
  return predicate.kind === 'and' ? predicate.of.flatMap(conjunctsOf) : [predicate];
}

/** @param negated - What stands for a term under an odd number of `not`, where it is another. */
function conditionOf(
  predicate: Predicate,
  ofTerm: (term: Term) => Condition,
  negated: (term: Term) => Condition = ofTerm,
): Condition {
  switch (predicate.kind) {
    case 'equals':
    case 'range':
      return ofTerm(predicate);
    case 'and':
      return joined(predicate.of, sql` AND `, sql<SqlBool>`1`);
    case 'or':
      return joined(predicate.of, sql` OR `, sql<SqlBool>`0`);
    case 'not':
      return sql<SqlBool>`NOT ${conditionOf(predicate.of, negated, ofTerm)}`;
    default:
      return unreachable(predicate, 'predicate');
  }

  function joined(of: readonly Predicate[], by: RawBuilder<unknown>, none: Condition): Condition {
    if (of.length === 0) return none;
    const parts = of.map((part) => conditionOf(part, ofTerm, negated));
    return sql<SqlBool>`(${sql.join(parts, by)})`;
  }
}
