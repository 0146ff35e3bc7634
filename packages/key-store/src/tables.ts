/**
 * The tables as kysely sees them, for building queries. Rows that come back are not trusted to have
 * these types: `rows.ts` parses them. The truth about columns is `migrations/`.
 */
import type { Generated } from 'kysely';
import type { IndexValue } from './records.ts';

export interface Tables {
  readonly setting: SettingTable;
  readonly root_key: RootKeyTable;
  readonly adapter: AdapterTable;
  readonly certificate: CertificateTable;
  readonly object: ObjectTable;
  readonly fact: FactTable;
  readonly object_entry: EntryTable;
  readonly entry_object: EntryTable;
  readonly shape_entry: ShapeEntryTable;
  readonly object_name: ObjectNameTable;
  readonly event: EventTable;
  readonly event_leaf: EventLeafTable;
  readonly checkpoint: CheckpointTable;
  readonly sink_cursor: SinkCursorTable;
  readonly root_key_version: RootKeyVersionTable;
  readonly root_key_alias: RootKeyAliasTable;
  readonly api_key: ApiKeyTable;
  readonly refused_certificate: RefusedCertificateTable;
  readonly client_authority: ClientAuthorityTable;
  readonly queued_request: QueuedRequestTable;
  readonly credential: CredentialTable;
}

interface SettingTable {
  name: string;
  value: string;
}

interface RootKeyTable {
  id: string;
  name: string;
  state: string;
  wrapped_key: Uint8Array;
  created_at: number;
  description: string | null;
  tags: string;
  imported: number;
  extractable: number;
  key_ring_id: string;
  created_by: string | null;
  last_update_at: number | null;
  last_rotate_at: number | null;
  deleted_at: number | null;
  deleted_by: string | null;
  expiration_at: number | null;
  wrapped_payload: Uint8Array | null;
  version_id: string;
  version_created_at: number;
}

interface AdapterTable {
  id: string;
  name: string;
  description: string | null;
  root_key_id: string;
  wrapped_key: Uint8Array | null;
  profile: string | null;
  created_at: number;
  created_by: string | null;
  updated_at: number | null;
  updated_by: string | null;
  deleted_at: number | null;
  deleted_by: string | null;
}

interface CertificateTable {
  id: string;
  adapter_id: string;
  name: string;
  pem: string;
  fingerprint_sha256: string;
  fingerprint_sha1: string;
  subject: string;
  not_before: number;
  not_after: number;
  created_at: number;
  created_by: string | null;
}

interface ObjectTable {
  object_rowid: Generated<number>;
  id: string;
  adapter_id: string;
  version: number;
  object_type: string;
  attributes: Uint8Array;
  material: Uint8Array | null;
  created_at: number;
  created_by: string | null;
  created_by_certificate_id: string | null;
  created_by_authority_id: string | null;
  created_by_fingerprint: string | null;
  owner: string | null;
  updated_at: number | null;
  updated_by: string | null;
  updated_by_certificate_id: string | null;
  updated_by_authority_id: string | null;
  updated_by_fingerprint: string | null;
  destroyed_at: number | null;
  destroyed_by: string | null;
  destroyed_by_certificate_id: string | null;
  destroyed_by_authority_id: string | null;
  destroyed_by_fingerprint: string | null;
}

interface FactTable {
  id: number;
  adapter_id: string;
  name: string;
}

interface EntryTable {
  object_rowid: number;
  fact_id: number;
  value: IndexValue;
}

interface ShapeEntryTable {
  fact_id: number;
  value: IndexValue;
  shape_id: number;
}

interface ObjectNameTable {
  adapter_id: string;
  name: string;
  object_rowid: number;
}

interface EventTable {
  sequence: number;
  id: string;
  time: number;
  action: string;
  outcome: string;
  severity: string;
  initiator_id: string;
  target_id: string;
  adapter_id: string | null;
  correlation_id: string | null;
  body: string;
}

interface EventLeafTable {
  sequence: number;
  hash: Uint8Array;
}

interface CheckpointTable {
  size: number;
  note: string;
  frontier: Uint8Array;
  is_succession: number;
  created_at: number;
}

interface SinkCursorTable {
  name: string;
  sequence: number;
  updated_at: number;
}

interface RootKeyVersionTable {
  version_number: Generated<number>;
  id: string;
  root_key_id: string;
  wrapped_key: Uint8Array;
  created_at: number;
}

interface RootKeyAliasTable {
  alias: string;
  root_key_id: string;
}

interface ApiKeyTable {
  id: string;
  name: string;
  role: string;
  salted_hash: Uint8Array;
  salt: Uint8Array;
  created_at: number;
  created_by: string | null;
  revoked_at: number | null;
  revoked_by: string | null;
}

interface RefusedCertificateTable {
  fingerprint_sha256: string;
  fingerprint_sha1: string;
  subject: string;
  pem: string;
  reason: string;
  address: string;
  adapter_id: string | null;
  listener: string;
  first_at: number;
  last_at: number;
  attempts: number;
}

interface QueuedRequestTable {
  position: Generated<number>;
  id: string;
  adapter_id: string;
  owner: string | null;
  operation: string;
  stage: string;
  request: Uint8Array | null;
  answer: Generated<Uint8Array | null>;
  submitted_at: number;
  ended_at: Generated<number | null>;
  collected_at: Generated<number | null>;
}

interface ClientAuthorityTable {
  id: string;
  adapter_id: string;
  name: string;
  pem: string;
  fingerprint_sha256: string;
  subject: string;
  subject_rule: string | null;
  not_before: number;
  not_after: number;
  created_at: number;
  created_by: string | null;
}

interface CredentialTable {
  id: string;
  adapter_id: string;
  name: string;
  kind: string;
  identity: string;
  verifier: string | null;
  sealed: Uint8Array | null;
  last_proof: number;
  created_at: number;
  created_by: string | null;
}
