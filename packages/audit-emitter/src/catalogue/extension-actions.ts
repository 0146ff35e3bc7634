/**
 * Actions of our own, for what the gateway does and the HPCS catalogue has no word for.
 *
 * They stand outside the `hs-crypto.` name space, so that nobody takes them for the product's, and can
 * be turned off as a whole. An operation more is one row here: `kmip-operations.ts` follows.
 */
import type { ActionDefinition } from './action-definition.ts';

interface ExtensionActionDefinition extends ActionDefinition {
  /** The KMIP operation (name as in KMIP's XML) that the action records, when it is one. */
  readonly kmipOperation?: string;
}

export const EXTENSION_ACTIONS = {
  'claviger.kmip-key.locate': {
    kmipOperation: 'Locate',
    group: 'kmip-extension',
    targetTypeURI: 'claviger/kmip-key',
    severity: 'normal',
    conditionalSeverity: null,
    correlationIdSupported: true,
  },
  'claviger.kmip-key-attributes.add': {
    kmipOperation: 'AddAttribute',
    group: 'kmip-extension',
    targetTypeURI: 'claviger/kmip-key/attributes',
    severity: 'normal',
    conditionalSeverity: null,
    correlationIdSupported: true,
  },
  'claviger.kmip-key-attributes.modify': {
    kmipOperation: 'ModifyAttribute',
    group: 'kmip-extension',
    targetTypeURI: 'claviger/kmip-key/attributes',
    severity: 'normal',
    conditionalSeverity: null,
    correlationIdSupported: true,
  },
  'claviger.kmip-key-attributes.delete': {
    kmipOperation: 'DeleteAttribute',
    group: 'kmip-extension',
    targetTypeURI: 'claviger/kmip-key/attributes',
    severity: 'normal',
    conditionalSeverity: null,
    correlationIdSupported: true,
  },
  'claviger.kmip-key-attributes.set': {
    kmipOperation: 'SetAttribute',
    group: 'kmip-extension',
    targetTypeURI: 'claviger/kmip-key/attributes',
    severity: 'normal',
    conditionalSeverity: null,
    correlationIdSupported: true,
  },
  'claviger.kmip-key-attributes.adjust': {
    kmipOperation: 'AdjustAttribute',
    group: 'kmip-extension',
    targetTypeURI: 'claviger/kmip-key/attributes',
    severity: 'normal',
    conditionalSeverity: null,
    correlationIdSupported: true,
  },
  'claviger.kmip-key.check': {
    kmipOperation: 'Check',
    group: 'kmip-extension',
    targetTypeURI: 'claviger/kmip-key',
    severity: 'normal',
    conditionalSeverity: null,
    correlationIdSupported: true,
  },
  'claviger.kmip-key.obtain-lease': {
    kmipOperation: 'ObtainLease',
    group: 'kmip-extension',
    targetTypeURI: 'claviger/kmip-key',
    severity: 'normal',
    conditionalSeverity: null,
    correlationIdSupported: true,
  },
  'claviger.kmip-key.allocate-usage': {
    kmipOperation: 'GetUsageAllocation',
    group: 'kmip-extension',
    targetTypeURI: 'claviger/kmip-key',
    severity: 'normal',
    conditionalSeverity: null,
    correlationIdSupported: true,
  },
  'claviger.kmip-key.archive': {
    kmipOperation: 'Archive',
    group: 'kmip-extension',
    targetTypeURI: 'claviger/kmip-key',
    severity: 'normal',
    conditionalSeverity: null,
    correlationIdSupported: true,
  },
  'claviger.kmip-key.recover': {
    kmipOperation: 'Recover',
    group: 'kmip-extension',
    targetTypeURI: 'claviger/kmip-key',
    severity: 'normal',
    conditionalSeverity: null,
    correlationIdSupported: true,
  },
  'claviger.kmip-certificate.validate': {
    kmipOperation: 'Validate',
    group: 'kmip-extension',
    targetTypeURI: 'claviger/kmip-certificate',
    severity: 'normal',
    conditionalSeverity: null,
    correlationIdSupported: true,
  },
  'claviger.kmip-server.get-constraints': {
    kmipOperation: 'GetConstraints',
    group: 'kmip-extension',
    targetTypeURI: 'claviger/kmip-server',
    severity: 'normal',
    conditionalSeverity: null,
    correlationIdSupported: true,
  },
  'claviger.kmip-server.set-constraints': {
    kmipOperation: 'SetConstraints',
    group: 'kmip-extension',
    targetTypeURI: 'claviger/kmip-server',
    severity: 'normal',
    conditionalSeverity: null,
    correlationIdSupported: true,
  },
  'claviger.kmip-server.set-defaults': {
    kmipOperation: 'SetDefaults',
    group: 'kmip-extension',
    targetTypeURI: 'claviger/kmip-server',
    severity: 'normal',
    conditionalSeverity: null,
    correlationIdSupported: true,
  },
  'claviger.kmip-server.call-cryptoki': {
    kmipOperation: 'PKCS_11',
    group: 'kmip-extension',
    targetTypeURI: 'claviger/kmip-server',
    severity: 'normal',
    conditionalSeverity: null,
    correlationIdSupported: true,
  },
  'claviger.kmip-server.query': {
    kmipOperation: 'Query',
    group: 'kmip-extension',
    targetTypeURI: 'claviger/kmip-server',
    severity: 'normal',
    conditionalSeverity: null,
    correlationIdSupported: true,
  },
  'claviger.kmip-server.discover-versions': {
    kmipOperation: 'DiscoverVersions',
    group: 'kmip-extension',
    targetTypeURI: 'claviger/kmip-server',
    severity: 'normal',
    conditionalSeverity: null,
    correlationIdSupported: true,
  },
  'claviger.kmip-key.encrypt': {
    kmipOperation: 'Encrypt',
    group: 'kmip-extension',
    targetTypeURI: 'claviger/kmip-key',
    severity: 'normal',
    conditionalSeverity: null,
    correlationIdSupported: true,
  },
  'claviger.kmip-key.decrypt': {
    kmipOperation: 'Decrypt',
    group: 'kmip-extension',
    targetTypeURI: 'claviger/kmip-key',
    severity: 'normal',
    conditionalSeverity: null,
    correlationIdSupported: true,
  },
  'claviger.kmip-key.sign': {
    kmipOperation: 'Sign',
    group: 'kmip-extension',
    targetTypeURI: 'claviger/kmip-key',
    severity: 'normal',
    conditionalSeverity: null,
    correlationIdSupported: true,
  },
  'claviger.kmip-key.verify-signature': {
    kmipOperation: 'SignatureVerify',
    group: 'kmip-extension',
    targetTypeURI: 'claviger/kmip-key',
    severity: 'normal',
    conditionalSeverity: null,
    correlationIdSupported: true,
  },
  'claviger.kmip-key.mac': {
    kmipOperation: 'MAC',
    group: 'kmip-extension',
    targetTypeURI: 'claviger/kmip-key',
    severity: 'normal',
    conditionalSeverity: null,
    correlationIdSupported: true,
  },
  'claviger.kmip-key.verify-mac': {
    kmipOperation: 'MACVerify',
    group: 'kmip-extension',
    targetTypeURI: 'claviger/kmip-key',
    severity: 'normal',
    conditionalSeverity: null,
    correlationIdSupported: true,
  },
  'claviger.kmip-server.hash': {
    kmipOperation: 'Hash',
    group: 'kmip-extension',
    targetTypeURI: 'claviger/kmip-server',
    severity: 'normal',
    conditionalSeverity: null,
    correlationIdSupported: true,
  },
  'claviger.kmip-server.retrieve-random': {
    kmipOperation: 'RNGRetrieve',
    group: 'kmip-extension',
    targetTypeURI: 'claviger/kmip-server',
    severity: 'normal',
    conditionalSeverity: null,
    correlationIdSupported: true,
  },
  'claviger.kmip-server.seed-random': {
    kmipOperation: 'RNGSeed',
    group: 'kmip-extension',
    targetTypeURI: 'claviger/kmip-server',
    severity: 'normal',
    conditionalSeverity: null,
    correlationIdSupported: true,
  },
  'claviger.kmip-server.ping': {
    kmipOperation: 'Ping',
    group: 'kmip-extension',
    targetTypeURI: 'claviger/kmip-server',
    severity: 'normal',
    conditionalSeverity: null,
    correlationIdSupported: true,
  },
  'claviger.kmip-server.log': {
    kmipOperation: 'Log',
    group: 'kmip-extension',
    targetTypeURI: 'claviger/kmip-server',
    severity: 'normal',
    conditionalSeverity: null,
    correlationIdSupported: true,
  },
  'claviger.kmip-server.interop': {
    kmipOperation: 'Interop',
    group: 'kmip-extension',
    targetTypeURI: 'claviger/kmip-server',
    severity: 'normal',
    conditionalSeverity: null,
    correlationIdSupported: true,
  },
  'claviger.kmip-ticket.login': {
    kmipOperation: 'Login',
    group: 'kmip-extension',
    targetTypeURI: 'claviger/kmip-ticket',
    severity: 'normal',
    conditionalSeverity: null,
    correlationIdSupported: true,
  },
  'claviger.kmip-ticket.logout': {
    kmipOperation: 'Logout',
    group: 'kmip-extension',
    targetTypeURI: 'claviger/kmip-ticket',
    severity: 'normal',
    conditionalSeverity: null,
    correlationIdSupported: true,
  },
  // A message that is no request, or an operation that has no row.
  'claviger.kmip-request.default': {
    group: 'kmip-extension',
    targetTypeURI: 'claviger/kmip-request',
    severity: 'warning',
    conditionalSeverity: null,
    correlationIdSupported: true,
  },
  // No or no known client certificate, or one that may not connect any more.
  'claviger.kmip-connection.refuse': {
    group: 'kmip-extension',
    targetTypeURI: 'claviger/kmip-connection',
    severity: 'warning',
    conditionalSeverity: null,
    correlationIdSupported: true,
  },
  // Somebody shows an API key for a token.
  'claviger.apikey.login': {
    group: 'identity-extension',
    targetTypeURI: 'claviger/apikey',
    severity: 'normal',
    conditionalSeverity: null,
    correlationIdSupported: true,
  },
  // A certificate ends soon, or has ended: of a client, of an authority, or of the servers.
  'claviger.certificate-expiry.announce': {
    group: 'certificate-extension',
    targetTypeURI: 'claviger/certificate-expiry',
    severity: 'warning',
    conditionalSeverity: null,
    correlationIdSupported: true,
  },
  // The servers show another certificate from now on.
  'claviger.server-certificate.replace': {
    group: 'certificate-extension',
    targetTypeURI: 'claviger/server-certificate',
    severity: 'normal',
    conditionalSeverity: null,
    correlationIdSupported: true,
  },
  // The log is signed with another key from now on.
  'claviger.audit-log-key.rotate': {
    group: 'audit-log-extension',
    targetTypeURI: 'claviger/audit-log-key',
    severity: 'warning',
    conditionalSeverity: null,
    correlationIdSupported: true,
  },
  // The key that signs the log is lost: another one signs it, which the lost one does not vouch for.
  'claviger.audit-log-key.replace': {
    group: 'audit-log-extension',
    targetTypeURI: 'claviger/audit-log-key',
    severity: 'critical',
    conditionalSeverity: null,
    correlationIdSupported: true,
  },
  // Events that are older than they are kept are deleted; their hashes stay.
  'claviger.audit-events.delete': {
    group: 'audit-log-extension',
    targetTypeURI: 'claviger/audit-events',
    severity: 'warning',
    conditionalSeverity: null,
    correlationIdSupported: true,
  },
  // Somebody searches, exports or follows the log.
  'claviger.audit-events.read': {
    group: 'audit-log-extension',
    targetTypeURI: 'claviger/audit-events',
    severity: 'normal',
    conditionalSeverity: null,
    correlationIdSupported: true,
  },
  // A rule over the log has found what it looks for.
  'claviger.alert.fire': {
    group: 'alert-extension',
    targetTypeURI: 'claviger/alert',
    severity: 'critical',
    conditionalSeverity: null,
    correlationIdSupported: true,
  },
  // A sink falls behind the log: a failure. It has caught up: a success.
  'claviger.audit-sink.lag': {
    group: 'audit-log-extension',
    targetTypeURI: 'claviger/audit-sink',
    severity: 'normal',
    conditionalSeverity: null,
    correlationIdSupported: true,
  },
  // The log was compared with its seals.
  'claviger.audit-log.verify': {
    group: 'audit-log-extension',
    targetTypeURI: 'claviger/audit-log',
    severity: 'normal',
    conditionalSeverity: null,
    correlationIdSupported: true,
  },
} as const satisfies Readonly<Record<`claviger.${string}`, ExtensionActionDefinition>>;

export type ExtensionAction = keyof typeof EXTENSION_ACTIONS;
