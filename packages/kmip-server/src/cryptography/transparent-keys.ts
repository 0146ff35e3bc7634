/** Key pairs between the Transparent formats and the runtime's keys (1.4 §2.1.7). */

import { createECDH, type JsonWebKey, type KeyObject } from 'node:crypto';
import {
  ClavigerError,
  decodeItem,
  encodeItem,
  TRANSPARENT_KEYS,
  type TransparentKeyFormat,
} from '@claviger/kmip-protocol';
import type { TtlvItem } from '@claviger/ttlv-codec';
import { CURVES, readJwk } from './asymmetric-keys.ts';

/** The name of a curve in a JSON Web Key, by its Recommended Curve (RFC 7518 §6.2.1.1, RFC 8812). */
const JWK_CURVES: Readonly<Record<string, string>> = {
  P_256: 'P-256',
  P_384: 'P-384',
  P_521: 'P-521',
  SECP256K1: 'secp256k1',
};

const NEWEST = '2.1';

/**
 * Reads the numbers of a key.
 * @throws ClavigerError `invalid-field` for numbers that make no key, `key-format-not-supported` for a
 * format or a curve that the runtime cannot read.
 */
export function readTransparentKey(format: TransparentKeyFormat, material: TtlvItem): KeyObject {
  switch (format) {
    case 'TransparentRSAPrivateKey': {
      const key = decodeItem(TRANSPARENT_KEYS[format], material, NEWEST);
      return readJwk('private', {
        kty: 'RSA',
        n: number(key.modulus),
        e: number(key.publicExponent),
        d: number(key.privateExponent),
        p: number(key.p),
        q: number(key.q),
        dp: number(key.primeExponentP),
        dq: number(key.primeExponentQ),
        qi: number(key.crtCoefficient),
      });
    }
    case 'TransparentRSAPublicKey': {
      const key = decodeItem(TRANSPARENT_KEYS[format], material, NEWEST);
      return readJwk('public', {
        kty: 'RSA',
        n: number(key.modulus),
        e: number(key.publicExponent),
      });
    }
    case 'TransparentECPrivateKey':
    case 'TransparentECDSAPrivateKey':
    case 'TransparentECDHPrivateKey':
    case 'TransparentECMQVPrivateKey': {
      const { recommendedCurve, d } = decodeItem(TRANSPARENT_KEYS[format], material, NEWEST);
      const { crv, name, size } = curveOf(recommendedCurve);
      const ecdh = createECDH(name);
      const secret = bytesOf(d, size);
      try {
        ecdh.setPrivateKey(secret);
        const point = ecdh.getPublicKey();
        return readJwk('private', { kty: 'EC', crv, d: base64url(secret), ...coordinates(point) });
      } catch (cause) {
        throw new ClavigerError('invalid-field', 'D is no private key of the curve', { cause });
      } finally {
        secret.fill(0);
      }
    }
    case 'TransparentECPublicKey':
    case 'TransparentECDSAPublicKey':
    case 'TransparentECDHPublicKey':
    case 'TransparentECMQVPublicKey': {
      const { recommendedCurve, qString } = decodeItem(TRANSPARENT_KEYS[format], material, NEWEST);
      const { crv, size } = curveOf(recommendedCurve);
      if (qString[0] !== 4 || qString.length !== 1 + 2 * size) {
        throw new ClavigerError('invalid-field', 'Q String is no uncompressed point of the curve');
      }
      return readJwk('public', { kty: 'EC', crv, ...coordinates(qString) });
    }
    default:
      throw notSupported(format);
  }
}

/**
 * Writes the numbers of a key; secret ones are in the items.
 * @throws ClavigerError `key-format-not-supported` for a format that the key does not have.
 */
export function writeTransparentKey(key: KeyObject, format: TransparentKeyFormat): TtlvItem {
  const isPrivate = /PrivateKey$/.test(format);
  const family = /RSA/.test(format)
    ? 'rsa'
    : /Transparent(?:EC|ECDSA|ECDH|ECMQV)P/.test(format)
      ? 'ec'
      : '';
  if (family !== key.asymmetricKeyType || isPrivate !== (key.type === 'private')) {
    throw notSupported(format);
  }
  const jwk = key.export({ format: 'jwk' });
  switch (format) {
    case 'TransparentRSAPrivateKey':
      return encodeItem(
        TRANSPARENT_KEYS[format],
        {
          modulus: integer(jwk.n),
          privateExponent: integer(jwk.d),
          publicExponent: integer(jwk.e),
          p: integer(jwk.p),
          q: integer(jwk.q),
          primeExponentP: integer(jwk.dp),
          primeExponentQ: integer(jwk.dq),
          crtCoefficient: integer(jwk.qi),
        },
        NEWEST,
      );
    case 'TransparentRSAPublicKey':
      return encodeItem(
        TRANSPARENT_KEYS[format],
        { modulus: integer(jwk.n), publicExponent: integer(jwk.e) },
        NEWEST,
      );
    case 'TransparentECPrivateKey':
    case 'TransparentECDSAPrivateKey':
    case 'TransparentECDHPrivateKey':
      return encodeItem(
        TRANSPARENT_KEYS[format],
        { recommendedCurve: curveNamed(jwk, format), d: integer(jwk.d) },
        NEWEST,
      );
    case 'TransparentECPublicKey':
    case 'TransparentECDSAPublicKey':
    case 'TransparentECDHPublicKey':
      return encodeItem(
        TRANSPARENT_KEYS[format],
        { recommendedCurve: curveNamed(jwk, format), qString: pointOf(jwk) },
        NEWEST,
      );
    default:
      throw notSupported(format);
  }
}

function curveOf(recommendedCurve: string) {
  const crv = Object.hasOwn(JWK_CURVES, recommendedCurve)
    ? JWK_CURVES[recommendedCurve]
    : undefined;
  if (crv === undefined || !Object.hasOwn(CURVES, recommendedCurve)) {
    throw new ClavigerError(
      'key-format-not-supported',
      `Transparent keys on the curve ${recommendedCurve} are not supported`,
    );
  }
  const bits = { 'P-384': 384, 'P-521': 521 }[crv] ?? 256;
  const name = CURVES[recommendedCurve as keyof typeof CURVES]; // just checked
  return { crv, name, size: Math.ceil(bits / 8) };
}

function curveNamed({ crv }: JsonWebKey, format: string): keyof typeof CURVES {
  const found = Object.entries(JWK_CURVES).find(([, name]) => name === crv);
  if (found === undefined) throw notSupported(format);
  return found[0] as keyof typeof CURVES; // the keys of the one table are keys of the other
}

function coordinates(point: Uint8Array): { readonly x: string; readonly y: string } {
  const size = (point.length - 1) / 2;
  return { x: base64url(point.subarray(1, 1 + size)), y: base64url(point.subarray(1 + size)) };
}

function pointOf({ x = '', y = '' }: JsonWebKey): Uint8Array {
  return Buffer.concat([
    Uint8Array.of(4),
    Buffer.from(x, 'base64url'),
    Buffer.from(y, 'base64url'),
  ]);
}

function number(value: bigint | undefined): string {
  if (value === undefined || value < 0n) {
    throw new ClavigerError(
      'key-format-not-supported',
      'a Transparent RSA key can be used only when it has all of its numbers',
    );
  }
  return base64url(bytesOf(value, 0));
}

function bytesOf(value: bigint, size: number): Uint8Array {
  const digits = value.toString(16);
  const even = digits.length % 2 === 0 ? digits : `0${digits}`;
  return Buffer.from(even.padStart(size * 2, '0'), 'hex');
}

function integer(text = ''): bigint {
  const digits = Buffer.from(text, 'base64url').toString('hex');
  return BigInt(`0x${digits === '' ? '0' : digits}`);
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url');
}

function notSupported(format: string): ClavigerError {
  return new ClavigerError('key-format-not-supported', `the key has no form ${format} here`);
}
