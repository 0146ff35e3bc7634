/** Rows of the management side to records; see `rows.ts`. */
import type {
  ApiKeyRecord,
  Attribution,
  ClientAuthorityRecord,
  CredentialRecord,
  DetailedRootKey,
  ObjectSummary,
  RefusedCertificateRecord,
  RootKeyVersion,
} from './management-records.ts';
import {
  booleanColumn,
  bytesColumn,
  damaged,
  integerColumn,
  nullableBytesColumn,
  nullableIntegerColumn,
  nullableTextColumn,
  parseRootKeyRow,
  presentOf,
  textColumn,
} from './rows.ts';
import type { SqliteRow } from './sqlite-driver.ts';

export function parseObjectSummaryRow(row: SqliteRow): ObjectSummary {
  const created = attribution(row, 'created') ?? { at: integerColumn(row, 'created_at') };
  return {
    id: textColumn(row, 'id'),
    adapterId: textColumn(row, 'adapter_id'),
    version: integerColumn(row, 'version'),
    objectType: textColumn(row, 'object_type'),
    attributes: bytesColumn(row, 'attributes'),
    hasMaterial: booleanColumn(row, 'has_material'),
    created,
    updated: attribution(row, 'updated') ?? created,
    destroyed: attribution(row, 'destroyed'),
  };
}

function attribution(
  row: SqliteRow,
  deed: 'created' | 'updated' | 'destroyed',
): Attribution | undefined {
  const at = nullableIntegerColumn(row, `${deed}_at`);
  if (at === null) return undefined;
  const by = presentOf({
    actor: nullableTextColumn(row, `${deed}_by`),
    certificateId: nullableTextColumn(row, `${deed}_by_certificate_id`),
    authorityId: nullableTextColumn(row, `${deed}_by_authority_id`),
    fingerprintSha256: nullableTextColumn(row, `${deed}_by_fingerprint`),
  });
  return { at, ...by };
}

/** @param aliases - They have a table of their own. */
export function parseDetailedRootKeyRow(
  row: SqliteRow,
  aliases: readonly string[],
): DetailedRootKey {
  return {
    ...parseRootKeyRow(row),
    description: nullableTextColumn(row, 'description'),
    tags: textsColumn(row, 'tags'),
    aliases,
    imported: booleanColumn(row, 'imported'),
    extractable: booleanColumn(row, 'extractable'),
    keyRingId: textColumn(row, 'key_ring_id'),
    createdBy: nullableTextColumn(row, 'created_by'),
    version: {
      id: textColumn(row, 'version_id'),
      createdAt: integerColumn(row, 'version_created_at'),
    },
    lastUpdateAt: nullableIntegerColumn(row, 'last_update_at'),
    lastRotateAt: nullableIntegerColumn(row, 'last_rotate_at'),
    deletedAt: nullableIntegerColumn(row, 'deleted_at'),
    deletedBy: nullableTextColumn(row, 'deleted_by'),
    expirationAt: nullableIntegerColumn(row, 'expiration_at'),
    wrappedPayload: nullableBytesColumn(row, 'wrapped_payload'),
  };
}

export function parseRootKeyVersionRow(row: SqliteRow): RootKeyVersion {
  return {
    id: textColumn(row, 'id'),
    wrappedKey: bytesColumn(row, 'wrapped_key'),
    createdAt: integerColumn(row, 'created_at'),
  };
}

export function parseApiKeyRow(row: SqliteRow): ApiKeyRecord {
  return {
    id: textColumn(row, 'id'),
    name: textColumn(row, 'name'),
    role: textColumn(row, 'role'),
    saltedHash: bytesColumn(row, 'salted_hash'),
    salt: bytesColumn(row, 'salt'),
    createdAt: integerColumn(row, 'created_at'),
    createdBy: nullableTextColumn(row, 'created_by'),
    revokedAt: nullableIntegerColumn(row, 'revoked_at'),
    revokedBy: nullableTextColumn(row, 'revoked_by'),
  };
}

export function parseRefusedCertificateRow(row: SqliteRow): RefusedCertificateRecord {
  return {
    fingerprintSha256: textColumn(row, 'fingerprint_sha256'),
    fingerprintSha1: textColumn(row, 'fingerprint_sha1'),
    subject: textColumn(row, 'subject'),
    pem: textColumn(row, 'pem'),
    reason: textColumn(row, 'reason'),
    address: textColumn(row, 'address'),
    adapterId: nullableTextColumn(row, 'adapter_id'),
    listener: textColumn(row, 'listener'),
    firstAt: integerColumn(row, 'first_at'),
    lastAt: integerColumn(row, 'last_at'),
    attempts: integerColumn(row, 'attempts'),
  };
}

export function parseClientAuthorityRow(row: SqliteRow): ClientAuthorityRecord {
  return {
    id: textColumn(row, 'id'),
    adapterId: textColumn(row, 'adapter_id'),
    name: textColumn(row, 'name'),
    pem: textColumn(row, 'pem'),
    fingerprintSha256: textColumn(row, 'fingerprint_sha256'),
    subject: textColumn(row, 'subject'),
    subjectRule: nullableTextColumn(row, 'subject_rule'),
    notBefore: integerColumn(row, 'not_before'),
    notAfter: integerColumn(row, 'not_after'),
    createdAt: integerColumn(row, 'created_at'),
    createdBy: nullableTextColumn(row, 'created_by'),
  };
}

export function parseCredentialRow(row: SqliteRow): CredentialRecord {
  return {
    id: textColumn(row, 'id'),
    adapterId: textColumn(row, 'adapter_id'),
    name: textColumn(row, 'name'),
    kind: textColumn(row, 'kind'),
    identity: textColumn(row, 'identity'),
    verifier: nullableTextColumn(row, 'verifier'),
    sealed: nullableBytesColumn(row, 'sealed'),
    lastProof: integerColumn(row, 'last_proof'),
    createdAt: integerColumn(row, 'created_at'),
    createdBy: nullableTextColumn(row, 'created_by'),
  };
}

/** A list of texts in JSON. */
function textsColumn(row: SqliteRow, column: string): readonly string[] {
  const value = parseJson(textColumn(row, column));
  if (!Array.isArray(value) || !value.every((text) => typeof text === 'string')) {
    throw damaged(column, 'a list of texts');
  }
  return value;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined; // which is no list of texts
    throw error;
  }
}
