import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Severity } from './catalogue/action-definition.ts';
import { type AuditAction, isAuditAction } from './catalogue/actions.ts';
import { HPCS_ACTIONS } from './catalogue/hpcs-actions.ts';
import { severityOf } from './severity.ts';

/** Action, status, severity when the graver decides, severity when the status decides. */
const ROWS: readonly (readonly [AuditAction, number, Severity, Severity])[] = [
  ['hs-crypto.secrets.create', 200, 'normal', 'normal'],
  ['hs-crypto.secrets.create', 201, 'normal', 'normal'],
  ['hs-crypto.secrets.create', 400, 'warning', 'warning'],
  ['hs-crypto.secrets.create', 401, 'critical', 'critical'],
  ['hs-crypto.secrets.delete', 200, 'critical', 'critical'],
  ['hs-crypto.secrets.delete', 409, 'critical', 'warning'],
  ['hs-crypto.tke-cryptounit-admin.add', 200, 'critical', 'critical'],
  ['hs-crypto.tke-cryptounit-admin.add', 400, 'critical', 'critical'],
  ['hs-crypto.tke-cryptounit-admin.add', 409, 'critical', 'critical'],
  ['hs-crypto.secrets.rotate', 200, 'warning', 'warning'],
  ['hs-crypto.secrets.rotate', 403, 'critical', 'critical'],
  ['hs-crypto.secrets.list', 500, 'critical', 'critical'],
  ['hs-crypto.secrets.list', 502, 'warning', 'warning'],
  ['hs-crypto.kmip-key.destroy', 200, 'critical', 'critical'],
  ['hs-crypto.kmip-key.create', 403, 'critical', 'critical'],
  ['hs-crypto.kmip-management.default', 400, 'warning', 'warning'],
  ['hs-crypto.kmip-key.read', 404, 'warning', 'warning'],
  // A status that is not listed makes nothing look less grave.
  ['hs-crypto.kmip-key.destroy', 404, 'critical', 'critical'],
  ['hs-crypto.kmip-key.create', 424, 'warning', 'warning'],
  ['hs-crypto.kmip-key.create', 503, 'critical', 'critical'],
  ['hs-crypto.kmip-key.create', 504, 'warning', 'warning'],
  ['hs-crypto.kmip-key.create', 505, 'warning', 'warning'],
  ['hs-crypto.kmip-key.create', 507, 'critical', 'critical'],
  ['claviger.kmip-connection.refuse', 401, 'critical', 'critical'],
  ['claviger.kmip-connection.refuse', 503, 'critical', 'critical'],
  ['claviger.kmip-request.default', 400, 'warning', 'warning'],
  ['claviger.kmip-key.locate', 200, 'normal', 'normal'],
  ['claviger.alert.fire', 200, 'critical', 'critical'],
  ['claviger.audit-log.verify', 500, 'critical', 'critical'],
];

describe('severity', () => {
  it.each(ROWS)('of %s with %i is %s, or %s when the status decides', (...row) => {
    const [action, reasonCode, graver, status] = row;
    expect(severityOf(action, reasonCode)).toBe(graver);
    expect(severityOf(action, reasonCode, {}, 'status')).toBe(status);
  });

  it.each([
    ['KeyCompromise', 'critical'],
    ['CACompromise', 'critical'],
    ['CessationOfOperation', 'warning'],
    [undefined, 'warning'],
  ] as const)('of a revocation for %s is %s', (revocationReason, severity) => {
    const requestData = revocationReason === undefined ? {} : { revocationReason };
    expect(severityOf('hs-crypto.kmip-key.revoke', 200, requestData)).toBe(severity);
  });

  it.each([
    ['certificate', 'critical'],
    ['kmip_adapter', 'normal'],
  ] as const)('of a new %s is %s', (resourceType, severity) => {
    expect(severityOf('hs-crypto.kmip-management.create', 201, { resourceType })).toBe(severity);
  });

  it('looks at conditions only for the actions that have them', () => {
    const requestData = { revocationReason: 'KeyCompromise', resourceType: 'certificate' };
    expect(severityOf('hs-crypto.kmip-key.read', 200, requestData)).toBe('normal');
    expect(severityOf('hs-crypto.kmip-management.list', 200, requestData)).toBe('normal');
  });

  it('of every success is that of its action, of every TKE event critical', () => {
    for (const [name, row] of Object.entries(HPCS_ACTIONS)) {
      if (!isAuditAction(name)) throw new Error(`${name} is no action`);
      expect(severityOf(name, 200)).toBe(row.severity);
      expect(severityOf(name, 400)).not.toBe('normal');
      expect(severityOf(name, 418)).not.toBe('normal');
      if (row.group === 'tke') expect(severityOf(name, 400, {}, 'status')).toBe('critical');
    }
  });
});

// The reference lies beside the checkout where this catalogue is maintained, and nowhere else.
const REFERENCE = new URL('../../../../shared/reference/audit-catalogue.json', import.meta.url);

interface Reference {
  readonly statusSeverity: {
    readonly critical: readonly number[];
    readonly warning: readonly number[];
    readonly workedCases: readonly {
      readonly action: string;
      readonly reasonCode: number;
      readonly severity: string;
    }[];
  };
}

describe.skipIf(!existsSync(REFERENCE))('severity in the reference (where it is present)', () => {
  const { statusSeverity }: Reference = existsSync(REFERENCE)
    ? JSON.parse(readFileSync(REFERENCE, 'utf8'))
    : { statusSeverity: { critical: [], warning: [], workedCases: [] } };

  it('is the same in every worked case, and every one is a row of ours', () => {
    expect(statusSeverity.workedCases).toHaveLength(16);
    for (const { action, reasonCode, severity } of statusSeverity.workedCases) {
      const row = ROWS.find(([name, code]) => name === action && code === reasonCode);
      expect(row?.[2]).toBe(severity);
    }
  });

  it('lists the same statuses', () => {
    const ofNormalAction = (code: number) => severityOf('hs-crypto.secrets.list', code);
    for (const code of statusSeverity.critical) expect(ofNormalAction(code)).toBe('critical');
    for (const code of statusSeverity.warning) expect(ofNormalAction(code)).toBe('warning');
  });
});
