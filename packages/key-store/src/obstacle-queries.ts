import { compileLocate, requiredEqualities } from './locate-query.ts';
import type { BoundQuery } from './prepared-statement.ts';
import type { QueryBuilder } from './query-compiler.ts';
import type { UnitOfWork } from './unit-of-work.ts';

/**
 * Writes what the writer cannot have prepared, by the position of the change: for a `delete-adapter`,
 * the query for one object that stands in its way.
 *
 * @returns undefined when no change needs it, as nearly always.
 */
export function compileObstacles(
  queries: QueryBuilder,
  unit: UnitOfWork,
): ReadonlyMap<number, BoundQuery> | undefined {
  let obstacles: Map<number, BoundQuery> | undefined;
  unit.changes.forEach((change, position) => {
    if (change.kind !== 'delete-adapter' || change.unless === undefined) return;
    const query = { where: change.unless, offset: 0, limit: 1 };
    const [driver] = requiredEqualities(change.unless);
    obstacles ??= new Map();
    obstacles.set(position, compileLocate(queries, change.id, query, driver).page);
  });
  return obstacles;
}
