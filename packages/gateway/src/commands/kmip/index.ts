import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { registerKmipActivate } from './activate.ts';
import { registerKmipCreate } from './create.ts';
import { registerKmipDestroy } from './destroy.ts';
import { registerKmipDiscover } from './discover.ts';
import { registerKmipGet } from './get.ts';
import { registerKmipLocate } from './locate.ts';
import { registerKmipQuery } from './query.ts';
import { registerKmipRevoke } from './revoke.ts';

export function registerKmip(program: Command, context: CommandContext): void {
  const kmip = program
    .command('kmip')
    .summary('a KMIP client for trying things')
    .description(
      'Speaks KMIP with a server, this one or another. Without options it is the client that ' +
        '`claviger up` made, at 127.0.0.1:5696.',
    );
  registerKmipCreate(kmip, context);
  registerKmipGet(kmip, context);
  registerKmipLocate(kmip, context);
  registerKmipActivate(kmip, context);
  registerKmipRevoke(kmip, context);
  registerKmipDestroy(kmip, context);
  registerKmipQuery(kmip, context);
  registerKmipDiscover(kmip, context);
}
