/**
 * Walks the search index (`event-blocks.ts`) towards newer or older blocks. The blocks in which every
 * condition has a place are found by leaping: the condition that is farthest away says where to look.
 */
import type { TermCondition } from './event-search.ts';
import {
  decodePositions,
  intersectionOf,
  type Positions,
  positionsOf,
  unionOf,
} from './positions.ts';
import type { StatementCache } from './prepared-statement.ts';
import { findRareTerm, mayHold } from './rare-terms.ts';
import { bytesColumn, integerColumn } from './rows.ts';

export type Direction = 'up' | 'down';

/** Places in one block that may answer; undefined: all of them. */
export interface Candidates {
  readonly block: number;
  readonly positions: Positions | undefined;
}

/** The blocks of one condition, in one direction. */
interface Walk {
  /** The nearest block at `block` or beyond it; undefined when there is none. */
  seek(block: number): Candidates | undefined;
}

export interface BlockConditions {
  readonly terms: readonly TermCondition[];
  readonly since: number | undefined;
  readonly until: number | undefined;
}

/** @returns a function that answers the nearest block at `from` or beyond it. */
export function createBlockSearch(
  statements: StatementCache,
  direction: Direction,
  { terms, since, until }: BlockConditions,
): (from: number) => Candidates | undefined {
  const walks: readonly Walk[] = [
    createTimeWalk(statements, direction, since, until),
    ...terms.map(({ isRare, terms: alternatives }) =>
      isRare
        ? createRareWalk(statements, direction, alternatives)
        : createTermsWalk(statements, direction, alternatives),
    ),
  ];

  return (from) => {
    let block = from;
    for (;;) {
      const found: Candidates[] = [];
      for (const walk of walks) {
        const nearest = walk.seek(block);
        if (nearest === undefined) return undefined;
        found.push(nearest);
        if (nearest.block !== block) break;
      }
      const farthest = found.at(-1)?.block ?? block;
      if (farthest === block && found.length === walks.length) {
        return { block, positions: intersectionOf(found.flatMap((it) => it.positions ?? [])) };
      }
      block = farthest;
    }
  };
}

/** Blocks with an event of that time; all when no time is asked for. */
function createTimeWalk(
  statements: StatementCache,
  direction: Direction,
  since = 0,
  until = Number.MAX_SAFE_INTEGER,
): Walk {
  const [compare, order] = direction === 'down' ? ['<=', 'DESC'] : ['>=', 'ASC'];
  const sql = `SELECT block FROM event_block WHERE block ${compare} ? AND last_time >= ? AND first_time < ? ORDER BY block ${order} LIMIT 1`;
  return {
    seek(block) {
      const row = statements.get({ sql, values: [block, since, until] });
      return row && { block: integerColumn(row, 'block'), positions: undefined };
    },
  };
}

/** Blocks in which one of the terms has a place, with the places of all that do. */
function createTermsWalk(
  statements: StatementCache,
  direction: Direction,
  terms: readonly number[],
): Walk {
  const [compare, order] = direction === 'down' ? ['<=', 'DESC'] : ['>=', 'ASC'];
  const sql = `SELECT block, positions FROM event_term WHERE term = ? AND block ${compare} ? ORDER BY block ${order} LIMIT 1`;
  const isBeyond = (a: number, b: number) => (direction === 'down' ? a < b : a > b);
  /** The nearest row of each term; null when there is none any more. */
  const nearest = new Map<number, { readonly block: number; readonly bytes: Uint8Array } | null>();

  function nearestOf(term: number, block: number) {
    const known = nearest.get(term);
    if (known === null || (known !== undefined && !isBeyond(block, known.block))) return known;
    const row = statements.get({ sql, values: [term, block] });
    const found =
      row === undefined
        ? null
        : { block: integerColumn(row, 'block'), bytes: bytesColumn(row, 'positions') };
    nearest.set(term, found);
    return found;
  }

  return {
    seek(from) {
      const rows = terms.flatMap((term) => nearestOf(term, from) ?? []);
      const [first, ...others] = rows.map(({ block }) => block);
      if (first === undefined) return undefined;
      const block = others.reduce((a, b) => (isBeyond(a, b) ? b : a), first);
      const positions = unionOf(
        rows.filter((row) => row.block === block).map(({ bytes }) => decodePositions(bytes)),
      );
      return { block, positions };
    },
  };
}

/** How many filters are read at a time. */
const FILTERS_PAGE = 64;

/** Blocks that have one of the terms in their lists; the filters say which lists to look into. */
function createRareWalk(
  statements: StatementCache,
  direction: Direction,
  terms: readonly number[],
): Walk {
  const [compare, order] = direction === 'down' ? ['<=', 'DESC'] : ['>=', 'ASC'];
  const readFilters = `SELECT block, filter FROM event_filter WHERE block ${compare} ? ORDER BY block ${order} LIMIT ${FILTERS_PAGE}`;
  const readTerms = 'SELECT entries FROM event_rare_terms WHERE block = ?';
  const step = direction === 'down' ? -1 : 1;

  function placesIn(block: number): readonly number[] {
    const row = statements.get({ sql: readTerms, values: [block] });
    const entries = row === undefined ? new Uint8Array() : bytesColumn(row, 'entries');
    return terms.flatMap((term) => [...findRareTerm(entries, term)]);
  }

  return {
    seek(from) {
      for (let next = from; ; ) {
        const page = statements.all({ sql: readFilters, values: [next] });
        for (const row of page) {
          const block = integerColumn(row, 'block');
          next = block + step;
          const filter = bytesColumn(row, 'filter');
          if (!terms.some((term) => mayHold(filter, term))) continue;
          const places = placesIn(block);
          if (places.length > 0) return { block, positions: positionsOf(places) };
        }
        if (page.length < FILTERS_PAGE) return undefined;
      }
    },
  };
}
