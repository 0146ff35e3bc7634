import { resolve } from 'node:path';
import {
  openBundleDirectory,
  parseVerifierKey,
  readSmallFile,
  type Verification,
  verifyBundle,
} from '@claviger/audit-log';
import type { Command } from 'commander';
import { recordFindings } from '../../audit-log/check-newest.ts';
import { createStoreSource } from '../../audit-log/store-source.ts';
import { describeFailure } from '../../describe-failure.ts';
import { Failure } from '../../failure.ts';
import { printable } from '../../present/printable.ts';
import { formatFacts } from '../../present/table.ts';
import type { Colors } from '../../terminal.ts';
import { administratorOf, withInstallation } from '../administration.ts';
import type { CommandContext } from '../command-context.ts';
import { type DataOptions, withDataOptions, withExamples } from '../options.ts';
import { print } from '../print.ts';
import { createProgress } from './progress.ts';

interface VerifyOptions extends DataOptions {
  readonly publicKey?: string;
  readonly witness?: readonly string[];
}

const EXIT_CODES = `
Exit codes of this command:
  0  The log is whole.
  1  It is not: each finding says what is wrong, and where.
  2  It could not be verified: a file is missing or cannot be read.`;

export function registerAuditVerify(audit: Command, context: CommandContext): void {
  const command = audit
    .command('verify')
    .summary('verify an exported audit log, offline')
    .description(
      'Verifies an export with nothing but itself and a public key: finds events that were removed, ' +
        'changed, reordered, inserted or cut off, and checkpoints that are old or contradict each other. ' +
        'Without a directory it verifies the log of --data-dir, up to its newest checkpoint.',
    )
    .argument('[directory]', 'the export')
    .option(
      '--public-key <file>',
      'public key of the log that you trust (default: log.pub of the export)',
    )
    .option(
      '--witness <file>',
      'a checkpoint of this log that was kept elsewhere; may be repeated',
      (file: string, files: readonly string[] = []) => [...files, file],
    );
  command.addHelpText('after', EXIT_CODES);
  withExamples(withDataOptions(command), [
    ['claviger audit verify q1 --public-key claviger.pub', 'an export, by a key that you know'],
    [
      'claviger audit verify q1 --witness checkpoint.txt',
      'and nothing that was seen before is gone',
    ],
    ['claviger audit verify --data-dir data', 'the log of a gateway that runs here'],
  ]);
  command.action((directory: string | undefined, options: VerifyOptions) =>
    verify(context, directory, options),
  );
}

async function verify(
  context: CommandContext,
  directory: string | undefined,
  options: VerifyOptions,
): Promise<void> {
  if (directory === undefined && options.dataDir === undefined) {
    throw new Failure(
      'usage',
      'Name the directory of an export, or a data directory by --data-dir.',
    );
  }
  const found = await attempt(context, directory, options);
  await print(context, options, found, (colors) => describe(found, colors));
  // Everything was said.
  if (!found.isWhole) throw new Failure('failure', '');
}

/** @throws Failure `usage`, whose code is 2, for whatever keeps it from an answer. */
async function attempt(
  context: CommandContext,
  directory: string | undefined,
  options: VerifyOptions,
): Promise<Verification> {
  const progress = createProgress(context.terminal, 'Verifying');
  const pathOf = (file: string) => resolve(context.workingDirectory, file);
  try {
    const { publicKey, witness = [] } = options;
    const given = {
      publicKey:
        publicKey === undefined
          ? undefined
          : parseVerifierKey(await readSmallFile(pathOf(publicKey))),
      witnesses: await Promise.all(witness.map((file) => readSmallFile(pathOf(file)))),
      onProgress: progress.report,
    };
    if (directory !== undefined) {
      return await verifyBundle(await openBundleDirectory(pathOf(directory)), given);
    }
    return await withInstallation(context, options, async (installation) => {
      const { store } = installation;
      const { firstSequence } = await store.readLogExtent();
      const found = await verifyBundle(await createStoreSource(store), given);
      if ((await store.readLogExtent()).firstSequence !== firstSequence) {
        throw new Failure('refused', 'Old events were deleted meanwhile: verify again.');
      }
      // A key that is another one says nothing of the log.
      if (found.findings.some(({ kind }) => kind !== 'untrusted')) {
        await recordFindings(installation, administratorOf(context, 'audit verify'), found);
      }
      return found;
    });
  } catch (cause) {
    const { message } = describeFailure(cause);
    throw new Failure('usage', `It could not be verified. ${message}`, { cause });
  } finally {
    progress.end();
  }
}

function describe(found: Verification, colors: Colors): string {
  const { isWhole, findings, findingCount, treeSize, from, to } = found;
  const range = `${from ?? '?'} to ${to ?? '?'}`;
  const verdict = isWhole
    ? `${colors.green('The log is whole')}: events ${range}, sealed by a checkpoint of ${treeSize} events.`
    : `${colors.red('The log is not whole')}: ${findingCount} ${findingCount === 1 ? 'finding' : 'findings'}.`;
  const lines = findings.map(
    ({ kind, message }) => `  ${colors.red(kind.padEnd(9))}  ${printable(message)}`,
  );
  const more =
    findingCount > findings.length ? [`  and ${findingCount - findings.length} more`] : [];
  const facts: (readonly [string, string])[] = [
    ['Events read', String(found.events)],
    ['Log', printable(found.origin ?? 'unknown')],
    ['Root', found.rootHash ?? 'unknown'],
    ['Trusted key', found.trustedKey ?? 'unknown'],
  ];
  const trust = found.isKeyFromBundle
    ? 'The key came with the log: this shows that the log fits its own key, not whose key that is. ' +
      'Compare it with the one you know, or name that with --public-key.\n'
    : '';
  return `${[verdict, ...lines, ...more].join('\n')}\n${formatFacts(colors, facts, '  ')}${trust}`;
}
