import { formatCrn } from '@claviger/audit-emitter';
import type { DetailedRootKey, RootKeyState, RootKeyVersion } from '@claviger/key-store';
import { z } from 'zod';
import { DateTime, formatDateTime } from '../http/date-time.ts';
import { COLLECTION_TYPES } from '../http/envelope.ts';
import { fields } from '../http/field-names.ts';
import { UUID } from '../http/resource-name.ts';
import { visibleText } from '../http/visible-text.ts';
import type { InstanceOptions } from '../options.ts';

export const KEY_COLLECTION = COLLECTION_TYPES.key;
export const KEY_VERSION_COLLECTION = COLLECTION_TYPES.keyVersion;

/** What events and CRNs call a root key. */
export const KEY_RESOURCE = 'key';

export const DEFAULT_KEY_RING = 'default';

/** The numbers of Key Protect (NIST SP 800-57). Those of KMIP objects mean other states. */
export const KEY_STATE_NUMBERS = {
  enabled: 1,
  disabled: 2,
  deleted: 5,
} as const satisfies Record<RootKeyState, number>;

export function keyStatesOf(numbers: readonly number[]): readonly RootKeyState[] {
  // The keys of a table whose type names them.
  const names = Object.keys(KEY_STATE_NUMBERS) as RootKeyState[];
  return names.filter((name) => numbers.includes(KEY_STATE_NUMBERS[name]));
}

const NAME_WORDS = 'must be: 2 to 90 visible characters';
const DESCRIPTION_WORDS = 'must be: 2 to 240 visible characters';
const TAG_WORDS = 'must be: at most 30 texts of at most 30 characters, none of < > , : &';
const PAYLOAD_WORDS = 'must be: 32 bytes in base64';
/** In groups of four, so that matching takes linear time. */
export const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const RESERVED_ALIASES = new Set(
  'allowed_ip key keys metadata policy policies registration registrations ring rings rotate wrap unwrap rewrap version versions'.split(
    ' ',
  ),
);
const ALIAS_WORDS = "must be: 2 to 90 letters, digits, '-' or '_', no UUID and no reserved word";

const Alias = z
  .string(ALIAS_WORDS)
  .regex(/^[A-Za-z0-9_-]{2,90}$/, ALIAS_WORDS)
  .refine((alias) => !UUID.test(alias) && !RESERVED_ALIASES.has(alias), ALIAS_WORDS);

/** Material of a root key that is brought along. */
export const KeyPayload = z.string(PAYLOAD_WORDS).regex(/^[A-Za-z0-9+/]{43}=$/, PAYLOAD_WORDS);

/** As Key Protect has it: 7,500 bytes. */
const MAX_STANDARD_PAYLOAD_LENGTH = 10_000;
const STANDARD_PAYLOAD_WORDS = 'must be: 1 to 7500 bytes in base64';
/** Of a standard key; that of a root key is checked once it is known which of them it is. */
const AnyPayload = z
  .string(STANDARD_PAYLOAD_WORDS)
  .min(4, STANDARD_PAYLOAD_WORDS)
  .max(MAX_STANDARD_PAYLOAD_LENGTH, STANDARD_PAYLOAD_WORDS)
  .regex(BASE64, STANDARD_PAYLOAD_WORDS);

const NewKeyFields = fields({
  type: z.literal(KEY_COLLECTION).optional(),
  name: visibleText(NAME_WORDS, { min: 2, max: 90 }),
  description: visibleText(DESCRIPTION_WORDS, { min: 2, max: 240 }).optional(),
  tags: z
    .array(visibleText(TAG_WORDS, { min: 0, max: 30 }).regex(/^[^<>,:&]*$/, TAG_WORDS))
    .max(30, TAG_WORDS)
    .optional(),
  aliases: z.array(Alias).max(5, 'must be: at most 5 aliases').optional(),
  extractable: z
    .boolean('must be: true or false')
    .optional()
    .describe('True for a standard key, whose payload can be read; false for a root key.'),
  payload: AnyPayload.optional().describe(
    'Base64. 32 bytes for a root key, up to 7500 for a standard key; made here when left out.',
  ),
});

export const NewKey = NewKeyFields.refine(
  ({ extractable = false, payload }) =>
    extractable || payload === undefined || KeyPayload.safeParse(payload).success,
  { message: PAYLOAD_WORDS, path: ['payload'] },
).meta({ id: 'NewKey' });

/** A key. The material of a root key is never here. */
export const Key = z
  .object({
    id: z.uuid(),
    type: z.literal(KEY_COLLECTION),
    name: z.string(),
    description: z.string().optional(),
    aliases: z.array(z.string()).optional(),
    tags: z.array(z.string()).optional(),
    state: z.int().describe('1 active, 2 suspended, 5 destroyed.'),
    extractable: z.boolean(),
    crn: z.string(),
    imported: z.boolean().optional(),
    keyRingID: z.string().optional(),
    creationDate: DateTime.optional(),
    createdBy: z.string().optional(),
    algorithmType: z.string().optional(),
    algorithmMetadata: z.object({ bitLength: z.string(), mode: z.string() }).optional(),
    algorithmBitSize: z.int().optional(),
    algorithmMode: z.string().optional(),
    lastUpdateDate: DateTime.optional(),
    lastRotateDate: DateTime.optional(),
    keyVersion: z.object({ id: z.string(), creationDate: DateTime }).optional(),
    dualAuthDelete: z.object({ enabled: z.boolean() }).optional(),
    deleted: z.boolean().optional(),
    deletionDate: DateTime.optional(),
    deletedBy: z.string().optional(),
    payload: z.string().optional().describe('Base64; of a standard key that is read.'),
  })
  .meta({ id: 'Key', description: 'A root key, over which adapters are made, or a standard key.' });

export const KeyVersion = z
  .object({ id: z.string(), creationDate: DateTime })
  .meta({ id: 'KeyVersion' });

export function toKeyVersion(version: RootKeyVersion): z.output<typeof KeyVersion> {
  return { id: version.id, creationDate: formatDateTime(version.createdAt) };
}

/** Everything that is known of a key. */
export function toKey(key: DetailedRootKey, instance: InstanceOptions): z.output<typeof Key> {
  const { description, imported, keyRingId, createdAt, createdBy, version } = key;
  return {
    ...toBriefKey(key, instance),
    ...(description === null ? {} : { description }),
    imported,
    keyRingID: keyRingId,
    creationDate: formatDateTime(createdAt),
    ...(createdBy === null ? {} : { createdBy }),
    algorithmType: 'Deprecated',
    algorithmMetadata: { bitLength: '256', mode: 'Deprecated' },
    algorithmBitSize: 256,
    algorithmMode: 'Deprecated',
    ...dates({ lastUpdateDate: key.lastUpdateAt, lastRotateDate: key.lastRotateAt }),
    // A standard key has no versions.
    ...(key.extractable
      ? {}
      : { keyVersion: { id: version.id, creationDate: formatDateTime(version.createdAt) } }),
    dualAuthDelete: { enabled: false },
    deleted: key.state === 'deleted',
    ...dates({ deletionDate: key.deletedAt }),
    ...(key.deletedBy === null ? {} : { deletedBy: key.deletedBy }),
  };
}

/** What an answer to creation has, unless more is asked for. */
export function toBriefKey(
  key: Pick<DetailedRootKey, 'id' | 'name' | 'state' | 'extractable' | 'aliases' | 'tags'>,
  instance: InstanceOptions,
): z.output<typeof Key> {
  const { id, name, state, extractable, aliases, tags } = key;
  return {
    id,
    type: KEY_COLLECTION,
    name,
    ...(aliases.length === 0 ? {} : { aliases: [...aliases] }),
    ...(tags.length === 0 ? {} : { tags: [...tags] }),
    state: KEY_STATE_NUMBERS[state],
    extractable,
    crn: crnOf(id, instance),
  };
}

function dates<Name extends string>(
  given: Readonly<Record<Name, number | null>>,
): { readonly [name in Name]?: string } {
  const known = Object.entries<number | null>(given).flatMap(([name, at]) =>
    at === null ? [] : [[name, formatDateTime(at)] as const],
  );
  // The names are those of the argument; `fromEntries` forgets that.
  return Object.fromEntries(known) as { readonly [name in Name]?: string };
}

function crnOf(id: string, instance: InstanceOptions): string {
  return formatCrn({
    cname: instance.cname,
    ctype: instance.ctype,
    service: instance.service,
    location: instance.region,
    scope: `a/${instance.accountId}`,
    instance: instance.instanceId,
    resourceType: KEY_RESOURCE,
    resource: id,
  });
}
