/**
 * The profiles that the server meets (1.4 §4.25, 2.1 §7.31): those whose mandatory OASIS test cases it passes
 * and whose operations it offers. Complete Server is none: no server has all that the specification names.
 * Suite B and the encodings of HTTPS are matters of a listener, which the profiles of KMIP itself are not.
 */

import {
  ENUMERATION_VALUE_VERSIONS,
  ENUMERATIONS,
  isAtLeast,
  isWithin,
  type OperationName,
  type ProfileInformation,
  VERSIONS,
  type Version,
  type VersionRange,
} from '@claviger/kmip-protocol';

/** Name of a profile without its version, and the operations beside Query that its test cases need. */
const PROFILES: Readonly<Record<string, readonly OperationName[]>> = {
  BaselineServerBasic: [
    'Get',
    'GetAttributeList',
    'GetAttributes',
    'Locate',
    'Register',
    'Destroy',
  ],
  BaselineServerTLSV1_2: [
    'Get',
    'GetAttributeList',
    'GetAttributes',
    'Locate',
    'Register',
    'Destroy',
  ],
  BaselineServer: ['Get', 'GetAttributeList', 'GetAttributes', 'Locate', 'Register', 'Destroy'],
  TapeLibraryServer: ['Create', 'Get', 'Locate', 'AddAttribute', 'Destroy', 'Poll'],
  SymmetricKeyLifecycleServer: ['Create', 'Get', 'Activate', 'Revoke', 'Destroy'],
  AsymmetricKeyLifecycleServer: ['CreateKeyPair', 'Get', 'Activate', 'Revoke', 'Destroy'],
  BasicCryptographicServer: ['Encrypt', 'Decrypt'],
  AdvancedCryptographicServer: ['Sign', 'SignatureVerify', 'MAC', 'MACVerify', 'Hash'],
  RNGCryptographicServer: ['RNGRetrieve', 'RNGSeed'],
  SymmetricKeyFoundryServer: ['Create'],
  OpaqueManagedObjectStoreServer: ['Register', 'Get', 'Destroy'],
  StorageArrayWithSelfEncryptingDriveServer: ['Register', 'Get', 'Destroy', 'Locate'],
  PKCS_11Server: ['PKCS_11'],
};

const VERSIONS_OF_NAMES: Readonly<Record<string, VersionRange | undefined>> =
  ENUMERATION_VALUE_VERSIONS.ProfileName ?? {};

type ProfileName = ProfileInformation['profileName'];

/**
 * In 1.x a profile is named once for each version up to the asked one, in 2.x once for all.
 *
 * @param operations - What the server offers.
 */
export function profilesOf(
  version: Version,
  operations: readonly OperationName[],
): readonly ProfileInformation[] {
  const met = Object.entries(PROFILES)
    .filter(([, needed]) => needed.every((name) => operations.includes(name)))
    .flatMap(([profile]) => namesOf(profile, version));
  return met.flatMap((name) =>
    isProfileName(name) && isWithin(version, VERSIONS_OF_NAMES[name])
      ? [{ profileName: name }]
      : [],
  );
}

function namesOf(profile: string, version: Version): readonly string[] {
  if (isAtLeast(version, '2.0')) return [profile];
  return VERSIONS.filter((each) => isAtLeast(version, each)).map(
    (each) => `${profile}KMIPV${each.replace('.', '_')}`,
  );
}

function isProfileName(name: string): name is Extract<ProfileName, string> {
  return Object.hasOwn(ENUMERATIONS.ProfileName.values, name);
}
