/** The envelope in which every resource travels, both ways. */

import { z } from 'zod';
import { fields } from './field-names.ts';

/** Kinds of resources, as `collectionType` says. */
export const COLLECTION_TYPES = {
  adapter: 'application/vnd.ibm.kms.kmip_adapter+json',
  certificate: 'application/vnd.ibm.kms.kmip_client_certificate+json',
  object: 'application/vnd.ibm.kms.kmip_object+json',
  key: 'application/vnd.ibm.kms.key+json',
  keyVersion: 'application/vnd.ibm.kms.key.version+json',
  registration: 'application/vnd.ibm.kms.registration+json',
  refusedCertificate: 'application/vnd.claviger.refused_certificate+json',
  clientAuthority: 'application/vnd.claviger.client_authority+json',
  credential: 'application/vnd.claviger.credential+json',
  clientEndpoint: 'application/vnd.claviger.client_endpoint+json',
  clientAnswer: 'application/vnd.claviger.client_answer+json',
  auditEvent: 'application/vnd.claviger.audit_event+json',
  clientIdentity: 'application/vnd.claviger.client_identity+json',
} as const;
export type CollectionType = (typeof COLLECTION_TYPES)[keyof typeof COLLECTION_TYPES];

/** A request with one resource. */
export function requestEnvelope<Resource extends z.ZodType>(resource: Resource) {
  return fields({
    metadata: fields({
      collectionType: z.string('must be the type of the resource').max(128),
      // The document says what the refinements below check, each with a reason code of its own.
      collectionTotal: z.int('must be 1').meta({ const: 1 }),
    }),
    resources: z
      .array(resource, 'must be a list of one resource')
      .max(100)
      .meta({ minItems: 1, maxItems: 1 }),
  })
    .refine(({ metadata, resources }) => metadata.collectionTotal === resources.length, {
      message: 'collectionTotal must be the number of resources.',
      params: { code: 'COLLECTION_TOTAL_MISMATCH_ERR' },
    })
    .refine(({ resources }) => resources.length === 1, {
      message: 'Only one resource per request is supported.',
      params: { code: 'NUM_COLLECTION_RESOURCE_ERR' },
    });
}

/** The resource of a request that passed {@link requestEnvelope}. */
export function onlyResource<T>({ resources }: { readonly resources: readonly T[] }): T {
  const [resource] = resources;
  if (resource === undefined) throw new Error('The schema lets nothing pass without a resource.');
  return resource;
}

/** An answer with one resource. */
export function itemEnvelope<Resource extends z.ZodType>(
  collectionType: CollectionType,
  resource: Resource,
) {
  return z.object({
    metadata: z.object({
      collectionType: z.literal(collectionType),
      collectionTotal: z.literal(1),
    }),
    resources: z.array(resource).length(1),
  });
}

/** Something that was accepted and should be known. An extension of ours, which clients pass over. */
const Warning = z
  .object({ code: z.string(), message: z.string() })
  .meta({ id: 'Warning', description: 'Something that was accepted and should be known.' });
export type Warning = z.output<typeof Warning>;

/**
 * {@link itemEnvelope} with warnings. They stand beside the resource: some clients compare it with what
 * they read later, field by field.
 */
export function warningEnvelope<Resource extends z.ZodType>(
  collectionType: CollectionType,
  resource: Resource,
) {
  return z.object({
    metadata: z.object({
      collectionType: z.literal(collectionType),
      collectionTotal: z.literal(1),
      warnings: z.array(Warning).optional().describe('Ours; left out when there are none.'),
    }),
    resources: z.array(resource).length(1),
  });
}

/** Wraps one resource for {@link warningEnvelope}. */
export function warnedItemOf<Type extends CollectionType, T>(
  collectionType: Type,
  resource: T,
  warnings: readonly Warning[],
) {
  const { metadata, resources } = itemOf(collectionType, resource);
  return {
    metadata: warnings.length === 0 ? metadata : { ...metadata, warnings: [...warnings] },
    resources,
  };
}

/** What an event tells of warnings. */
export function warningFacts(warnings: readonly Warning[]) {
  return warnings.length === 0
    ? {}
    : { responseData: { warnings: warnings.map(({ code }) => code) } };
}

/** An answer with any number of resources, also none. */
export function listEnvelope<Resource extends z.ZodType>(
  collectionType: CollectionType,
  resource: Resource,
) {
  return z.object({
    metadata: z.object({
      collectionType: z.literal(collectionType),
      collectionTotal: z.int(),
      totalCount: z.int().optional(),
    }),
    resources: z.array(resource),
  });
}

/** Wraps one resource for {@link itemEnvelope}. */
export function itemOf<Type extends CollectionType, T>(collectionType: Type, resource: T) {
  return {
    metadata: { collectionType, collectionTotal: 1 as const },
    resources: [resource],
  };
}

/**
 * Wraps a page for {@link listEnvelope}.
 *
 * @param total - Matches in all; undefined when the client did not ask for it.
 */
export function listOf<Type extends CollectionType, T>(
  collectionType: Type,
  resources: readonly T[],
  total: number | undefined,
) {
  const metadata = { collectionType, collectionTotal: resources.length };
  return {
    metadata: total === undefined ? metadata : { ...metadata, totalCount: total },
    resources: [...resources],
  };
}
