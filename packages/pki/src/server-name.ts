/** The names of a server as they go into Subject Alternative Name. */

import { isIP, isIPv6 } from 'node:net';
import { PkiError } from './error.ts';

/** What a server is called, by its clients. */
export interface ServerNames {
  readonly dns: readonly string[];
  /** IPv4 and IPv6, in any of their forms. */
  readonly ips: readonly string[];
}

const LABEL = /^(?!-)[A-Za-z0-9_-]{1,63}(?<!-)$/;

/**
 * Checks a DNS name: letters, digits, `-` and `_` in labels of 1 to 63, at most 253 in all; the first
 * label may be `*`. Names in other scripts are given in their `xn--` form.
 *
 * @throws PkiError `invalid-request`.
 */
export function parseDnsName(text: string): string {
  const labels = text.length > 253 ? [] : text.split('.');
  const named = labels[0] === '*' && labels.length > 1 ? labels.slice(1) : labels;
  if (named.length === 0 || !named.every((label) => LABEL.test(label)) || isIP(text) !== 0) {
    throw new PkiError(
      'invalid-request',
      `${JSON.stringify(text.slice(0, 253))} is not a DNS name`,
    );
  }
  return text;
}

/**
 * The 4 or 16 bytes of an IP address in network order.
 *
 * @throws PkiError `invalid-request`; also for an address with a zone, which means something on one
 * machine only.
 */
export function parseIpAddress(text: string): Uint8Array {
  if (isIP(text) === 0 || text.includes('%')) {
    throw new PkiError(
      'invalid-request',
      `${JSON.stringify(text.slice(0, 64))} is not an IPv4 or IPv6 address`,
    );
  }
  return isIPv6(text) ? ipv6Bytes(text) : Uint8Array.from(text.split('.'), Number);
}

function ipv6Bytes(text: string): Uint8Array {
  // A URL writes the address in its shortest form, with an embedded IPv4 part as hexadecimal groups.
  const shortest = new URL(`http://[${text}]`).hostname.slice(1, -1);
  const [head = '', tail] = shortest.split('::');
  const groupsOf = (part: string): string[] => (part === '' ? [] : part.split(':'));
  const before = groupsOf(head);
  const after = groupsOf(tail ?? '');
  const zeros = new Array<string>(8 - before.length - after.length).fill('0');
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  [...before, ...zeros, ...after].forEach((group, index) => {
    view.setUint16(index * 2, Number.parseInt(group, 16));
  });
  return bytes;
}
