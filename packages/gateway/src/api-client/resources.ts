/**
 * What the API answers, read as commands show it: names in one case, numbers of states as words. What is
 * not known here is left out, so that a newer server does no harm.
 */

import { ENUMERATIONS } from '@claviger/kmip-protocol';
import { z } from 'zod';

const DateTime = z.iso.datetime();

export const Adapter = z
  .object({
    id: z.string(),
    name: z.string(),
    description: z.string().default(''),
    profile_data: z.object({ crk_id: z.string() }),
    created_at: DateTime,
  })
  .transform(({ id, name, description, profile_data, created_at }) => ({
    id,
    name,
    description: description === '' ? null : description,
    rootKeyId: profile_data.crk_id,
    createdAt: created_at,
  }));
export type Adapter = z.output<typeof Adapter>;

/** Something that should be known of a certificate that was let in; `message` is a sentence. */
const Warning = z.object({ code: z.string(), message: z.string() });
export type Warning = z.output<typeof Warning>;

/** What the API says of an answer as a whole. */
export const Metadata = z.object({ warnings: z.array(Warning).default([]) });

/** A resource, and what the API warned of when it came to be. */
export type Warned<T> = T & { readonly warnings: readonly Warning[] };

/** A certificate with its PEM, as one is added, read or made. */
export const Certificate = z
  .object({
    id: z.string(),
    name: z.string(),
    certificate: z.string(),
    created_at: DateTime,
  })
  .transform(({ id, name, certificate, created_at }) => ({
    id,
    name,
    pem: certificate,
    createdAt: created_at,
  }));
export type Certificate = z.output<typeof Certificate>;

/** A certificate in a list, with details. */
export const ListedCertificate = z
  .object({
    id: z.string(),
    name: z.string(),
    subject: z.string(),
    fingerprint_sha256: z.string(),
    fingerprint_sha1: z.string(),
    not_before: DateTime,
    not_after: DateTime,
    created_at: DateTime,
  })
  .transform((certificate) => ({
    id: certificate.id,
    name: certificate.name,
    subject: certificate.subject,
    fingerprintSha256: certificate.fingerprint_sha256,
    fingerprintSha1: certificate.fingerprint_sha1,
    notBefore: certificate.not_before,
    notAfter: certificate.not_after,
    createdAt: certificate.created_at,
  }));
export type ListedCertificate = z.output<typeof ListedCertificate>;

/** A certificate with its key: shown once. */
export const ClientIdentity = z
  .object({
    id: z.string(),
    name: z.string(),
    certificate: z.string(),
    created_at: DateTime,
    authority: z.string(),
    private_key: z.string().optional(),
    pkcs12: z.base64().optional(),
  })
  .transform(({ id, name, certificate, created_at, authority, private_key, pkcs12 }) => ({
    id,
    name,
    pem: certificate,
    createdAt: created_at,
    authorityPem: authority,
    privateKeyPem: private_key,
    pkcs12: pkcs12 === undefined ? undefined : new Uint8Array(Buffer.from(pkcs12, 'base64')),
  }));
export type ClientIdentity = z.output<typeof ClientIdentity>;

export const RefusedCertificate = z
  .object({
    fingerprint_sha256: z.string(),
    fingerprint_sha1: z.string(),
    subject: z.string(),
    certificate: z.string(),
    reason: z.string(),
    address: z.string(),
    adapter_id: z.string().optional(),
    listener: z.string(),
    first_at: DateTime,
    last_at: DateTime,
    attempts: z.int(),
  })
  .transform((refused) => ({
    fingerprintSha256: refused.fingerprint_sha256,
    fingerprintSha1: refused.fingerprint_sha1,
    subject: refused.subject,
    reason: refused.reason,
    address: refused.address,
    adapterId: refused.adapter_id ?? null,
    listener: refused.listener,
    firstAt: refused.first_at,
    lastAt: refused.last_at,
    attempts: refused.attempts,
    pem: refused.certificate,
  }));
export type RefusedCertificate = z.output<typeof RefusedCertificate>;

export const ClientAuthority = z
  .object({
    id: z.string(),
    name: z.string(),
    certificate: z.string(),
    subject: z.string(),
    subject_rule: z.string().optional(),
    not_before: DateTime,
    not_after: DateTime,
    created_at: DateTime,
  })
  .transform((authority) => ({
    id: authority.id,
    name: authority.name,
    subject: authority.subject,
    subjectRule: authority.subject_rule ?? null,
    notBefore: authority.not_before,
    notAfter: authority.not_after,
    createdAt: authority.created_at,
    pem: authority.certificate,
  }));
export type ClientAuthority = z.output<typeof ClientAuthority>;

/** A user or device of an adapter. */
export const Credential = z
  .object({
    id: z.string(),
    name: z.string(),
    kind: z.string(),
    identity: z.string(),
    created_at: DateTime,
    one_time_secret: z.string().optional(),
  })
  .transform(({ id, name, kind, identity, created_at, one_time_secret }) => ({
    id,
    name,
    kind,
    identity,
    createdAt: created_at,
    oneTimeSecret: one_time_secret ?? null,
  }));
export type Credential = z.output<typeof Credential>;

/** A client that the gateway sends requests to. */
export const ClientEndpoint = z
  .object({
    address: z.string(),
    version: z.string().optional(),
    puts_new_objects: z.boolean(),
    notifies: z.string(),
  })
  .transform(({ address, version, puts_new_objects, notifies }) => ({
    address,
    version: version ?? null,
    putsNewObjects: puts_new_objects,
    notifies,
  }));
export type ClientEndpoint = z.output<typeof ClientEndpoint>;

/** What a client has answered; fields are named by the API. */
export const ClientAnswer = z.object({
  address: z.string(),
  answer: z.record(z.string(), z.unknown()),
});
export type ClientAnswer = z.output<typeof ClientAnswer>;

/** An attribute of a managed object, named as in KMIP 1.x. */
export const ObjectAttribute = z.object({
  name: z.string(),
  index: z.int().optional(),
  value: z.unknown(),
});
export type ObjectAttribute = z.output<typeof ObjectAttribute>;

/** A managed object, with details. */
export const ManagedObject = z
  .object({
    id: z.string(),
    kmip_object_type: z.int(),
    state: z.int(),
    created_at: DateTime,
    version: z.int(),
    has_material: z.boolean(),
    attributes: z.array(ObjectAttribute),
  })
  .transform((object) => ({
    id: object.id,
    objectType: nameOf(ENUMERATIONS.ObjectType.values, object.kmip_object_type),
    version: object.version,
    state: nameOf(ENUMERATIONS.State.values, object.state),
    hasMaterial: object.has_material,
    createdAt: object.created_at,
    attributes: object.attributes,
  }));
export type ManagedObject = z.output<typeof ManagedObject>;

/** The numbers of Key Protect (NIST SP 800-57). */
const KEY_STATES: Readonly<Record<number, string>> = {
  0: 'pre-active',
  1: 'enabled',
  2: 'disabled',
  3: 'deactivated',
  5: 'deleted',
};

export const RootKey = z
  .object({
    id: z.string(),
    name: z.string(),
    description: z.string().optional(),
    aliases: z.array(z.string()).default([]),
    state: z.int(),
    imported: z.boolean().optional(),
    creationDate: DateTime.optional(),
    createdBy: z.string().optional(),
    lastRotateDate: DateTime.optional(),
    keyVersion: z.object({ id: z.string() }).optional(),
  })
  .transform((key) => ({
    id: key.id,
    name: key.name,
    description: key.description ?? null,
    aliases: key.aliases,
    state: KEY_STATES[key.state] ?? String(key.state),
    imported: key.imported ?? null,
    createdAt: key.creationDate ?? null,
    createdBy: key.createdBy ?? null,
    rotatedAt: key.lastRotateDate ?? null,
    versionId: key.keyVersion?.id ?? null,
  }));
export type RootKey = z.output<typeof RootKey>;

function nameOf(values: Readonly<Record<string, number>>, number: number): string {
  return Object.entries(values).find(([, value]) => value === number)?.[0] ?? String(number);
}
