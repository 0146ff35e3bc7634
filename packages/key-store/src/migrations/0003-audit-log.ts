import { chainOldEvents } from '../chain-old-events.ts';
import type { Migration } from '../migrate.ts';

/**
 * The log that proves itself: a leaf hash for each event, signed checkpoints, how far each sink was
 * served, and the index by which events are searched. Events of older versions are chained.
 */
export const auditLog: Migration = {
  number: 3,
  name: 'audit-log',
  sql: `
-- Apart from the events: the tree is read without their texts, and stays when those are deleted.
CREATE TABLE event_leaf (
  sequence INTEGER PRIMARY KEY,
  hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

-- A signed note over the first size events; frontier is what the tree needs to grow from there.
CREATE TABLE checkpoint (
  size INTEGER PRIMARY KEY,
  note TEXT NOT NULL,
  frontier BLOB NOT NULL,
  is_succession INTEGER NOT NULL CHECK (is_succession IN (0, 1)),
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX checkpoint_by_succession ON checkpoint (size) WHERE is_succession = 1;

CREATE TABLE sink_cursor (
  name TEXT NOT NULL PRIMARY KEY,
  sequence INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The search index: written for a block of events at once, when the block is full.
CREATE TABLE event_block (
  block INTEGER PRIMARY KEY,
  first_time INTEGER NOT NULL,
  last_time INTEGER NOT NULL
) STRICT;
CREATE TABLE event_term (
  term INTEGER NOT NULL,
  block INTEGER NOT NULL,
  positions BLOB NOT NULL,
  PRIMARY KEY (term, block)
) STRICT, WITHOUT ROWID;
-- Terms of which nearly each event has another: a filter and a list for each block.
CREATE TABLE event_filter (
  block INTEGER PRIMARY KEY,
  filter BLOB NOT NULL
) STRICT;
CREATE TABLE event_rare_terms (
  block INTEGER PRIMARY KEY,
  entries BLOB NOT NULL
) STRICT;

-- Who writes this log. One database is one log, however many processes write to it.
INSERT INTO setting (name, value) VALUES ('log-node', lower(hex(randomblob(16))));
`,
  fill: chainOldEvents,
};
