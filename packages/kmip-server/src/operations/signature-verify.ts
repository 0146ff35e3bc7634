/** Signature Verify (1.4 §4.32, 2.1 §6.1.56): by the public key of a pair, or of a certificate. */

import { ClavigerError, OPERATION_SCHEMAS } from '@claviger/kmip-protocol';
import {
  isSignatureOf,
  isSignatureOfDigest,
  openVerification,
  signatureScheme,
} from '../cryptography/signature.ts';
import { openKey, parametersFor } from '../objects/usable-key.ts';
import { atOnce } from '../streams/in-parts.ts';
import type { DataStream } from '../streams/open-streams.ts';
import { computeWithKey } from './compute-with-key.ts';
import { handler } from './operation-handler.ts';

type Given = Uint8Array | undefined;
type Validity = 'Valid' | 'Invalid';

export const signatureVerify = handler<'SignatureVerify'>(
  OPERATION_SCHEMAS.SignatureVerify,
  async (context, request) => {
    const { digestedData } = request;
    /** The signature comes with the first part or with the last one; the bytes of a request end with it. */
    const first = request.signatureData?.slice();
    const verdict = (isSignature: (signature: Uint8Array) => boolean) => (last: Given) =>
      validity(isSignature, last ?? first);
    const { uniqueIdentifier, part, effects } = await computeWithKey(context, request, {
      operation: 'SignatureVerify',
      bit: 'Verify',
      purpose: 'process',
      input: digestedData ?? request.data,
      open(object, totalBytes): DataStream<(last: Given) => Validity> {
        const parameters = parametersFor(object, request.cryptographicParameters);
        const key = openKey(context, object);
        if (key.kind !== 'public') {
          throw new ClavigerError('unsuitable-key', 'only a public key verifies signatures');
        }
        const scheme = signatureScheme(key.key, parameters, {
          isDigest: digestedData !== undefined,
          purpose: 'verify',
        });
        if (totalBytes !== undefined) {
          const isOver = digestedData === undefined ? isSignatureOf : isSignatureOfDigest;
          return atOnce(totalBytes, (data) =>
            verdict((signature) => isOver(key.key, scheme, data, signature)),
          );
        }
        const verification = openVerification(key.key, scheme);
        return { update: verification.update, final: () => verdict(verification.verify) };
      },
    });
    return {
      response: {
        uniqueIdentifier,
        validityIndicator: part.result?.(request.signatureData),
        correlationValue: part.correlationValue,
      },
      ...effects,
    };
  },
);

function validity(isSignature: (signature: Uint8Array) => boolean, signature: Given): Validity {
  if (signature === undefined) {
    throw new ClavigerError('invalid-field', 'the Signature Data is missing');
  }
  return isSignature(signature) ? 'Valid' : 'Invalid';
}
