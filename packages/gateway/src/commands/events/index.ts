import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { registerEventsList } from './list.ts';
import { registerEventsTail } from './tail.ts';

export function registerEvents(program: Command, context: CommandContext): void {
  const events = program
    .command('events')
    .summary('read the audit log: list, tail')
    .description('Reads the audit log by the API, on this machine or elsewhere.');
  registerEventsList(events, context);
  registerEventsTail(events, context);
}
