/** Query (1.4 §4.25, 2.1 §6.1.40). */

import { RNGParameters } from '../attributes/structures.ts';
import {
  boolean,
  enumeration,
  integer,
  oneOrMore,
  optional,
  repeated,
  required,
  structure,
  text,
  versioned,
} from '../schema/declare.ts';
import type { Infer } from '../schema/schema.ts';
import { DefaultsInformation } from './defaults-information.ts';
import { ObjectGroups } from './object-lists.ts';
import { operation } from './operation.ts';
import { ProtectionStorageMasks } from './protection-storage-masks.ts';

/** Open to a vendor's own items (1.4 §4.25, 2.1 §7.37). */
export const ServerInformation = structure(
  'ServerInformation',
  {
    serverName: optional(text('ServerName'), { since: '2.0' }),
    serverSerialNumber: optional(text('ServerSerialNumber'), { since: '2.0' }),
    serverVersion: optional(text('ServerVersion'), { since: '2.0' }),
    serverLoad: optional(text('ServerLoad'), { since: '2.0' }),
    productName: optional(text('ProductName'), { since: '2.0' }),
    buildLevel: optional(text('BuildLevel'), { since: '2.0' }),
    buildDate: optional(text('BuildDate'), { since: '2.0' }),
    clusterInfo: optional(text('ClusterInfo'), { since: '2.0' }),
    alternateFailoverEndpoints: repeated(text('AlternateFailoverEndpoints'), { since: '2.0' }),
  },
  { unknownItems: 'ignore' },
);
export type ServerInformation = Infer<typeof ServerInformation>;

/** 1.4 §2.1.9, 2.1 §7.13. */
export const ExtensionInformation = structure('ExtensionInformation', {
  extensionName: required(text('ExtensionName')),
  extensionTag: optional(integer('ExtensionTag')),
  extensionType: optional(
    versioned('ExtensionType', [
      { since: '1.0', schema: integer('ExtensionType') },
      { since: '2.0', schema: enumeration('ExtensionType', 'ItemType') },
    ]),
  ),
  extensionEnumeration: optional(integer('ExtensionEnumeration'), { since: '2.0' }),
  extensionAttribute: optional(boolean('ExtensionAttribute'), { since: '2.0' }),
  extensionParentStructureTag: optional(integer('ExtensionParentStructureTag'), { since: '2.0' }),
  extensionDescription: optional(text('ExtensionDescription'), { since: '2.0' }),
});
export type ExtensionInformation = Infer<typeof ExtensionInformation>;

const ProfileVersion = structure('ProfileVersion', {
  profileVersionMajor: required(integer('ProfileVersionMajor')),
  profileVersionMinor: required(integer('ProfileVersionMinor')),
});

/** 1.4 §2.1.19, 2.1 §7.31. */
export const ProfileInformation = structure('ProfileInformation', {
  profileName: required(enumeration('ProfileName', 'ProfileName')),
  profileVersion: optional(ProfileVersion, { since: '2.0' }),
  serverURI: optional(text('ServerURI')),
  serverPort: optional(integer('ServerPort')),
});
export type ProfileInformation = Infer<typeof ProfileInformation>;

/** 1.4 §2.1.20, 2.1 §7.41. */
export const ValidationInformation = structure('ValidationInformation', {
  validationAuthorityType: required(
    enumeration('ValidationAuthorityType', 'ValidationAuthorityType'),
  ),
  validationAuthorityCountry: optional(text('ValidationAuthorityCountry')),
  validationAuthorityURI: optional(text('ValidationAuthorityURI')),
  validationVersionMajor: required(integer('ValidationVersionMajor')),
  validationVersionMinor: optional(integer('ValidationVersionMinor')),
  validationType: required(enumeration('ValidationType', 'ValidationType')),
  validationLevel: required(integer('ValidationLevel')),
  validationCertificateIdentifier: optional(text('ValidationCertificateIdentifier')),
  validationCertificateURI: optional(text('ValidationCertificateURI')),
  validationVendorURI: optional(text('ValidationVendorURI')),
  validationProfile: repeated(text('ValidationProfile')),
});
export type ValidationInformation = Infer<typeof ValidationInformation>;

/** 1.4 §2.1.21, 2.1 §7.5. */
export const CapabilityInformation = structure('CapabilityInformation', {
  streamingCapability: optional(boolean('StreamingCapability')),
  asynchronousCapability: optional(boolean('AsynchronousCapability')),
  attestationCapability: optional(boolean('AttestationCapability')),
  batchUndoCapability: optional(boolean('BatchUndoCapability'), { since: '1.4' }),
  batchContinueCapability: optional(boolean('BatchContinueCapability'), { since: '1.4' }),
  unwrapMode: optional(enumeration('UnwrapMode', 'UnwrapMode')),
  destroyAction: optional(enumeration('DestroyAction', 'DestroyAction')),
  shreddingAlgorithm: optional(enumeration('ShreddingAlgorithm', 'ShreddingAlgorithm')),
  rngMode: optional(enumeration('RNGMode', 'RNGMode')),
  quantumSafeCapability: optional(boolean('QuantumSafeCapability'), { since: '2.0' }),
});
export type CapabilityInformation = Infer<typeof CapabilityInformation>;

export const Query = operation('Query', {
  request: {
    queryFunction: oneOrMore(enumeration('QueryFunction', 'QueryFunction')),
    objectGroups: optional(ObjectGroups, { since: '2.1' }),
  },
  response: {
    operation: repeated(enumeration('Operation', 'Operation')),
    objectType: repeated(enumeration('ObjectType', 'ObjectType')),
    vendorIdentification: optional(text('VendorIdentification')),
    serverInformation: optional(ServerInformation),
    applicationNamespace: repeated(text('ApplicationNamespace')),
    extensionInformation: repeated(ExtensionInformation, { since: '1.1' }),
    attestationType: repeated(enumeration('AttestationType', 'AttestationType'), { since: '1.2' }),
    rngParameters: repeated(RNGParameters, { since: '1.3' }),
    profileInformation: repeated(ProfileInformation, { since: '1.3' }),
    validationInformation: repeated(ValidationInformation, { since: '1.3' }),
    capabilityInformation: repeated(CapabilityInformation, { since: '1.3' }),
    clientRegistrationMethod: repeated(
      enumeration('ClientRegistrationMethod', 'ClientRegistrationMethod'),
      { since: '1.3' },
    ),
    defaultsInformation: optional(DefaultsInformation, { since: '2.0' }),
    protectionStorageMasks: optional(ProtectionStorageMasks, { since: '2.0' }),
  },
});
export type QueryFunction = Infer<typeof Query.request>['queryFunction'][number];
