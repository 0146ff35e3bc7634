/** The threat model says what holds, by tests: they have to be there. */

import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const PAGE = new URL('../../SECURITY.md', import.meta.url);

it('links to tests and pages that are there', () => {
  const page = readFileSync(PAGE, 'utf8');
  const links = [...page.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, path = '']) => path);
  expect(links.filter((path) => !existsSync(new URL(path, PAGE)))).toEqual([]);
  expect(links.filter((path) => path.endsWith('.test.ts')).length).toBeGreaterThan(15);
});

it('says of each attacker what holds, with a test, and what does not', () => {
  const model = readFileSync(PAGE, 'utf8')
    .split(/^## /m)
    .find((part) => /^Threat model/.test(part));
  const attackers = (model ?? '').split(/^### /m).slice(1);
  expect(attackers.length).toBeGreaterThanOrEqual(6);
  for (const attacker of attackers) {
    expect(attacker).toContain('.test.ts)');
    expect(attacker).toMatch(/^Does not hold: /m);
  }
});
