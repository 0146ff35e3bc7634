/** What the commands that administer a data directory have in common. */
import type { Administrator } from '../administration/administrator.ts';
import {
  type Installation,
  type KeyedInstallation,
  openInstallation,
  openKeyedInstallation,
} from '../installation.ts';
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
  return await closing(await openInstallation(settings, context.ambient), work);
}

/** As {@link withInstallation}, for work that makes keys. */
export async function withKeyedInstallation<T>(
  context: CommandContext,
  options: DataOptions,
  work: (installation: KeyedInstallation) => Promise<T>,
): Promise<T> {
  const settings = await settingsOf(context, options);
  return await closing(await openKeyedInstallation(settings, context.ambient), work);
}

async function closing<I extends Installation, T>(
  installation: I,
  work: (installation: I) => Promise<T>,
): Promise<T> {
  try {
    return await work(installation);
  } finally {
    await installation.close();
  }
}
