import { resolve } from 'node:path';
import { writeBundle } from '@claviger/audit-log';
import type { Command } from 'commander';
import { commitDeeds } from '../../administration/administrator.ts';
import { createLogStore } from '../../audit-log/log-store.ts';
import { sealedLog } from '../../audit-log/seal-log.ts';
import { Failure } from '../../failure.ts';
import type { Installation } from '../../installation.ts';
import { formatFacts } from '../../present/table.ts';
import { administratorOf, withInstallation } from '../administration.ts';
import type { CommandContext } from '../command-context.ts';
import { type DataOptions, withDataOptions, withExamples } from '../options.ts';
import { print } from '../print.ts';
import { firstAt, type LogPosition, lastAt, logPositionArgument } from './log-position.ts';
import { createProgress } from './progress.ts';

interface ExportOptions extends DataOptions {
  readonly out: string;
  readonly from?: LogPosition;
  readonly to?: LogPosition;
}

export function registerAuditExport(audit: Command, context: CommandContext): void {
  const command = audit
    .command('export')
    .summary('export the audit log, sealed, for an auditor')
    .description(
      'Writes the audit log, or a part of it, as a directory that proves itself: events.jsonl (one event ' +
        'a line, as in the log), checkpoint (what seals it), log.pub (the public key), checkpoints.jsonl ' +
        'and proof.json. Works while the gateway runs, and is itself on the record.',
    )
    .requiredOption('--out <directory>', 'where to; made, or empty')
    .option(
      '--from <event or time>',
      'first event by its number, or by a time (a date is its midnight, UTC)',
      logPositionArgument,
    )
    .option(
      '--to <event or time>',
      'last event by its number, or the time before which it was',
      logPositionArgument,
    );
  withExamples(withDataOptions(command), [
    ['claviger audit export --out audit-2026', 'everything there is'],
    ['claviger audit export --out q1 --from 2026-01-01 --to 2026-04-01', 'a quarter'],
    ['claviger audit export --out rest --from 1200 --json', 'from event 1200 on, for programs'],
  ]);
  command.action((options: ExportOptions) => exportLog(context, options));
}

const EXPORT = { target: { kind: 'instance' }, requestData: { stream: 'bundle' } } as const;

async function exportLog(context: CommandContext, options: ExportOptions): Promise<void> {
  const directory = resolve(context.workingDirectory, options.out);
  const progress = createProgress(context.terminal, 'Exporting');
  const result = await withInstallation(context, options, async (installation) => {
    // Before anything leaves: the export is on the record, and in the export.
    await commitDeeds(
      installation,
      administratorOf(context, 'audit export'),
      { changes: [], deeds: [{ action: 'claviger.audit-events.read', ...EXPORT }] },
      () => 'The store refused the event.',
    );
    const { checkpoint, publicKey } = await sealedLog(installation);
    const range = await rangeOf(installation, options, checkpoint.size);
    try {
      await writeBundle(createLogStore(installation.store), {
        directory,
        ...range,
        checkpoint,
        publicKey,
        onProgress: progress.report,
      });
    } finally {
      progress.end();
    }
    return { directory, ...range, treeSize: checkpoint.size, publicKey: publicKey.text };
  });
  await print(context, options, result, (colors) => {
    const facts = formatFacts(
      colors,
      [
        ['Events', `${result.from} to ${result.to} of ${result.treeSize}`],
        ['Public key', result.publicKey],
      ],
      '  ',
    );
    return `Exported to ${colors.bold(directory)}. Whoever verifies it should know the public key from you:\n${facts}`;
  });
}

async function rangeOf(
  { store }: Installation,
  { from, to }: ExportOptions,
  size: number,
): Promise<{ readonly from: number; readonly to: number }> {
  const { firstSequence } = await store.readLogExtent();
  const first = from === undefined ? firstSequence : await firstAt(store, from);
  const last = to === undefined ? size : await lastAt(store, to);
  if (first === undefined || last === undefined || first > last) {
    throw new Failure('refused', 'There are no events between --from and --to.');
  }
  if (first < firstSequence || last > size) {
    throw new Failure(
      'refused',
      `The log has the events ${firstSequence} to ${size}: --from and --to must be within.`,
    );
  }
  return { from: first, to: last };
}
