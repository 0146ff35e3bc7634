/** What a client shows of a credential beside its secret, as the text that it is found by. */

import { ClavigerError } from '@claviger/kmip-protocol';

/** By what a device tells who it is (1.4 §2.1.2); one or several, and all of them count. */
export interface DeviceFields {
  readonly deviceSerialNumber?: string | undefined;
  readonly deviceIdentifier?: string | undefined;
  readonly networkIdentifier?: string | undefined;
  readonly machineIdentifier?: string | undefined;
  readonly mediaIdentifier?: string | undefined;
}

const DEVICE_FIELDS = [
  'deviceSerialNumber',
  'deviceIdentifier',
  'networkIdentifier',
  'machineIdentifier',
  'mediaIdentifier',
] as const satisfies readonly (keyof DeviceFields)[];

/** Longest text that a user or device is known by, in characters. */
export const MAX_IDENTITY_TEXT = 256;

/** @throws ClavigerError `invalid-field` for a name that nobody can have. */
export function userIdentity(username: string): string {
  return `user:${checked(username, 'the Username')}`;
}

/** @throws ClavigerError `invalid-field` for a device that tells nothing, or something nobody can have. */
export function deviceIdentity(device: DeviceFields): string {
  const told = DEVICE_FIELDS.flatMap((field) => {
    const text = device[field];
    return text === undefined ? [] : [[field, checked(text, `the ${field}`)]];
  });
  if (told.length === 0) {
    throw new ClavigerError('invalid-field', 'a device tells at least one of its identifiers');
  }
  return `device:${JSON.stringify(told)}`;
}

function checked(text: string, what: string): string {
  if (text.length >= 1 && text.length <= MAX_IDENTITY_TEXT && !text.includes('\0')) return text;
  throw new ClavigerError(
    'invalid-field',
    `${what} of a credential has 1 to ${MAX_IDENTITY_TEXT} characters, and no zero character`,
  );
}
