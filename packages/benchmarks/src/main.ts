/** `pnpm bench`. */

import { writeFile } from 'node:fs/promises';
import { HELP, type Options, parseOptions } from './options.ts';
import { drawPicture } from './report/picture.ts';
import { formatReport } from './report/text.ts';
import { runBenchmark } from './run-benchmark.ts';

/** So that servers are ended and copies of stores removed, by what waits for the exit. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const;

async function run(options: Options): Promise<void> {
  const report = await runBenchmark(options, (line) => process.stderr.write(`${line}\n`));
  const { json, svg } = options;
  if (json !== undefined) await writeFile(json, `${JSON.stringify(report, undefined, 2)}\n`);
  if (svg !== undefined) await writeFile(svg, drawPicture(report));
  process.stdout.write(`${formatReport(report)}\n`);
}

for (const [signal, code] of Object.entries(SIGNALS))
  process.once(signal, () => process.exit(code));
try {
  const options = parseOptions(process.argv.slice(2));
  if (options === 'help') process.stdout.write(`${HELP}\n`);
  else await run(options);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
