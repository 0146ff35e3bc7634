/** Events as CSV (RFC 4180), for spreadsheets. */
import type { ListedEvent } from './listed-event.ts';

const COLUMNS = [
  'sequence',
  'time',
  'severity',
  'outcome',
  'action',
  'initiatorId',
  'initiatorName',
  'hostAddress',
  'targetId',
  'targetName',
  'reasonCode',
  'reasonForFailure',
  'correlationId',
  'message',
  'id',
] as const satisfies readonly (keyof ListedEvent)[];

export const CSV_HEADING = `${COLUMNS.join()}\r\n`;

/** One record. Times are UTC. */
export function formatCsvRecord(event: ListedEvent): string {
  const time = new Date(event.time).toISOString();
  const cells = COLUMNS.map((name) => cell(name === 'time' ? time : String(event[name])));
  return `${cells.join()}\r\n`;
}

/** Spreadsheets take what begins so for a formula: text of a client must not become one. */
const FORMULA = /^[=+\-@\t\r]/;

function cell(text: string): string {
  const harmless = FORMULA.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
