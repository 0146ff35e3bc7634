/**
 * Re-Provision (2.1 §6.1.48): the client brings another certificate, or has one signed, and is let in by that from
 * now on; the one that it has is removed in the same commit. Offered only where the operator says so.
 */

import {
  attribute,
  type Certificate,
  ClavigerError,
  OPERATION_SCHEMAS,
  type RequestOf,
} from '@claviger/kmip-protocol';
import {
  assessClientCertificate,
  certificateValidityAt,
  type ParsedCertificate,
  PkiError,
  parseCertificate,
} from '@claviger/pki';
import { stateAt } from '../lifecycle/state.ts';
import { certificateAttributes } from '../objects/certificate-attributes.ts';
import { newObject } from '../objects/new-object.ts';
import { type IssuedCertificate, issueCertificate } from '../objects/requested-certificate.ts';
import { handler, type OperationContext } from './operation-handler.ts';

type ReProvisionRequest = RequestOf<typeof OPERATION_SCHEMAS.ReProvision>;

export const reProvision = handler<'ReProvision'>(
  OPERATION_SCHEMAS.ReProvision,
  async (context, request) => {
    const own = context.clientCertificate;
    if (own === undefined) {
      throw new ClavigerError(
        'permission-denied',
        'an authority lets this client in: that authority issues its certificates',
      );
    }
    const { content, implied, save } = await whatToLetIn(context, request);
    const certificate = await readClientCertificate(context, content.certificate);
    const id = context.newIdentifier();
    const object = await newObject(context, {
      id,
      objectType: 'Certificate',
      asked: [],
      implied,
      usual: [attribute('OriginalCreationDate', context.nowSeconds)],
      content,
      protectionStorageMasks: undefined,
    });
    return {
      response: { uniqueIdentifier: id },
      save: [...save, object],
      clientCertificate: {
        replaces: own.id,
        record: {
          id: context.newIdentifier(),
          adapterId: context.adapterId,
          name: own.name,
          pem: certificate.pem,
          fingerprintSha256: certificate.fingerprintSha256,
          fingerprintSha1: certificate.fingerprintSha1,
          subject: certificate.subject,
          notBefore: certificate.notBefore,
          notAfter: certificate.notAfter,
          createdAt: context.nowSeconds * 1000,
          createdBy: own.createdBy,
        },
      },
      audit: {
        subject: { id, objectType: 'Certificate', state: stateAt(object, context.nowSeconds) },
        certificateFingerprint: certificate.fingerprintSha256,
      },
      idPlaceholder: id,
    };
  },
);

async function whatToLetIn(
  context: OperationContext,
  { certificate, certificateRequest }: ReProvisionRequest,
): Promise<IssuedCertificate> {
  if (certificate !== undefined && certificateRequest !== undefined) {
    throw new ClavigerError(
      'invalid-field',
      'send a Certificate or a Certificate Request, not both',
    );
  }
  if (certificate !== undefined) {
    return { content: { certificate }, implied: certificateAttributes(certificate), save: [] };
  }
  if (certificateRequest === undefined) {
    throw new ClavigerError(
      'feature-not-supported',
      'a key made here could not be fetched, since the certificate of this connection ends now; send a Certificate Request',
    );
  }
  const subject = { commonName: 'unused' }; // the request has its own
  return await issueCertificate(context, {
    request: certificateRequest,
    publicKey: undefined,
    subject,
  });
}

/** What may be registered by an operator may be brought by a client; weak certificates never are. */
async function readClientCertificate(
  context: OperationContext,
  certificate: Certificate | undefined,
): Promise<ParsedCertificate> {
  if (certificate?.certificateType !== 'X_509')
    throw refused('only X.509 certificates let clients in');
  let parsed: ParsedCertificate;
  try {
    parsed = parseCertificate(certificate.certificateValue);
  } catch (cause) {
    if (!(cause instanceof PkiError)) throw cause;
    throw refused(cause.message, { cause });
  }
  const assessment = assessClientCertificate(parsed, { allowWeak: false });
  if (assessment.kind === 'refused') throw refused(assessment.reason);
  if (certificateValidityAt(parsed, context.nowSeconds * 1000) !== 'valid') {
    throw refused('the certificate has expired, or is not valid yet');
  }
  if (await context.isRegistered(parsed.fingerprintSha256)) {
    throw refused('the certificate is registered already; bring another one');
  }
  return parsed;
}

function refused(message: string, options?: ErrorOptions): ClavigerError {
  return new ClavigerError('invalid-field', message, options);
}
