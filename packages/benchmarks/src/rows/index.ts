import type { Row } from './bench.ts';
import { codecRow } from './codec-row.ts';
import { connectionRows } from './connection-rows.ts';
import { latencyRow } from './latency-row.ts';
import { messageRows } from './message-rows.ts';
import { restRow } from './rest-row.ts';
import { siteRows } from './site-rows.ts';

/** Every row, in the order of the table. */
export const ROWS: readonly Row[] = [
  ...messageRows,
  ...connectionRows,
  latencyRow,
  restRow,
  ...siteRows,
  codecRow,
];
