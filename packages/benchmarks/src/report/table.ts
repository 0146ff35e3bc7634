/** The figures as a table for a terminal, and as Markdown: both are the same text. */

import type { Cell } from '../figures.ts';

const COLUMNS = [
  'row',
  'server',
  'objects',
  'conns',
  'per CPU s',
  'per s',
  'p50 ms',
  'p95 ms',
  'p99 ms',
  'RSS MiB',
  'to echo',
  'to PyKMIP',
] as const;

/** A cell for each measurement; those of the gateway with their ratio to the others of the same row. */
export function formatTable(cells: readonly Cell[]): string {
  const lines = cells
    .filter(({ figures }) => figures.perSecond !== undefined)
    .map((cell) => lineOf(cell, cells));
  return formatMarkdown(COLUMNS, lines, 2);
}

/** @param textColumns - How many columns, from the left, hold texts; the others are set right. */
export function formatMarkdown(
  columns: readonly string[],
  lines: readonly (readonly string[])[],
  textColumns: number,
): string {
  const widths = columns.map((name, at) =>
    Math.max(name.length, ...lines.map((line) => line[at]?.length ?? 0)),
  );
  const format = (line: readonly string[]) =>
    `| ${widths.map((width, at) => pad(line[at] ?? '', width, at < textColumns)).join(' | ')} |`;
  const rule = widths.map((width, at) =>
    at < textColumns ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  return [format(columns), format(rule), ...lines.map(format)].join('\n');
}

function pad(text: string, width: number, isText: boolean): string {
  return isText ? text.padEnd(width) : text.padStart(width);
}

function lineOf(cell: Cell, cells: readonly Cell[]): readonly string[] {
  const { figures, row, subject, connections } = cell;
  const ratioTo = (other: Cell['subject']) => {
    const beside = cells.find(
      (one) => one.row === row && one.subject === other && one.connections === connections,
    );
    const [own, its] = [figures.perCpuSecond, beside?.figures.perCpuSecond];
    if (subject !== 'gateway' || own === undefined || its === undefined || its === 0) return '';
    return formatNumber(own / its);
  };
  return [
    row,
    subject,
    cell.objects === 0 ? '' : String(cell.objects),
    String(connections),
    formatNumber(figures.perCpuSecond),
    formatNumber(figures.perSecond),
    formatNumber(figures.p50Ms),
    formatNumber(figures.p95Ms),
    formatNumber(figures.p99Ms),
    figures.rssBytes === undefined ? '' : String(Math.round(figures.rssBytes / 2 ** 20)),
    ratioTo('echo'),
    ratioTo('pykmip'),
  ];
}

/** Three digits that count. */
export function formatNumber(value: number | undefined): string {
  if (value === undefined) return '';
  if (value >= 100) return String(Math.round(value));
  return String(Number(value.toPrecision(3)));
}
