/**
 * What the clients of an adapter have set for new objects: constraints and defaults (2.1 §6.1.52, §6.1.53),
 * and the form in which both are kept together.
 */

import {
  ClavigerError,
  Constraints,
  DefaultsInformation,
  decodeItem,
  encodeItem,
  type Version,
} from '@claviger/kmip-protocol';
import { decodeTtlv, encodeTtlv } from '@claviger/ttlv-codec';

export interface ObjectRules {
  readonly constraints: Constraints;
  readonly defaults: DefaultsInformation;
}

export const NO_RULES: ObjectRules = {
  constraints: { constraint: [] },
  defaults: { objectDefaults: [] },
};

/** They are read whenever an object is made: enough for every type in some groups. */
export const MAX_RULES = 64;

/** Length of the kept text, in characters. */
export const MAX_RULES_LENGTH = 64 * 1024;

/** The version that has all of both. */
const VERSION: Version = '2.1';

/** Where the rules of an adapter are kept in the store. */
export function rulesSetting(adapterId: string): string {
  return `kmip.object-rules.${adapterId}`;
}

/**
 * The rules as a text to be kept.
 *
 * @throws ClavigerError `invalid-field` when there are more than `MAX_RULES` of a kind, or the text is
 * longer than `MAX_RULES_LENGTH`.
 */
export function formatObjectRules({ constraints, defaults }: ObjectRules): string {
  const text = [
    encodeTtlv(encodeItem(Constraints, constraints, VERSION)),
    encodeTtlv(encodeItem(DefaultsInformation, defaults, VERSION)),
  ]
    .map((bytes) => Buffer.from(bytes).toString('base64'))
    .join(' ');
  const count = Math.max(constraints.constraint.length, defaults.objectDefaults.length);
  if (count > MAX_RULES || text.length > MAX_RULES_LENGTH) {
    throw new ClavigerError(
      'invalid-field',
      `of constraints and of defaults there may be ${MAX_RULES}, in ${MAX_RULES_LENGTH} characters; send fewer`,
    );
  }
  return text;
}

/**
 * Reads what {@link formatObjectRules} wrote.
 * @throws ClavigerError `internal` when the text is damaged: nothing is made by rules that nobody knows.
 */
export function parseObjectRules(text: string | undefined): ObjectRules {
  if (text === undefined) return NO_RULES;
  try {
    const [constraints = '', defaults = ''] = text.split(' ');
    return {
      constraints: decodeItem(Constraints, itemOf(constraints), VERSION),
      defaults: decodeItem(DefaultsInformation, itemOf(defaults), VERSION),
    };
  } catch (cause) {
    const message = 'the constraints and defaults of the adapter cannot be read: set them anew';
    throw new ClavigerError('internal', message, { cause });
  }
}

function itemOf(base64: string) {
  return decodeTtlv(new Uint8Array(Buffer.from(base64, 'base64')));
}
