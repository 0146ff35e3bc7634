/** A private key with its certificates as one PKCS#12 container (1.4 §4.11, §3.45; RFC 7292). */

import {
  ClavigerError,
  type EnumerationValue,
  type ManagedObject as ProtocolObject,
} from '@claviger/kmip-protocol';
import { encodePkcs12, type ParsedCertificate, PkiError, parseCertificate } from '@claviger/pki';
import type { OperationContext } from '../operations/operation-handler.ts';
import { keyObjectOf } from './key-format.ts';
import { keyBlockOf } from './key-material.ts';
import { linkedId } from './links.ts';
import { attributeValue, type ManagedObject } from './managed-object.ts';
import { passwordOfContainer } from './pkcs12-password.ts';

/** Longer chains nobody has. */
const MAX_CERTIFICATES = 16;

/** What the specification wants where the key has no such name (1.4 §3.45). */
const USUAL_NAME = 'alias';

/**
 * The container, under the password to which the key has a PKCS#12 Password Link. Its chain begins at the
 * PKCS#12 Certificate Link of the key, or at the Certificate Link of its public key, and goes on by the same
 * links.
 *
 * @param content - The private key in the clear.
 * @throws ClavigerError `key-format-not-supported` for other objects; `invalid-field` when there is no
 * certificate, or one that is not the key's; as {@link passwordOfContainer}.
 */
export async function inPkcs12(
  context: OperationContext,
  object: ManagedObject,
  content: ProtocolObject,
): Promise<ProtocolObject> {
  const block = keyBlockOf(content);
  if (content.privateKey === undefined || block === undefined) {
    throw new ClavigerError(
      'key-format-not-supported',
      'only a private key can be given as PKCS#12',
    );
  }
  const password = await passwordOfContainer(context, object);
  const [certificate, ...chain] = await chainOf(context, object);
  if (certificate === undefined) {
    throw refuse('the private key has no PKCS#12 Certificate Link to a certificate; add one');
  }
  const privateKeyPem = keyObjectOf(content, block)
    .export({ format: 'pem', type: 'pkcs8' })
    .toString();
  const friendlyName = attributeValue(object, 'PKCS_12FriendlyName') ?? USUAL_NAME;
  try {
    const container = { certificate, chain, privateKeyPem, password, friendlyName };
    const keyValue = await encodePkcs12(container, { randomBytes: context.randomBytes });
    return { privateKey: { keyBlock: { keyFormatType: 'PKCS_12', keyValue } } };
  } catch (cause) {
    if (!(cause instanceof PkiError)) throw cause;
    throw new ClavigerError('invalid-field', cause.message, { cause });
  }
}

async function chainOf(
  context: OperationContext,
  key: ManagedObject,
): Promise<readonly ParsedCertificate[]> {
  const publicId = linkedId(key, 'PublicKeyLink');
  const publicKey = publicId === undefined ? undefined : await context.read(publicId);
  const ids = new Set<string>();
  const chain: ParsedCertificate[] = [];
  let next = nextOf(key) ?? (publicKey === undefined ? undefined : nextOf(publicKey.object));
  // The last certificate may be linked to itself.
  while (next !== undefined && !ids.has(next) && ids.size < MAX_CERTIFICATES) {
    ids.add(next);
    const found = await context.read(next);
    const held = found === undefined ? undefined : context.open(found.object).certificate;
    if (found === undefined || held?.certificateType !== 'X_509') {
      throw refuse('a link of the chain does not lead to an X.509 certificate');
    }
    chain.push(parseCertificate(held.certificateValue));
    next = nextOf(found.object);
  }
  return chain;
}

const NEXT = [
  'PKCS_12CertificateLink',
  'CertificateLink',
] as const satisfies readonly EnumerationValue<'LinkType'>[];

function nextOf(object: ManagedObject): string | undefined {
  return linkedId(object, NEXT[0]) ?? linkedId(object, NEXT[1]);
}

function refuse(message: string): ClavigerError {
  return new ClavigerError('invalid-field', message);
}
