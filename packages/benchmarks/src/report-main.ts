/** `pnpm bench:report`: puts runs that were written down into READMEs, as their medians. */

import { readFile, writeFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { drawPicture } from './report/picture.ts';
import { replaceSection } from './report/readme-section.ts';
import { mergeReports, Report } from './report/report.ts';
import { formatReport, formatTargets } from './report/text.ts';

const HELP = `Usage: pnpm bench:report [--svg FILE] [--readme FILE]... [--summary FILE]... RUN.json...

Writes the medians of runs (pnpm bench --json RUN.json) between the markers of READMEs, with the picture.

  --svg FILE        where the picture goes
  --readme FILE     gets the targets and all figures
  --summary FILE    gets the targets only`;

async function run(args: readonly string[]): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      svg: { type: 'string' },
      readme: { type: 'string', multiple: true, default: [] },
      summary: { type: 'string', multiple: true, default: [] },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help || positionals.length === 0) return void process.stdout.write(`${HELP}\n`);
  const report = mergeReports(await Promise.all(positionals.map(readReport)));
  const { svg } = values;
  if (svg !== undefined) await writeFile(svg, drawPicture(report));
  const write = async (readme: string, text: string) => {
    const picture =
      svg === undefined
        ? ''
        : `![Operations per second of server CPU time](${relative(dirname(resolve(readme)), resolve(svg))})\n\n`;
    await writeFile(readme, replaceSection(await readFile(readme, 'utf8'), picture + text));
  };
  for (const readme of values.readme) await write(readme, formatReport(report));
  for (const readme of values.summary) await write(readme, formatTargets(report.targets));
}

async function readReport(path: string): Promise<Report> {
  return Report.parse(JSON.parse(await readFile(path, 'utf8')));
}

try {
  await run(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
