/**
 * What must be known itself to check a credential, and is sealed by the adapter's key therefore: the
 * secret of one-time passwords, and the halves of hashed passwords.
 */

import type { AdapterKeyRef, KeyHierarchy } from '@claviger/key-hierarchy';
import { ClavigerError } from '@claviger/kmip-protocol';
import { type HashedHalves, PASSWORD_DIGESTS, type PasswordDigest } from './hashed-password.ts';

export interface SealedSecrets {
  readonly oneTimeSecret?: Uint8Array | undefined;
  readonly hashedHalves?: Readonly<Record<PasswordDigest, HashedHalves>> | undefined;
}

const VERSION = 1;

/** Seals them for one credential: under another id they do not open. */
export function sealSecrets(
  keys: Pick<KeyHierarchy, 'seal'>,
  adapterKey: AdapterKeyRef,
  credentialId: string,
  { oneTimeSecret, hashedHalves }: SealedSecrets,
): Uint8Array {
  const halves = PASSWORD_DIGESTS.map((digest) => {
    const { s1, s2 } = hashedHalves?.[digest] ?? {};
    return s1 === undefined || s2 === undefined ? [] : [hexOf(s1), hexOf(s2)];
  });
  const secret = oneTimeSecret === undefined ? null : hexOf(oneTimeSecret);
  const text = Buffer.from(JSON.stringify([VERSION, secret, halves]), 'utf8');
  try {
    return keys.seal(adapterKey, text, contextOf(credentialId));
  } finally {
    text.fill(0);
  }
}

/** @throws KeyHierarchyError `integrity`; ClavigerError `internal` for what is damaged. */
export function openSecrets(
  keys: Pick<KeyHierarchy, 'open'>,
  adapterKey: AdapterKeyRef,
  credentialId: string,
  sealed: Uint8Array,
): SealedSecrets {
  const opened = keys.open(adapterKey, sealed, contextOf(credentialId));
  try {
    return opened.use((bytes) => parse(new TextDecoder().decode(bytes)));
  } finally {
    opened.wipe();
  }
}

function contextOf(credentialId: string) {
  return { objectId: `credential:${credentialId}`, materialVersion: VERSION };
}

function parse(text: string): SealedSecrets {
  const value: unknown = JSON.parse(text);
  const [version, secret, halves]: readonly unknown[] = Array.isArray(value) ? value : [];
  if (version !== VERSION || !Array.isArray(halves)) {
    throw new ClavigerError('internal', 'the sealed secrets of a credential are damaged');
  }
  const pairs = PASSWORD_DIGESTS.map((digest, position) => {
    const pair: unknown = halves[position];
    const [s1, s2]: readonly unknown[] = Array.isArray(pair) ? pair : [];
    return [digest, { s1: bytesOf(s1), s2: bytesOf(s2) }] as const;
  });
  const [first] = pairs;
  return {
    ...(typeof secret === 'string' && { oneTimeSecret: bytesOf(secret) }),
    ...(first !== undefined &&
      first[1].s1.byteLength > 0 && {
        // One entry for each of PASSWORD_DIGESTS, which are all there are.
        hashedHalves: Object.fromEntries(pairs) as Record<PasswordDigest, HashedHalves>,
      }),
  };
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function bytesOf(hex: unknown): Uint8Array {
  return typeof hex === 'string' ? new Uint8Array(Buffer.from(hex, 'hex')) : new Uint8Array();
}
