import type { Migration } from '../migrate.ts';
import { initial } from './0001-initial.ts';
import { management } from './0002-management.ts';
import { auditLog } from './0003-audit-log.ts';
import { clientFingerprints } from './0004-client-fingerprints.ts';
import { queuedRequests } from './0005-queued-requests.ts';
import { credentials } from './0006-credentials.ts';
import { objectFacts } from './0007-object-facts.ts';

/** Every migration, in order. One that was released is never edited: a new one follows it. */
export const migrations: readonly Migration[] = [
  initial,
  management,
  auditLog,
  clientFingerprints,
  queuedRequests,
  credentials,
  objectFacts,
];
