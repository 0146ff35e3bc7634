/** Re-certify (1.4 §4.8, 2.1 §6.1.45): a new certificate for the same key in the place of another. */

import { X509Certificate } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import {
  type Attribute,
  attribute,
  type CertificateRequest,
  ClavigerError,
  OPERATION_SCHEMAS,
} from '@claviger/kmip-protocol';
import { certificateNames, parseCertificate } from '@claviger/pki';
import { assertOnLine } from '../lifecycle/archive.ts';
import { isDestroyed, stateAt } from '../lifecycle/state.ts';
import { linkedId, withLink, withoutLinks } from '../objects/links.ts';
import { type ManagedObject, withValues } from '../objects/managed-object.ts';
import { newObject } from '../objects/new-object.ts';
import { inheritedAttributes, replacedBy } from '../objects/replacement.ts';
import {
  assertX509,
  besidesCertificate,
  issueCertificate,
} from '../objects/requested-certificate.ts';
import { resolveTemplates } from '../objects/templates.ts';
import { givenRequest } from './certify.ts';
import { handler, type OperationContext } from './operation-handler.ts';

export const reCertify = handler<'ReCertify'>(
  OPERATION_SCHEMAS.ReCertify,
  async (context, request) => {
    const { object: existing, state } = await context.find(request.uniqueIdentifier);
    assertOnLine(existing);
    const before = isDestroyed(state) ? undefined : context.open(existing).certificate;
    if (before?.certificateType !== 'X_509') {
      throw new ClavigerError(
        'unsuitable-key',
        'only an X.509 certificate that is not destroyed can be re-certified',
      );
    }
    const asked = await resolveTemplates(context, request.attributes);
    assertX509(asked);
    const { offset, certificateRequestUniqueIdentifier } = request;
    const inherited = inheritedAttributes(existing, {
      offset,
      asked,
      nowSeconds: context.nowSeconds,
    });
    const { content, implied, save } = await issueCertificate(context, {
      request:
        givenRequest(request) ?? (await heldRequest(context, certificateRequestUniqueIdentifier)),
      publicKey: new X509Certificate(before.certificateValue).publicKey,
      subject: new Uint8Array(certificateNames(before.certificateValue).subject.der),
      alternativeNames: parseCertificate(before.certificateValue).subjectAlternativeNames,
    });
    const id = context.newIdentifier();
    const keyId = linkedId(existing, 'PublicKeyLink');
    const replaced = {
      linkType: 'ReplacedObjectLink',
      linkedObjectIdentifier: existing.id,
    } as const;
    const made = await newObject(context, {
      id,
      objectType: 'Certificate',
      asked: besidesCertificate(asked),
      implied,
      inherited: besidesCertificate(inherited),
      usual: [
        ...(keyId === undefined
          ? []
          : [attribute('Link', { linkType: 'PublicKeyLink', linkedObjectIdentifier: keyId })]),
        attribute('Link', replaced, keyId === undefined ? 0 : 1),
        attribute('OriginalCreationDate', context.nowSeconds),
      ],
      content,
      protectionStorageMasks: request.protectionStorageMasks?.protectionStorageMask,
    });
    const certificate = withNamesFirst(made, asked);
    return {
      response: { uniqueIdentifier: id },
      save: [
        ...save,
        replacedBy(existing, id, context),
        ...(await publicKeyWith(context, keyId, id)),
        certificate,
      ],
      audit: {
        subject: { id, objectType: 'Certificate', state: stateAt(certificate, context.nowSeconds) },
      },
      idPlaceholder: id,
    };
  },
);

/** The Names that the client asks for come before those of the existing certificate. */
function withNamesFirst(object: ManagedObject, asked: readonly Attribute[]): ManagedObject {
  const isName = ({ kind, name }: Attribute) => kind === 'standard' && name === 'Name';
  const first = asked.filter(isName);
  const isFirst = (each: Attribute) =>
    first.some(({ value }) => isDeepStrictEqual(value, each.value));
  const names = object.attributes.filter(isName);
  const ordered = [...names.filter(isFirst), ...names.filter((each) => !isFirst(each))];
  const others = object.attributes.filter((each) => !isName(each));
  return {
    ...object,
    attributes: [...others, ...ordered.map((each, index) => ({ ...each, index }))],
  };
}

/** A Certificate Request that the server holds (since 2.0). */
async function heldRequest(
  context: OperationContext,
  id: string | undefined,
): Promise<CertificateRequest | undefined> {
  if (id === undefined) return undefined;
  const found = await context.read(id);
  if (found === undefined) {
    throw new ClavigerError('item-not-found', 'there is no Certificate Request of this identifier');
  }
  const { certificateRequest } = context.open(found.object);
  if (certificateRequest !== undefined) return certificateRequest;
  throw new ClavigerError('illegal-operation', 'the object named is no Certificate Request');
}

/** The public key of the certificate, if it is here still, with the Link to the new one. */
async function publicKeyWith(
  context: OperationContext,
  keyId: string | undefined,
  certificateId: string,
): Promise<readonly ManagedObject[]> {
  const found = keyId === undefined ? undefined : await context.read(keyId);
  if (found === undefined || isDestroyed(found.state)) return [];
  const bare = withoutLinks(found.object, 'CertificateLink');
  const linked = withLink(bare, 'CertificateLink', certificateId, context.version);
  return [withValues(linked, { LastChangeDate: context.nowSeconds })];
}
