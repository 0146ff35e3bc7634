import { decodeTtlv, encodeTtlv } from '@claviger/ttlv-codec';
import { ClavigerError, decodeItem, encodeItem, OPERATION_SCHEMAS } from './index.ts';

const { request } = OPERATION_SCHEMAS.Activate;

// A value to bytes and back: the types follow from the schema.
const bytes = encodeTtlv(encodeItem(request, { uniqueIdentifier: '17' }, '1.4'));
export const { uniqueIdentifier } = decodeItem(request, decodeTtlv(bytes), '1.4');

// KMIP 2.0 can name an object by its place in the batch, 1.4 cannot.
export let refusal = '';
try {
  encodeItem(request, { uniqueIdentifier: { batchIndex: 0 } }, '1.4');
} catch (error) {
  if (error instanceof ClavigerError) refusal = error.message;
}
