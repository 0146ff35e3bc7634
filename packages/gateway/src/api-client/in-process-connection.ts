/** The API in this process, over a data directory on which no gateway runs. */

import { managementApiOf } from '../api/management-api-of.ts';
import { openTokenSigningKey } from '../api/token-signing-key.ts';
import type { Settings } from '../config/settings-schema.ts';
import { type Ambient, openKeyedInstallation } from '../installation.ts';
import { createLogger, type LogTarget } from '../logger.ts';
import type { ApiConnection } from './api-connection.ts';

/**
 * @param account - Name of the account that calls; stands in events.
 * @throws Failure `data` when there is no Claviger in the directory; what opening it throws.
 */
export async function connectInProcess(
  settings: Settings,
  ambient: Ambient,
  account: string,
  errors: LogTarget,
): Promise<ApiConnection> {
  const installation = await openKeyedInstallation(settings, ambient);
  const { tokenSigningKeyPath } = installation.directory;
  // A command says how it ended; of the log only what went wrong beside that is of interest.
  const level = settings.log.level === 'debug' ? 'debug' : 'error';
  const log = createLogger({ ...settings.log, level }, errors);
  const { uuid } = ambient.randomness;
  const api = await managementApiOf(settings, log, installation, {
    tokenSigningKey: () => openTokenSigningKey(tokenSigningKeyPath, uuid),
  }).catch(async (error: unknown) => {
    await installation.close();
    throw error;
  });
  return {
    async call(method, path, body) {
      const answer = await api.callLocally({ method, path, body, account });
      return { status: answer.status, body: answer.body };
    },
    async close() {
      await api.close();
      await installation.close();
    },
  };
}
