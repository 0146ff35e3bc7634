import type { Migration } from '../migrate.ts';

/** Users and devices of adapters, with what checks their secrets; and to whom an object belongs. */
export const credentials: Migration = {
  number: 6,
  name: 'credentials',
  sql: `
CREATE TABLE credential (
  id TEXT NOT NULL PRIMARY KEY,
  adapter_id TEXT NOT NULL REFERENCES adapter (id),
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  identity TEXT NOT NULL,
  verifier TEXT,
  sealed BLOB,
  last_proof INTEGER NOT NULL DEFAULT 0 CHECK (last_proof >= 0),
  created_at INTEGER NOT NULL,
  created_by TEXT
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX credential_by_name ON credential (adapter_id, name);
CREATE UNIQUE INDEX credential_by_identity ON credential (adapter_id, identity);

ALTER TABLE object ADD COLUMN owner TEXT;
`,
};
