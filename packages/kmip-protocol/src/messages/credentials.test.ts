import { describe, expect, it } from 'vitest';
import { errorOf } from '../error-of.fixtures.ts';
import { decodeItem } from '../schema/decode.ts';
import { encodeItem } from '../schema/encode.ts';
import { anEnumeration, aStructure, aText } from '../schema/items.fixtures.ts';
import { ENUMERATIONS } from '../tables/enumerations.ts';
import { CREDENTIAL_VALUES } from './credentials.ts';
import { Credential } from './header.ts';

describe('CREDENTIAL_VALUES', () => {
  it('has a schema for every Credential Type', () => {
    expect(Object.keys(CREDENTIAL_VALUES)).toEqual(Object.keys(ENUMERATIONS.CredentialType.values));
  });

  it('reads the value of a Credential by its type', () => {
    const item = aStructure(
      'Credential',
      anEnumeration('CredentialType', 1),
      aStructure('CredentialValue', aText('Username', 'anna'), aText('Password', 'secret')),
    );
    const { credentialType, credentialValue } = decodeItem(Credential, item, '1.0');
    expect(credentialType).toBe('UsernameAndPassword');
    const schema = CREDENTIAL_VALUES.UsernameAndPassword;
    const value = decodeItem(schema, credentialValue, '1.0');
    expect(value).toEqual({ username: 'anna', password: 'secret' });
    expect(encodeItem(schema, value, '1.0')).toEqual(credentialValue);
  });

  it('says what is missing, and no secret', () => {
    const item = aStructure('CredentialValue', aText('Password', 'secret'));
    expect(errorOf(() => decodeItem(CREDENTIAL_VALUES.UsernameAndPassword, item, '1.0'))).toEqual({
      code: 'invalid-message',
      message: 'CredentialValue: Username is missing.',
    });
  });
});
