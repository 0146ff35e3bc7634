import type { Migration } from '../migrate.ts';

/** Requests that are worked on after their answer, with what came of them; both sealed. */
export const queuedRequests: Migration = {
  number: 5,
  name: 'queued-requests',
  sql: `
-- In the order of their acceptance: a position is never given out twice.
CREATE TABLE queued_request (
  position INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL UNIQUE,
  adapter_id TEXT NOT NULL REFERENCES adapter (id),
  owner TEXT,
  operation TEXT NOT NULL,
  stage TEXT NOT NULL CHECK (stage IN ('waiting', 'completed', 'failed', 'canceled')),
  request BLOB,
  answer BLOB,
  submitted_at INTEGER NOT NULL,
  ended_at INTEGER,
  collected_at INTEGER,
  CHECK ((stage = 'waiting') = (request IS NOT NULL)),
  CHECK ((stage = 'waiting') = (ended_at IS NULL))
) STRICT;
CREATE INDEX queued_request_by_adapter ON queued_request (adapter_id, position);
CREATE INDEX queued_request_by_stage ON queued_request (stage, position);
CREATE INDEX queued_request_by_end ON queued_request (ended_at);
`,
};
