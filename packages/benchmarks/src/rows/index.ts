import type { Row } from './bench.ts';
import { connectionRows } from './connection-rows.ts';
import { messageRows } from './message-rows.ts';

/** Every row, in the order of the table. */
export const ROWS: readonly Row[] = [...messageRows, ...connectionRows];
