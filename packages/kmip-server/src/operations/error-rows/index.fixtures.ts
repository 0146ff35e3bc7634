/** The table of errors: every way in which an operation is refused. */

import type { ErrorRow } from './error-row.fixtures.ts';
import { LIFE_CYCLE_ROWS } from './life-cycle.fixtures.ts';

export const ERROR_ROWS: readonly ErrorRow[] = [...LIFE_CYCLE_ROWS];
