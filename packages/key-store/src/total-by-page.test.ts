import { expect, it } from 'vitest';
import { totalByPage } from './total-by-page.ts';

it.each([
  ['the last page, which is not full', 3, { offset: 20, limit: 10 }, 23],
  ['nothing at all', 0, { offset: 0, limit: 10 }, 0],
  ['no more than is asked for', 3, { offset: 20, limit: 10, countUpTo: 21 }, 21],
  ['nothing where no count is asked for', 10, { offset: 0, limit: 10, countUpTo: 0 }, 0],
  ['no total, on a full page', 10, { offset: 0, limit: 10 }, undefined],
  ['no total, beyond the end', 0, { offset: 20, limit: 10 }, undefined],
  ['no total, without a page', 0, { offset: 0, limit: 0 }, undefined],
])('tells by a page %s', (_what, found, bounds, total) => {
  expect(totalByPage(found, bounds)).toBe(total);
});
