/**
 * What a Credential holds, by its Credential Type (1.4 §2.1.2, 2.1 §9.11). The type stands beside the value,
 * so that whoever checks credentials reads the value by the schema of its type.
 */

import {
  bytes,
  dateTimeExtended,
  enumeration,
  optional,
  required,
  structure,
  text,
} from '../schema/declare.ts';
import type { Infer, StructureSchema } from '../schema/schema.ts';
import type { EnumerationValueName } from '../tables/enumerations.ts';

/** 1.4 §2.1.14, 2.1 §9.14. */
export const Nonce = structure('Nonce', {
  nonceID: required(bytes('NonceID')),
  nonceValue: required(bytes('NonceValue')),
});
export type Nonce = Infer<typeof Nonce>;

/** 2.1 §7.39. */
export const Ticket = structure('Ticket', {
  ticketType: required(enumeration('TicketType', 'TicketType')),
  ticketValue: required(bytes('TicketValue')),
});
export type Ticket = Infer<typeof Ticket>;

/** The schema of Credential Value for each Credential Type: `decodeItem(CREDENTIAL_VALUES.Device, item, version)`. */
export const CREDENTIAL_VALUES = {
  UsernameAndPassword: structure('CredentialValue', {
    username: required(text('Username')),
    password: optional(text('Password')),
  }),
  /** Since 1.1. The client gives at least one of them. */
  Device: structure('CredentialValue', {
    deviceSerialNumber: optional(text('DeviceSerialNumber')),
    password: optional(text('Password')),
    deviceIdentifier: optional(text('DeviceIdentifier')),
    networkIdentifier: optional(text('NetworkIdentifier')),
    machineIdentifier: optional(text('MachineIdentifier')),
    mediaIdentifier: optional(text('MediaIdentifier')),
  }),
  /** Since 1.2. */
  Attestation: structure('CredentialValue', {
    nonce: required(Nonce),
    attestationType: required(enumeration('AttestationType', 'AttestationType')),
    attestationMeasurement: optional(bytes('AttestationMeasurement')),
    attestationAssertion: optional(bytes('AttestationAssertion')),
  }),
  /** Since 2.0, as those below. */
  OneTimePassword: structure('CredentialValue', {
    username: required(text('Username')),
    password: optional(text('Password')),
    oneTimePassword: required(text('OneTimePassword')),
  }),
  HashedPassword: structure('CredentialValue', {
    username: required(text('Username')),
    /** POSIX microseconds; it is hashed with the password. */
    timeStamp: required(dateTimeExtended('TimeStamp')),
    /** SHA-256 when absent. */
    hashingAlgorithm: optional(enumeration('HashingAlgorithm', 'HashingAlgorithm')),
    hashedPassword: required(bytes('HashedPassword')),
  }),
  Ticket: structure('CredentialValue', { ticket: required(Ticket) }),
} as const satisfies Readonly<Record<EnumerationValueName<'CredentialType'>, StructureSchema>>;
