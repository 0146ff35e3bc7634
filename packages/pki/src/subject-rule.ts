/**
 * A rule on the subject of certificates: which of those that an authority has issued are meant. One
 * attribute and what it must be, `CN=vcenter-*.example.com`.
 */

import {
  type NameCharacter,
  parseDistinguishedName,
  splitAttribute,
  splitName,
  unescapeName,
} from './distinguished-name.ts';
import { PkiError } from './error.ts';

/** The literal texts of a label, between which anything may stand; a single one has no wildcard. */
type LabelPattern = readonly string[];

/** Made by `parseSubjectRule`. */
export interface SubjectRule {
  /** The rule as it was given, without spaces around it. */
  readonly text: string;
  readonly attribute: string;
  /** The parts between the dots. */
  readonly labels: readonly LabelPattern[];
}

const MAX_RULE_CHARACTERS = 256;

/** As OpenSSL writes them in `ParsedCertificate.subject`. */
const ATTRIBUTES = ['CN', 'OU', 'O', 'L', 'ST', 'C', 'DC', 'UID', 'emailAddress', 'serialNumber'];

const EXAMPLE = 'a rule is one attribute and its value, CN=vcenter-*.example.com for example';

/**
 * Parses a rule: the name of an attribute, `=`, and its value, in which `*` stands for any characters
 * but a dot, or none. Characters that mean something (`,` `+` `*` and the others of RFC 4514) are taken
 * literally after a backslash.
 *
 * @param text - At most 256 characters.
 * @throws PkiError `invalid-subject-rule`.
 */
export function parseSubjectRule(text: string): SubjectRule {
  const trimmed = text.length > MAX_RULE_CHARACTERS ? '' : text.trim();
  if (trimmed === '') {
    throw invalid(`a rule has 1 to ${MAX_RULE_CHARACTERS} characters; ${EXAMPLE}`);
  }
  const [first = [], another] = splitName(charactersOf(trimmed));
  if (another !== undefined) {
    throw invalid(
      `${JSON.stringify(trimmed)} names more than one attribute; ${EXAMPLE}. A comma or plus sign in a value is written \\, or \\+`,
    );
  }
  const { type, value } = attributeOf(trimmed, first);
  const attribute = ATTRIBUTES.find((known) => known.toLowerCase() === type.toLowerCase());
  if (attribute === undefined) {
    throw invalid(
      `${JSON.stringify(type)} is no attribute that a rule can have; possible are ${ATTRIBUTES.join(', ')}`,
    );
  }
  if (value.length === 0) {
    throw invalid(`${JSON.stringify(trimmed)} has no value; ${EXAMPLE}`);
  }
  return { text: trimmed, attribute, labels: labelsOf(value) };
}

/**
 * Whether a subject fits a rule. Upper and lower case of A to Z are the same, as in names of hosts. One
 * fitting value is enough where an attribute may stand several times; a subject with several common names
 * fits no rule for CN, since it is not clear which counts.
 *
 * @param subject - As `ParsedCertificate.subject` has it; other text fits no rule.
 */
export function matchesSubjectRule(subject: string, rule: SubjectRule): boolean {
  const values = valuesOf(subject, rule.attribute);
  return rule.attribute === 'CN' && values.length > 1
    ? false
    : values.some((value) => matchesLabels(value, rule.labels));
}

function valuesOf(subject: string, attribute: string): readonly string[] {
  try {
    return parseDistinguishedName(subject)
      .filter(({ type }) => type === attribute)
      .map(({ value }) => value);
  } catch (error) {
    if (error instanceof PkiError) {
      return []; // No subject of a certificate.
    }
    throw error;
  }
}

function matchesLabels(value: string, labels: readonly LabelPattern[]): boolean {
  const given = foldCase(value).split('.');
  return (
    given.length === labels.length &&
    given.every((label, index) => matchesLabel(label, labels[index] ?? []))
  );
}

/** Takes the earliest place for each literal in turn, which is right for patterns with `*` alone. */
function matchesLabel(label: string, literals: LabelPattern): boolean {
  const [first = '', ...rest] = literals;
  const last = rest.pop();
  if (last === undefined) {
    return label === first;
  }
  if (!label.startsWith(first)) {
    return false;
  }
  let position = first.length;
  for (const literal of rest) {
    const found = label.indexOf(literal, position);
    if (found === -1) {
      return false;
    }
    position = found + literal.length;
  }
  return label.length - last.length >= position && label.endsWith(last);
}

function labelsOf(value: readonly NameCharacter[]): readonly LabelPattern[] {
  const labels: string[][] = [['']];
  for (const { character, escaped } of value) {
    const label = labels.at(-1) ?? [];
    if (character === '.') {
      labels.push(['']);
    } else if (character === '*' && !escaped) {
      label.push('');
    } else {
      label.push((label.pop() ?? '') + foldCase(character));
    }
  }
  return labels;
}

/** Of A to Z only: in the whole of Unicode, letters that only look alike would become the same. */
function foldCase(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function charactersOf(text: string): readonly NameCharacter[] {
  try {
    return unescapeName(text);
  } catch (cause) {
    throw invalid(
      `${JSON.stringify(text)} has a backslash before a character that needs none; ${EXAMPLE}`,
      cause,
    );
  }
}

function attributeOf(
  text: string,
  characters: readonly NameCharacter[],
): ReturnType<typeof splitAttribute> {
  try {
    return splitAttribute(characters);
  } catch (cause) {
    throw invalid(`${JSON.stringify(text)} has no equals sign; ${EXAMPLE}`, cause);
  }
}

function invalid(message: string, cause?: unknown): PkiError {
  return new PkiError('invalid-subject-rule', message, { cause });
}
