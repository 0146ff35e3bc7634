import { expect, it } from 'vitest';
import { wantsColors } from './terminal.ts';

it.each([
  [{}, true, true],
  [{}, false, false],
  [{ NO_COLOR: '1' }, true, false],
  [{ NO_COLOR: '' }, true, true],
  [{ FORCE_COLOR: '1' }, false, true],
  [{ FORCE_COLOR: '0' }, true, true],
  [{ NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
  [{ TERM: 'dumb' }, true, false],
])('with %o on a terminal (%s) paints: %s', (environment, isTerminal, paints) => {
  expect(wantsColors(environment, isTerminal)).toBe(paints);
});
