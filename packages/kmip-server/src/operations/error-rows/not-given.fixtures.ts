/** Reasons that the specification lists for an operation and that the table has no row for, each with why. */

import type { HandledOperation } from '../index.ts';
import type { Reason } from './error-row.fixtures.ts';

export interface NotGiven {
  readonly reason: Reason;
  readonly operations: readonly HandledOperation[];
  readonly why: string;
}

export const NOT_GIVEN: readonly NotGiven[] = [
  {
    reason: 'ApplicationNamespaceNotSupported',
    operations: [
      'AddAttribute',
      'Certify',
      'Create',
      'CreateKeyPair',
      'CreateSplitKey',
      'DeriveKey',
      'Import',
      'JoinSplitKey',
      'ModifyAttribute',
      'ReCertify',
      'ReKey',
      'ReKeyKeyPair',
      'Register',
    ],
    why: 'every namespace is taken as the client gives it',
  },
  {
    reason: 'CryptographicFailure',
    operations: [
      'Create',
      'CreateKeyPair',
      'CreateSplitKey',
      'Hash',
      'MAC',
      'MACVerify',
      'RNGRetrieve',
      'RNGSeed',
      'ReKey',
      'ReKeyKeyPair',
      'ReProvision',
    ],
    why: 'what is asked for is looked at before; a runtime that fails all the same is General Failure',
  },
  {
    reason: 'CryptographicFailure',
    operations: ['SignatureVerify'],
    why: 'a signature that cannot be read is Invalid, as one that is wrong',
  },
  {
    reason: 'EncodingOptionError',
    operations: ['Import', 'Register'],
    why: 'neither wraps: what came wrapped is kept, or unwrapped by what it says of itself',
  },
  {
    reason: 'ObjectArchived',
    operations: ['GetAttributeList', 'GetAttributes'],
    why: 'the attributes of an archived object stay readable',
  },
  {
    reason: 'ItemNotFound',
    operations: ['AdjustAttribute', 'Certify', 'CreateSplitKey'],
    why: 'Object Not Found is given, as for all others in 2.x',
  },
  {
    reason: 'UnsupportedAttribute',
    operations: ['AdjustAttribute', 'Create'],
    why: 'Invalid Attribute says of an attribute that it is not for the object',
  },
  {
    reason: 'InvalidAttribute',
    operations: ['CreateKeyPair', 'DeleteAttribute', 'GetAttributes', 'Locate'],
    why: 'names that are not known are passed over, or refused as Invalid Field where they are read',
  },
  {
    reason: 'InvalidAttributeValue',
    operations: [
      'Create',
      'CreateKeyPair',
      'CreateSplitKey',
      'Import',
      'JoinSplitKey',
      'Register',
      'SetAttribute',
    ],
    why: 'Invalid Field is given for values, as in 1.x',
  },
  {
    reason: 'AttributeReadOnly',
    operations: ['Create', 'CreateKeyPair', 'Import', 'JoinSplitKey', 'Register'],
    why: 'Read Only Attribute is given for both',
  },
  {
    reason: 'ProtectionStorageUnavailable',
    operations: [
      'Certify',
      'Create',
      'CreateSplitKey',
      'Import',
      'JoinSplitKey',
      'ReCertify',
      'ReKey',
      'Register',
    ],
    why: 'Feature Not Supported is given: the storage is not out of order, there is none of the kind',
  },
  ...(['PrivateProtectionStorageUnavailable', 'PublicProtectionStorageUnavailable'] as const).map(
    (reason): NotGiven => ({
      reason,
      operations: ['CreateKeyPair', 'ReKeyKeyPair'],
      why: 'Feature Not Supported is given: the storage is not out of order, there is none of the kind',
    }),
  ),
  {
    reason: 'UsageLimitExceeded',
    operations: ['Encrypt', 'GetUsageAllocation', 'MAC', 'Sign'],
    why: 'the test case CS-BC-M-7 wants Permission Denied',
  },
  {
    reason: 'UsageLimitExceeded',
    operations: ['Check', 'ObtainLease'],
    why: 'Check answers with the count that is not left, and a lease takes nothing from the limits',
  },
  {
    reason: 'MissingInitializationVector',
    operations: ['Decrypt', 'Encrypt'],
    why: 'the test case CS-BC-M-11 wants Invalid Message',
  },
  {
    reason: 'IllegalObjectType',
    operations: ['Check'],
    why: 'Invalid Object Type is given, and for Templates alone, which 2.x cannot name',
  },
  {
    reason: 'WrongKeyLifecycleState',
    operations: ['AdjustAttribute'],
    why: 'no number that a client can adjust depends on the State',
  },
  {
    reason: 'InvalidObjectType',
    operations: ['GetConstraints'],
    why: 'its request names no type',
  },
  {
    reason: 'InvalidObjectType',
    operations: ['GetUsageAllocation'],
    why: 'every object can have Usage Limits in 2.x',
  },
  ...(['BadCryptographicParameters', 'UnsupportedCryptographicParameters'] as const).map(
    (reason): NotGiven => ({
      reason,
      operations: ['CreateSplitKey', 'JoinSplitKey'],
      why: 'their requests have no Cryptographic Parameters',
    }),
  ),
  {
    reason: 'NonUniqueNameAttribute',
    operations: ['CreateSplitKey'],
    why: 'parts get no Name when they are made',
  },
  {
    reason: 'InvalidAsynchronousCorrelationValue',
    operations: ['PKCS_11'],
    why: 'a Correlation Value of nothing has a return code of PKCS#11',
  },
  {
    reason: 'UnknownObjectGroup',
    operations: ['Query'],
    why: 'a group is there by its name alone, and may be empty',
  },
  {
    reason: 'BadPassword',
    operations: ['Register'],
    why: 'PKCS#12 containers have their own test: register.pkcs12.test.ts',
  },
];

/** Operations that refuse nothing but what every operation refuses (every-operation.test.ts). */
export const WITHOUT_ROWS: readonly HandledOperation[] = [
  'Cancel',
  'DiscoverVersions',
  'GetConstraints',
  'Ping',
  'QueryAsynchronousRequests',
];
