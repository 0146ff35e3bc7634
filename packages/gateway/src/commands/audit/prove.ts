import { resolve } from 'node:path';
import { makeInclusionProof } from '@claviger/audit-log';
import type { Command } from 'commander';
import { createLogStore } from '../../audit-log/log-store.ts';
import { sealedLog } from '../../audit-log/seal-log.ts';
import { Failure } from '../../failure.ts';
import { withInstallation } from '../administration.ts';
import type { CommandContext } from '../command-context.ts';
import { type DataOptions, withDataOptions, withExamples } from '../options.ts';
import { print } from '../print.ts';
import { reserveOutput } from '../write-output.ts';
import { createProgress } from './progress.ts';

interface ProveOptions extends DataOptions {
  readonly out: string;
  readonly force?: boolean;
}

export function registerAuditProve(audit: Command, context: CommandContext): void {
  const command = audit
    .command('prove')
    .summary('prove of one event that it stands in the log')
    .description(
      'Writes a file that proves of one event that it stands in the sealed log, without showing any other.',
    )
    .argument('<event id>', 'the field id of the event')
    .requiredOption('--out <file>', 'where to')
    .option('--force', 'replace a file that is there');
  withExamples(withDataOptions(command), [
    ['claviger audit prove 6f1c...e2 --out proof.json', 'for somebody who asks about this event'],
  ]);
  command.action((id: string, options: ProveOptions) => prove(context, id, options));
}

async function prove(context: CommandContext, id: string, options: ProveOptions): Promise<void> {
  const path = resolve(context.workingDirectory, options.out);
  const progress = createProgress(context.terminal, 'Hashing');
  const result = await withInstallation(context, options, async (installation) => {
    const { store } = installation;
    const event = await store.findEvent(id);
    if (event === undefined) {
      throw new Failure('refused', 'There is no event with this id in the log, or it was deleted.');
    }
    const output = await reserveOutput(path, { force: options.force === true });
    try {
      const sealed = await sealedLog(installation);
      const { sequence, body: line } = event;
      const log = createLogStore(store);
      const text = await makeInclusionProof(log, { sequence, line }, sealed, progress.report);
      await output.write(text);
      return { path, sequence, treeSize: sealed.checkpoint.size };
    } finally {
      progress.end();
      await output.discard();
    }
  });
  await print(
    context,
    options,
    result,
    (colors) =>
      `Wrote ${colors.bold(path)}: it proves event ${result.sequence} of ${result.treeSize}.\n`,
  );
}
