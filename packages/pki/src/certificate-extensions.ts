/** The extensions of a certificate as they stand in it (RFC 5280 §4.1). */

import { type DerElement, DerTag, oidOf, partsOf, readDer } from './der.ts';
import { PkiError } from './error.ts';

export interface CertificateExtension {
  /** In dotted numbers. */
  readonly oid: string;
  readonly critical: boolean;
  /** View of the DER inside of the OCTET STRING. */
  readonly value: Uint8Array;
}

/** @throws PkiError `malformed`. */
export function extensionsOf(der: Uint8Array): readonly CertificateExtension[] {
  const [content] = partsOf(readDer(der), DerTag.Sequence);
  const wrapped = partsOf(content, DerTag.Sequence).find(({ tag }) => tag === DerTag.Context3);
  const [list] = wrapped === undefined ? [] : partsOf(wrapped, DerTag.Context3);
  return list === undefined ? [] : partsOf(list, DerTag.Sequence).map(toExtension);
}

const BASIC_CONSTRAINTS = '2.5.29.19';

/** How many authorities may stand below an authority (RFC 5280 §4.2.1.9); undefined: any number. */
export function pathLengthOf(der: Uint8Array): number | undefined {
  const found = extensionsOf(der).find(({ oid }) => oid === BASIC_CONSTRAINTS);
  if (found === undefined) return undefined;
  const length = partsOf(readDer(found.value), DerTag.Sequence).find(
    ({ tag }) => tag === DerTag.Integer,
  );
  // One byte is more than any chain has; a longer or negative number is no limit that can be obeyed.
  return length === undefined ? undefined : length.content.length === 1 ? length.content[0] : 0;
}

function toExtension(element: DerElement): CertificateExtension {
  const parts = partsOf(element, DerTag.Sequence);
  const [type, second] = parts;
  const value = parts.at(-1);
  if (value === undefined) throw new PkiError('malformed', 'an extension has no value');
  // In DER the flag stands only where it is true.
  return { oid: oidOf(type), critical: second?.tag === DerTag.Boolean, value: value.content };
}
