import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { registerCertAdd } from './add.ts';
import { registerCertAuthority } from './authority/index.ts';
import { registerCertIssue } from './issue.ts';
import { registerCertList } from './list.ts';
import { registerCertRefused } from './refused.ts';
import { registerCertRemove } from './remove.ts';
import { registerCertShow } from './show.ts';
import { registerCertSign } from './sign.ts';
import { registerCertTrust } from './trust.ts';

export function registerCert(program: Command, context: CommandContext): void {
  const cert = program
    .command('cert')
    .summary(
      'manage client certificates: add, list, show, remove, refused, trust, sign, issue, authority',
    )
    .description(
      'A client is let in by its certificate, which belongs to one adapter and is known by its ' +
        'fingerprint, or by the authority that issued it. Changes count at once.',
    );
  registerCertAdd(cert, context);
  registerCertList(cert, context);
  registerCertShow(cert, context);
  registerCertRemove(cert, context);
  registerCertRefused(cert, context);
  registerCertTrust(cert, context);
  registerCertSign(cert, context);
  registerCertIssue(cert, context);
  registerCertAuthority(cert, context);
}
