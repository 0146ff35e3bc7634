/** How long a certificate is still good for. */

import type { Colors } from '../terminal.ts';
import type { Cell } from './table.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Days before the end at which there is something to do, the most urgent first. */
const URGENT_DAYS = 7;
const SOON_DAYS = 30;
const PLAN_DAYS = 90;

/** Whole days that are left; negative once it has expired. */
export function daysLeft(notAfter: string, nowMs: number): number {
  return Math.floor((Date.parse(notAfter) - nowMs) / DAY_MS);
}

/** For a table: `in 12 days`, red in the last week, yellow in the last 30 days, cyan in the last 90. */
export function expiryCell(colors: Colors, days: number): Cell {
  const text =
    days < 0 ? 'expired' : days === 0 ? 'within a day' : `in ${days} day${days === 1 ? '' : 's'}`;
  if (days <= URGENT_DAYS) return { text, paint: colors.red };
  if (days <= SOON_DAYS) return { text, paint: colors.yellow };
  return days <= PLAN_DAYS ? { text, paint: colors.cyan } : text;
}

/** What has to be done about certificates that end soon; empty when nothing has. */
export function expiryAdvice(
  colors: Colors,
  certificates: readonly { readonly name: string; readonly daysLeft: number }[],
): string {
  const ended = certificates.filter(({ daysLeft: days }) => days < 0).length;
  const soon = certificates.filter(({ daysLeft: days }) => days >= 0 && days <= PLAN_DAYS).length;
  const lines = [
    ...(ended > 0 ? [colors.red(`Expired, and refused: ${counted(ended)}.`)] : []),
    ...(soon > 0
      ? [
          colors.yellow(
            `Within ${PLAN_DAYS} days of the end: ${counted(soon)}. Add the successors before; old and new count side by side.`,
          ),
        ]
      : []),
  ];
  return lines.length === 0 ? '' : `\n${lines.join('\n')}\n`;
}

function counted(number: number): string {
  return `${number} certificate${number === 1 ? '' : 's'}`;
}
