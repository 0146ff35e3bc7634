import { convertObjectIndex } from '../convert-object-index.ts';
import type { Migration } from '../migrate.ts';

/**
 * A smaller search index: what many objects have in common is kept once for all of them, names are
 * numbers, and an object has a row in each of two tables for what it has for itself alone.
 *
 * One transaction, so that a power cut leaves the one index or the other: nobody may find half of it,
 * and no other process may write to the old one meanwhile. Memory is bounded; the write-ahead log
 * grows by the size of the new index.
 */
export const objectFacts: Migration = {
  number: 7,
  name: 'object-facts',
  sql: `
-- A name that index entries of an adapter have. The number 0 is that of the shape.
CREATE TABLE fact (
  id INTEGER PRIMARY KEY CHECK (id > 0),
  adapter_id TEXT NOT NULL,
  name TEXT NOT NULL,
  UNIQUE (adapter_id, name)
) STRICT;

-- The entries of an object. With fact_id 0: its shape, which every object has one of.
CREATE TABLE object_entry (
  object_rowid INTEGER NOT NULL,
  fact_id INTEGER NOT NULL,
  value ANY NOT NULL CHECK (typeof(value) IN ('text', 'integer', 'real')),
  PRIMARY KEY (object_rowid, fact_id, value)
) STRICT, WITHOUT ROWID;

-- The same rows, by value: those of one value are in the order in which their objects were made.
CREATE TABLE entry_object (
  fact_id INTEGER NOT NULL,
  value ANY NOT NULL,
  object_rowid INTEGER NOT NULL,
  PRIMARY KEY (fact_id, value, object_rowid)
) STRICT, WITHOUT ROWID;

-- What objects of an adapter have in common: entries that are the same (shape_entry), and the names of
-- the others (shape_fact). The digest is over both; empty: whatever has no room elsewhere.
CREATE TABLE shape (
  id INTEGER PRIMARY KEY,
  adapter_id TEXT NOT NULL,
  digest TEXT NOT NULL,
  UNIQUE (adapter_id, digest)
) STRICT;
CREATE TABLE shape_entry (
  fact_id INTEGER NOT NULL,
  value ANY NOT NULL CHECK (typeof(value) IN ('text', 'integer', 'real')),
  shape_id INTEGER NOT NULL REFERENCES shape (id),
  PRIMARY KEY (fact_id, value, shape_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX shape_entry_by_shape ON shape_entry (shape_id);
CREATE TABLE shape_fact (
  fact_id INTEGER NOT NULL,
  shape_id INTEGER NOT NULL REFERENCES shape (id),
  PRIMARY KEY (fact_id, shape_id)
) STRICT, WITHOUT ROWID;
`,
  fill: convertObjectIndex,
};
