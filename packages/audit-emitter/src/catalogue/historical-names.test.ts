import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isAuditAction } from './actions.ts';
import { currentAction, namesOfAction } from './historical-names.ts';

describe('the name of an action', () => {
  it('is itself when it is of today', () => {
    expect(currentAction('hs-crypto.secrets.create')).toBe('hs-crypto.secrets.create');
    expect(currentAction('claviger.kmip-key.locate')).toBe('claviger.kmip-key.locate');
  });

  it('is found by a historical name and by a known misspelling', () => {
    expect(currentAction('hs-crypto.importtoken.default')).toBe('hs-crypto.import-token.request');
    expect(currentAction('hs-crypto.hs-crypto.instance-policies.write')).toBe(
      'hs-crypto.instance-policies.write',
    );
  });

  it.each(['', 'toString', 'hs-crypto.importtoken', 'kms.secrets.create'])(
    'is unknown for "%s"',
    (name) => expect(currentAction(name)).toBeUndefined(),
  );

  it('has every name that archives may carry', () => {
    expect(namesOfAction('hs-crypto.instance-policies.write')).toEqual([
      'hs-crypto.instance-policies.write',
      'hs-crypto.instancepolicies.write',
      'hs-crypto.hs-crypto.instance-policies.write',
    ]);
    expect(namesOfAction('hs-crypto.kmip-key.read')).toEqual(['hs-crypto.kmip-key.read']);
  });
});

// The source lies beside the checkout where this catalogue is maintained, and nowhere else.
const SEED = new URL('../../../../../shared/seed/hpcs-audit-events.zh.txt', import.meta.url);

describe.skipIf(!existsSync(SEED))('table 1 of the source (where it is present)', () => {
  const text = existsSync(SEED) ? readFileSync(SEED, 'utf8') : '';
  const rows = [...text.matchAll(/^(hs-crypto\.[a-z.-]+) (hs-crypto\.[a-z.-]+)$/gm)];

  it('has 19 rows', () => expect(rows).toHaveLength(19));

  it.each(rows.map(([, old = '', current = '']) => [old, current]))('%s is %s', (old, current) => {
    expect(isAuditAction(old)).toBe(false);
    expect(currentAction(old)).toBe(current);
  });
});
