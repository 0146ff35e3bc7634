/** The Subject Alternative Name that a signing request asks for (RFC 2985 §5.4.2, RFC 5280 §4.2.1.6). */

import { SocketAddress } from 'node:net';
import type { ParsedRequest } from './certificate-request.ts';
import type { SubjectAlternativeName } from './certificate-text.ts';
import { type DerElement, DerTag, expectTag, oidOf, partsOf, readDer } from './der.ts';
import { PkiError } from './error.ts';

const EXTENSION_REQUEST = '1.2.840.113549.1.9.14';
const SUBJECT_ALT_NAME = '2.5.29.17';

/** More than anybody needs; a certificate must stay small enough for a TLS handshake. */
const MAX_NAMES = 100;

/** Identifier octets of GeneralName: context tags, primitive. */
const KINDS: Readonly<Record<number, 'email' | 'dns' | 'uri' | 'ip'>> = {
  129: 'email',
  130: 'dns',
  134: 'uri',
  135: 'ip',
};

/**
 * Reads the names that a request asks for; none when it asks for none. What a name may be is judged
 * where the certificate is built.
 *
 * @throws PkiError `malformed`; `invalid-request` for a name of a kind that is not issued, and for more
 * than 100 names.
 */
export function requestedNames(request: ParsedRequest): readonly SubjectAlternativeName[] {
  const [value, another] = extensionValues(request.attributes);
  if (value === undefined) {
    return [];
  }
  if (another !== undefined) {
    throw new PkiError('malformed', 'the request asks for alternative names more than once');
  }
  const names = partsOf(readDer(value), DerTag.Sequence);
  if (names.length > MAX_NAMES) {
    throw new PkiError(
      'invalid-request',
      `the request asks for ${names.length} alternative names, at most ${MAX_NAMES} are given`,
    );
  }
  return names.map(toName);
}

/** Values of all Subject Alternative Name extensions asked for. */
function extensionValues(attributes: DerElement | undefined): readonly Uint8Array[] {
  if (attributes === undefined) {
    return [];
  }
  return partsOf(attributes, DerTag.Context0)
    .map((attribute) => partsOf(attribute, DerTag.Sequence))
    .filter(([type]) => oidOf(type) === EXTENSION_REQUEST)
    .flatMap(([, values]) => partsOf(values, DerTag.Set))
    .flatMap((extensions) => partsOf(extensions, DerTag.Sequence))
    .map((extension) => partsOf(extension, DerTag.Sequence))
    .filter(([type]) => oidOf(type) === SUBJECT_ALT_NAME)
    .map((extension) => expectTag(extension.at(-1), DerTag.OctetString).content);
}

function toName({ tag, content }: DerElement): SubjectAlternativeName {
  const kind = KINDS[tag];
  if (kind === undefined) {
    throw new PkiError(
      'invalid-request',
      'the request asks for an alternative name of a kind that is not issued; DNS names, IP addresses, e-mail addresses and URIs are',
    );
  }
  return {
    kind,
    value: kind === 'ip' ? addressOf(content) : Buffer.from(content).toString('latin1'),
  };
}

function addressOf(bytes: Uint8Array): string {
  if (bytes.length === 4) {
    return bytes.join('.');
  }
  if (bytes.length !== 16) {
    throw new PkiError('malformed', 'an IP address in the request has neither 4 nor 16 bytes');
  }
  const groups = Buffer.from(bytes).toString('hex').match(/..../g) ?? [];
  return new SocketAddress({ address: groups.join(':'), family: 'ipv6' }).address;
}
