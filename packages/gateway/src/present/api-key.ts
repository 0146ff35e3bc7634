/** API keys as `--json` shows them: never the key, nor its hash. */
import type { ApiKeyRecord } from '@claviger/key-store';

export function toJsonApiKey({ id, name, role, createdAt, createdBy, ...key }: ApiKeyRecord) {
  return {
    id,
    name,
    role,
    createdAt: isoTime(createdAt),
    createdBy,
    revokedAt: key.revokedAt === null ? null : isoTime(key.revokedAt),
    revokedBy: key.revokedBy,
  };
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
