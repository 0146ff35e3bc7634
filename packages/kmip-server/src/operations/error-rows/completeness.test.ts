/** The table of errors has every reason that the specification lists for an operation, or says why not. */

import { GENERAL_RESULT_REASONS, RESULT_REASONS_OF_OPERATION } from '@claviger/kmip-protocol';
import { expect, it } from 'vitest';
import { HANDLED_OPERATIONS } from '../index.ts';
import { ERROR_ROWS } from './index.fixtures.ts';
import { NOT_GIVEN, WITHOUT_ROWS } from './not-given.fixtures.ts';

/** What 1.x has for every operation, and 2.x repeats under each: every-operation.test.ts, process-message.test.ts. */
const GENERAL: readonly string[] = GENERAL_RESULT_REASONS['1.4'] ?? [];

/** `OPERATION REASON` of 1.4 and of 2.1 that are listed, and have no row in that version. */
function withoutRow(): readonly string[] {
  const missing = (['1.4', '2.1'] as const).flatMap((version) =>
    HANDLED_OPERATIONS.flatMap((operation) =>
      (RESULT_REASONS_OF_OPERATION[version][operation] ?? [])
        .filter((reason) => !GENERAL.includes(reason))
        .filter(
          (reason) =>
            !ERROR_ROWS.some(
              (row) => row.operation === operation && row.reasons[version] === reason,
            ),
        )
        .map((reason) => `${operation} ${reason}`),
    ),
  );
  return [...new Set(missing)].toSorted();
}

it('has a row for every reason that is listed, but those that are not given', () => {
  const named = NOT_GIVEN.flatMap(({ operations, reason }) =>
    operations.map((operation) => `${operation} ${reason}`),
  );
  expect(withoutRow()).toEqual(named.toSorted());
});

it('has rows for every operation, but those that refuse nothing of their own', () => {
  const operations = ERROR_ROWS.map(({ operation }) => operation);
  expect([...new Set(operations), ...WITHOUT_ROWS].toSorted()).toEqual(
    HANDLED_OPERATIONS.toSorted(),
  );
});

it('tells each of its rows from the others', () => {
  const titles = ERROR_ROWS.map(({ operation, situation }) => `${operation}: ${situation}`);
  expect(titles.filter((title, at) => titles.indexOf(title) !== at)).toEqual([]);
});
