import type { Migration } from '../migrate.ts';

/** The tables of the first version: hierarchy, objects with their search index, the event log. */
export const initial: Migration = {
  number: 1,
  name: 'initial',
  sql: `
CREATE TABLE setting (
  name TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE root_key (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('enabled', 'disabled', 'deleted')),
  wrapped_key BLOB NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE adapter (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  description TEXT,
  root_key_id TEXT NOT NULL REFERENCES root_key (id),
  wrapped_key BLOB NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX adapter_by_root_key ON adapter (root_key_id);

CREATE TABLE certificate (
  id TEXT NOT NULL PRIMARY KEY,
  adapter_id TEXT NOT NULL REFERENCES adapter (id),
  name TEXT NOT NULL,
  pem TEXT NOT NULL,
  fingerprint_sha256 TEXT NOT NULL UNIQUE,
  fingerprint_sha1 TEXT NOT NULL,
  subject TEXT NOT NULL,
  not_before INTEGER NOT NULL,
  not_after INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX certificate_by_adapter ON certificate (adapter_id, created_at);

-- Objects are never deleted: object_rowid rises in the order of creation and an id is never reused.
CREATE TABLE object (
  object_rowid INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  adapter_id TEXT NOT NULL REFERENCES adapter (id),
  version INTEGER NOT NULL CHECK (version >= 1),
  object_type TEXT NOT NULL,
  attributes BLOB NOT NULL,
  material BLOB,
  created_at INTEGER NOT NULL
) STRICT;

CREATE INDEX object_by_adapter ON object (adapter_id);

-- A value is text or a number: ANY keeps the two apart.
CREATE TABLE object_index (
  object_rowid INTEGER NOT NULL REFERENCES object (object_rowid),
  name TEXT NOT NULL,
  value ANY NOT NULL CHECK (typeof(value) IN ('text', 'integer', 'real')),
  adapter_id TEXT NOT NULL,
  PRIMARY KEY (object_rowid, name, value)
) STRICT, WITHOUT ROWID;

CREATE INDEX object_index_by_value ON object_index (adapter_id, name, value, object_rowid);

CREATE TABLE object_name (
  adapter_id TEXT NOT NULL,
  name TEXT NOT NULL,
  object_rowid INTEGER NOT NULL REFERENCES object (object_rowid),
  PRIMARY KEY (adapter_id, name)
) STRICT, WITHOUT ROWID;

CREATE INDEX object_name_by_object ON object_name (object_rowid);

CREATE TABLE event (
  sequence INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  time INTEGER NOT NULL,
  action TEXT NOT NULL,
  outcome TEXT NOT NULL,
  severity TEXT NOT NULL,
  initiator_id TEXT NOT NULL,
  target_id TEXT NOT NULL,
  adapter_id TEXT,
  correlation_id TEXT,
  body TEXT NOT NULL
) STRICT;
`,
};
