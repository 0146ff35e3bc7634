/** Reads the texts in which node:crypto gives names of a certificate. */

import { SocketAddress } from 'node:net';

/** One entry of the Subject Alternative Name extension. */
export interface SubjectAlternativeName {
  readonly kind: 'dns' | 'ip' | 'email' | 'uri' | 'other';
  /** For `other` with its own kind in front, as OpenSSL writes it. */
  readonly value: string;
}

const KINDS: Readonly<Record<string, SubjectAlternativeName['kind']>> = {
  DNS: 'dns',
  'IP Address': 'ip',
  email: 'email',
  URI: 'uri',
};

/** Controls, marks of direction and their like: with them one name can look like another. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
const ALL_INVISIBLE = new RegExp(INVISIBLE, 'gu');

/** Whether a text holds characters that cannot be seen. */
export function hasInvisibleCharacters(text: string): boolean {
  return INVISIBLE.test(text);
}

/**
 * One line of text from the lines of `X509Certificate.subject` and `.issuer`: most specific first,
 * separated by commas (RFC 4514). Node has already escaped what RFC 4514 wants escaped; characters that
 * cannot be seen are escaped here, as they could make one name look like another.
 */
export function oneLineName(lines: string): string {
  return lines.split('\n').reverse().join(',').replace(ALL_INVISIBLE, escapeCharacter);
}

/**
 * Parses `X509Certificate.subjectAltName`: entries `kind:value` separated by `, `. A value that holds a
 * comma, quote or control character stands as a JSON string (Node's answer to CVE-2021-44532).
 */
export function parseSubjectAltName(text: string): readonly SubjectAlternativeName[] {
  return text === '' ? [] : text.split(', ').map(parseEntry);
}

function parseEntry(entry: string): SubjectAlternativeName {
  const colon = entry.indexOf(':');
  const name = entry.slice(0, colon);
  const kind = KINDS[name] ?? 'other';
  const value = unquote(entry.slice(colon + 1));
  switch (kind) {
    case 'ip':
      return { kind, value: canonicalAddress(value) };
    case 'other':
      return { kind, value: `${name}:${value}` };
    default:
      return { kind, value };
  }
}

function unquote(value: string): string {
  if (!value.startsWith('"')) {
    return value;
  }
  const parsed: unknown = JSON.parse(value);
  return String(parsed);
}

/** Node writes IPv6 in full and upper case; this is the short form that people and sockets use. */
function canonicalAddress(value: string): string {
  return value.includes(':')
    ? new SocketAddress({ address: value, family: 'ipv6' }).address
    : value;
}

function escapeCharacter(character: string): string {
  return Buffer.from(character, 'utf8')
    .toString('hex')
    .toUpperCase()
    .replace(/../g, (pair) => `\\${pair}`);
}
