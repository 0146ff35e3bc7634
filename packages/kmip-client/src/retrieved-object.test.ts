import { TAGS } from '@claviger/kmip-protocol';
import { describe, expect, it } from 'vitest';
import type { ResponsePayload } from './payloads.ts';
import { toRetrievedObject } from './retrieved-object.ts';

const BYTES = Uint8Array.of(1, 2, 3);

const payload = (rest: Partial<ResponsePayload<'Get'>>): ResponsePayload<'Get'> => ({
  objectType: 'SymmetricKey',
  uniqueIdentifier: 'id',
  ...rest,
});

describe('toRetrievedObject', () => {
  it('finds the bytes of a raw key', () => {
    const keyBlock = {
      keyFormatType: 'Raw',
      keyValue: { keyMaterial: BYTES, attributes: [] },
    } as const;
    expect(toRetrievedObject(payload({ symmetricKey: { keyBlock } }), 'id')).toMatchObject({
      material: BYTES,
      isWrapped: false,
      keyFormatType: 'Raw',
    });
  });

  it('finds the bytes of a Transparent Symmetric Key (1.4 §2.1.7.1)', () => {
    const keyMaterial = {
      tag: TAGS.KeyMaterial,
      type: 'Structure',
      value: [{ tag: TAGS.Key, type: 'ByteString', value: BYTES }],
    } as const;
    const keyBlock = {
      keyFormatType: 'TransparentSymmetricKey',
      keyValue: { keyMaterial, attributes: [] },
    } as const;
    expect(toRetrievedObject(payload({ symmetricKey: { keyBlock } }), 'id').material).toBe(BYTES);
  });

  it('marks wrapped bytes as wrapped', () => {
    const keyBlock = {
      keyFormatType: 'Raw',
      keyValue: BYTES,
      keyWrappingData: { wrappingMethod: 'Encrypt' },
    } as const;
    expect(toRetrievedObject(payload({ privateKey: { keyBlock } }), 'id')).toMatchObject({
      material: BYTES,
      isWrapped: true,
    });
  });

  it('has no bytes for a key whose value the server keeps', () => {
    const keyBlock = { keyFormatType: 'Raw', cryptographicLength: 256 } as const;
    const object = toRetrievedObject(payload({ symmetricKey: { keyBlock } }), 'id');
    expect(object).toMatchObject({ material: undefined, cryptographicLength: 256 });
  });

  it('finds the bytes of certificates and opaque objects', () => {
    const certificate = { certificateType: 'X_509', certificateValue: BYTES } as const;
    const opaqueObject = { opaqueDataType: '0x80000001', opaqueDataValue: BYTES } as const;
    expect(toRetrievedObject(payload({ certificate }), 'id').material).toBe(BYTES);
    expect(toRetrievedObject(payload({ opaqueObject }), 'id').material).toBe(BYTES);
    const certificateRequest = {
      certificateRequestType: 'PKCS_10',
      certificateRequestValue: BYTES,
    } as const;
    expect(toRetrievedObject(payload({ certificateRequest }), 'id').material).toBe(BYTES);
  });

  it('leaves Key Material that is not what its format says to the caller', () => {
    const keyMaterial = { tag: TAGS.KeyMaterial, type: 'Structure', value: [] } as const;
    const keyBlock = {
      keyFormatType: 'TransparentSymmetricKey',
      keyValue: { keyMaterial, attributes: [] },
    } as const;
    const object = toRetrievedObject(payload({ symmetricKey: { keyBlock } }), 'id');
    expect(object.material).toBeUndefined();
    expect(object.object.symmetricKey?.keyBlock).toEqual(keyBlock);
  });
});
