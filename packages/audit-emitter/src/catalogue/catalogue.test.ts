import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SEVERITIES } from './action-definition.ts';
import { type AuditAction, actionDefinition, isAuditAction, isExtensionAction } from './actions.ts';
import { EXTENSION_ACTIONS } from './extension-actions.ts';
import { HPCS_ACTIONS, type HpcsAction } from './hpcs-actions.ts';
import { KMIP_OPERATION_ACTIONS, kmipOperationAction } from './kmip-operations.ts';

const extensionRows = Object.entries(EXTENSION_ACTIONS);
const hpcsRows = Object.entries(HPCS_ACTIONS);

describe('the HPCS catalogue', () => {
  it('has 89 actions, each named service, object type, verb', () => {
    expect(hpcsRows).toHaveLength(89);
    for (const [name] of hpcsRows) expect(name).toMatch(/^hs-crypto\.[a-z0-9-]+\.[a-z-]+$/);
  });

  it('gives a target type that has the words of the object type', () => {
    for (const [name, { targetTypeURI }] of hpcsRows) {
      const [service, objectType] = name.split('.');
      const [prefix, ...parts] = targetTypeURI.split('/');
      expect([prefix, parts.join('-')]).toEqual([service, objectType]);
    }
  });

  it('has TKE actions critical and without correlation id, and no others without it', () => {
    for (const [, row] of hpcsRows) {
      expect(row.correlationIdSupported).toBe(row.group !== 'tke');
      if (row.group === 'tke') expect(row.severity).toBe('critical');
    }
  });

  it('lifts exactly two actions on a condition', () => {
    const conditional = hpcsRows.flatMap(([name, row]) =>
      row.conditionalSeverity === null ? [] : [[name, row.conditionalSeverity]],
    );
    expect(conditional).toEqual([
      ['hs-crypto.kmip-key.revoke', 'critical-when-compromise'],
      ['hs-crypto.kmip-management.create', 'critical-when-certificate'],
    ]);
  });

  it('keeps historical names apart from actions', () => {
    const historical = hpcsRows.flatMap(([, row]) => row.historicalNames as readonly string[]);
    expect(historical).toHaveLength(19);
    expect(new Set(historical).size).toBe(19);
    for (const name of historical) expect(isAuditAction(name)).toBe(false);
  });

  it('says of every field where it stands', () => {
    for (const [, { documentedFields, suggestedFields }] of hpcsRows) {
      for (const path of Object.keys({ ...documentedFields, ...suggestedFields })) {
        expect(path).toMatch(/^(?:requestData|responseData)(?:\.\w+){1,2}$/);
      }
    }
  });
});

describe('the extension catalogue', () => {
  it('stands outside of the HPCS name space', () => {
    for (const [name, row] of extensionRows) {
      expect(name).toMatch(/^claviger\.[a-z-]+\.[a-z-]+$/);
      expect(row.targetTypeURI).toMatch(/^claviger\/[a-z-]+(?:\/[a-z-]+)?$/);
      expect(SEVERITIES).toContain(row.severity);
    }
  });

  it('warns of refused connections, invalid requests, clients that replace their certificates, the end of certificates, deleted events and a new key of the log, and of nothing else', () => {
    const warnings = extensionRows.filter(([, row]) => row.severity === 'warning');
    expect(warnings.map(([name]) => name).sort()).toEqual([
      'claviger.audit-events.delete',
      'claviger.audit-log-key.rotate',
      'claviger.certificate-expiry.announce',
      'claviger.kmip-certificate.re-provision',
      'claviger.kmip-connection.refuse',
      'claviger.kmip-request.default',
    ]);
  });
});

describe('an action', () => {
  it('is found in either catalogue', () => {
    expect(actionDefinition('hs-crypto.ep11.use').group).toBe('ep11-crypto');
    expect(actionDefinition('claviger.kmip-server.query').group).toBe('kmip-extension');
  });

  it.each(['hs-crypto.kmip-key.locate', 'toString', '__proto__', ''])('is never "%s"', (name) => {
    expect(isAuditAction(name)).toBe(false);
  });

  it('is HPCS or extension', () => {
    for (const [name] of hpcsRows)
      expect(isAuditAction(name) && isExtensionAction(name)).toBe(false);
    for (const [name] of extensionRows) {
      expect(isAuditAction(name) && isExtensionAction(name)).toBe(true);
    }
  });

  it('has a type that allows nothing else', () => {
    const actions: readonly AuditAction[] = [
      'hs-crypto.kmip-key.create',
      'claviger.kmip-key.locate',
      // @ts-expect-error: a historical name.
      'hs-crypto.importtoken.create',
      // @ts-expect-error: an invented name.
      'hs-crypto.kmip-key.locate',
    ];
    // @ts-expect-error: an extension is no HPCS action.
    const hpcs: HpcsAction = 'claviger.kmip-key.locate';
    expect([...actions, hpcs].map(isAuditAction)).toEqual([true, true, false, false, true]);
  });
});

describe('the action of a KMIP operation', () => {
  it('is that of the catalogue, or an extension', () => {
    expect(KMIP_OPERATION_ACTIONS).toEqual({
      Create: 'hs-crypto.kmip-key.create',
      Register: 'hs-crypto.kmip-key.create',
      CreateKeyPair: 'hs-crypto.kmip-key.create',
      ReKey: 'hs-crypto.kmip-key.create',
      ReKeyKeyPair: 'hs-crypto.kmip-key.create',
      Import: 'hs-crypto.kmip-key.create',
      Certify: 'hs-crypto.kmip-key.create',
      ReCertify: 'hs-crypto.kmip-key.create',
      DeriveKey: 'hs-crypto.kmip-key.create',
      CreateSplitKey: 'hs-crypto.kmip-key.create',
      JoinSplitKey: 'hs-crypto.kmip-key.create',
      Export: 'hs-crypto.kmip-key.read',
      Get: 'hs-crypto.kmip-key.read',
      Put: 'hs-crypto.kmip-key.read',
      GetAttributes: 'hs-crypto.kmip-key-attributes.retrieve',
      GetAttributeList: 'hs-crypto.kmip-key-attributes.retrieve',
      Activate: 'hs-crypto.kmip-key.activate',
      Revoke: 'hs-crypto.kmip-key.revoke',
      Destroy: 'hs-crypto.kmip-key.destroy',
      Locate: 'claviger.kmip-key.locate',
      AddAttribute: 'claviger.kmip-key-attributes.add',
      ModifyAttribute: 'claviger.kmip-key-attributes.modify',
      DeleteAttribute: 'claviger.kmip-key-attributes.delete',
      SetAttribute: 'claviger.kmip-key-attributes.set',
      AdjustAttribute: 'claviger.kmip-key-attributes.adjust',
      Check: 'claviger.kmip-key.check',
      ObtainLease: 'claviger.kmip-key.obtain-lease',
      GetUsageAllocation: 'claviger.kmip-key.allocate-usage',
      Archive: 'claviger.kmip-key.archive',
      Recover: 'claviger.kmip-key.recover',
      Validate: 'claviger.kmip-certificate.validate',
      ReProvision: 'claviger.kmip-certificate.re-provision',
      GetConstraints: 'claviger.kmip-server.get-constraints',
      SetConstraints: 'claviger.kmip-server.set-constraints',
      SetDefaults: 'claviger.kmip-server.set-defaults',
      PKCS_11: 'claviger.kmip-server.call-cryptoki',
      Query: 'claviger.kmip-server.query',
      DiscoverVersions: 'claviger.kmip-server.discover-versions',
      Ping: 'claviger.kmip-server.ping',
      Log: 'claviger.kmip-server.log',
      Interop: 'claviger.kmip-server.interop',
      Login: 'claviger.kmip-ticket.login',
      DelegatedLogin: 'claviger.kmip-ticket.delegate',
      Logout: 'claviger.kmip-ticket.logout',
      Poll: 'claviger.kmip-request.poll',
      Cancel: 'claviger.kmip-request.cancel',
      Process: 'claviger.kmip-request.process',
      QueryAsynchronousRequests: 'claviger.kmip-request.list',
      Encrypt: 'claviger.kmip-key.encrypt',
      Decrypt: 'claviger.kmip-key.decrypt',
      Sign: 'claviger.kmip-key.sign',
      SignatureVerify: 'claviger.kmip-key.verify-signature',
      MAC: 'claviger.kmip-key.mac',
      MACVerify: 'claviger.kmip-key.verify-mac',
      Hash: 'claviger.kmip-server.hash',
      RNGRetrieve: 'claviger.kmip-server.retrieve-random',
      RNGSeed: 'claviger.kmip-server.seed-random',
    });
  });

  it('is known to the types, extensions included', () => {
    const locate: 'claviger.kmip-key.locate' = KMIP_OPERATION_ACTIONS.Locate;
    expect(kmipOperationAction('Locate')).toBe(locate);
  });

  it.each(['0x7f', 'constructor', ''])('is the invalid request for "%s"', (operation) => {
    expect(kmipOperationAction(operation)).toBe('claviger.kmip-request.default');
  });
});

// The reference lies beside the checkout where this catalogue is maintained, and nowhere else.
const REFERENCE = new URL('../../../../../shared/reference/audit-catalogue.json', import.meta.url);

interface ReferenceAction {
  readonly action: string;
  readonly group: string;
  readonly targetTypeURI: string;
  readonly severity: string;
  readonly correlationIdSupported: boolean;
  readonly historicalNames: readonly string[];
  readonly requestDataFields: readonly { readonly path: string }[];
  readonly responseDataFields: readonly { readonly path: string }[];
}

type FactName =
  | 'group'
  | 'targetTypeURI'
  | 'severity'
  | 'correlationIdSupported'
  | 'historicalNames';

interface Reference {
  readonly actions: readonly ReferenceAction[];
  readonly kmipOperationMap: {
    readonly map: readonly { readonly kmip: readonly string[]; readonly action: string | null }[];
  };
}

describe.skipIf(!existsSync(REFERENCE))('the reference (where it is present)', () => {
  const reference: Reference = existsSync(REFERENCE)
    ? JSON.parse(readFileSync(REFERENCE, 'utf8'))
    : { actions: [], kmipOperationMap: { map: [] } };

  it('has the same actions with the same facts', () => {
    const facts = (name: string, row: Pick<ReferenceAction, FactName>) => [
      name,
      row.group,
      row.targetTypeURI,
      row.severity,
      row.correlationIdSupported,
      row.historicalNames,
    ];
    expect(hpcsRows.map(([name, row]) => facts(name, row))).toEqual(
      reference.actions.map((row) => facts(row.action, row)),
    );
  });

  it('documents the same fields', () => {
    const ours = hpcsRows.map(([, row]) => Object.keys(row.documentedFields));
    const theirs = reference.actions.map(({ requestDataFields, responseDataFields }) =>
      [...requestDataFields, ...responseDataFields].map(({ path }) => path),
    );
    expect(ours).toEqual(theirs);
  });

  it('maps KMIP operations to the same actions, and leaves the rest to extensions', () => {
    for (const { kmip, action } of reference.kmipOperationMap.map) {
      for (const operation of kmip) {
        const ours = kmipOperationAction(operation.replaceAll(' ', ''));
        if (action === null) expect(isExtensionAction(ours)).toBe(true);
        else expect(ours).toBe(action);
      }
    }
  });
});
