import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ALERT_RULES } from './dashboard-queries.ts';

it('lists every alert with its severity on the page about monitoring', () => {
  const page = readFileSync(new URL('../monitoring.md', ALERT_RULES), 'utf8');
  const rules = readFileSync(ALERT_RULES, 'utf8');
  const made = [...rules.matchAll(/- alert: (\w+)[\s\S]*?severity: (\w+)/g)];
  const listed = [...page.matchAll(/^\| `(\w+)` +\| (\w+)/gm)];
  const pairs = (found: readonly RegExpMatchArray[]) =>
    found.map(([, name, severity]) => `${name} ${severity}`).sort();
  expect(pairs(listed)).toEqual(pairs(made));
  expect(made.length).toBeGreaterThan(10);
});
