/**
 * A request as it waits: a KMIP message with one item, and from whom it came. As bytes: the length of the
 * origin in four bytes, the origin in JSON, the message. Whoever keeps them seals them.
 */

/** From whom a request came, as far as it is needed to work on it without its connection. */
export interface QueuedOrigin {
  /** SHA-256 of the client's certificate. */
  readonly fingerprintSha256: string;
  /** As the audit log shows it. */
  readonly auditFingerprint: string;
  /** Of a client that an authority lets in. */
  readonly authorityId: string | undefined;
  /** The registered name of the certificate. */
  readonly name: string | undefined;
  readonly hostAddress: string | undefined;
  readonly agent: string | undefined;
  /** As whom it acts within the adapter, where a credential was shown. */
  readonly credentialId: string | undefined;
  readonly credentialName: string | undefined;
  readonly requestURI: string;
  /** By which the events of the request are found, that of its acceptance included. */
  readonly correlationId: string;
}

export interface QueuedMessage {
  readonly origin: QueuedOrigin;
  readonly message: Uint8Array;
}

const LENGTH_BYTES = 4;

/** @returns fresh bytes, which hold what the message holds: the caller wipes them. */
export function encodeQueuedMessage({ origin, message }: QueuedMessage): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(origin));
  const bytes = new Uint8Array(LENGTH_BYTES + text.byteLength + message.byteLength);
  new DataView(bytes.buffer).setUint32(0, text.byteLength);
  bytes.set(text, LENGTH_BYTES);
  bytes.set(message, LENGTH_BYTES + text.byteLength);
  return bytes;
}

/**
 * Reads what `encodeQueuedMessage` wrote; `message` is a view.
 * @throws TypeError for anything else.
 */
export function decodeQueuedMessage(bytes: Uint8Array): QueuedMessage {
  if (bytes.byteLength < LENGTH_BYTES) throw damaged();
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  const end = LENGTH_BYTES + length;
  if (end > bytes.byteLength) throw damaged();
  const origin: unknown = JSON.parse(new TextDecoder().decode(bytes.subarray(LENGTH_BYTES, end)));
  return { origin: parseOrigin(origin), message: bytes.subarray(end) };
}

function parseOrigin(value: unknown): QueuedOrigin {
  if (typeof value !== 'object' || value === null) throw damaged();
  const fields = new Map<string, unknown>(Object.entries(value));
  const optional = (name: string): string | undefined => {
    const field = fields.get(name);
    if (field !== undefined && typeof field !== 'string') throw damaged();
    return field;
  };
  const required = (name: string): string => {
    const field = optional(name);
    if (field === undefined) throw damaged();
    return field;
  };
  return {
    fingerprintSha256: required('fingerprintSha256'),
    auditFingerprint: required('auditFingerprint'),
    authorityId: optional('authorityId'),
    name: optional('name'),
    hostAddress: optional('hostAddress'),
    agent: optional('agent'),
    credentialId: optional('credentialId'),
    credentialName: optional('credentialName'),
    requestURI: required('requestURI'),
    correlationId: required('correlationId'),
  };
}

function damaged(): TypeError {
  return new TypeError('A queued request is not what this version wrote.');
}
