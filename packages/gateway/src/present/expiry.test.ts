import picocolors from 'picocolors';
import { describe, expect, it } from 'vitest';
import { daysLeft, expiryAdvice, expiryCell } from './expiry.ts';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const colors = picocolors.createColors(true);
const plain = picocolors.createColors(false);

function paintOf(days: number): string {
  const cell = expiryCell(colors, days);
  return typeof cell === 'string' ? cell : cell.paint(cell.text);
}

describe('the end of a certificate', () => {
  it.each([
    ['2026-11-22T12:00:00Z', 0],
    ['2026-11-23T11:59:59Z', 0],
    ['2026-11-23T12:00:00Z', 1],
    ['2026-11-22T11:59:59Z', -1],
    ['2031-11-22T12:00:00Z', 1826],
  ])('at %s is %i days away', (notAfter, days) => {
    expect(daysLeft(notAfter, NOW)).toBe(days);
  });

  it.each([
    [-1, colors.red('expired')],
    [0, colors.red('within a day')],
    [7, colors.red('in 7 days')],
    [8, colors.yellow('in 8 days')],
    [30, colors.yellow('in 30 days')],
    [31, colors.cyan('in 31 days')],
    [90, colors.cyan('in 90 days')],
    [91, 'in 91 days'],
  ])('in %i days is shown as %j', (days, text) => {
    expect(paintOf(days)).toBe(text);
  });

  it('comes with advice when there is something to do, and without otherwise', () => {
    const named = (days: number) => ({ name: 'c', daysLeft: days });
    expect(expiryAdvice(plain, [named(91)])).toBe('');
    expect(expiryAdvice(plain, [named(-1), named(90), named(3)])).toBe(
      '\nExpired, and refused: 1 certificate.\n' +
        'Within 90 days of the end: 2 certificates. Add the successors before; old and new count side by side.\n',
    );
  });
});
