import Table from 'cli-table3';
import type { Colors } from '../terminal.ts';
import { printable } from './printable.ts';

const NO_LINES = Object.fromEntries(
  [
    'top',
    'top-mid',
    'top-left',
    'top-right',
    'bottom',
    'bottom-mid',
    'bottom-left',
    'bottom-right',
    'left',
    'left-mid',
    'mid',
    'mid-mid',
    'right',
    'right-mid',
    'middle',
  ].map((name) => [name, '']),
);

/** A text, painted or not. */
export type Cell = string | { readonly text: string; paint(text: string): string };

/** Rows under a heading, in columns that are as wide as they need to be. */
export function formatTable(
  colors: Colors,
  heading: readonly string[],
  rows: readonly (readonly Cell[])[],
): string {
  const table = new Table({
    chars: NO_LINES,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
    head: heading.map((text) => colors.bold(text)),
  });
  table.push(...rows.map((row) => row.map(paintedText)));
  return `${table.toString().replaceAll(/ +$/gm, '')}\n`;
}

/** Text from elsewhere is made harmless before it is painted. */
function paintedText(cell: Cell): string {
  return typeof cell === 'string' ? printable(cell) : cell.paint(printable(cell.text));
}

/** Names and values below each other, the values aligned. */
export function formatFacts(
  colors: Colors,
  facts: readonly (readonly [string, string])[],
  indent = '',
): string {
  const width = Math.max(...facts.map(([name]) => name.length));
  return facts
    .map(([name, value]) => `${indent}${colors.dim(name.padEnd(width))}  ${printable(value)}\n`)
    .join('');
}
