/** Certify (1.4 §4.7, 2.1 §6.1.6): a certificate for a public key, signed by the authority of the adapter. */

import {
  type Attribute,
  attribute,
  type CertificateRequest,
  ClavigerError,
  isAtLeast,
  OPERATION_SCHEMAS,
  type RequestOf,
} from '@claviger/kmip-protocol';
import type { Subject } from '@claviger/pki';
import { stateAt } from '../lifecycle/state.ts';
import { askedAttributes } from '../objects/defaults.ts';
import { linkedId, withLink, withoutLinks } from '../objects/links.ts';
import { attributeValue, withValues } from '../objects/managed-object.ts';
import { newObject } from '../objects/new-object.ts';
import {
  assertX509,
  besidesCertificate,
  issueCertificate,
} from '../objects/requested-certificate.ts';
import { openKey } from '../objects/usable-key.ts';
import { type FoundObject, handler, type OperationContext } from './operation-handler.ts';

type CertifyRequest = RequestOf<typeof OPERATION_SCHEMAS.Certify>;

export const certify = handler<'Certify'>(OPERATION_SCHEMAS.Certify, async (context, request) => {
  const asked = await askedAttributes(context, 'Certificate', request.attributes);
  assertX509(asked);
  const { publicKey, certificateRequest } = await whatToCertify(context, request);
  if (
    certificateRequest === undefined &&
    attributeValue({ attributes: asked }, 'CertificateType') === undefined
  ) {
    throw new ClavigerError(
      'invalid-field',
      'a Certify without a Certificate Request needs the attribute Certificate Type',
    );
  }
  const { content, implied, save } = await issueCertificate(context, {
    request: certificateRequest,
    publicKey: publicKey === undefined ? undefined : certifiableKey(context, publicKey),
    subject: subjectOf(asked, publicKey),
  });
  const id = context.newIdentifier();
  const certificate = await newObject(context, {
    id,
    objectType: 'Certificate',
    asked: besidesCertificate(asked),
    implied,
    usual: [
      ...(publicKey === undefined
        ? []
        : [
            attribute('Link', {
              linkType: 'PublicKeyLink',
              linkedObjectIdentifier: publicKey.object.id,
            }),
          ]),
      attribute('OriginalCreationDate', context.nowSeconds),
    ],
    content,
    protectionStorageMasks: request.protectionStorageMasks?.protectionStorageMask,
  });
  return {
    response: { uniqueIdentifier: id },
    save: [
      ...save,
      ...(publicKey === undefined ? [] : [certifiedBy(context, publicKey, id)]),
      certificate,
    ],
    audit: {
      subject: { id, objectType: 'Certificate', state: stateAt(certificate, context.nowSeconds) },
    },
    idPlaceholder: id,
  };
});

/** The public key with its certificate; one before it is no longer linked (1.4 §4.7: certificate update). */
function certifiedBy(context: OperationContext, { object }: FoundObject, id: string) {
  const bare = withoutLinks(object, 'CertificateLink');
  const linked = withLink(bare, 'CertificateLink', id, context.version);
  return withValues(linked, { LastChangeDate: context.nowSeconds });
}

interface Certifiable {
  readonly publicKey: FoundObject | undefined;
  readonly certificateRequest: CertificateRequest | undefined;
}

async function whatToCertify(
  context: OperationContext,
  request: CertifyRequest,
): Promise<Certifiable> {
  const given = givenRequest(request);
  // Since 2.0 a request is enough (2.1 §6.1.6).
  const isEnough = given !== undefined && isAtLeast(context.version, '2.0');
  if (isEnough && request.uniqueIdentifier === undefined) {
    return { publicKey: undefined, certificateRequest: given };
  }
  const found = await context.find(request.uniqueIdentifier);
  if (found.object.objectType === 'CertificateRequest' && given === undefined) {
    const keyId = linkedId(found.object, 'PublicKeyLink');
    return {
      publicKey: keyId === undefined ? undefined : await context.read(keyId),
      certificateRequest: context.open(found.object).certificateRequest,
    };
  }
  return { publicKey: found, certificateRequest: given };
}

/** @throws ClavigerError `invalid-field` for a request without its type, or the other way round. */
export function givenRequest({
  certificateRequestType: type,
  certificateRequest: value,
}: Pick<CertifyRequest, 'certificateRequestType' | 'certificateRequest'>):
  | CertificateRequest
  | undefined {
  if (type !== undefined && value !== undefined) {
    return { certificateRequestType: type, certificateRequestValue: value };
  }
  if (type === undefined && value === undefined) return undefined;
  throw new ClavigerError(
    'invalid-field',
    'Certificate Request and Certificate Request Type come together, or not at all',
  );
}

/** @throws ClavigerError `unsuitable-key`, `wrong-state`, `material-destroyed`, `object-archived`. */
function certifiableKey(context: OperationContext, { object, state }: FoundObject) {
  if (object.objectType !== 'PublicKey') {
    throw new ClavigerError('unsuitable-key', 'only a public key can be certified');
  }
  if (state === 'Compromised') {
    throw new ClavigerError('wrong-state', 'the key is compromised; certify another one');
  }
  const key = openKey(context, object);
  if (key.kind === 'public') return key.key;
  throw new ClavigerError('unsuitable-key', 'only a public key can be certified');
}

/** For a certificate without a request: from the attributes, else the identifier of the key. */
function subjectOf(asked: readonly Attribute[], publicKey: FoundObject | undefined): Subject {
  const object = { attributes: asked };
  const organization = attributeValue(object, 'CertificateSubjectO');
  const organizationalUnit = attributeValue(object, 'CertificateSubjectOU');
  return {
    commonName: attributeValue(object, 'CertificateSubjectCN') ?? publicKey?.object.id ?? '',
    ...(organizationalUnit !== undefined && { organizationalUnit }),
    ...(organization !== undefined && { organization }),
  };
}
