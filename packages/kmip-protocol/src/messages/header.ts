/** Headers of requests and responses (1.4 §7.2, 2.1 §8.2 and §8.5). */

import {
  boolean,
  bytes,
  custom,
  dateTime,
  enumeration,
  integer,
  oneOrMore,
  opaque,
  optional,
  repeated,
  required,
  structure,
  text,
  versioned,
} from '../schema/declare.ts';
import { toSeconds } from '../schema/decode.ts';
import { build } from '../schema/encode.ts';
import type { Infer } from '../schema/schema.ts';
import { VERSIONS, type Version } from '../tables/version.ts';
import { Nonce } from './credentials.ts';

/** 1.4 §6.1, 2.1 §9.16. */
export const ProtocolVersion = structure('ProtocolVersion', {
  protocolVersionMajor: required(integer('ProtocolVersionMajor')),
  protocolVersionMinor: required(integer('ProtocolVersionMinor')),
});
export type ProtocolVersion = Infer<typeof ProtocolVersion>;

/** The version that a Protocol Version names; undefined when this package does not know it. */
export function versionOf(protocolVersion: ProtocolVersion): Version | undefined {
  const name = `${protocolVersion.protocolVersionMajor}.${protocolVersion.protocolVersionMinor}`;
  return VERSIONS.find((version) => version === name);
}

export function protocolVersionOf(version: Version): ProtocolVersion {
  const [major, minor] = version.split('.').map(Number);
  return { protocolVersionMajor: major ?? 0, protocolVersionMinor: minor ?? 0 };
}

/** The form of Credential Value depends on Credential Type (1.4 §2.1.2, 2.1 §9.11): see `credentials.ts`. */
export const Credential = structure('Credential', {
  credentialType: required(enumeration('CredentialType', 'CredentialType')),
  credentialValue: required(opaque('CredentialValue', 'Structure')),
});
export type Credential = Infer<typeof Credential>;

/** 1.4 §6.6, 2.1 §9.4; several credentials since 1.2. */
export const Authentication = structure('Authentication', {
  credential: oneOrMore(Credential),
});
export type Authentication = Infer<typeof Authentication>;

/** Rounded towards the past, also before 1970. */
function wholeSeconds(microseconds: bigint): bigint {
  const rest = microseconds % 1_000_000n;
  return (microseconds - rest) / 1_000_000n - (rest < 0n ? 1n : 0n);
}

/** POSIX seconds. 2.x also allows the form with microseconds, which is read and cut to seconds. */
const TimeStamp = versioned('TimeStamp', [
  { since: '1.0', schema: dateTime('TimeStamp') },
  {
    since: '2.0',
    schema: custom('TimeStamp', ['DateTime', 'DateTimeExtended'], {
      decode: (item) => toSeconds(item.type === 'DateTime' ? item.value : wholeSeconds(item.value)),
      encode: (value, version) => build(dateTime('TimeStamp'), value, version),
    }),
  },
]);

export const RequestHeader = structure('RequestHeader', {
  protocolVersion: required(ProtocolVersion),
  /** Bytes. */
  maximumResponseSize: optional(integer('MaximumResponseSize')),
  clientCorrelationValue: optional(text('ClientCorrelationValue'), { since: '1.4' }),
  serverCorrelationValue: optional(text('ServerCorrelationValue'), { since: '1.4' }),
  asynchronousIndicator: optional(
    versioned('AsynchronousIndicator', [
      { since: '1.0', schema: boolean('AsynchronousIndicator') },
      { since: '2.0', schema: enumeration('AsynchronousIndicator', 'AsynchronousIndicator') },
    ]),
  ),
  attestationCapableIndicator: optional(boolean('AttestationCapableIndicator'), { since: '1.2' }),
  attestationType: repeated(enumeration('AttestationType', 'AttestationType'), { since: '1.2' }),
  authentication: optional(Authentication),
  batchErrorContinuationOption: optional(
    enumeration('BatchErrorContinuationOption', 'BatchErrorContinuationOption'),
  ),
  batchOrderOption: optional(boolean('BatchOrderOption')),
  timeStamp: optional(TimeStamp),
  batchCount: required(integer('BatchCount')),
});
export type RequestHeader = Infer<typeof RequestHeader>;

export const ResponseHeader = structure('ResponseHeader', {
  protocolVersion: required(ProtocolVersion),
  timeStamp: required(TimeStamp),
  nonce: optional(Nonce, { since: '1.2' }),
  serverHashedPassword: optional(bytes('ServerHashedPassword'), { since: '2.0' }),
  attestationType: repeated(enumeration('AttestationType', 'AttestationType'), { since: '1.2' }),
  clientCorrelationValue: optional(text('ClientCorrelationValue'), { since: '1.4' }),
  serverCorrelationValue: optional(text('ServerCorrelationValue'), { since: '1.4' }),
  batchCount: required(integer('BatchCount')),
});
export type ResponseHeader = Infer<typeof ResponseHeader>;
