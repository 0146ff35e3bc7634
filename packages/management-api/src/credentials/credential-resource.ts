import type { CredentialRecord } from '@claviger/key-store';
import { z } from 'zod';
import { UNKNOWN_ACTOR } from '../adapters/adapter-resource.ts';
import { DateTime, formatDateTime } from '../http/date-time.ts';
import { fields } from '../http/field-names.ts';
import { ResourceName } from '../http/resource-name.ts';

/** What events and CRNs call a credential. */
export const CREDENTIAL_RESOURCE = 'credential';

const TEXT_WORDS = 'must be: 1 to 256 characters';
// Without the zero character, which no database of ours keeps.
const Identity = z
  .string(TEXT_WORDS)
  .min(1, TEXT_WORDS)
  .max(256, TEXT_WORDS)
  .refine((text) => !text.includes('\0'), TEXT_WORDS);

const PASSWORD_WORDS = 'must be: 1 to 256 characters';

const Device = fields({
  serial_number: Identity.optional(),
  identifier: Identity.optional(),
  network_identifier: Identity.optional(),
  machine_identifier: Identity.optional(),
  media_identifier: Identity.optional(),
})
  .refine((device) => Object.values(device).some((text) => text !== undefined), {
    message: 'must have: one of its fields at least',
  })
  .meta({
    id: 'CredentialDevice',
    description: 'A client must show the same fields with the same values, and no others.',
  });

export const NewCredential = fields({
  name: ResourceName.describe('Objects that are made with the credential belong to this name.'),
  username: Identity.optional(),
  device: Device.optional(),
  password: z
    .string(PASSWORD_WORDS)
    .min(1, PASSWORD_WORDS)
    .max(256, PASSWORD_WORDS)
    .optional()
    .describe('Required for users. It is in no answer.'),
  hashed: z
    .boolean('must be: true or false')
    .optional()
    .describe('Clients may show a Hashed Password (KMIP 2.x), too.'),
  one_time_password: z
    .boolean('must be: true or false')
    .optional()
    .describe('Clients must show a One Time Password (KMIP 2.x) with the password.'),
})
  .refine(({ username, device }) => (username === undefined) !== (device === undefined), {
    message: 'must have: username or device, and not both',
  })
  .refine(({ username, password }) => username === undefined || password !== undefined, {
    message: PASSWORD_WORDS,
    path: ['password'],
  })
  .refine(
    ({ device, hashed, one_time_password }) =>
      device === undefined || (hashed !== true && one_time_password !== true),
    { message: 'must be: false for a device', path: ['hashed'] },
  )
  .meta({ id: 'NewCredential' });

export const Credential = z
  .object({
    id: z.uuid(),
    name: z.string(),
    kind: z.string().describe('`user` or `device`.'),
    identity: z.string().describe('What clients show beside the secret.'),
    created_by: z.string(),
    created_at: DateTime,
    one_time_secret: z
      .string()
      .optional()
      .describe(
        'For an authenticator (RFC 6238, SHA-1, 6 digits, 30 seconds), in base32. Told once.',
      ),
  })
  .meta({
    id: 'Credential',
    description: 'Tells which client of an adapter this is, beside its certificate.',
  });

export function toCredential(
  record: CredentialRecord,
  oneTimeSecret?: string,
): z.output<typeof Credential> {
  const { id, name, kind, identity, createdBy, createdAt } = record;
  return {
    id,
    name,
    kind,
    // After the kind: what tells users and devices apart in the store.
    identity: identity.slice(identity.indexOf(':') + 1),
    created_by: createdBy ?? UNKNOWN_ACTOR,
    created_at: formatDateTime(createdAt),
    ...(oneTimeSecret !== undefined && { one_time_secret: oneTimeSecret }),
  };
}
