import { describe, expect, it } from 'vitest';
import { ATTRIBUTE_RULES } from '../tables/attributes.ts';
import { VERSIONS } from '../tables/version.ts';
import { hasAttribute } from './attribute.ts';
import { attributeRules } from './attribute-rules.ts';
import { ATTRIBUTE_SCHEMAS, type AttributeName } from './schemas.ts';

// The keys of the table are the attributes.
const NAMES = Object.keys(ATTRIBUTE_SCHEMAS) as AttributeName[];

describe('attributeRules', () => {
  it.each(VERSIONS)('has rules for the attributes of KMIP %s, and for no others', (version) => {
    const ruled = NAMES.filter((name) => attributeRules(name, version) !== undefined);
    expect(ruled).toEqual(NAMES.filter((name) => hasAttribute(version, name)));
  });

  it('counts object types and operations only where the version has them', () => {
    expect(attributeRules('Name', '1.0')?.appliesTo).not.toContain('PGPKey');
    expect(attributeRules('Name', '1.2')?.appliesTo).toContain('PGPKey');
    expect(attributeRules('ActivationDate', '1.0')?.implicitlySetBy).not.toContain('ReKeyKeyPair');
    expect(attributeRules('ActivationDate', '1.1')?.implicitlySetBy).toContain('ReKeyKeyPair');
  });

  it('gives what the table of the family says', () => {
    expect(attributeRules('LeaseTime', '1.4')).toMatchObject({ setBy: 'server', multiple: false });
    expect(attributeRules('ArchiveDate', '2.1')).toMatchObject({
      modifiableByClient: false,
      implicitlySetBy: ['Archive'],
    });
  });

  it('is silent on attributes that came later or went', () => {
    expect(attributeRules('RotateName', '2.0')).toBeUndefined();
    expect(attributeRules('OperationPolicyName', '2.1')).toBeUndefined();
    expect(ATTRIBUTE_RULES.OperationPolicyName['1.x']).toBeDefined();
  });
});

describe('the operations that set an attribute unasked', () => {
  it.each<[AttributeName, string]>([
    ['DestroyDate', 'Destroy'],
    ['RevocationReason', 'Revoke'],
    ['LastChangeDate', 'ModifyAttribute'],
    ['Digest', 'Register'],
  ])('%s: %s is one', (name, operation) => {
    expect(attributeRules(name, '1.4')?.implicitlySetBy).toContain(operation);
  });
});
