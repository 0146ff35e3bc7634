import { resolve } from 'node:path';
import {
  AuditLogError,
  type ProvenEvent,
  parseVerifierKey,
  readSmallFile,
  type VerifierKey,
  verifyInclusionProof,
} from '@claviger/audit-log';
import type { Command } from 'commander';
import { describeFailure } from '../../describe-failure.ts';
import { Failure } from '../../failure.ts';
import { printable } from '../../present/printable.ts';
import { formatFacts } from '../../present/table.ts';
import type { CommandContext } from '../command-context.ts';
import { type OutputOptions, withExamples, withOutputOptions } from '../options.ts';
import { print } from '../print.ts';

interface VerifyProofOptions extends OutputOptions {
  readonly publicKey?: string;
}

const EXIT_CODES = `
Exit codes of this command:
  0  The event stands in the log.
  1  The file does not prove that.
  2  It could not be verified: a file is missing or cannot be read.`;

export function registerAuditVerifyProof(audit: Command, context: CommandContext): void {
  const command = audit
    .command('verify-proof')
    .summary('verify the proof of one event, offline')
    .description(
      'Verifies a file that `claviger audit prove` wrote, with nothing but a public key.',
    )
    .argument('<file>', 'the proof')
    .option(
      '--public-key <file>',
      'public key of the log that you trust (default: that of the proof)',
    );
  command.addHelpText('after', EXIT_CODES);
  withExamples(withOutputOptions(command), [
    ['claviger audit verify-proof proof.json --public-key claviger.pub', 'by a key that you know'],
  ]);
  command.action((file: string, options: VerifyProofOptions) => verify(context, file, options));
}

async function verify(
  context: CommandContext,
  file: string,
  options: VerifyProofOptions,
): Promise<void> {
  const { text, publicKey } = await readInput(context, file, options);
  const proven = verifyOrExplain(text, publicKey);
  if (proven instanceof AuditLogError) {
    const { code, message } = proven;
    await print(
      context,
      options,
      { isProven: false, code, message },
      (colors) => `${colors.red('Not proven')}: ${printable(message)}\n`,
    );
    throw new Failure('failure', '');
  }
  await print(context, options, { isProven: true, ...proven }, (colors) => {
    const facts = formatFacts(
      colors,
      [
        ['Log', printable(proven.origin)],
        ['Trusted key', proven.trustedKey],
        ['Event', printable(proven.line)],
      ],
      '  ',
    );
    const trust = proven.isKeyFromProof
      ? 'The key came with the proof: compare it with the one you know, or name that with --public-key.\n'
      : '';
    return `${colors.green('Proven')}: this is event ${proven.sequence} of the log of ${proven.treeSize} events.\n${facts}${trust}`;
  });
}

function verifyOrExplain(
  text: string,
  publicKey: VerifierKey | undefined,
): ProvenEvent | AuditLogError {
  try {
    return verifyInclusionProof(text, publicKey);
  } catch (error) {
    if (error instanceof AuditLogError) return error;
    throw error;
  }
}

/** @throws Failure `usage`, whose code is 2. */
async function readInput(context: CommandContext, file: string, options: VerifyProofOptions) {
  const read = (path: string) => readSmallFile(resolve(context.workingDirectory, path));
  try {
    const { publicKey } = options;
    return {
      text: await read(file),
      publicKey: publicKey === undefined ? undefined : parseVerifierKey(await read(publicKey)),
    };
  } catch (cause) {
    const { message } = describeFailure(cause);
    throw new Failure('usage', `It could not be verified. ${message}`, { cause });
  }
}
