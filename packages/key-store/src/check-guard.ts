import { integerColumn, textColumn } from './rows.ts';
import type { Guard } from './unit-of-work.ts';
import { unreachable } from './unreachable.ts';
import type { WriteStatements } from './write-statements.ts';

/** Whether the guard holds in the transaction that is open. */
export function holds(statements: WriteStatements, guard: Guard): boolean {
  switch (guard.kind) {
    case 'certificate-present':
      return statements.findCertificate.get({ id: guard.certificateId }) !== undefined;
    case 'client-authority-present':
      return statements.findClientAuthority.get({ id: guard.clientAuthorityId }) !== undefined;
    case 'credential-present':
      return statements.findCredential.get({ id: guard.credentialId }) !== undefined;
    case 'root-key-version': {
      const row = statements.findRootKey.get({ id: guard.rootKeyId });
      return row !== undefined && textColumn(row, 'version_id') === guard.versionId;
    }
    case 'root-key-enabled': {
      const row = statements.findRootKey.get({ id: guard.rootKeyId });
      return row !== undefined && textColumn(row, 'state') === 'enabled';
    }
    case 'object-version': {
      const row = statements.findObjectVersion.get({ id: guard.id, adapterId: guard.adapterId });
      return row !== undefined && integerColumn(row, 'version') === guard.version;
    }
    case 'setting-is': {
      const row = statements.findSetting.get({ name: guard.name });
      return (row && textColumn(row, 'value')) === guard.value;
    }
    default:
      return unreachable(guard, 'guard');
  }
}
