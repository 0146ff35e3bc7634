/** Why a TLS handshake failed, in words that say what to do, with what the client has offered. */

import { type ClientHello, HANDSHAKE_RECORD, parseClientHello } from './client-hello.ts';
import type { SuiteB } from './tls-options.ts';

export type HandshakeFailureKind =
  | 'no-tls'
  | 'old-protocol'
  | 'no-shared-cipher'
  | 'no-shared-group'
  | 'no-shared-signature'
  | 'certificate-refused'
  | 'ended-by-client'
  | 'too-slow'
  | 'other';

export interface HandshakeFailure {
  readonly kind: HandshakeFailureKind;
  /** What happened and what to do. */
  readonly advice: string;
  /** Code of OpenSSL or of the system. */
  readonly code: string | undefined;
  /** Undefined when the client sent no ClientHello. */
  readonly offered: ClientHello | undefined;
}

export interface FailedHandshake {
  /** What the client sent first; may be cut. */
  readonly firstRecord: Uint8Array;
  /** What TLS says; undefined when the client ended without a word. */
  readonly error: Error | undefined;
  /** Whether the listener is open to old clients. */
  readonly oldClients: boolean;
  /** The level of Suite B to which the listener is limited. */
  readonly suiteB?: SuiteB | undefined;
}

const MODERN_VERSIONS = ['TLS 1.3', 'TLS 1.2'];
/** What the switch for old clients opens. */
const OLD_SUITES = ['TLS_RSA_WITH_AES_256_CBC_SHA256', 'TLS_RSA_WITH_AES_128_CBC_SHA256'];
const KMIP_REQUEST_TAG = [0x42, 0x00, 0x78];
const HTTP_REQUEST = /^(?:GET|HEAD|POST|PUT|OPTIONS|CONNECT|DELETE|PATCH|PRI) /;

/** By what the code of OpenSSL contains; the first that fits. */
const BY_CODE: readonly (readonly [part: RegExp, kind: HandshakeFailureKind])[] = [
  [/UNSUPPORTED_PROTOCOL|VERSION_TOO_LOW|ALERT_PROTOCOL_VERSION/, 'old-protocol'],
  [/NO_SHARED_CIPHER/, 'no-shared-cipher'],
  [/NO_SHARED_GROUP|NO_SUITABLE_KEY_SHARE|NO_SUITABLE_GROUPS/, 'no-shared-group'],
  [/NO_SHARED_SIGNATURE|NO_SUITABLE_SIGNATURE/, 'no-shared-signature'],
  [
    /ALERT_(?:UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_|UNSUPPORTED_CERTIFICATE|ACCESS_DENIED)/,
    'certificate-refused',
  ],
  [/HANDSHAKE_TIMEOUT/, 'too-slow'],
  [/ECONNRESET|EPIPE|UNEXPECTED_EOF/, 'ended-by-client'],
];

/** Puts a failed handshake into words. */
export function explainHandshake(failed: FailedHandshake): HandshakeFailure {
  const { firstRecord, error } = failed;
  const offered = parseClientHello(firstRecord);
  const code = codeOf(error);
  const kind = kindOf(failed, offered, code);
  const advice = suiteBAdvice(kind, failed) ?? ADVICE[kind](offered, failed);
  return { kind, advice, code, offered };
}

function kindOf(
  { firstRecord, error }: FailedHandshake,
  offered: ClientHello | undefined,
  code: string | undefined,
): HandshakeFailureKind {
  if (firstRecord.length > 0 && firstRecord[0] !== HANDSHAKE_RECORD) return 'no-tls';
  if (offered !== undefined && !offered.versions.some((name) => MODERN_VERSIONS.includes(name))) {
    return 'old-protocol';
  }
  if (error === undefined) return 'ended-by-client';
  return BY_CODE.find(([part]) => part.test(code ?? ''))?.[1] ?? 'other';
}

const ADVICE: Readonly<
  Record<
    HandshakeFailureKind,
    (offered: ClientHello | undefined, failed: FailedHandshake) => string
  >
> = {
  'no-tls': (_, { firstRecord }) =>
    `The client does not speak TLS${protocolOf(firstRecord)}: switch TLS on in the client, or look which program connects here.`,
  'old-protocol': (offered) =>
    `The client offers ${offered?.versions[0] ?? 'an older version'} at most, and TLS 1.2 is needed: update the client. No setting opens older versions, old_clients neither.`,
  'no-shared-cipher': adviseOnCiphers,
  'no-shared-group': () =>
    'The client offers no key exchange group that is open here: switch on secp256r1 or x25519 in it.',
  'no-shared-signature': (offered) =>
    `The client offers no signature that the key of the server can make (${listed(offered?.signatureAlgorithms)}): switch on rsa_pkcs1_sha256 or rsa_pss_rsae_sha256 in it, or ecdsa_secp256r1_sha256 for a server with an EC key.`,
  'certificate-refused': () =>
    'The client does not trust the certificate of this server: trust it there, by the fingerprints that the log shows at the start.',
  'ended-by-client': () =>
    'The client ended the connection during the handshake: perhaps it does not trust the certificate of this server, whose fingerprints the log shows at the start, or only tried the port.',
  'too-slow': () =>
    'The client did not finish the handshake in time (kmip.listeners[].handshake_timeout_ms): look at the network between, and whether it speaks TLS at all.',
  other: (_, { error }) =>
    `TLS could not be agreed on (${codeOf(error) ?? 'no reason was given'}): compare what the client offered with what it is set to.`,
};

const SUITE_B_NEEDS = {
  minLOS_128: 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 and a key on P-256',
  minLOS_192: 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384 and a key on P-384',
} as const satisfies Record<SuiteB, string>;

const NOT_OF_SUITE_B: readonly HandshakeFailureKind[] = [
  'old-protocol',
  'no-shared-cipher',
  'no-shared-group',
  'no-shared-signature',
  'other',
];

/** What the advice for other listeners says would not help. */
function suiteBAdvice(kind: HandshakeFailureKind, { suiteB }: FailedHandshake): string | undefined {
  if (suiteB === undefined || !NOT_OF_SUITE_B.includes(kind)) return undefined;
  return `This listener is limited to Suite B (kmip.listeners[].suite_b is ${suiteB}): the client needs TLS 1.2, ${SUITE_B_NEEDS[suiteB]}. Other clients need another listener.`;
}

function adviseOnCiphers(
  offered: ClientHello | undefined,
  { oldClients }: FailedHandshake,
): string {
  const suites = offered?.cipherSuites ?? [];
  if (!oldClients && suites.some((suite) => OLD_SUITES.includes(suite))) {
    return 'The client offers only cipher suites of old clients: switch on ECDHE with AES-GCM in it, or set old_clients = true for this listener (kmip.listeners[].old_clients), which gives up forward secrecy.';
  }
  const hasGcm = suites.some((suite) => /^TLS_ECDHE_.*(?:GCM|CHACHA20)/.test(suite));
  return hasGcm
    ? 'The client and the server share no cipher suite for the key of the server: ECDHE_RSA needs a server certificate with an RSA key, ECDHE_ECDSA one with an EC key. Switch on both kinds in the client, or change tls.certificate_file.'
    : 'The client offers no cipher suite that is open here: switch on TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384 or TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 in it.';
}

function protocolOf(bytes: Uint8Array): string {
  if (HTTP_REQUEST.test(new TextDecoder('latin1').decode(bytes.subarray(0, 8)))) return ' but HTTP';
  const isKmip = KMIP_REQUEST_TAG.every((byte, index) => bytes[index] === byte);
  return isKmip ? ' but KMIP in the clear' : '';
}

function listed(names: readonly string[] | undefined): string {
  return names === undefined || names.length === 0 ? 'it names none' : names.join(', ');
}

function codeOf(error: Error | undefined): string | undefined {
  return error !== undefined && 'code' in error ? String(error.code) : undefined;
}
