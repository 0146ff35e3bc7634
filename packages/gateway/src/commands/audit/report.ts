import { basename, extname, resolve } from 'node:path';
import {
  type AuditReport,
  FRAMEWORK_IDS,
  type FrameworkId,
  reportPage,
} from '@claviger/audit-report';
import { type Command, Option } from 'commander';
import { commitDeeds } from '../../administration/administrator.ts';
import { Failure } from '../../failure.ts';
import type { Installation } from '../../installation.ts';
import { formatFacts } from '../../present/table.ts';
import { administratorOf, withInstallation } from '../administration.ts';
import type { CommandContext } from '../command-context.ts';
import { type DataOptions, withDataOptions, withExamples } from '../options.ts';
import { print } from '../print.ts';
import { reserveOutput } from '../write-output.ts';
import { type LogPosition, logPositionArgument } from './log-position.ts';
import { createProgress } from './progress.ts';
import { gatherReport } from './report-evidence.ts';

interface ReportOptions extends DataOptions {
  readonly from: LogPosition;
  readonly to?: LogPosition;
  readonly framework: FrameworkId;
  readonly out: string;
  readonly force?: boolean;
}

export function registerAuditReport(audit: Command, context: CommandContext): void {
  const command = audit
    .command('report')
    .summary('write evidence for an auditor')
    .description(
      'Writes a report from the log and from what is kept now: keys by state and age, what became of them, ' +
        'who had access, what was refused, changes of root keys, and whether the log is whole. A page to be ' +
        'read or printed, and beside it the same as JSON. Works while the gateway runs.',
    )
    .requiredOption(
      '--from <time>',
      'first moment of the period (a date is its midnight, UTC)',
      logPositionArgument,
    )
    .option('--to <time>', 'moment before which it ends (default: now)', logPositionArgument)
    .addOption(
      new Option('--framework <name>', 'whose controls the report follows')
        .choices(FRAMEWORK_IDS)
        .makeOptionMandatory(),
    )
    .requiredOption('--out <file>', 'the page, e.g. report.html; the JSON is put beside it')
    .option('--force', 'replace files that are there');
  withExamples(withDataOptions(command), [
    [
      'claviger audit report --from 2026-01-01 --to 2026-04-01 --framework pci-dss --out q1.html',
      'q1.html and q1.json',
    ],
  ]);
  command.action((options: ReportOptions) => report(context, options));
}

async function report(context: CommandContext, options: ReportOptions): Promise<void> {
  const { from, to } = periodOf(context, options);
  const { framework, force = false } = options;
  const page = resolve(context.workingDirectory, options.out);
  const extension = extname(page);
  const data = `${extension === '' ? page : page.slice(0, -extension.length)}.json`;
  if (data === page) throw new Failure('usage', 'The page cannot be a .json file: name it .html.');

  const progress = createProgress(context.terminal, 'Verifying');
  const outputs = [await reserveOutput(page, { force })];
  try {
    outputs.push(await reserveOutput(data, { force }));
    const made = await withInstallation(context, options, async (installation) => {
      const onProgress = progress.report;
      const found = await gatherReport(installation, { framework, from, to, onProgress });
      await recordReading(context, installation, found);
      return found;
    });
    const [pageOutput, dataOutput] = outputs;
    await pageOutput?.write(reportPage(made));
    await dataOutput?.write(`${JSON.stringify(made, null, 2)}\n`);
    await tell(context, options, made, { page, data });
  } finally {
    progress.end();
    for (const output of outputs) await output.discard();
  }
}

function periodOf(
  { ambient }: CommandContext,
  options: ReportOptions,
): { readonly from: number; readonly to: number } {
  const now = { kind: 'time', time: ambient.clock.now() } as const;
  const { from, to = now } = options;
  if (from.kind !== 'time' || to.kind !== 'time') {
    throw new Failure('usage', '--from and --to must be times, e.g. 2026-01-01.');
  }
  if (from.time >= to.time) throw new Failure('usage', '--from must be before --to.');
  return { from: from.time, to: to.time };
}

/** Whoever reads the log stands in it. */
async function recordReading(
  context: CommandContext,
  installation: Installation,
  { framework, from, to, events }: AuditReport,
): Promise<void> {
  const deed = {
    action: 'claviger.audit-events.read',
    target: { kind: 'instance' },
    requestData: { purpose: 'report', framework, from, to },
    responseData: { totalResources: events },
  } as const;
  const administrator = administratorOf(context, 'audit report');
  await commitDeeds(
    installation,
    administrator,
    { changes: [], deeds: [deed] },
    ({ kind }) => `The reading could not be recorded (${kind}).`,
  );
}

async function tell(
  context: CommandContext,
  options: ReportOptions,
  made: AuditReport,
  files: { readonly page: string; readonly data: string },
): Promise<void> {
  const { framework, from, to, events, verification } = made;
  const { isWhole, findingCount } = verification;
  const result = { ...files, framework, from, to, events, isWhole, findingCount };
  await print(
    context,
    options,
    result,
    (colors) =>
      `${colors.bold(basename(files.page))} and ${colors.bold(basename(files.data))} are written.\n${formatFacts(
        colors,
        [
          ['Events', String(events)],
          [
            'Log',
            isWhole ? colors.green('whole') : colors.red(`not whole: ${findingCount} findings`),
          ],
        ],
        '  ',
      )}`,
  );
}
