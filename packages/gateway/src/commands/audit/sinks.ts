import type { Command } from 'commander';
import { Failure } from '../../failure.ts';
import { formatTable } from '../../present/table.ts';
import { formatTime } from '../../present/time.ts';
import { withInstallation } from '../administration.ts';
import type { CommandContext } from '../command-context.ts';
import { type ConfirmOptions, confirm, YES_OPTION } from '../confirm.ts';
import { type DataOptions, settingsOf, withDataOptions, withExamples } from '../options.ts';
import { print } from '../print.ts';

interface RemoveOptions extends DataOptions, ConfirmOptions {}

export function registerAuditSinks(audit: Command, context: CommandContext): void {
  const command = audit
    .command('sinks')
    .summary('list how far each sink was served')
    .description('Lists how far each sink was served, those that are not configured any more too.');
  withExamples(withDataOptions(command), [
    ['claviger audit sinks --config claviger.toml', 'says which of them are configured'],
  ]);
  command.action(async (options: DataOptions) => {
    const { audit: settings } = await settingsOf(context, options);
    const names = settings.sinks.map(({ name }) => name);
    const sinks = await withInstallation(context, options, async ({ store }) => {
      const last = await store.lastEventSequence();
      const cursors = await store.listSinkCursors();
      const unserved = names.filter((name) => cursors.every((cursor) => cursor.name !== name));
      return [
        ...cursors.map(({ name, sequence, updatedAt }) => ({
          name,
          isConfigured: names.includes(name),
          sequence,
          behind: last - sequence,
          updatedAt: new Date(updatedAt).toISOString(),
        })),
        ...unserved.map((name) => ({
          name,
          isConfigured: true,
          sequence: 0,
          behind: last,
          updatedAt: null,
        })),
      ];
    });
    await print(context, options, sinks, (colors) =>
      formatTable(
        colors,
        ['NAME', 'CONFIGURED', 'SERVED UP TO', 'BEHIND', 'SINCE'],
        sinks.map(({ name, isConfigured, sequence, behind, updatedAt }) => [
          name,
          isConfigured ? 'yes' : 'no',
          String(sequence),
          String(behind),
          updatedAt === null ? 'never' : formatTime(updatedAt),
        ]),
      ),
    );
  });
}

export function registerAuditRemoveSink(audit: Command, context: CommandContext): void {
  const command = audit
    .command('remove-sink')
    .summary('forget how far a sink was served that is gone')
    .description(
      'Forgets the place of a sink in the log, after it was taken out of the configuration. Until then no ' +
        'event is deleted that the sink does not have. A sink of this name that is configured later begins anew.',
    )
    .argument('<name>', 'name of the sink')
    .option(...YES_OPTION);
  withExamples(withDataOptions(command), [['claviger audit remove-sink old-siem', 'asks first']]);
  command.action(async (name: string, options: RemoveOptions) => {
    const { audit: settings } = await settingsOf(context, options);
    if (settings.sinks.some((sink) => sink.name === name)) {
      throw new Failure(
        'refused',
        `The sink ${name} is in the configuration: take it out and restart the gateway first.`,
      );
    }
    const removed = await withInstallation(context, options, async ({ store }) => {
      const cursor = await store.readSinkCursor(name);
      if (cursor === undefined) {
        throw new Failure('refused', `No sink ${name} was ever served from this data directory.`);
      }
      const loss = `The sink ${name} has the events up to ${cursor.sequence}; where it would go on is forgotten.`;
      await confirm(context, options, loss);
      const changes = [{ kind: 'delete-sink-cursor', name } as const];
      await store.commit({ guards: [], changes, events: [] });
      return { name, sequence: cursor.sequence };
    });
    await print(context, options, removed, ({ bold }) => `Forgot the sink ${bold(name)}.\n`);
  });
}
