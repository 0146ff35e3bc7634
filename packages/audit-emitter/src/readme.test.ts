import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { EXTENSION_ACTIONS } from './catalogue/extension-actions.ts';
import { toEventInitiator } from './initiator.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

/** The rows of the table under a heading, their cells without back quotes. */
function tableUnder(heading: string): string[][] {
  const section = readme.split(/^## /m).find((text) => text.startsWith(`${heading}\n`)) ?? '';
  const [, , ...rows] = section.split('\n').filter((line) => line.startsWith('|'));
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.replaceAll('`', '').trim()),
  );
}

it('the README lists the extension actions, all of them and no others', () => {
  const actions = Object.entries(EXTENSION_ACTIONS).map(([action, row]) => [
    action,
    'kmipOperation' in row ? row.kmipOperation : '',
    row.targetTypeURI,
    row.severity,
  ]);
  expect(tableUnder('Extension actions')).toEqual(actions);
});

it('the README names the initiators of our own as events do', () => {
  const ids = tableUnder('Initiators of our own').map(([kind, id]) => [kind, id]);
  expect(ids).toEqual([
    ['local-user', toEventInitiator({ kind: 'local-user', account: '<account>' }).id],
    ['system', toEventInitiator({ kind: 'system' }).id],
    ['anonymous', toEventInitiator({ kind: 'anonymous' }).id],
  ]);
});
