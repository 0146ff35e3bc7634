/**
 * The authority that signs what Certify and Re-certify make: two objects of the adapter, a private key that
 * never leaves the server and its certificate, sealed like every other object and made at first use. The
 * gateway itself does not trust it: what it signs is no certificate of a KMIP client.
 *
 * Whoever destroys or revokes one of the two gets a new authority with the next certificate.
 */

import { createPrivateKey } from 'node:crypto';
import type { Predicate } from '@claviger/key-store';
import { attribute, MASKS, TAGS, type VendorAttribute } from '@claviger/kmip-protocol';
import {
  type CertificateProfile,
  type CertifiedKey,
  certificateValidityAt,
  createCertificateAuthority,
  parseCertificate,
} from '@claviger/pki';
import { isArchived } from '../lifecycle/archive.ts';
import type { OperationContext } from '../operations/operation-handler.ts';
import { certificateAttributes } from './certificate-attributes.ts';
import { textValue, wholeEntry } from './index-entries.ts';
import { keyBlockOf, keyBytes } from './key-material.ts';
import { linkedId } from './links.ts';
import type { ManagedObject } from './managed-object.ts';
import { newObject } from './new-object.ts';

const MODULUS_BITS = 3072;

/** RSA: every reader of certificates knows it. */
const PROFILE: CertificateProfile = {
  subject: { commonName: 'Claviger KMIP Certify', organization: 'Claviger' },
  key: { algorithm: 'RSA', bits: MODULUS_BITS },
  validityDays: 3650,
  keyUsage: ['keyCertSign', 'cRLSign'],
  extendedKeyUsage: [],
};

const BITS = MASKS.CryptographicUsageMask.bits;

/** By which the key is found again; a `y-` attribute is the server's to set (1.4 §3.40). */
const MARK: VendorAttribute = {
  kind: 'vendor',
  vendorIdentification: 'y',
  name: 'Certificate Authority',
  index: 0,
  value: { tag: TAGS.AttributeValue, type: 'Boolean', value: true },
};

/** Newest first; older ones are those that were revoked. */
const MAX_CANDIDATES = 8;

export interface IssuingAuthority {
  readonly authority: CertifiedKey;
  /** Its objects when it was made just now. */
  readonly save: readonly ManagedObject[];
}

/**
 * The authority of the adapter.
 * @throws ClavigerError as {@link newObject}, when there is none yet.
 */
export async function issuingAuthority(context: OperationContext): Promise<IssuingAuthority> {
  const { ids } = await context.locate(MARKED_KEYS, { offset: 0, limit: MAX_CANDIDATES });
  for (const id of ids) {
    const authority = await authorityAt(context, id);
    if (authority !== undefined) return { authority, save: [] };
  }
  return await newAuthority(context);
}

const mark = wholeEntry(MARK);
const MARKED_KEYS: Predicate = {
  kind: 'and',
  of: [
    { kind: 'equals', name: mark.name, value: mark.value },
    { kind: 'equals', name: 'Object Type', value: textValue('PrivateKey') },
    { kind: 'equals', name: 'State', value: textValue('Active') },
  ],
};

async function authorityAt(
  context: OperationContext,
  keyId: string,
): Promise<CertifiedKey | undefined> {
  const key = await usable(context, keyId);
  const link = key === undefined ? undefined : linkedId(key, 'CertificateLink');
  const held = link === undefined ? undefined : await usable(context, link);
  if (key === undefined || held === undefined) return undefined;
  const der = context.open(held).certificate?.certificateValue;
  const block = keyBlockOf(context.open(key));
  const material = block === undefined ? undefined : keyBytes(block);
  if (der === undefined || material === undefined) return undefined;
  const certificate = parseCertificate(der);
  const isOver = certificateValidityAt(certificate, context.nowSeconds * 1000) !== 'valid';
  return isOver ? undefined : { certificate, privateKeyPem: pemOf(material) };
}

async function usable(context: OperationContext, id: string): Promise<ManagedObject | undefined> {
  const found = await context.read(id);
  return found?.state === 'Active' && !isArchived(found.object) ? found.object : undefined;
}

async function newAuthority(context: OperationContext): Promise<IssuingAuthority> {
  const authority = await createCertificateAuthority(PROFILE, {
    now: () => context.nowSeconds * 1000,
    randomBytes: context.randomBytes,
  });
  const keyId = context.newIdentifier();
  const certificateId = context.newIdentifier();
  const active = attribute('ActivationDate', context.nowSeconds);
  const keyMaterial = context.wipeLater(derOf(authority.privateKeyPem));
  const key = await newObject(context, {
    id: keyId,
    objectType: 'PrivateKey',
    asked: [active, attribute('CryptographicUsageMask', BITS.CertificateSign | BITS.CRLSign)],
    implied: [
      attribute('CryptographicAlgorithm', 'RSA'),
      attribute('CryptographicLength', MODULUS_BITS),
    ],
    usual: [
      attribute('Sensitive', true),
      attribute('Extractable', false),
      attribute('OriginalCreationDate', context.nowSeconds),
      attribute('Link', { linkType: 'CertificateLink', linkedObjectIdentifier: certificateId }),
      MARK,
    ],
    content: {
      privateKey: {
        keyBlock: {
          keyFormatType: 'PKCS_8',
          keyValue: { keyMaterial, attributes: [] },
          cryptographicAlgorithm: 'RSA',
          cryptographicLength: MODULUS_BITS,
        },
      },
    },
  });
  const content = {
    certificateType: 'X_509',
    certificateValue: authority.certificate.der,
  } as const;
  const certificate = await newObject(context, {
    id: certificateId,
    objectType: 'Certificate',
    asked: [active, attribute('CryptographicUsageMask', BITS.Verify)],
    implied: certificateAttributes(content),
    usual: [
      attribute('OriginalCreationDate', context.nowSeconds),
      attribute('Link', { linkType: 'PrivateKeyLink', linkedObjectIdentifier: keyId }),
      MARK,
    ],
    content: { certificate: content },
  });
  return { authority, save: [key, certificate] };
}

function derOf(pem: string): Uint8Array {
  return createPrivateKey(pem).export({ format: 'der', type: 'pkcs8' });
}

function pemOf(der: Uint8Array): string {
  const { buffer, byteOffset, byteLength } = der;
  const key = Buffer.from(buffer, byteOffset, byteLength);
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' })
    .export({ format: 'pem', type: 'pkcs8' })
    .toString();
}
