/**
 * The PROXY protocol, version 2 (binary): what a balancer puts before the bytes of a client to say who
 * that is. Read only from peers that are trusted; version 1 is text, and is not read.
 *
 * Specification: HAProxy, "The PROXY protocol", section 2.2.
 */

import type { Socket } from 'node:net';

const SIGNATURE = Uint8Array.of(13, 10, 13, 10, 0, 13, 10, 81, 85, 73, 84, 10);
const HEADER_BYTES = 16;
/** Addresses and type-length-values; balancers send a few hundred bytes at most. */
const MAX_BODY_BYTES = 2048;

const VERSION_2_LOCAL = 0x20;
const VERSION_2_PROXY = 0x21;
/** Family and transport: a stream over IPv4 or IPv6, and how long its addresses and ports are. */
const TCP_OVER_IPV4 = { code: 0x11, addressBytes: 4, bodyBytes: 12 } as const;
const TCP_OVER_IPV6 = { code: 0x21, addressBytes: 16, bodyBytes: 36 } as const;

/** Why a connection from a balancer cannot be used. */
export type ProxyFault =
  /** Its first bytes are no PROXY header of version 2. */
  | 'no-header'
  | 'unknown-command'
  /** Datagrams, Unix sockets, or a client that the balancer does not name. */
  | 'unknown-family'
  | 'too-long'
  | 'too-short'
  /** The header was not there in time. */
  | 'late'
  /** The connection ended within the header. */
  | 'ended';

export type ProxyHeader =
  /** The balancer speaks for a client. */
  | { readonly kind: 'client'; readonly address: string }
  /** It speaks for itself, e.g. to see whether somebody answers. */
  | { readonly kind: 'local' }
  | { readonly kind: 'fault'; readonly fault: ProxyFault }
  /** Nothing was sent: somebody looked whether the port is open. */
  | { readonly kind: 'silent' };

/** What the first 16 bytes say: how many follow, or why they are no header. */
export function parseProxyStart(
  start: Uint8Array,
): { readonly bodyBytes: number } | { readonly fault: ProxyFault } {
  if (SIGNATURE.some((byte, index) => start[index] !== byte)) return { fault: 'no-header' };
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  const command = view.getUint8(12);
  if (command !== VERSION_2_LOCAL && command !== VERSION_2_PROXY) {
    return { fault: 'unknown-command' };
  }
  const bodyBytes = view.getUint16(14);
  return bodyBytes > MAX_BODY_BYTES ? { fault: 'too-long' } : { bodyBytes };
}

/** The whole header; type-length-values after the addresses are skipped. */
export function parseProxyHeader(start: Uint8Array, body: Uint8Array): ProxyHeader {
  const [command, family] = start.subarray(12, 14);
  if (command === VERSION_2_LOCAL) return { kind: 'local' };
  const form = [TCP_OVER_IPV4, TCP_OVER_IPV6].find(({ code }) => code === family);
  if (form === undefined) return { kind: 'fault', fault: 'unknown-family' };
  if (body.length < form.bodyBytes) return { kind: 'fault', fault: 'too-short' };
  return { kind: 'client', address: formatAddress(body.subarray(0, form.addressBytes)) };
}

function formatAddress(bytes: Uint8Array): string {
  if (bytes.length === TCP_OVER_IPV4.addressBytes) return bytes.join('.');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const groups = Array.from({ length: 8 }, (_, index) => view.getUint16(index * 2).toString(16));
  // The one way of writing that RFC 5952 has is what URL does to a host.
  return new URL(`http://[${groups.join(':')}]`).hostname.slice(1, -1);
}

/**
 * Takes the header off a connection that nobody has read from. What follows it stays in the socket, for
 * whoever reads it next. Never rejects; does not close the connection.
 *
 * @param timeoutMs - For its first 16 bytes, and again for the rest.
 */
export async function readProxyHeader(socket: Socket, timeoutMs: number): Promise<ProxyHeader> {
  const start = await readExactly(socket, HEADER_BYTES, timeoutMs);
  if (typeof start === 'string') {
    if (start === 'ended' && socket.bytesRead === 0) return { kind: 'silent' };
    return { kind: 'fault', fault: start };
  }
  const parsed = parseProxyStart(start);
  if ('fault' in parsed) return { kind: 'fault', fault: parsed.fault };
  const body = await readExactly(socket, parsed.bodyBytes, timeoutMs);
  if (typeof body === 'string') return { kind: 'fault', fault: body };
  return parseProxyHeader(start, body);
}

function readExactly(
  socket: Socket,
  length: number,
  timeoutMs: number,
): Promise<Uint8Array | 'late' | 'ended'> {
  if (length === 0) return Promise.resolve(new Uint8Array());
  return new Promise((resolve) => {
    const timer = setTimeout(() => done('late'), timeoutMs);

    function done(result: Uint8Array | 'late' | 'ended'): void {
      clearTimeout(timer);
      socket.off('readable', onReadable);
      socket.off('end', onEnd);
      socket.off('close', onEnd);
      resolve(result);
    }
    function onReadable(): void {
      const bytes: Uint8Array | null = socket.read(length);
      if (bytes === null) return;
      // A connection that has ended gives what is left, though it is less.
      done(bytes.length === length ? bytes : 'ended');
    }
    function onEnd(): void {
      done('ended');
    }

    socket.on('readable', onReadable);
    socket.once('end', onEnd);
    socket.once('close', onEnd);
  });
}
