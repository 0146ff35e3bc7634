import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { registerClientEndpointAsk } from './ask.ts';
import { registerClientEndpointList } from './list.ts';
import { registerClientEndpointPut } from './put.ts';

export function registerClientEndpoint(program: Command, context: CommandContext): void {
  const endpoint = program
    .command('client-endpoint')
    .summary('clients that the gateway connects to: list, ask, put')
    .description(
      'The settings name clients that take KMIP requests from the gateway ([[kmip.client_endpoints]]). ' +
        'Here they are asked what they can do, and sent objects. What is sent is in the audit log first.',
    );
  registerClientEndpointList(endpoint, context);
  registerClientEndpointAsk(endpoint, context);
  registerClientEndpointPut(endpoint, context);
}
