/**
 * All settings, as data: their types, limits, defaults and what they mean. The file, the environment
 * variables, the messages and the table in the README follow from here.
 *
 * Names are those of the TOML file. A secret is never a setting: only the path of its file is.
 */
import { DEFAULT_KMIP_SERVER_LIMITS as LIMITS } from '@claviger/kmip-server';
import type { z } from 'zod';
import { addressRanges } from './address-ranges.ts';
import { alertSettings } from './alert-settings.ts';
import { apiSettings } from './api-settings.ts';
import { certificateSettings, clientSettings, tlsSettings } from './certificate-settings.ts';
import { clientEndpointSettings } from './client-endpoint-settings.ts';
import {
  listOf,
  oneOf,
  PORT,
  pattern,
  section,
  text,
  wholeNumber,
  yesOrNo,
} from './setting-types.ts';
import { sinkSettings } from './sink-settings.ts';

const MINUTE_MS = 60_000;
const MEBIBYTE = 1024 * 1024;

const crnPart = pattern(/^[a-z0-9-]+$/, 'must consist of lower-case letters, digits and hyphens');

const listener = section({
  host: text().default('0.0.0.0').describe('Address to listen on; `::` for IPv6 and IPv4.'),
  port: PORT.default(5696).describe('0 lets the system choose; the log says which.'),
  transport: oneOf('ttlv', 'https')
    .default('ttlv')
    .describe(
      'How messages travel: as they are, or by `POST /kmip` in TTLV, XML or JSON (`https`).',
    ),
  network: oneOf('private', 'public')
    .default('private')
    .describe('Events of a `public` listener carry the address of the client.'),
  private_cidrs: addressRanges()
    .prefault([])
    .describe('Ranges whose clients a `public` listener takes for private, e.g. `10.0.0.0/8`.'),
  trusted_proxies: addressRanges()
    .prefault([])
    .describe(
      'Balancers that say by the PROXY protocol (version 2) who the client is; they must, and nobody else may.',
    ),
  public_name: pattern(/^[^\s/:]+:\d{1,5}$|^\[[^\s/]+\]:\d{1,5}$/, 'must be HOST:PORT')
    .optional()
    .describe('`HOST:PORT` by which clients know the listener; stands in events.'),
  max_message_bytes: wholeNumber(1024, 64 * MEBIBYTE)
    .default(LIMITS.maxMessageBytes)
    .describe('A larger request is refused before it is read.'),
  max_connections: wholeNumber(1, 1_000_000)
    .default(LIMITS.maxConnections)
    .describe('Connections at a time, handshakes included; fewer where `ulimit -n` is too low.'),
  max_connections_per_certificate: wholeNumber(1, 1_000_000)
    .default(LIMITS.maxConnectionsPerCertificate)
    .describe(
      'Connections at a time with one certificate; vSAN hosts share that of their vCenter.',
    ),
  max_handshakes_per_address: wholeNumber(1, 1_000_000)
    .default(LIMITS.maxHandshakesPerAddress)
    .describe('Connections from one address that have shown no certificate yet.'),
  handshakes_per_turn: wholeNumber(1, 1_000)
    .default(LIMITS.handshakesPerTurn)
    .describe('Handshakes that begin together; fewer while requests are worked on.'),
  handshake_timeout_ms: wholeNumber(100, 10 * MINUTE_MS)
    .default(LIMITS.handshakeTimeoutMs)
    .describe('Time for the TLS handshake.'),
  idle_timeout_ms: wholeNumber(1_000, 24 * 60 * MINUTE_MS)
    .default(LIMITS.idleTimeoutMs)
    .describe('A connection without a whole request for this long is closed.'),
  write_timeout_ms: wholeNumber(1_000, 60 * MINUTE_MS)
    .default(LIMITS.writeTimeoutMs)
    .describe('A client that does not take an answer for this long is cut off.'),
  max_queued_requests: wholeNumber(1, 10_000)
    .default(LIMITS.maxQueuedRequests)
    .describe('Requests that wait on one connection before it is read no further.'),
  max_requests_in_work: wholeNumber(1, 10_000)
    .default(LIMITS.maxRequestsInWork)
    .describe('Requests at a time, up to their commit; others wait, by turns of certificates.'),
  max_requests_in_work_per_certificate: wholeNumber(1, 10_000)
    .default(LIMITS.maxRequestsInWorkPerCertificate)
    .describe('Those of one certificate, while no other asks.'),
  max_requests_in_work_among_others: wholeNumber(1, 10_000)
    .default(LIMITS.maxRequestsInWorkAmongOthers)
    .describe(
      'Those of one certificate, while others ask, too: fewer of them answer others sooner.',
    ),
  max_waiting_requests_per_certificate: wholeNumber(0, 1_000_000)
    .default(LIMITS.maxWaitingRequestsPerCertificate)
    .describe('One more is answered with General Failure.'),
  max_request_wait_ms: wholeNumber(100, 60 * MINUTE_MS)
    .default(LIMITS.maxRequestWaitMs)
    .describe('A request that has waited longer for its turn is answered with General Failure.'),
  overload_lag_ms: wholeNumber(50, 10 * MINUTE_MS)
    .default(LIMITS.overloadLagMs)
    .describe('Whatever is new is refused while the event loop stays so late.'),
  shutdown_timeout_ms: wholeNumber(0, 10 * MINUTE_MS)
    .default(LIMITS.shutdownTimeoutMs)
    .describe('How long stopping waits for what was begun.'),
  old_clients: yesOrNo()
    .default(false)
    .describe(
      'Opens TLS 1.2 with RSA key exchange and AES-CBC to clients that have nothing better: who gets the server key later reads what was recorded.',
    ),
  suite_b: oneOf('minLOS_128', 'minLOS_192')
    .optional()
    .describe(
      'Limits TLS to this level of Suite B: TLS 1.2, AES-GCM, and keys on P-256 or P-384 on both sides. Default: not limited.',
    ),
})
  .refine(({ network, private_cidrs }) => network === 'public' || private_cidrs.length === 0, {
    error: 'counts for nothing unless network is public',
    path: ['private_cidrs'],
  })
  .refine(({ old_clients, suite_b }) => suite_b === undefined || !old_clients, {
    error: 'excludes old_clients: Suite B has none of their cipher suites',
    path: ['suite_b'],
  });

export const settingsSchema = section({
  data_dir: text()
    .default('data')
    .describe('Directory of the database, the keys and the certificates.'),
  kmip: section({
    listeners: listOf(listener)
      .min(1, { error: 'must have at least one listener' })
      .max(64, { error: 'must have at most 64 listeners' })
      .prefault([{}]),
    client_endpoints: clientEndpointSettings.default([]),
    rng_seed: oneOf('accept', 'partial', 'ignore', 'deny')
      .default('ignore')
      .describe(
        'What becomes of the seeds that clients send (RNG Seed): all of one, or its first 16 bytes, is mixed into random bytes; or nothing; or it is refused.',
      ),
    re_provision: yesOrNo()
      .default(false)
      .describe(
        'Lets clients replace the certificate that lets them in (Re-Provision): by one that they bring, or by a request.',
      ),
    for_tests: yesOrNo()
      .default(false)
      .describe(
        'Answers Interop, by which KMIP test suites say what they do. Not for a gateway in use.',
      ),
  }).prefault({}),
  api: apiSettings.prefault({}),
  tls: tlsSettings.prefault({}),
  clients: clientSettings.prefault({}),
  certificates: certificateSettings.prefault({}),
  master_key: section({
    provider: oneOf('file', 'passphrase')
      .default('file')
      .describe('Where the master key comes from.'),
    file: text()
      .optional()
      .describe(
        'The key (`file`), or what the passphrase opens (`passphrase`). Default: in `keys/`.',
      ),
    passphrase_file: text()
      .optional()
      .describe('File with the passphrase, mode 0600; needed by `passphrase`.'),
  })
    .refine((key) => key.provider !== 'passphrase' || key.passphrase_file !== undefined, {
      error: 'is needed when master_key.provider is passphrase',
      path: ['passphrase_file'],
    })
    .refine((key) => key.provider === 'passphrase' || key.passphrase_file === undefined, {
      error: 'counts for nothing unless master_key.provider is passphrase',
      path: ['passphrase_file'],
    })
    .prefault({}),
  audit: section({
    display_name: text()
      .default('Hyper Protect Crypto Services')
      .describe('Name of the service in the messages of events.'),
    cloud: crnPart.default('bluemix').describe('Second part of CRNs.'),
    cloud_type: crnPart.default('local').describe('Third part of CRNs.'),
    service: crnPart.default('hs-crypto').describe('Service name in CRNs.'),
    region: crnPart.default('local').describe('Location in CRNs.'),
    account_id: pattern(/^[0-9a-f]{32}$/, 'must be 32 hexadecimal digits in lower case')
      .optional()
      .describe('Account in CRNs; fixed at the first start. Default: a random one.'),
    fingerprint_algorithm: oneOf('sha256', 'sha1')
      .default('sha256')
      .describe('Fingerprint that names a client in events.'),
    extension_actions: yesOrNo()
      .default(true)
      .describe('Whether operations without an HPCS action leave `claviger.` events.'),
    severity_precedence: oneOf('graver', 'status')
      .default('graver')
      .describe('Which severity counts when action and status disagree.'),
    save_service_copy: yesOrNo().default(true).describe('`saveServiceCopy` of every event.'),
    checkpoint_events: wholeNumber(1, 1_000_000)
      .default(1_000)
      .describe('So many events are sealed by a signed checkpoint at once.'),
    checkpoint_seconds: wholeNumber(1, 24 * 60 * 60)
      .default(60)
      .describe('So long an event waits for its checkpoint, at most.'),
    retention_days: wholeNumber(1, 36_500)
      .optional()
      .describe(
        'Older events are deleted, when they are sealed and every sink has them; their hashes stay. Default: never.',
      ),
    sinks: sinkSettings.default([]),
  }).prefault({}),
  alerts: alertSettings.prefault({}),
  log: section({
    level: oneOf('debug', 'info', 'warn', 'error', 'silent')
      .default('info')
      .describe('Least severity that is logged.'),
    format: oneOf('auto', 'json', 'pretty')
      .default('auto')
      .describe('`auto` is pretty when standard error is a terminal.'),
  }).prefault({}),
});

/** Every setting with its value; what was not given has its default. */
export type Settings = z.output<typeof settingsSchema>;
export type ListenerSettings = Settings['kmip']['listeners'][number];
