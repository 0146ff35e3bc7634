/**
 * Writes packages/audit-emitter/schema/audit-event.schema.json from the catalogue, or checks with
 * `--check` that it is what the catalogue gives.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { eventSchema } from '../packages/audit-emitter/src/schema/event-schema.ts';

const TARGET = new URL('../packages/audit-emitter/schema/audit-event.schema.json', import.meta.url);

function main(argument: string | undefined): number {
  if (argument !== undefined && argument !== '--check') {
    process.stderr.write('usage: tsx scripts/generate-event-schema.ts [--check]\n');
    return 2;
  }
  const output = `${JSON.stringify(eventSchema(), null, 2)}\n`;
  if (argument === undefined) {
    mkdirSync(new URL('.', TARGET), { recursive: true });
    writeFileSync(TARGET, output);
    return 0;
  }
  if (existsSync(TARGET) && readFileSync(TARGET, 'utf8') === output) return 0;
  process.stderr.write(
    `${fileURLToPath(TARGET)} is not what the catalogue gives: run "npx tsx scripts/generate-event-schema.ts".\n`,
  );
  return 1;
}

process.exitCode = main(process.argv[2]);
