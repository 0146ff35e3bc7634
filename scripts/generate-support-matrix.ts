/**
 * Writes the table of operations into README.md from the handlers, the versions of the specification and the
 * audit catalogue, or checks with `--check` that it is what they give.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { kmipOperationAction } from '../packages/audit-emitter/src/catalogue/kmip-operations.ts';
import { OPERATIONS } from '../packages/kmip-protocol/src/tables/operations.ts';
import { offeredOperations } from '../packages/kmip-server/src/operations/index.ts';

const TARGET = new URL('../README.md', import.meta.url);
const BEGIN = '<!-- operations: written by scripts/generate-support-matrix.ts -->\n';
const END = '<!-- end of operations -->\n';

/** Operations that have the versions and the action in common share a row. */
function table(): string {
  const rows = new Map<string, { names: string[]; versions: string; action: string }>();
  const offer = { isForTests: false, reProvisions: true, turnsRoles: true, tellsClients: true };
  for (const operation of offeredOperations(offer)) {
    const { name, since, until = '2.1' } = OPERATIONS[operation];
    const versions = since === until ? since : `${since} – ${until}`;
    const action = `\`${kmipOperationAction(operation)}\``;
    const key = `${versions} ${action}`;
    const row = rows.get(key) ?? { names: [], versions, action };
    row.names.push(name);
    rows.set(key, row);
  }
  const cells = [...rows.values()]
    .map(({ names, versions, action }) => [names.toSorted().join(', '), versions, action])
    .toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1));
  const all = [['operation', 'KMIP versions', 'audit action'], ...cells];
  const widths = [0, 1, 2].map((at) => Math.max(...all.map((row) => row[at]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |\n`;
  const [head = [], ...body] = all;
  return line(head) + line(widths.map((width) => '-'.repeat(width))) + body.map(line).join('');
}

function main(argument: string | undefined): number {
  if (argument !== undefined && argument !== '--check') {
    process.stderr.write('usage: tsx scripts/generate-support-matrix.ts [--check]\n');
    return 2;
  }
  const readme = readFileSync(TARGET, 'utf8');
  const begin = readme.indexOf(BEGIN) + BEGIN.length;
  const end = readme.indexOf(END);
  if (begin < BEGIN.length || end < begin) {
    process.stderr.write('README.md has no place for the table of operations.\n');
    return 1;
  }
  const output = `${readme.slice(0, begin)}\n${table()}\n${readme.slice(end)}`;
  if (output === readme) return 0;
  if (argument === undefined) {
    writeFileSync(TARGET, output);
    return 0;
  }
  process.stderr.write(
    `The operations in ${fileURLToPath(TARGET)} are not those of the server: run "npx tsx --conditions=@claviger/source scripts/generate-support-matrix.ts".\n`,
  );
  return 1;
}

process.exitCode = main(process.argv[2]);
