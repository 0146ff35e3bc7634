/**
 * What has to come of each step of the program, by version: a row a step. Result Reasons are those of the
 * tables of KMIP 1.4 §11, which are the same in all versions of 1.x.
 */

import { isAtLeast, type Version } from '@claviger/kmip-protocol';
import type { ExpectedStep } from '../kmip-go/expected-step.ts';

/** The versions that the library knows. */
export const VERSIONS = ['1.0', '1.1', '1.2', '1.3', '1.4'] as const satisfies readonly Version[];

type Rows = readonly ExpectedStep[];

/** Everything that one run does, in order. */
export function expectedSteps(version: Version): Rows {
  return [
    ['query', 'Query Success', 'Claviger'],
    ...symmetricKeys(),
    ...wrapping(version),
    ...attributes(version),
    ...secrets(),
    ...asymmetricKeys(),
    ...pair('an RSA pair', version),
    ...pair('an EC pair', version),
    ...batches(),
    ...encryption(version),
    ...lives(),
    ...usage(),
    ...migration(version),
    ...overHttps(),
  ];
}

function symmetricKeys(): Rows {
  return [
    ['create', 'Create Success', 'SymmetricKey'],
    ['create with a name that is taken', 'Create InvalidField'],
    ['create with a length that AES lacks', 'Create InvalidField'],
    ['locate by name', 'Locate Success', [1, true]],
    ['locate by another name', 'Locate Success', [0, false]],
    ['locate by name, type, algorithm and length', 'Locate Success', [1, true]],
    ['locate by name and another length', 'Locate Success', [0, false]],
    ['get', 'Get Success', 32],
    ['get it as a transparent key', 'Get Success', true],
    ['get it as what it cannot be', 'Get KeyFormatTypeNotSupported'],
    ['get nobody', 'Get ItemNotFound'],
    ['destroy', 'Destroy Success'],
    ['get what is destroyed', 'Get ItemNotFound'],
  ];
}

/** Wrapped keys are told as [how many bytes, whether they are those of RFC 3394]. */
function wrapping(version: Version): Rows {
  const asTtlv = [40, false];
  // Encoding Option is of 1.1; before it the Key Value is wrapped as TTLV (1.0 §2.1.6).
  const asBytes = isAtLeast(version, '1.1') ? [24, true] : asTtlv;
  return [
    ['register a key for keys', 'Register Success'],
    ['register a key', 'Register Success'],
    ['get it back', 'Get Success', true],
    ['activate the key for keys', 'Activate Success'],
    ['get it wrapped', 'Get Success', asBytes],
    ['get it wrapped as TTLV', 'Get Success', asTtlv],
    ['get it wrapped by nobody', 'Get ItemNotFound'],
    ['get it wrapped by what is for data', 'Get PermissionDenied'],
    ['destroy the key', 'Destroy Success'],
    ['revoke the key for keys', 'Revoke Success'],
    ['destroy the key for keys', 'Destroy Success'],
  ];
}

function attributes(version: Version): Rows {
  const contact = (value: string) => [`Contact Information: ${value}`];
  return [
    ['create for attributes', 'Create Success'],
    [
      'get attributes',
      'GetAttributes Success',
      [
        `Name: ${version} described`,
        'State: PreActive',
        'Cryptographic Length: 128',
        'x-purpose: conformance',
      ],
    ],
    ['add an attribute', 'AddAttribute Success'],
    ['add another value of what has one', 'AddAttribute IllegalOperation'],
    ['modify it', 'ModifyAttribute Success'],
    ['modify what only the server may', 'ModifyAttribute PermissionDenied'],
    ['get what was modified', 'GetAttributes Success', contact('owner@example.org')],
    ['delete it', 'DeleteAttribute Success'],
    ['delete it again', 'DeleteAttribute ItemNotFound'],
    ['get what was deleted', 'GetAttributes Success', []],
    [
      'list attributes',
      'GetAttributeList Success',
      ['Cryptographic Length', 'Name', 'State', 'x-purpose'],
    ],
    ['destroy it', 'Destroy Success'],
  ];
}

/** What can be registered comes back as it was. */
function registered(what: string): Rows {
  return [
    [`register ${what}`, 'Register Success'],
    [`get ${what}`, 'Get Success', true],
    [`destroy ${what}`, 'Destroy Success'],
  ];
}

function secrets(): Rows {
  return [...registered('a password'), ...registered('opaque data')];
}

function asymmetricKeys(): Rows {
  const formats = [
    'an RSA key as PKCS#1',
    'an RSA key as PKCS#8',
    'an RSA key as transparent numbers',
    'an EC key as SEC1',
    'an EC key as PKCS#8',
    'an EC key as transparent numbers',
  ];
  const privateKeys = formats.flatMap((what): Rows => {
    const [register, get, destroy] = registered(what);
    const converted: ExpectedStep = [`get ${what}, in PKCS#8`, 'Get Success', true];
    return [register, get, converted, destroy].flatMap((row) => (row === undefined ? [] : [row]));
  });
  return [
    ...privateKeys,
    ...registered('an RSA public key'),
    ...registered('an EC public key'),
    ...registered('a certificate'),
  ];
}

function pair(what: string, version: Version): Rows {
  const answer = cryptographic(version);
  const signer = 'GetAttributes Success, GetAttributes Success, Get Success, Sign Success';
  const active = isAtLeast(version, '1.2');
  return [
    [`create ${what}`, 'CreateKeyPair Success'],
    [`get the public key of ${what}`, 'Get Success', true],
    [`see the link of ${what}`, 'GetAttributes Success', true],
    [
      `sign before ${what} is active`,
      active ? 'Sign PermissionDenied' : 'Sign OperationNotSupported',
    ],
    [`activate the private key of ${what}`, 'Activate Success'],
    [`activate the public key of ${what}`, 'Activate Success'],
    answer(`sign with ${what}`, 'Sign', true),
    answer(`verify with ${what}`, 'SignatureVerify', 'Valid'),
    answer(`verify another message with ${what}`, 'SignatureVerify', 'Invalid'),
    // Digested Data is of 1.4 (§4.31).
    ...(isAtLeast(version, '1.4') && what === 'an RSA pair'
      ? [[`sign a digest as a crypto.Signer with ${what}`, signer, true] as const]
      : []),
    ...renewed(what, version),
    [`revoke the private key of ${what}`, 'Revoke Success'],
    [`destroy the private key of ${what}`, 'Destroy Success'],
    [`revoke the public key of ${what}`, 'Revoke Success'],
    [`destroy the public key of ${what}`, 'Destroy Success'],
  ];
}

/** Re-key Key Pair is of 1.1 (§4.5). */
function renewed(what: string, version: Version): Rows {
  if (!isAtLeast(version, '1.1')) return [[`re-key ${what}`, 'ReKeyKeyPair OperationNotSupported']];
  return [
    [`re-key ${what}`, 'ReKeyKeyPair Success', true],
    [`get the new public key of ${what}`, 'Get Success', true],
  ];
}

/** Cryptographic operations are of 1.2 (§4.29). */
function cryptographic(version: Version) {
  return (step: string, operation: string, value: unknown): ExpectedStep =>
    isAtLeast(version, '1.2')
      ? [step, `${operation} Success`, value]
      : [step, `${operation} OperationNotSupported`];
}

function batches(): Rows {
  return [
    ['make, activate and get in a batch', 'Create Success, Activate Success, Get Success', [32]],
    ['batch that stops at a refusal', 'Query Success, Get ItemNotFound'],
    ['batch that goes on', 'Query Success, Get ItemNotFound, Query Success'],
    ['revoke it', 'Revoke Success'],
    ['destroy it', 'Destroy Success'],
  ];
}

function encryption(version: Version): Rows {
  const answer = cryptographic(version);
  // Authenticated encryption is of 1.4 (§4.29).
  const authenticated: Rows = [
    ['encrypt in GCM', 'Encrypt Success', true],
    ['decrypt in GCM', 'Decrypt Success', true],
    ['decrypt in GCM what is bound to something else', 'Decrypt CryptographicFailure'],
  ];
  return [
    ['register a key for data', 'Register Success'],
    ['activate the key for data', 'Activate Success'],
    answer('encrypt in CBC', 'Encrypt', true),
    answer('decrypt in CBC', 'Decrypt', true),
    ...(isAtLeast(version, '1.4') ? authenticated : []),
    ['revoke the key for data', 'Revoke Success'],
    [
      'encrypt with what is revoked',
      isAtLeast(version, '1.2') ? 'Encrypt PermissionDenied' : 'Encrypt OperationNotSupported',
    ],
    answer('decrypt with what is revoked', 'Decrypt', true),
    ['destroy the key for data', 'Destroy Success'],
  ];
}

function lives(): Rows {
  return [
    ['create one to live', 'Create Success'],
    ['obtain a lease', 'ObtainLease Success', true],
    ['revoke what was never used', 'Revoke IllegalOperation'],
    ['activate', 'Activate Success'],
    ['activate again', 'Activate PermissionDenied'],
    ['destroy what is active', 'Destroy PermissionDenied'],
    ['re-key', 'ReKey Success', true],
    ['see its link to the new one', 'GetAttributes Success', 'ReplacementObjectLink'],
    ['archive', 'Archive Success'],
    ['get what is archived', 'Get ObjectArchived'],
    ['recover', 'Recover Success'],
    ['revoke as compromised', 'Revoke Success'],
    ['destroy', 'Destroy Success'],
    ['destroy again', 'Destroy PermissionDenied'],
    ['see how it ended', 'GetAttributes Success', 'DestroyedCompromised'],
    ['revoke the new one', 'Revoke Success'],
    ['destroy the new one', 'Destroy Success'],
  ];
}

function usage(): Rows {
  return [
    ['create one of limited use', 'Create Success'],
    ['allocate before it is active', 'GetUsageAllocation PermissionDenied'],
    ['activate it', 'Activate Success'],
    ['allocate', 'GetUsageAllocation Success', true],
    ['allocate more than is left', 'GetUsageAllocation PermissionDenied'],
    ['see what is left', 'GetAttributes Success', 400],
    ['revoke what is limited', 'Revoke Success'],
    ['destroy what is limited', 'Destroy Success'],
  ];
}

/** Export and Import are of 1.4 (§4.40). */
function migration(version: Version): Rows {
  const name = `${version} moved`;
  const registered: ExpectedStep = ['register a key to move', 'Register Success'];
  const destroyed: ExpectedStep = ['destroy it where it was', 'Destroy Success'];
  if (!isAtLeast(version, '1.4')) {
    return [registered, ['export it', 'Export OperationNotSupported'], destroyed];
  }
  return [
    registered,
    ['export it', 'Export Success', [true, name]],
    destroyed,
    ['import it', 'Import Success', true],
    ['get what was imported', 'Get Success', true],
    ['see its name', 'GetAttributes Success', name],
    ['destroy what was imported', 'Destroy Success'],
  ];
}

function overHttps(): Rows {
  return [
    ['create over HTTPS', 'Create Success', true],
    ['get over HTTPS', 'Get Success', 32],
    ['get the same over TLS alone', 'Get Success', true],
    ['get nobody over HTTPS', 'Get ItemNotFound'],
    ['destroy over HTTPS', 'Destroy Success'],
  ];
}
