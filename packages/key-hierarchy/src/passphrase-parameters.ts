import { KeyHierarchyError } from './error.ts';

/** Cost of scrypt (RFC 7914): memory is 128 * r * 2^logN bytes, time grows with p as well. */
export interface ScryptCost {
  readonly logN: number;
  readonly r: number;
  readonly p: number;
}

/** 128 MiB and about half a second. */
export const DEFAULT_SCRYPT_COST: ScryptCost = { logN: 17, r: 8, p: 1 };

/** What the parameter file says. */
export interface PassphraseParameters {
  readonly cost: ScryptCost;
  readonly salt: Uint8Array;
  readonly wrappedMasterKey: Uint8Array;
}

const FORMAT = 'claviger-master-key-passphrase-1';

/** A file must not be able to ask for more than 1 GiB of memory or minutes of time. */
const MAX_MEMORY_BYTES = 1024 ** 3;
const MAX_P = 16;
const MIN_LOG_N = 10;
const MAX_LOG_N = 20;
const MAX_R = 32;

/** Encodes the parameters as the JSON text of their file. */
export function encodePassphraseParameters(parameters: PassphraseParameters): Uint8Array {
  checkCost(parameters.cost, (message) => new KeyHierarchyError('invalid-argument', message));
  const text = JSON.stringify(
    {
      format: FORMAT,
      scrypt: parameters.cost,
      salt: Buffer.from(parameters.salt).toString('base64'),
      wrappedMasterKey: Buffer.from(parameters.wrappedMasterKey).toString('base64'),
    },
    null,
    2,
  );
  return new TextEncoder().encode(`${text}\n`);
}

/**
 * Parses the content of a parameter file.
 *
 * @param path - For messages only.
 * @throws KeyHierarchyError `key-file-malformed`.
 */
export function parsePassphraseParameters(path: string, content: Uint8Array): PassphraseParameters {
  const fail = (reason: string, options?: ErrorOptions): KeyHierarchyError =>
    new KeyHierarchyError(
      'key-file-malformed',
      `the master key parameters ${path} cannot be used: ${reason}; restore them from their backup`,
      options,
    );

  const file = parseJson(content, fail);
  if (file['format'] !== FORMAT) {
    throw fail(`"format" is not "${FORMAT}"`);
  }
  const scrypt = file['scrypt'];
  if (!isRecord(scrypt)) {
    throw fail('"scrypt" is missing');
  }
  const cost = {
    logN: numberOf(scrypt['logN']),
    r: numberOf(scrypt['r']),
    p: numberOf(scrypt['p']),
  };
  checkCost(cost, fail);
  return {
    cost,
    salt: bytesOf(file, 'salt', fail),
    wrappedMasterKey: bytesOf(file, 'wrappedMasterKey', fail),
  };
}

function parseJson(
  content: Uint8Array,
  fail: (reason: string, options?: ErrorOptions) => KeyHierarchyError,
): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(content));
  } catch {
    // The parser's own message quotes the file, which is not for every log: left out on purpose.
    throw fail('it is not JSON');
  }
  if (!isRecord(value)) {
    throw fail('it is not a JSON object');
  }
  return value;
}

function checkCost(cost: ScryptCost, fail: (reason: string) => KeyHierarchyError): void {
  const { logN, r, p } = cost;
  const inRange = (value: number, low: number, high: number): boolean =>
    Number.isInteger(value) && value >= low && value <= high;
  if (
    !inRange(logN, MIN_LOG_N, MAX_LOG_N) ||
    !inRange(r, 1, MAX_R) ||
    !inRange(p, 1, MAX_P) ||
    128 * r * 2 ** logN > MAX_MEMORY_BYTES
  ) {
    throw fail(
      `the scrypt cost is out of range (logN ${MIN_LOG_N} to ${MAX_LOG_N}, r 1 to ${MAX_R}, p 1 to ${MAX_P}, at most 1 GiB)`,
    );
  }
}

function bytesOf(
  file: Readonly<Record<string, unknown>>,
  name: 'salt' | 'wrappedMasterKey',
  fail: (reason: string) => KeyHierarchyError,
): Uint8Array {
  const text = file[name];
  if (typeof text !== 'string' || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) {
    throw fail(`"${name}" is not base64 text`);
  }
  return new Uint8Array(Buffer.from(text, 'base64'));
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : Number.NaN;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
