import type { Migration } from '../migrate.ts';

/**
 * The management side: who and when, adapters that leave a tombstone, root keys in full with versions
 * and aliases, API keys, refused certificates, client authorities.
 */
export const management: Migration = {
  number: 2,
  name: 'management',
  sql: `
-- The name of an adapter must be free again once it is deleted, and its key go: for that the table is
-- rebuilt. Certificates and objects point to it; whether they do still is checked at the commit.
PRAGMA defer_foreign_keys = ON;
CREATE TABLE adapter_before AS SELECT * FROM adapter;
DROP TABLE adapter;

CREATE TABLE adapter (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  description TEXT,
  root_key_id TEXT NOT NULL REFERENCES root_key (id),
  wrapped_key BLOB,
  profile TEXT,
  created_at INTEGER NOT NULL,
  created_by TEXT,
  updated_at INTEGER,
  updated_by TEXT,
  deleted_at INTEGER,
  deleted_by TEXT,
  CHECK (deleted_at IS NOT NULL OR wrapped_key IS NOT NULL)
) STRICT, WITHOUT ROWID;

INSERT INTO adapter (id, name, description, root_key_id, wrapped_key, created_at)
SELECT id, name, description, root_key_id, wrapped_key, created_at FROM adapter_before;
DROP TABLE adapter_before;

CREATE UNIQUE INDEX adapter_by_name ON adapter (name) WHERE deleted_at IS NULL;
CREATE INDEX adapter_by_creation ON adapter (created_at) WHERE deleted_at IS NULL;
CREATE INDEX adapter_by_root_key ON adapter (root_key_id, created_at) WHERE deleted_at IS NULL;

-- Names were not unique before: of several that are the same, the oldest stays and the others get
-- their id behind it.
UPDATE certificate SET name = name || '-' || id WHERE EXISTS (
  SELECT 1 FROM certificate AS older
  WHERE older.adapter_id = certificate.adapter_id
    AND older.name = certificate.name
    AND (older.created_at, older.id) < (certificate.created_at, certificate.id)
);
ALTER TABLE certificate ADD COLUMN created_by TEXT;
CREATE UNIQUE INDEX certificate_by_name ON certificate (adapter_id, name);
CREATE INDEX certificate_by_creation ON certificate (created_at);

ALTER TABLE object ADD COLUMN created_by TEXT;
ALTER TABLE object ADD COLUMN created_by_certificate_id TEXT;
ALTER TABLE object ADD COLUMN updated_at INTEGER;
ALTER TABLE object ADD COLUMN updated_by TEXT;
ALTER TABLE object ADD COLUMN updated_by_certificate_id TEXT;
ALTER TABLE object ADD COLUMN destroyed_at INTEGER;
ALTER TABLE object ADD COLUMN destroyed_by TEXT;
ALTER TABLE object ADD COLUMN destroyed_by_certificate_id TEXT;

ALTER TABLE root_key ADD COLUMN description TEXT;
-- A list of texts in JSON.
ALTER TABLE root_key ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';
ALTER TABLE root_key ADD COLUMN imported INTEGER NOT NULL DEFAULT 0 CHECK (imported IN (0, 1));
ALTER TABLE root_key ADD COLUMN extractable INTEGER NOT NULL DEFAULT 0 CHECK (extractable IN (0, 1));
ALTER TABLE root_key ADD COLUMN key_ring_id TEXT NOT NULL DEFAULT 'default';
ALTER TABLE root_key ADD COLUMN created_by TEXT;
ALTER TABLE root_key ADD COLUMN last_update_at INTEGER;
ALTER TABLE root_key ADD COLUMN last_rotate_at INTEGER;
ALTER TABLE root_key ADD COLUMN deleted_at INTEGER;
ALTER TABLE root_key ADD COLUMN deleted_by TEXT;
ALTER TABLE root_key ADD COLUMN expiration_at INTEGER;
ALTER TABLE root_key ADD COLUMN wrapped_payload BLOB;
-- The newest version; its wrapped key is that of the row. It stands in root_key_version.
ALTER TABLE root_key ADD COLUMN version_id TEXT NOT NULL DEFAULT '';
ALTER TABLE root_key ADD COLUMN version_created_at INTEGER NOT NULL DEFAULT 0;
UPDATE root_key SET version_id = id, version_created_at = created_at;
CREATE INDEX root_key_by_state ON root_key (state, extractable);

-- version_number rises in the order of the rotations, whatever the clock says.
CREATE TABLE root_key_version (
  version_number INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  root_key_id TEXT NOT NULL REFERENCES root_key (id),
  wrapped_key BLOB NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX root_key_version_by_key ON root_key_version (root_key_id);
INSERT INTO root_key_version (id, root_key_id, wrapped_key, created_at)
SELECT id, id, wrapped_key, created_at FROM root_key;

CREATE TABLE root_key_alias (
  alias TEXT NOT NULL PRIMARY KEY,
  root_key_id TEXT NOT NULL REFERENCES root_key (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX root_key_alias_by_key ON root_key_alias (root_key_id);

CREATE TABLE api_key (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  salted_hash BLOB NOT NULL,
  salt BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT,
  revoked_at INTEGER,
  revoked_by TEXT
) STRICT, WITHOUT ROWID;

-- Adapters are named, not pointed to: what is told at the door may outlive them.
CREATE TABLE refused_certificate (
  fingerprint_sha256 TEXT NOT NULL PRIMARY KEY,
  fingerprint_sha1 TEXT NOT NULL,
  subject TEXT NOT NULL,
  pem TEXT NOT NULL,
  reason TEXT NOT NULL,
  address TEXT NOT NULL,
  adapter_id TEXT,
  listener TEXT NOT NULL,
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX refused_certificate_by_last_at ON refused_certificate (last_at);
CREATE INDEX refused_certificate_by_sha1 ON refused_certificate (fingerprint_sha1);

CREATE TABLE client_authority (
  id TEXT NOT NULL PRIMARY KEY,
  adapter_id TEXT NOT NULL REFERENCES adapter (id),
  name TEXT NOT NULL,
  pem TEXT NOT NULL,
  fingerprint_sha256 TEXT NOT NULL,
  subject TEXT NOT NULL,
  subject_rule TEXT,
  not_before INTEGER NOT NULL,
  not_after INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT,
  UNIQUE (adapter_id, name),
  UNIQUE (adapter_id, fingerprint_sha256)
) STRICT, WITHOUT ROWID;
`,
};
