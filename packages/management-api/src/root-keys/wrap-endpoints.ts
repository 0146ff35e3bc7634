/** Data of clients under a root key: wrap, unwrap, rewrap. Nothing of it is kept here. */

import type { DetailedRootKey, RootKeyVersion } from '@claviger/key-store';
import { z } from 'zod';
import type { Call } from '../calls/call.ts';
import { defineEndpoint, type Endpoint } from '../calls/endpoint.ts';
import type { ManagementApiDependencies } from '../dependencies.ts';
import { ApiError } from '../errors/api-error.ts';
import { fields } from '../http/field-names.ts';
import { base64Of } from './base64-of.ts';
import { formatCiphertext, parseCiphertext } from './ciphertext.ts';
import { findLivingRootKey, KeyPath } from './find-key.ts';
import { assertState } from './key-actions.ts';
import { BASE64, KEY_RESOURCE } from './key-resource.ts';

const OF_A_KEY = {
  resourceType: KEY_RESOURCE,
  origin: 'key-protect',
  method: 'POST',
  failed: 'Action could not be performed on key',
  params: KeyPath,
  status: 200,
} as const;
const REFUSALS = [
  'KEY_NOT_FOUND_ERR',
  'KEY_RING_NOT_FOUND_ERR',
  'KEY_ROOT_REQ_ERR',
  'KEY_DELETED_ERR',
  'KEY_ACTION_INVALID_STATE_ERR',
  'INVALID_FIELD_ERR',
] as const;

const GENERATED_BYTES = 32;
/** 64 KiB in base64; what is wrapped is a key, and bodies end at 128 KiB. */
const MAX_TEXT_LENGTH = 87_384;
const TEXT_WORDS = 'must be: base64 of at most 64 KiB';
const AAD_WORDS = 'must be: a list of at most 32 texts of 1 to 255 characters';
const LONE_SURROGATE = /\p{Surrogate}/u;
/** How many versions one read of the store brings. */
const VERSIONS_PER_READ = 1000;

const Base64Text = z
  .string({ error: TEXT_WORDS })
  .max(MAX_TEXT_LENGTH, { error: TEXT_WORDS })
  .regex(BASE64, { error: TEXT_WORDS });
const AssociatedData = z
  .array(
    z
      .string({ error: AAD_WORDS })
      .min(1, AAD_WORDS)
      .max(255, AAD_WORDS)
      // A half of a surrogate pair has no encoding of its own.
      .refine((text) => !LONE_SURROGATE.test(text), AAD_WORDS),
    AAD_WORDS,
  )
  .max(32, AAD_WORDS)
  .optional()
  .describe('Must be the same, in the same order, when the data is unwrapped.');

const KeyVersionId = z.object({ id: z.string() });
const WrapRequest = fields({
  plaintext: Base64Text.optional().describe('Base64; 32 random bytes when left out.'),
  aad: AssociatedData,
}).nullish();
const CiphertextRequest = fields({
  ciphertext: Base64Text.min(1, TEXT_WORDS),
  aad: AssociatedData,
});

export function wrapEndpoints(
  deps: Pick<ManagementApiDependencies, 'store' | 'keys' | 'randomness'>,
): readonly Endpoint[] {
  const { store, keys, randomness } = deps;

  const wrap = defineEndpoint({
    ...OF_A_KEY,
    path: '/keys/:key/actions/wrap',
    summary: 'Wrap data of a client by a root key; without data, 32 random bytes.',
    action: 'hs-crypto.secrets.wrap',
    right: 'secrets.wrap',
    body: WrapRequest,
    bodyIsOptional: true,
    response: z
      .object({
        plaintext: z.string().optional(),
        ciphertext: z.string(),
        keyVersion: KeyVersionId,
      })
      .meta({ id: 'WrappedData', description: 'The plaintext only if it was made here.' }),
    refusals: REFUSALS,
    async handle(call, { params, body }) {
      const key = await findUsableKey(call, params.key);
      const given = body?.plaintext || undefined;
      const data =
        given === undefined ? randomness.bytes(GENERATED_BYTES) : Buffer.from(given, 'base64');
      try {
        const made = given === undefined ? base64Of(data) : undefined;
        return {
          body: {
            ...(made === undefined ? {} : { plaintext: made }),
            ciphertext: seal(key, data, body?.aad),
            keyVersion: { id: key.version.id },
          },
        };
      } finally {
        data.fill(0);
      }
    },
  });

  const unwrap = defineEndpoint({
    ...OF_A_KEY,
    path: '/keys/:key/actions/unwrap',
    summary:
      'Unwrap data of a client; what an older version has wrapped comes wrapped anew as well.',
    action: 'hs-crypto.secrets.unwrap',
    right: 'secrets.unwrap',
    body: CiphertextRequest,
    response: z
      .object({
        plaintext: z.string(),
        keyVersion: KeyVersionId,
        ciphertext: z.string().optional(),
        rewrappedKeyVersion: KeyVersionId.optional(),
      })
      .meta({ id: 'UnwrappedData' }),
    refusals: [...REFUSALS, 'UNPROCESSABLE_CIPHERTEXT_ERR'],
    async handle(call, { params, body }) {
      const key = await findUsableKey(call, params.key);
      const { versionId, result } = await withData(key, body, (data) => ({
        plaintext: base64Of(data),
        anew: seal(key, data, body.aad),
      }));
      const isOld = versionId !== key.version.id;
      if (isOld) call.tell({ responseData: { rewrappedKeyVersionId: key.version.id } });
      call.tell({ responseData: { keyVersionId: versionId } });
      return {
        body: {
          plaintext: result.plaintext,
          keyVersion: { id: versionId },
          ...(isOld
            ? { ciphertext: result.anew, rewrappedKeyVersion: { id: key.version.id } }
            : {}),
        },
      };
    },
  });

  const rewrap = defineEndpoint({
    ...OF_A_KEY,
    path: '/keys/:key/actions/rewrap',
    summary: 'Wrap data of a client by the newest version of the root key.',
    action: 'hs-crypto.secrets.rewrap',
    right: 'secrets.rewrap',
    body: CiphertextRequest,
    response: z
      .object({
        ciphertext: z.string(),
        keyVersion: KeyVersionId,
        rewrappedKeyVersion: KeyVersionId,
      })
      .meta({ id: 'RewrappedData' }),
    refusals: [...REFUSALS, 'UNPROCESSABLE_CIPHERTEXT_ERR'],
    async handle(call, { params, body }) {
      const key = await findUsableKey(call, params.key);
      const { versionId, result } = await withData(key, body, (data) => seal(key, data, body.aad));
      call.tell({
        responseData: { keyVersionId: versionId, rewrappedKeyVersionId: key.version.id },
      });
      return {
        body: {
          ciphertext: result,
          keyVersion: { id: versionId },
          rewrappedKeyVersion: { id: key.version.id },
        },
      };
    },
  });

  async function findUsableKey(call: Call, idOrAlias: string): Promise<DetailedRootKey> {
    const key = await findLivingRootKey(store, call, idOrAlias);
    assertState(key, 'enabled');
    call.tell({ responseData: { keyVersionId: key.version.id } });
    return key;
  }

  function seal(key: DetailedRootKey, data: Uint8Array, aad: readonly string[] = []): string {
    const sealed = keys.sealByRootKey(key.wrappedKey, data, contextOf(key.id, aad));
    return formatCiphertext(key.version.id, sealed);
  }

  /** @throws ApiError `UNPROCESSABLE_CIPHERTEXT_ERR` whatever is wrong: a guesser learns nothing. */
  async function withData<T>(
    key: DetailedRootKey,
    request: z.output<typeof CiphertextRequest>,
    use: (data: Uint8Array) => T,
  ): Promise<{ readonly versionId: string; readonly result: T }> {
    const parsed = parseCiphertext(request.ciphertext);
    const version = parsed && (await findVersion(key.id, parsed.versionId));
    const data =
      version &&
      keys.openByRootKey(version.wrappedKey, parsed.envelope, contextOf(key.id, request.aad));
    if (version === undefined || data === undefined) {
      throw new ApiError(
        'UNPROCESSABLE_CIPHERTEXT_ERR',
        'The ciphertext was not made by this key with this additional data.',
        { target: { type: 'field', name: 'ciphertext' } },
      );
    }
    try {
      return { versionId: version.id, result: data.use(use) };
    } finally {
      data.wipe();
    }
  }

  async function findVersion(
    keyId: string,
    versionId: string,
  ): Promise<RootKeyVersion | undefined> {
    for (let offset = 0; ; offset += VERSIONS_PER_READ) {
      const { items } = await store.pageRootKeyVersions(keyId, {
        offset,
        limit: VERSIONS_PER_READ,
      });
      const version = items.find(({ id }) => id === versionId);
      if (version !== undefined || items.length < VERSIONS_PER_READ) return version;
    }
  }

  return [wrap, unwrap, rewrap];
}

function contextOf(rootKeyId: string, associatedData: readonly string[] = []) {
  return { purpose: 'wrapped-data', rootKeyId, associatedData } as const;
}
