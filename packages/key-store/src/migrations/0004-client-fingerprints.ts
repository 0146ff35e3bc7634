import type { Migration } from '../migrate.ts';

/**
 * Which client did it, in its own right: the fingerprint that it showed, which outlives the registration
 * of its certificate, and the authority that has issued it where it was never registered. What was done
 * before keeps what is known of it.
 */
export const clientFingerprints: Migration = {
  number: 4,
  name: 'client-fingerprints',
  sql: `
ALTER TABLE object ADD COLUMN created_by_authority_id TEXT;
ALTER TABLE object ADD COLUMN created_by_fingerprint TEXT;
ALTER TABLE object ADD COLUMN updated_by_authority_id TEXT;
ALTER TABLE object ADD COLUMN updated_by_fingerprint TEXT;
ALTER TABLE object ADD COLUMN destroyed_by_authority_id TEXT;
ALTER TABLE object ADD COLUMN destroyed_by_fingerprint TEXT;
`,
};
