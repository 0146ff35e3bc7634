/** Takes the one line of a name (RFC 4514) apart again. */

import { PkiError } from './error.ts';

export interface NameAttribute {
  /** As OpenSSL writes it: `CN`, `emailAddress`, dotted numbers for what it does not know. */
  readonly type: string;
  /** Without escapes. */
  readonly value: string;
}

/** One character of a value: `escaped` when a backslash stood before it. */
export interface NameCharacter {
  readonly character: string;
  readonly escaped: boolean;
}

/**
 * Parses a name as `ParsedCertificate.subject` has it: most specific part first, parts separated by
 * commas, attributes of one part by plus signs.
 *
 * @throws PkiError `malformed` for text that is no such name.
 */
export function parseDistinguishedName(text: string): readonly NameAttribute[] {
  return text === '' ? [] : splitName(unescapeName(text)).map(toAttribute);
}

/**
 * Resolves the escapes of RFC 4514: a backslash and the character, or and two hexadecimal digits of
 * which several in a row are UTF-8.
 *
 * @throws PkiError `malformed`.
 */
export function unescapeName(text: string): readonly NameCharacter[] {
  const characters: NameCharacter[] = [];
  for (const [part, bytes, special, plain] of text.matchAll(
    /((?:\\[0-9A-Fa-f]{2})+)|\\([ "#+,;<=>\\*])|([^\\])|\\/gsu,
  )) {
    if (bytes !== undefined) {
      for (const character of decodeHexPairs(bytes)) {
        characters.push({ character, escaped: true });
      }
    } else if (special === undefined && plain === undefined) {
      throw notAName(`${JSON.stringify(part)} begins no escape that is known`);
    } else {
      characters.push({ character: special ?? plain ?? '', escaped: special !== undefined });
    }
  }
  return characters;
}

/** Splits at the commas and plus signs that are not escaped. */
export function splitName(
  characters: readonly NameCharacter[],
): readonly (readonly NameCharacter[])[] {
  const parts: NameCharacter[][] = [[]];
  for (const character of characters) {
    if (!character.escaped && (character.character === ',' || character.character === '+')) {
      parts.push([]);
    } else {
      parts.at(-1)?.push(character);
    }
  }
  return parts;
}

/**
 * Splits one attribute into type and value. Spaces around both count for nothing unless they are escaped.
 *
 * @throws PkiError `malformed` when there is no equals sign.
 */
export function splitAttribute(characters: readonly NameCharacter[]): {
  readonly type: string;
  readonly value: readonly NameCharacter[];
} {
  const equals = characters.findIndex(({ character, escaped }) => character === '=' && !escaped);
  if (equals === -1) {
    throw notAName('a part of it has no equals sign');
  }
  return {
    type: textOf(trim(characters.slice(0, equals))),
    value: trim(characters.slice(equals + 1)),
  };
}

function toAttribute(characters: readonly NameCharacter[]): NameAttribute {
  const { type, value } = splitAttribute(characters);
  return { type, value: textOf(value) };
}

function trim(characters: readonly NameCharacter[]): readonly NameCharacter[] {
  const counts = ({ character, escaped }: NameCharacter): boolean => escaped || character !== ' ';
  const first = characters.findIndex(counts);
  return first === -1 ? [] : characters.slice(first, characters.findLastIndex(counts) + 1);
}

function textOf(characters: readonly NameCharacter[]): string {
  return characters.map(({ character }) => character).join('');
}

function decodeHexPairs(pairs: string): string {
  try {
    const bytes = Buffer.from(pairs.replaceAll('\\', ''), 'hex');
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw notAName('hexadecimal digits in it are no UTF-8', cause);
  }
}

function notAName(what: string, cause?: unknown): PkiError {
  return new PkiError('malformed', `this is no distinguished name: ${what}`, { cause });
}
