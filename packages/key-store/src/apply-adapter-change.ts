import type { AdapterRecord } from './records.ts';
import type { ChangeOf, Refusal } from './refusal.ts';
import { booleanColumn } from './rows.ts';
import type { SqliteRow } from './sqlite-driver.ts';
import type { WriteStatements } from './write-statements.ts';

export function insertAdapter(
  statements: WriteStatements,
  adapter: AdapterRecord,
): Refusal | undefined {
  const rootKey = statements.findRootKey.get({ id: adapter.rootKeyId });
  // A standard key is no root key.
  if (rootKey === undefined || booleanColumn(rootKey, 'extractable')) {
    return { kind: 'not-found', what: 'root-key' };
  }
  const inserted = statements.insertAdapter.run({
    ...adapter,
    profile: adapter.profile ?? null,
    createdBy: adapter.createdBy ?? null,
    updatedAt: adapter.updatedAt ?? null,
    updatedBy: adapter.updatedBy ?? null,
  });
  return inserted === 0 ? { kind: 'duplicate', what: 'adapter-name' } : undefined;
}

export function touchAdapter(
  statements: WriteStatements,
  { id, by }: ChangeOf<'touch-adapter'>,
): Refusal | undefined {
  return statements.touchAdapter.run({ id, at: by.at, actor: by.actor ?? null }) === 0
    ? { kind: 'not-found', what: 'adapter' }
    : undefined;
}

export function deleteAdapter(
  statements: WriteStatements,
  { id, unless, withCertificates, by }: ChangeOf<'delete-adapter'>,
  findObstacle: () => SqliteRow | undefined,
): Refusal | undefined {
  if (statements.findAdapter.get({ id }) === undefined)
    return { kind: 'not-found', what: 'adapter' };
  if (withCertificates) {
    statements.deleteCertificatesOfAdapter.run({ id });
    statements.deleteClientAuthoritiesOfAdapter.run({ id });
  }
  statements.deleteCredentialsOfAdapter.run({ id });
  const obstacle =
    statements.findCertificateOfAdapter.get({ id }) ??
    statements.findClientAuthorityOfAdapter.get({ id }) ??
    (unless === undefined ? statements.findObjectOfAdapter.get({ id }) : findObstacle());
  if (obstacle !== undefined) return { kind: 'in-use', what: 'adapter' };
  statements.deleteQueuedRequestsOfAdapter.run({ id });
  statements.buryAdapter.run({ id, at: by?.at ?? 0, actor: by?.actor ?? null });
  return undefined;
}
