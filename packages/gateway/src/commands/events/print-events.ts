import type { Command } from 'commander';
import { formatEventLine } from '../../present/event-line.ts';
import { type OutputChannel, write } from '../../terminal.ts';
import { CSV_HEADING, formatCsvRecord } from './csv.ts';
import { parseListedEvent } from './listed-event.ts';

export interface FormatOptions {
  readonly json?: boolean;
  readonly csv?: boolean;
  readonly utc?: boolean;
}

export function withFormatOptions(command: Command): Command {
  return command
    .option('--utc', 'times in UTC; otherwise they are local')
    .option('--csv', 'print CSV, for spreadsheets');
}

/**
 * Makes lines of events: with `json` the very text that is in the log, with `csv` a record of a table,
 * otherwise a line for people.
 *
 * @returns a function that takes the text of an event.
 */
export function createEventPrinter(
  out: OutputChannel,
  { json, csv, utc = false }: FormatOptions,
): (body: string) => Promise<void> {
  let isFirst = true;
  return async (body) => {
    if (json === true) return await write(out, `${body}\n`);
    const event = parseListedEvent(body);
    if (csv === true) {
      const heading = isFirst ? CSV_HEADING : '';
      isFirst = false;
      return await write(out, heading + formatCsvRecord(event));
    }
    await write(out, `${formatEventLine(event, out.colors, { utc })}\n`);
  };
}
