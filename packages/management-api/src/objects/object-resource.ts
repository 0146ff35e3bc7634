import type { KmipStateName } from '@claviger/audit-emitter';
import type { Attribution, ObjectSummary } from '@claviger/key-store';
import { ENUMERATIONS } from '@claviger/kmip-protocol';
import { z } from 'zod';
import { UNKNOWN_ACTOR } from '../adapters/adapter-resource.ts';
import type { ObjectAttribute as Attribute } from '../dependencies.ts';
import { DateTime, formatDateTime } from '../http/date-time.ts';
import { COLLECTION_TYPES } from '../http/envelope.ts';

export const OBJECT_COLLECTION = COLLECTION_TYPES.object;

/** What events and CRNs call a KMIP object. */
export const OBJECT_RESOURCE = 'kmip_object';

/** The numbers of KMIP 1.4 §9.1.3.2.18. Those of Key Protect's own keys mean other states. */
export const STATE_NUMBERS = {
  PreActive: 1,
  Active: 2,
  Deactivated: 3,
  Compromised: 4,
  Destroyed: 5,
  DestroyedCompromised: 6,
} as const satisfies Record<KmipStateName, number>;

/** The states of some numbers. */
export function statesOf(numbers: readonly number[]): readonly KmipStateName[] {
  // The keys of a table whose type names them.
  const names = Object.keys(STATE_NUMBERS) as KmipStateName[];
  return names.filter((name) => numbers.includes(STATE_NUMBERS[name]));
}

const ObjectAttribute = z
  .object({ name: z.string(), index: z.int().optional(), value: z.unknown() })
  .meta({ id: 'KmipObjectAttribute' });

const CertificateId = z
  .uuid()
  .optional()
  .describe('What let the client in: its registered certificate, or else its authority.');
const AuthorityId = z
  .uuid()
  .optional()
  .describe('Ours: the authority that has issued the certificate of the client.');
const Fingerprint = z
  .string()
  .optional()
  .describe('Ours: SHA-256 of the certificate of the client, as in its events.');

export const KmipObject = z
  .object({
    id: z.uuid(),
    kmip_object_type: z.int().describe('Object Type of KMIP 1.4; 2 is Symmetric Key.'),
    state: z.int().min(1).max(6).describe('State of KMIP 1.4; 2 is Active.'),
    created_at: DateTime,
    created_by: z.string().describe('Whoever registered the certificate that was used.'),
    created_by_kmip_client_cert_id: CertificateId,
    created_by_client_authority_id: AuthorityId,
    created_by_fingerprint_sha256: Fingerprint,
    updated_at: DateTime,
    updated_by: z.string(),
    updated_by_kmip_client_cert_id: CertificateId,
    updated_by_client_authority_id: AuthorityId,
    updated_by_fingerprint_sha256: Fingerprint,
    destroyed_at: DateTime.optional(),
    destroyed_by: z.string().optional(),
    destroyed_by_kmip_client_cert_id: CertificateId,
    destroyed_by_client_authority_id: AuthorityId,
    destroyed_by_fingerprint_sha256: Fingerprint,
    version: z.int().optional().describe('Ours, with details: 1, and one more for each change.'),
    has_material: z.boolean().optional().describe('Ours, with details: false once destroyed.'),
    attributes: z
      .array(ObjectAttribute)
      .optional()
      .describe('Ours, with details: the attributes, named as in KMIP 1.4.'),
  })
  .meta({ id: 'KmipObject', description: 'A managed object; its material is never here.' });

export function toObject(
  summary: ObjectSummary,
  state: KmipStateName,
): z.output<typeof KmipObject> {
  const { id, objectType, created, updated, destroyed } = summary;
  return {
    id,
    kmip_object_type: objectTypeNumber(objectType),
    state: STATE_NUMBERS[state],
    created_at: formatDateTime(created.at),
    created_by: created.actor ?? UNKNOWN_ACTOR,
    ...clientFields('created', created),
    updated_at: formatDateTime(updated.at),
    updated_by: updated.actor ?? UNKNOWN_ACTOR,
    ...clientFields('updated', updated),
    ...(destroyed && {
      destroyed_at: formatDateTime(destroyed.at),
      destroyed_by: destroyed.actor ?? UNKNOWN_ACTOR,
      ...clientFields('destroyed', destroyed),
    }),
  };
}

/** The client of a deed; nothing when it was done at the API. */
function clientFields(
  deed: 'created' | 'updated' | 'destroyed',
  { certificateId, authorityId, fingerprintSha256 }: Attribution,
): Readonly<Record<string, string>> {
  const admittedBy = certificateId ?? authorityId;
  return {
    ...(admittedBy && { [`${deed}_by_kmip_client_cert_id`]: admittedBy }),
    ...(authorityId && { [`${deed}_by_client_authority_id`]: authorityId }),
    ...(fingerprintSha256 && { [`${deed}_by_fingerprint_sha256`]: fingerprintSha256 }),
  };
}

/** What is told of an object beyond the contract of Key Protect, to whoever asks for details. */
export function detailsOf(
  { version, hasMaterial }: ObjectSummary,
  attributes: readonly Attribute[],
): Pick<z.output<typeof KmipObject>, 'version' | 'has_material' | 'attributes'> {
  return {
    version,
    has_material: hasMaterial,
    attributes: attributes.map(({ name, index, value }) => ({
      name,
      ...(index !== undefined && { index }),
      value,
    })),
  };
}

function objectTypeNumber(objectType: string): number {
  const numbers: Readonly<Record<string, number>> = ENUMERATIONS.ObjectType.values;
  const number = numbers[objectType];
  if (number === undefined) throw new Error('A stored object has an Object Type of no table.');
  return number;
}
