import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { registerCertAdd } from './add.ts';
import { registerCertList } from './list.ts';
import { registerCertRefused } from './refused.ts';
import { registerCertRemove } from './remove.ts';
import { registerCertTrust } from './trust.ts';

export function registerCert(program: Command, context: CommandContext): void {
  const cert = program
    .command('cert')
    .summary('manage client certificates: add, list, remove, refused, trust')
    .description(
      'A client is let in by its certificate, which belongs to one adapter and is known by its ' +
        'fingerprint; who signed it does not count. Changes count at once, also while the gateway runs.',
    );
  registerCertAdd(cert, context);
  registerCertList(cert, context);
  registerCertRemove(cert, context);
  registerCertRefused(cert, context);
  registerCertTrust(cert, context);
}
