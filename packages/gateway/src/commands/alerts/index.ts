import type { Command } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { registerAlertsList } from './list.ts';
import { registerAlertsTest } from './test.ts';

export function registerAlerts(program: Command, context: CommandContext): void {
  const alerts = program
    .command('alerts')
    .summary('what rules over the audit log have found: list, test')
    .description(
      'Shows what rules over the audit log have found, and tries them on what has been.',
    );
  registerAlertsList(alerts, context);
  registerAlertsTest(alerts, context);
}
