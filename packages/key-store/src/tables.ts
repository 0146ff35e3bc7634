/**
 * The tables as kysely sees them, for building queries. Rows that come back are not trusted to have
 * these types: `rows.ts` parses them. The truth about columns is `migrations/`.
 */
import type { Generated } from 'kysely';
import type { IndexValue } from './store.ts';

export interface Tables {
  readonly setting: SettingTable;
  readonly root_key: RootKeyTable;
  readonly adapter: AdapterTable;
  readonly certificate: CertificateTable;
  readonly object: ObjectTable;
  readonly object_index: ObjectIndexTable;
  readonly object_name: ObjectNameTable;
  readonly event: EventTable;
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
}

interface AdapterTable {
  id: string;
  name: string;
  description: string | null;
  root_key_id: string;
  wrapped_key: Uint8Array;
  created_at: number;
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
}

interface ObjectIndexTable {
  object_rowid: number;
  name: string;
  value: IndexValue;
  adapter_id: string;
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
