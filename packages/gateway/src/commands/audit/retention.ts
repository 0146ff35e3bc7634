import type { Command } from 'commander';
import {
  carryOutRetention,
  planRetention,
  type RetentionHold,
  type RetentionPlan,
} from '../../audit-log/retention.ts';
import { Failure } from '../../failure.ts';
import { openInstallation } from '../../installation.ts';
import { administratorOf } from '../administration.ts';
import type { CommandContext } from '../command-context.ts';
import {
  countArgument,
  type DataOptions,
  settingsOf,
  withDataOptions,
  withExamples,
} from '../options.ts';
import { print } from '../print.ts';

interface RetentionOptions extends DataOptions {
  readonly dryRun?: boolean;
  readonly days?: number;
}

export function registerAuditRetention(audit: Command, context: CommandContext): void {
  const command = audit
    .command('retention')
    .summary('delete events that are older than they are kept')
    .description(
      'Deletes events that are older than audit.retention_days: only those that a checkpoint seals and that ' +
        'every sink has, in blocks of 1,024. Their hashes stay, so that the log can still be exported and ' +
        'verified from the oldest event on that is left. A gateway with that setting does it by itself.',
    )
    .option('--dry-run', 'only say what would be deleted')
    .option('--days <days>', 'instead of audit.retention_days', countArgument(1));
  withExamples(withDataOptions(command), [
    ['claviger audit retention --dry-run --days 365', 'what a year would leave'],
    ['claviger audit retention --config claviger.toml', 'as the configuration says'],
  ]);
  command.action(async (options: RetentionOptions) => {
    const settings = await settingsOf(context, options);
    const { retention_days: setting, sinks } = settings.audit;
    const days = options.days ?? setting;
    if (days === undefined) {
      throw new Failure(
        'usage',
        'All events are kept: audit.retention_days is not set. Say how long by --days, or name the configuration by --config.',
      );
    }
    const installation = await openInstallation(settings, context.ambient);
    try {
      const rule = { days, sinks: sinks.map(({ name }) => name) };
      const plan = await planRetention(installation, rule);
      const isDryRun = options.dryRun === true;
      const administrator = administratorOf(context, 'audit retention');
      const deleted = isDryRun ? 0 : await carryOutRetention(installation, administrator, plan);
      const value = { ...plan, before: new Date(plan.before).toISOString(), deleted };
      await print(context, options, value, () => describe(plan, isDryRun));
    } finally {
      await installation.close();
    }
  });
}

function describe({ before, firstSequence, upTo, heldBy }: RetentionPlan, isDryRun: boolean) {
  const time = new Date(before).toISOString();
  const what =
    upTo < firstSequence
      ? `Nothing is deleted of the events before ${time}.`
      : `${isDryRun ? 'Would delete' : 'Deleted'} the events ${firstSequence} to ${upTo}, from before ${time}. Their hashes stay.`;
  return `${what}\n${heldBy === undefined ? '' : `${describeHold(heldBy)}\n`}`;
}

function describeHold(hold: RetentionHold): string {
  if (hold.kind === 'not-sealed') {
    return `What follows event ${hold.after} is not sealed yet: a gateway that runs does that.`;
  }
  const { sink, after, isConfigured } = hold;
  return isConfigured
    ? `The sink ${sink} has the events up to ${after} only.`
    : `The sink ${sink}, which the configuration does not name, has the events up to ${after} only. If it is gone for good: claviger audit remove-sink ${sink}`;
}
