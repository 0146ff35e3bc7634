/** API keys: what people and programs log in with at the management API. */
import type { ApiKeyRecord } from '@claviger/key-store';
import { ClavigerError } from '@claviger/kmip-protocol';
import { type NewApiKey, newApiKey, type Role } from '@claviger/management-api';
import type { Installation } from '../installation.ts';
import {
  type Administrator,
  actorOf,
  commitDeeds,
  type Deed,
  recordFailure,
} from './administrator.ts';

/** Names stand in tables, events and messages: nothing that steers a terminal, no invisible ends. */
const NAME = /^(?! )[^\p{Cc}\p{Cf}\u2028\u2029]{1,100}(?<! )$/u;

/** What events call an API key. */
const API_KEY_RESOURCE = 'api_key';

/**
 * Makes an API key. Only its salted hash is kept: what is answered cannot be read again.
 *
 * @throws ClavigerError `invalid-field`.
 */
export async function createApiKey(
  installation: Installation,
  administrator: Administrator,
  request: { readonly name: string; readonly role: Role },
): Promise<NewApiKey> {
  const createdBy = actorOf(administrator);
  const made = newApiKey(installation.ambient, { ...request, createdBy });
  const { record } = made;
  const deed = apiKeyDeed('create', record);
  const problem = nameProblem(request.name);
  if (problem !== undefined) {
    // A name that cannot be kept does not belong into the log either.
    const { apiKeyName: _, ...requestData } = deed.requestData;
    await recordFailure(installation, administrator, [{ ...deed, requestData }], problem);
    throw problem;
  }
  const changes = [{ kind: 'insert-api-key', apiKey: record } as const];
  await commitDeeds(
    installation,
    administrator,
    { changes, deeds: [deed] },
    () => 'There is an API key with this id already; try again.',
  );
  return made;
}

/** All API keys, revoked ones too, oldest first. */
export async function listApiKeys(
  installation: Installation,
  administrator: Administrator,
): Promise<readonly ApiKeyRecord[]> {
  const deed: Deed = {
    action: 'hs-crypto.kmip-management.list',
    target: { kind: 'instance' },
    requestData: { resourceType: API_KEY_RESOURCE },
  };
  const apiKeys = await installation.store.listApiKeys();
  await commitDeeds(installation, administrator, { changes: [], deeds: [deed] }, () => '');
  return apiKeys;
}

/**
 * Shuts out whoever has an API key: it makes no token any more, and those that it made are refused.
 *
 * @param which - Id, or the name of one that is not revoked.
 * @throws ClavigerError `item-not-found`; `invalid-field` when a name means several;
 * `illegal-operation` when it is revoked already.
 */
export async function revokeApiKey(
  installation: Installation,
  administrator: Administrator,
  which: string,
): Promise<ApiKeyRecord> {
  const apiKey = await findApiKey(installation, administrator, which);
  const by = { at: installation.ambient.clock.now(), actor: actorOf(administrator) };
  const changes = [{ kind: 'revoke-api-key', id: apiKey.id, by } as const];
  await commitDeeds(
    installation,
    administrator,
    { changes, deeds: [apiKeyDeed('delete', apiKey)] },
    () => `The API key ${apiKey.name} (${apiKey.id}) is revoked already.`,
  );
  return { ...apiKey, revokedAt: by.at, revokedBy: by.actor };
}

function nameProblem(name: string): ClavigerError | undefined {
  if (NAME.test(name)) return undefined;
  return new ClavigerError(
    'invalid-field',
    'The name of an API key must have 1 to 100 visible characters, without a space at its ends.',
  );
}

async function findApiKey(
  installation: Installation,
  administrator: Administrator,
  which: string,
): Promise<ApiKeyRecord> {
  const apiKeys = await installation.store.listApiKeys();
  const byId = apiKeys.find(({ id }) => id === which);
  if (byId !== undefined) return byId;
  const byName = apiKeys.filter(({ name, revokedAt }) => name === which && revokedAt === null);
  const [apiKey, another] = byName;
  if (apiKey !== undefined && another === undefined) return apiKey;
  const error =
    apiKey === undefined
      ? new ClavigerError(
          'item-not-found',
          `There is no API key ${JSON.stringify(which)}; \`claviger apikey list\` shows all.`,
        )
      : new ClavigerError(
          'invalid-field',
          `${byName.length} API keys are called ${JSON.stringify(which)}; name the one by its id.`,
        );
  const deed: Deed = {
    action: 'hs-crypto.kmip-management.delete',
    target: { kind: 'instance' },
    requestData: { resourceType: API_KEY_RESOURCE },
  };
  await recordFailure(installation, administrator, [deed], error);
  throw error;
}

function apiKeyDeed(verb: 'create' | 'delete', { id, name, role }: ApiKeyRecord): Deed {
  return {
    action: `hs-crypto.kmip-management.${verb}`,
    target: { kind: 'instance' },
    requestData: { resourceType: API_KEY_RESOURCE, apiKeyName: name, role },
    responseData: { apiKeyId: id },
    reasonCode: verb === 'create' ? 201 : 200,
  };
}
