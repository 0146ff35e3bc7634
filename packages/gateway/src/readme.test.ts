/** The tables of the README say what the code says; where they differ, the test shows what to write. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { listSettings, type Setting } from './config/setting-table.ts';
import { EXIT_CODES } from './exit-code.ts';
import { someMetrics } from './metrics/metrics.fixtures.ts';
import { PRODUCT } from './product.ts';

const README = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

it('lists every setting with its variable, its default and its meaning', () => {
  const rows = listSettings().map((setting) => [
    `\`${setting.path}\``,
    defaultText(setting),
    valuesText(setting) + setting.description,
  ]);
  expect(tableAfter('## Settings')).toEqual(rows);
});

it('has a variable for every setting, as the README says how', () => {
  expect(listSettings().map(({ variable }) => variable)).toContain(
    'CLAVIGER_KMIP__LISTENERS__N__MAX_CONNECTIONS',
  );
  expect(README).toContain('CLAVIGER_KMIP__LISTENERS__0__PORT');
});

it('lists every exit code', () => {
  const rows = Object.values(EXIT_CODES).map(({ code, meaning }) => [String(code), meaning]);
  expect(tableAfter('## Exit codes')).toEqual(rows);
});

it('lists every metric of our own', async () => {
  const { metrics } = someMetrics();
  const { text } = await metrics.render();
  const names = [...text.matchAll(/^# TYPE (claviger_\w+) /gm)].map(([, name = '']) => name);
  const listed = tableAfter('## Metrics').map(([name = '']) => name.replace(/`|\{.*/g, ''));
  expect(listed.toSorted()).toEqual(names.toSorted());
});

it('names the version of the package', () => {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  expect(PRODUCT.serverVersion).toBe(version);
});

/** The cells of the table after a heading, row by row, without its own heading. */
function tableAfter(heading: string): readonly (readonly string[])[] {
  const [, section = ''] = README.split(`\n${heading}\n`);
  const [part = ''] = section.split('\n## ');
  return part
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

function defaultText({ defaultValue }: Setting): string {
  return defaultValue === undefined ? '' : `\`${defaultValue}\``;
}

function valuesText({ values }: Setting): string {
  return values === undefined ? '' : `${values.map((value) => `\`${value}\``).join(', ')}. `;
}
