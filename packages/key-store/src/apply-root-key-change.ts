import type { ChangeOf, Refusal } from './refusal.ts';
import { booleanColumn, integerColumn, rootKeyStateColumn, textColumn } from './rows.ts';
import type { WriteStatements } from './write-statements.ts';

export function insertRootKey(
  statements: WriteStatements,
  { rootKey, details = {} }: ChangeOf<'insert-root-key'>,
): Refusal | undefined {
  const { id: rootKeyId, wrappedKey, createdAt } = rootKey;
  const { versionId = rootKeyId } = details;
  const inserted = statements.insertRootKey.run({
    ...rootKey,
    description: details.description ?? null,
    tags: JSON.stringify(details.tags ?? []),
    imported: details.imported ? 1 : 0,
    extractable: details.extractable ? 1 : 0,
    keyRingId: details.keyRingId ?? 'default',
    createdBy: details.createdBy ?? null,
    expirationAt: details.expirationAt ?? null,
    wrappedPayload: details.wrappedPayload ?? null,
    versionId,
  });
  if (inserted === 0) return { kind: 'duplicate', what: 'root-key' };
  const version = { id: versionId, rootKeyId, wrappedKey, createdAt };
  if (statements.insertRootKeyVersion.run(version) === 0) {
    return { kind: 'duplicate', what: 'root-key-version' };
  }
  for (const alias of new Set(details.aliases)) {
    if (statements.insertRootKeyAlias.run({ alias, rootKeyId }) === 0) {
      return { kind: 'duplicate', what: 'root-key-alias' };
    }
  }
  return undefined;
}

export function setRootKeyState(
  statements: WriteStatements,
  { id, state, from, unlessUsed, by }: ChangeOf<'set-root-key-state'>,
): Refusal | undefined {
  const stored = statements.findRootKey.get({ id });
  if (stored === undefined) return { kind: 'not-found', what: 'root-key' };
  if (from !== undefined && !from.includes(rootKeyStateColumn(stored, 'state'))) {
    return { kind: 'conflict', id };
  }
  if (unlessUsed && statements.findAdapterOfRootKey.get({ id }) !== undefined) {
    return { kind: 'in-use', what: 'root-key' };
  }
  statements.setRootKeyState.run({ id, state });
  if (by !== undefined) statements.attributeRootKeyUpdate.run({ id, at: by.at });
  if (state === 'deleted') {
    statements.deleteRootKeyAliases.run({ rootKeyId: id });
    if (by !== undefined) {
      statements.attributeRootKeyDeletion.run({ id, at: by.at, actor: by.actor ?? null });
    }
  }
  return undefined;
}

export function rotateRootKey(
  statements: WriteStatements,
  { id: rootKeyId, fromVersionId, version, adapters }: ChangeOf<'rotate-root-key'>,
): Refusal | undefined {
  const stored = statements.findRootKey.get({ id: rootKeyId });
  if (stored === undefined || booleanColumn(stored, 'extractable')) {
    return { kind: 'not-found', what: 'root-key' };
  }
  const conflict: Refusal = { kind: 'conflict', id: rootKeyId };
  if (
    textColumn(stored, 'version_id') !== fromVersionId ||
    rootKeyStateColumn(stored, 'state') === 'deleted'
  ) {
    return conflict;
  }
  const wrappings = new Map(adapters.map(({ id, wrappedKey }) => [id, wrappedKey]));
  const count = statements.countAdaptersOfRootKey.get({ id: rootKeyId }) ?? {};
  if (integerColumn(count, 'adapters') !== wrappings.size) return conflict;
  for (const [id, wrappedKey] of wrappings) {
    if (statements.rewrapAdapter.run({ id, rootKeyId, wrappedKey }) === 0) return conflict;
  }
  const { id, wrappedKey, createdAt } = version;
  const columns = { id, rootKeyId, wrappedKey, createdAt };
  if (statements.insertRootKeyVersion.run(columns) === 0) {
    return { kind: 'duplicate', what: 'root-key-version' };
  }
  statements.rotateRootKey.run(columns);
  return undefined;
}
