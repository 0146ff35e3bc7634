/**
 * Attributes and their rules. The specifications state the rules in words; here each wording that
 * occurs is one row of a table, and a wording without a row stops the generator.
 */
import type { VersionFamily } from '../../packages/kmip-protocol/src/tables/version.ts';
import { Code, HEADER, hex, literal } from './render.ts';
import type { Source, SourceAttribute, SourceAttributeRules } from './source.ts';

// Custom Attribute (1.x) and Vendor Attribute (2.x) are names that users choose, under rules of their
// own; Certificate Attributes is a group, taken apart below.
const NOT_A_SINGLE_ATTRIBUTE = ['Custom Attribute', 'Vendor Attribute', 'Certificate Attributes'];

const KEYS = ['SymmetricKey', 'PublicKey', 'PrivateKey', 'SplitKey', 'PGPKey'];

/** Erratum 01 of 1.4, 2.2.8: for attributes an Opaque Object counts as a cryptographic object. */
const CRYPTOGRAPHIC_OBJECTS = ['Certificate', ...KEYS, 'SecretData', 'OpaqueObject'];

const OBJECT_LISTS: Readonly<Record<string, readonly string[]>> = {
  ALL_OBJECTS_1: [...CRYPTOGRAPHIC_OBJECTS, 'Template'],
  ALL_OBJECTS_2: [...CRYPTOGRAPHIC_OBJECTS, 'CertificateRequest'],
  CRYPTOGRAPHIC_OBJECTS,
  CRYPTOGRAPHIC_OBJECTS_AND_TEMPLATES: [...CRYPTOGRAPHIC_OBJECTS, 'Template'],
  KEYS_CERTIFICATES_AND_TEMPLATES: ['Certificate', ...KEYS, 'Template'],
  KEYS_AND_TEMPLATES: [...KEYS, 'Template'],
  CERTIFICATES: ['Certificate'],
  CERTIFICATES_AND_PGP_KEYS: ['Certificate', 'PGPKey'],
  SYMMETRIC_KEYS_AND_TEMPLATES: ['SymmetricKey', 'SplitKey', 'Template'],
  KEYS_HELD_ELSEWHERE: ['SymmetricKey', 'PrivateKey', 'SplitKey', 'SecretData'],
  ASYMMETRIC_KEYS: ['PublicKey', 'PrivateKey'],
  ASYMMETRIC_KEYS_AND_TEMPLATES: ['PublicKey', 'PrivateKey', 'Template'],
  OPAQUE_OBJECTS: ['OpaqueObject'],
};

const APPLIES_TO: Readonly<Record<string, string>> = {
  Certificates: 'CERTIFICATES',
  'X.509 Certificates': 'CERTIFICATES',
  'All Cryptographic Objects': 'CRYPTOGRAPHIC_OBJECTS',
  'Managed Cryptographic Objects': 'CRYPTOGRAPHIC_OBJECTS',
  'All Cryptographic Objects, Opaque Object': 'CRYPTOGRAPHIC_OBJECTS',
  'All Cryptographic Objects, Opaque Objects': 'CRYPTOGRAPHIC_OBJECTS',
  'All Cryptographic Objects, Templates': 'CRYPTOGRAPHIC_OBJECTS_AND_TEMPLATES',
  'Keys, Certificates, Templates': 'KEYS_CERTIFICATES_AND_TEMPLATES',
  'Keys, Templates': 'KEYS_AND_TEMPLATES',
  'Certificates, PGP keys': 'CERTIFICATES_AND_PGP_KEYS',
  'Symmetric Keys, Split Keys of symmetric keys, Templates': 'SYMMETRIC_KEYS_AND_TEMPLATES',
  'Symmetric Key, Private Key, Split Key, Secret Data': 'KEYS_HELD_ELSEWHERE',
  'Asymmetric Keys, Templates': 'ASYMMETRIC_KEYS_AND_TEMPLATES',
  'Public Keys, Private Keys': 'ASYMMETRIC_KEYS',
  'Opaque Objects': 'OPAQUE_OBJECTS',
};

const SET_BY: Readonly<Record<string, string>> = {
  server: 'server',
  client: 'client',
  'client or server': 'either',
  'server or client': 'either',
};

const CHANGEABLE: Readonly<Record<string, boolean | string>> = {
  No: false,
  Yes: true,
  'No, but only by the server in response to certain requests (see above)': false,
  'Yes, only while in Pre-Active state': 'pre-active',
  'Yes, only while in Pre-Active or Active state': 'pre-active-or-active',
  'Yes, only while in Pre-Active or Active state and as long as the Process Start Date has been not reached.':
    'until-process-start',
  'Yes, only while in Pre-Active or Active state and as long as the Protect Stop Date has not been reached.':
    'until-protect-stop',
  'Yes (Only if no value present)': 'when-absent',
  'Yes (only if the Application Data is omitted in the client request)':
    'when-application-data-omitted',
  'Yes (Total and/or Unit only, as long as Get Usage Allocation has not been performed)':
    'until-usage-allocation',
  'Yes (Usage Limits Total and/or Usage Limits Unit only, as long as Get Usage Allocation has not been performed)':
    'until-usage-allocation',
  'Yes, as long as Get Usage Allocation has not been performed': 'until-usage-allocation',
};

const ALWAYS_HAS_VALUE: Readonly<Record<string, boolean | string>> = {
  No: false,
  Yes: true,
  'Yes (Except for Opaque Object)': 'except-opaque-object',
  'Yes (except for Secret Data and Opaque Object)': 'except-secret-data-and-opaque-object',
  'Yes, if the server has access to the Digest Value or the Key Material (for keys and secret data), the Certificate Value (for certificates) or the Opaque Data Value (for opaque objects).':
    'when-value-accessible',
};

/** The operations that make an object. */
const MAKING = [
  'Create',
  'CreateKeyPair',
  'Register',
  'DeriveKey',
  'Certify',
  'ReCertify',
  'ReKey',
  'ReKeyKeyPair',
  'CreateSplitKey',
  'JoinSplitKey',
  'Import',
];
const ROTATING = ['ReKey', 'ReKeyKeyPair', 'ReCertify'];
const CHANGING = ['AddAttribute', 'ModifyAttribute', 'SetAttribute', 'DeleteAttribute'];

/** Wordings that name no operation. */
const IMPLICITLY_SET: Readonly<Record<string, readonly string[]>> = {
  '': [],
  Never: [],
  'N/A': [],
  'When object is created or registered': MAKING,
  'When created or registered': MAKING,
  'When object is stored': MAKING,
  'When object is rotated': ROTATING,
  'When object is rotated by the server': ROTATING,
  'When Sensitive attribute is set or changed': [...MAKING, ...CHANGING],
  'When Never Extractable attribute is set or changed': [...MAKING, ...CHANGING],
};

const MULTIPLE: Readonly<Record<string, boolean | string>> = {
  No: false,
  Yes: true,
  'Yes for PGP keys. No for X.509 certificates.': 'pgp-only',
};

export function renderAttributes(source: Source): string {
  const rows = Object.entries(source.attributes).flatMap(([name, attribute]) =>
    NOT_A_SINGLE_ATTRIBUTE.includes(name) ? [] : [attributeRow(source, name, attribute)],
  );
  const table = Object.fromEntries([...rows, ...certificateAttributeRows(source)]);
  return `${HEADER}
import type { EnumerationValueName } from './enumerations.ts';
import type { OperationName } from './operations.ts';
import type { Version } from './version.ts';

export type AttributeTypeName =
  | 'Structure' | 'Integer' | 'Enumeration' | 'Boolean' | 'TextString' | 'ByteString' | 'DateTime' | 'Interval';

/**
 * Until when an attribute may be changed: the states of the object, the two dates that the
 * specification names, before its first Get Usage Allocation; or, for a server, only when the
 * client left the value out.
 */
export type ChangeCondition =
  | 'pre-active' | 'pre-active-or-active' | 'until-process-start' | 'until-protect-stop'
  | 'until-usage-allocation' | 'when-absent' | 'when-application-data-omitted';

/** The rules of an attribute in one generation of the protocol. */
export interface AttributeRules {
  /** Types of the value; several only where the sender may choose, the usual one first. */
  readonly types: readonly AttributeTypeName[];
  readonly alwaysHasValue:
    | boolean | 'except-opaque-object' | 'except-secret-data-and-opaque-object' | 'when-value-accessible';
  /** Who may give it its first value. */
  readonly setBy: 'server' | 'client' | 'either';
  readonly modifiableByServer: boolean | ChangeCondition;
  readonly modifiableByClient: boolean | ChangeCondition;
  readonly deletableByClient: boolean | ChangeCondition;
  /** Whether an object may hold several instances. */
  readonly multiple: boolean | 'pgp-only';
  /** The operations by which a server may come to set it unasked; empty where none does. */
  readonly implicitlySetBy: readonly OperationName[];
  /** Object types that may hold it; a type counts only in the versions that know it. */
  readonly appliesTo: readonly EnumerationValueName<'ObjectType'>[];
  /** Present when only certificates of this type may hold it. */
  readonly certificateType?: EnumerationValueName<'CertificateType'>;
}

export interface AttributeRow {
  /** The Attribute Name of 1.x. */
  readonly name: string;
  /** The attribute's own tag, by which 2.x carries it. */
  readonly tag: number;
  readonly since: Version;
  readonly until?: Version;
  readonly '1.x'?: AttributeRules;
  readonly '2.x'?: AttributeRules;
}

export type AttributeName =
  ${Object.keys(table)
    .map((name) => `| '${name}'`)
    .join('\n  ')};

type ObjectTypes = AttributeRules['appliesTo'];

${Object.entries(OBJECT_LISTS)
  .map(([name, types]) => `const ${name}: ObjectTypes = ${literal(types)};`)
  .join('\n')}

/** Every attribute of KMIP 1.0 to 2.1 with a fixed name, by its normalised name. */
export const ATTRIBUTE_RULES: Readonly<Record<AttributeName, AttributeRow>> = ${literal(table)};
`;
}

function attributeRow(source: Source, name: string, attribute: SourceAttribute): [string, object] {
  return [
    attribute.xmlName ?? name,
    {
      name,
      tag: hex(Number(attribute.tag), 6),
      since: attribute.since,
      until: attribute.lastVersion,
      '1.x': rulesOf(source, name, '1.x', attribute['1.x']),
      '2.x': rulesOf(source, name, '2.x', attribute['2.x']),
    },
  ];
}

/**
 * The parts of certificates' names. Their tags exist from 1.4 but their rules only from 2.0; the
 * OASIS test cases of 1.4 show them as attributes, so the rules count from there.
 */
function certificateAttributeRows(source: Source): [string, object][] {
  const rules = source.attributes['Certificate Attributes']?.['2.x'];
  if (rules === undefined) {
    return [];
  }
  return (rules.members ?? []).map((member) => {
    const tag = source.tags.find(({ value }) => value === member.tag);
    if (tag === undefined) {
      throw new Error(`${member.name} stands under ${member.tag}, which is no tag.`);
    }
    const typed = { ...rules, type: member.type };
    return attributeRow(source, member.name, {
      ...tag,
      tag: member.tag,
      '1.x': typed,
      '2.x': typed,
    });
  });
}

/** The operations that a wording names, or stands for, as far as a version of the family has them. */
function implicitSetters(source: Source, family: VersionFamily, text: string): string[] {
  const inFamily = Object.entries(source.operations).filter(
    ([, { since }]) => family === '2.x' || Number(since) < 2,
  );
  const group = IMPLICITLY_SET[text];
  if (group !== undefined) {
    return group.filter((name) => inFamily.some(([, { xmlName }]) => xmlName === name));
  }
  // Longer names first: "Create" is a part of "Create Key Pair". One wording lacks a comma.
  const byLength = inFamily.toSorted(([a], [b]) => b.length - a.length);
  const pattern = new RegExp(byLength.map(([name]) => `\\b${name}\\b`).join('|'), 'g');
  const found = (text.match(pattern) ?? []).map((name) => source.operations[name]?.xmlName ?? name);
  const rest = text.replaceAll(pattern, '').replaceAll(/[\s,]|During|operation/g, '');
  if (found.length === 0 || rest !== '') {
    throw new Error(`No meaning is given for "${text}".`);
  }
  return [...new Set(found)];
}

function rulesOf(
  source: Source,
  attribute: string,
  family: VersionFamily,
  rules: SourceAttributeRules | undefined,
): object | undefined {
  if (rules === undefined) {
    return undefined;
  }
  const wording = <T>(table: Readonly<Record<string, T>>, text: string): T => {
    const value = table[text];
    if (value === undefined) {
      throw new Error(`${attribute} (${family}): no meaning is given for "${text}".`);
    }
    return value;
  };
  return {
    types: [rules.type].flat(),
    alwaysHasValue: alwaysHasValue(
      attribute,
      family,
      wording(ALWAYS_HAS_VALUE, rules.alwaysHasValue),
    ),
    setBy: wording(SET_BY, settersIn(rules.initiallySetBy)),
    modifiableByServer: wording(CHANGEABLE, rules.modifiableByServer),
    modifiableByClient: wording(CHANGEABLE, rules.modifiableByClient),
    deletableByClient: wording(CHANGEABLE, rules.deletableByClient),
    multiple: wording(MULTIPLE, rules.multipleInstances),
    implicitlySetBy: implicitSetters(source, family, rules.whenImplicitlySet ?? ''),
    appliesTo: new Code(
      rules.appliesTo === 'All Objects'
        ? `ALL_OBJECTS_${family.charAt(0)}`
        : wording(APPLIES_TO, rules.appliesTo),
    ),
    certificateType: rules.appliesTo === 'X.509 Certificates' ? 'X_509' : undefined,
  };
}

/** "Client (when ...) or Server (when ...)" without what stands in brackets. */
function settersIn(wording: string): string {
  return wording
    .replaceAll(/\([^)]*\)/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .toLowerCase();
}

// The erratum lets Opaque Objects hold the attribute, not oblige them: 2.x excepts them by name.
function alwaysHasValue(attribute: string, family: VersionFamily, value: boolean | string) {
  return attribute === 'Cryptographic Usage Mask' && family === '1.x'
    ? 'except-opaque-object'
    : value;
}
