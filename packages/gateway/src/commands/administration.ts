/** For commands that read the data directory themselves: the log, and API keys, without which nobody could log in. */
import type { Administrator } from '../administration/administrator.ts';
import { type Installation, openInstallation } from '../installation.ts';
import type { CommandContext } from './command-context.ts';
import { type DataOptions, settingsOf } from './options.ts';

/** Whoever runs the command, by the name of the account. */
export function administratorOf(context: CommandContext, command: string): Administrator {
  return {
    initiator: { kind: 'local-user', account: context.account() },
    requestURI: `claviger:/${command.replaceAll(' ', '/')}`,
    correlationId: context.ambient.randomness.uuid(),
  };
}

/** Opens the data directory for the time of one piece of work, also beside a gateway that runs on it. */
export async function withInstallation<T>(
  context: CommandContext,
  options: DataOptions,
  work: (installation: Installation) => Promise<T>,
): Promise<T> {
  const settings = await settingsOf(context, options);
  const installation = await openInstallation(settings, context.ambient);
  try {
    return await work(installation);
  } finally {
    await installation.close();
  }
}
