import type { Command } from 'commander';
import type { CommandContext } from '../../command-context.ts';
import { registerAuthorityAdd } from './add.ts';
import { registerAuthorityList } from './list.ts';
import { registerAuthorityRemove } from './remove.ts';

export function registerCertAuthority(cert: Command, context: CommandContext): void {
  const authority = cert
    .command('authority')
    .summary('manage authorities whose certificates are clients: add, list, remove')
    .description(
      'Every certificate that an authority of an adapter has issued is a client of the adapter; events ' +
        'name it by its own fingerprint. A rule narrows that to subjects.',
    );
  registerAuthorityAdd(authority, context);
  registerAuthorityList(authority, context);
  registerAuthorityRemove(authority, context);
}
