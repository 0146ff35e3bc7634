/**
 * What a certificate of a kind looks like, as data. `certs/profiles.json` holds the profiles that the
 * gateway uses.
 */

import { readFile } from 'node:fs/promises';
import { PkiError } from './error.ts';

export type KeyProfile =
  | { readonly algorithm: 'EC'; readonly curve: 'P-256' | 'P-384' }
  | { readonly algorithm: 'RSA'; readonly bits: 2048 | 3072 | 4096 };

export const KEY_USAGES = [
  'digitalSignature',
  'keyEncipherment',
  'keyAgreement',
  'keyCertSign',
  'cRLSign',
] as const;
export type KeyUsage = (typeof KEY_USAGES)[number];

export const EXTENDED_KEY_USAGES = ['serverAuth', 'clientAuth'] as const;
export type ExtendedKeyUsage = (typeof EXTENDED_KEY_USAGES)[number];

/** A distinguished name, most specific part first. Each part has 1 to 64 characters. */
export interface Subject {
  readonly commonName: string;
  readonly organizationalUnit?: string;
  readonly organization?: string;
}

export interface CertificateProfile {
  readonly subject: Subject;
  readonly key: KeyProfile;
  /** 1 to 36,500. */
  readonly validityDays: number;
  readonly keyUsage: readonly KeyUsage[];
  /** Empty: the certificate has no such extension. */
  readonly extendedKeyUsage: readonly ExtendedKeyUsage[];
}

export interface CertificateProfiles {
  readonly certificateAuthority: CertificateProfile;
  readonly server: CertificateProfile;
  readonly client: CertificateProfile;
}

/** RFC 5280, upper bounds in appendix A.1: ub-common-name and its like. */
export const MAX_NAME_CHARACTERS = 64;

/** A hundred years. */
export const MAX_VALIDITY_DAYS = 36_500;

/**
 * Loads the profiles from a JSON file.
 *
 * @throws PkiError `invalid-profile`, naming the file and the field.
 */
export async function loadProfiles(path: string): Promise<CertificateProfiles> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new PkiError('invalid-profile', `cannot read the certificate profiles ${path}`, {
      cause,
    });
  }
  try {
    return parseProfiles(JSON.parse(text));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'not JSON';
    throw new PkiError('invalid-profile', `certificate profiles ${path}: ${reason}`, { cause });
  }
}

/**
 * Checks profiles that came from JSON. Unknown fields are refused: a misspelt one would silently count
 * for nothing.
 *
 * @throws PkiError `invalid-profile`, naming the field.
 */
export function parseProfiles(value: unknown): CertificateProfiles {
  const profiles = recordOf(value, 'the file', ['certificateAuthority', 'server', 'client']);
  const certificateAuthority = parseProfile(profiles, 'certificateAuthority');
  const server = parseProfile(profiles, 'server');
  const client = parseProfile(profiles, 'client');
  if (!certificateAuthority.keyUsage.includes('keyCertSign')) {
    throw invalid('certificateAuthority.keyUsage', 'must include keyCertSign');
  }
  for (const [name, profile] of Object.entries({ server, client })) {
    if (profile.keyUsage.includes('keyCertSign')) {
      throw invalid(`${name}.keyUsage`, 'must not include keyCertSign: only an authority signs');
    }
  }
  return { certificateAuthority, server, client };
}

function parseProfile(
  profiles: Readonly<Record<string, unknown>>,
  name: keyof CertificateProfiles,
): CertificateProfile {
  const fields = ['subject', 'key', 'validityDays', 'keyUsage', 'extendedKeyUsage'];
  const profile = recordOf(profiles[name], name, fields);
  return {
    subject: parseSubject(profile['subject'], `${name}.subject`),
    key: parseKey(profile['key'], `${name}.key`),
    validityDays: parseDays(profile['validityDays'], `${name}.validityDays`),
    keyUsage: parseList(profile['keyUsage'], `${name}.keyUsage`, KEY_USAGES),
    extendedKeyUsage: parseList(
      profile['extendedKeyUsage'],
      `${name}.extendedKeyUsage`,
      EXTENDED_KEY_USAGES,
    ),
  };
}

function parseSubject(value: unknown, path: string): Subject {
  const fields = ['commonName', 'organizationalUnit', 'organization'] as const;
  const record = recordOf(value, path, fields);
  const textOf = (name: (typeof fields)[number]): string => {
    const text = record[name];
    if (typeof text !== 'string' || text.length < 1 || text.length > MAX_NAME_CHARACTERS) {
      throw invalid(`${path}.${name}`, `must be a text of 1 to ${MAX_NAME_CHARACTERS} characters`);
    }
    return text;
  };
  return {
    commonName: textOf('commonName'),
    ...('organizationalUnit' in record ? { organizationalUnit: textOf('organizationalUnit') } : {}),
    ...('organization' in record ? { organization: textOf('organization') } : {}),
  };
}

function parseKey(value: unknown, path: string): KeyProfile {
  const { algorithm, curve, bits } = recordOf(value, path, ['algorithm', 'curve', 'bits']);
  if (algorithm === 'EC' && bits === undefined && (curve === 'P-256' || curve === 'P-384')) {
    return { algorithm, curve };
  }
  if (
    algorithm === 'RSA' &&
    curve === undefined &&
    (bits === 2048 || bits === 3072 || bits === 4096)
  ) {
    return { algorithm, bits };
  }
  throw invalid(
    path,
    'must be { "algorithm": "EC", "curve": "P-256" or "P-384" } or { "algorithm": "RSA", "bits": 2048, 3072 or 4096 }',
  );
}

function parseDays(value: unknown, path: string): number {
  if (
    typeof value !== 'number' ||
    !Number.isInteger(value) ||
    value < 1 ||
    value > MAX_VALIDITY_DAYS
  ) {
    throw invalid(path, `must be a whole number from 1 to ${MAX_VALIDITY_DAYS}`);
  }
  return value;
}

function parseList<T extends string>(
  value: unknown,
  path: string,
  allowed: readonly T[],
): readonly T[] {
  const items: readonly unknown[] = Array.isArray(value) ? value : [undefined];
  return items.map((item) => {
    const known = allowed.find((name) => name === item);
    if (known === undefined) {
      throw invalid(path, `must be a list of: ${allowed.join(', ')}`);
    }
    return known;
  });
}

function recordOf(
  value: unknown,
  path: string,
  allowed: readonly string[],
): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid(path, 'must be an object');
  }
  const unknown = Object.keys(value).find((name) => !allowed.includes(name));
  if (unknown !== undefined) {
    throw invalid(`${path}.${unknown}`, `is not known; possible here: ${allowed.join(', ')}`);
  }
  return { ...value };
}

function invalid(path: string, reason: string): PkiError {
  return new PkiError('invalid-profile', `${path} ${reason}`);
}
