/**
 * What a server may do otherwise than a test case says, and nothing else. Each entry is one sentence of
 * the profiles (KMIP Symmetric Key Lifecycle Profile 1.0 §4.7, the same list in each profile), or says
 * what else it rests on.
 */

import {
  ENUMERATIONS,
  isAtLeast,
  OPERATIONS,
  type OperationName,
  TAGS,
  type Version,
} from '@claviger/kmip-protocol';
import type { TtlvItem } from '@claviger/ttlv-codec';
import type { KnownObjects } from './known-objects.ts';
import { contains, hasRandomOutput } from './message-facts.ts';
import type { Template } from './test-case.ts';

/** Where in a play a variation is asked for. */
export interface Place {
  /** Names from the root, e.g. `ResponseMessage/BatchItem/ResponsePayload/Attribute[State]/AttributeValue`. */
  readonly path: string;
  readonly version: Version;
  readonly operation: number | undefined;
  /** The payload that was sent. */
  readonly request: TtlvItem | undefined;
  /** The object that the batch item is about. */
  readonly object: string | undefined;
  readonly objects: KnownObjects;
  /** What the file has there; undefined when the server has sent more. */
  readonly expected: Template | undefined;
  /** What the server has sent there; undefined when it is absent. */
  readonly actual: TtlvItem | undefined;
  /** Whether the structure around it has another Hashing Algorithm than the file. */
  readonly isOtherDigest: boolean;
}

/**
 * `value`: another value of the same type. `anything`: whatever the item holds. `absent`: the file has the
 * item, the server need not. `extra`: the server has it, the file does not.
 */
export type Allowed = 'value' | 'anything' | 'absent' | 'extra';

export interface Variation {
  readonly section: string;
  readonly what: string;
  /** Matched against the path. */
  readonly at: RegExp;
  readonly allows: readonly Allowed[];
  readonly when?: (place: Place) => boolean;
}

const VARIABLE_ITEMS = '§4.7.1';
const RESPONSE_VARIATIONS = '§4.7.1, response variations';

/** The value of an attribute, in the forms of 1.x and 2.x. */
function attribute(names: readonly string[], inside = ''): RegExp {
  const old = names.map((name) => `Attribute\\[${name}\\]/AttributeValue`);
  const current = names.map((name) => `Attributes/${name.replaceAll(' ', '')}`);
  return new RegExp(`/(?:${[...old, ...current].join('|')})${inside}$`);
}

function isOperation(...names: readonly OperationName[]): (place: Place) => boolean {
  const numbers = names.map((name) => OPERATIONS[name].value);
  return ({ operation }) => operation !== undefined && numbers.includes(operation);
}

const isQuery = isOperation('Query');

function isInfoOfLibrary(place: Place): boolean {
  const { request } = place;
  const { C_GetInfo } = ENUMERATIONS.PKCS_11Function.values;
  const isAsked =
    request?.type === 'Structure' &&
    request.value.some(({ tag, value }) => tag === TAGS.PKCS_11Function && value === C_GetInfo);
  return isAsked && isOperation('PKCS_11')(place);
}

/** The server made the object, or it was there before. */
function isGenerated({ object, objects }: Place): boolean {
  return !objects.isKnown(object);
}

function isWrappedByAGeneratedKey({ request, objects }: Place): boolean {
  const keys = identifiersIn(request, TAGS.EncryptionKeyInformation);
  return keys.some((key) => !objects.isKnown(key));
}

function identifiersIn(item: TtlvItem | undefined, tag: number): readonly string[] {
  if (item?.type !== 'Structure') return [];
  return item.value.flatMap((child) => {
    if (child.tag !== tag || child.type !== 'Structure') return identifiersIn(child, tag);
    return child.value.flatMap((each) =>
      each.tag === TAGS.UniqueIdentifier && each.type === 'TextString' ? [each.value] : [],
    );
  });
}

function hasVariableOutput(place: Place): boolean {
  const { operation, request, objects, object } = place;
  if (hasRandomOutput(operation, request, objects.makersOf(object))) return true;
  // Decrypt too: some cases decrypt, with a key that the server has made, what another key encrypted.
  const isOfKey = isOperation('Encrypt', 'Decrypt', 'Sign', 'MAC')(place);
  return isOfKey && isGenerated(place);
}

function namesNoAttributes({ request }: Place): boolean {
  return !contains(request, TAGS.AttributeName, TAGS.AttributeReference);
}

function isAskedForAllAttributes(place: Place): boolean {
  const isList = isOperation('GetAttributes', 'GetAttributeList', 'Export', 'Put', 'Notify');
  return isList(place) && namesNoAttributes(place);
}

const DATE_ATTRIBUTES: RegExp = attribute([
  'Activation Date',
  'Archive Date',
  'Compromise Date',
  'Compromise Occurrence Date',
  'Deactivation Date',
  'Destroy Date',
  'Initial Date',
  'Last Change Date',
  'Protect Stop Date',
  'Process Start Date',
  'Validity Date',
  'Original Creation Date',
]);

/** Dates that a server sets; whether one was fixed by a request is for the comparison to know. */
export const SERVER_DATES = new RegExp(
  // What Obtain Lease tells is the attribute too (1.4 §4.17).
  `${DATE_ATTRIBUTES.source}|/ResponsePayload/LastChangeDate$`,
);

export const PERMITTED_VARIATIONS: readonly Variation[] = [
  {
    section: '1.4 §6.19',
    what: 'a Server Correlation Value, which a server should send and makes as it likes',
    at: /Header\/ServerCorrelationValue$/,
    allows: ['value', 'extra'],
  },
  {
    section: VARIABLE_ITEMS,
    what: 'asynchronous correlation values',
    at: /\/AsynchronousCorrelationValue$/,
    allows: ['value'],
  },
  {
    section: VARIABLE_ITEMS,
    what: 'key material of objects that the server has made, in the format of its choice',
    at: /\/KeyBlock\/KeyValue(?:\/KeyMaterial)?$/,
    allows: ['anything'],
    when: isGenerated,
  },
  {
    section: VARIABLE_ITEMS,
    what: 'key material under a wrapping key that the server has made',
    at: /\/KeyBlock\/KeyValue$/,
    allows: ['value'],
    when: isWrappedByAGeneratedKey,
  },
  {
    section: VARIABLE_ITEMS,
    what: 'the value of a certificate that the server has made',
    at: /\/Certificate\/CertificateValue$/,
    allows: ['value'],
    when: isGenerated,
  },
  {
    section: VARIABLE_ITEMS,
    what: 'issuer, serial number and length of a certificate that the server has made: they stand in its value',
    at: attribute(
      [
        'Certificate Identifier',
        'Certificate Issuer',
        'Certificate Length',
        'X.509 Certificate Identifier',
        'X.509 Certificate Issuer',
      ],
      '(?:/(?:Issuer|SerialNumber|CertificateIssuerDistinguishedName|IssuerDistinguishedName|CertificateSerialNumber))?',
    ),
    allows: ['value'],
    when: isGenerated,
  },
  {
    section: VARIABLE_ITEMS,
    what: 'the Key Format Type of what the server has made, unless one was asked for',
    at: /\/KeyBlock\/KeyFormatType$|[/[]KeyFormatType$/,
    allows: ['value'],
    when: (place) => isGenerated(place) && !contains(place.request, TAGS.KeyFormatType),
  },
  {
    section: VARIABLE_ITEMS,
    what: 'the Digest of what the server has made',
    at: attribute(['Digest'], '/(?:HashingAlgorithm|DigestValue|KeyFormatType)'),
    allows: ['value'],
    when: isGenerated,
  },
  {
    section: VARIABLE_ITEMS,
    what: 'the hashing algorithm of a Digest, and then its value',
    at: attribute(['Digest'], '/(?:HashingAlgorithm|DigestValue)'),
    allows: ['value'],
    when: ({ isOtherDigest }) => isOtherDigest,
  },
  {
    section: VARIABLE_ITEMS,
    what: 'cryptographic output of keys that the server has made, or with a random part',
    at: /\/ResponsePayload\/(?:Data|SignatureData|MACData|IVCounterNonce|AuthenticatedEncryptionTag)$/,
    allows: ['value'],
    when: hasVariableOutput,
  },
  {
    section: VARIABLE_ITEMS,
    what: 'extensions that Query tells of',
    at: /\/ResponsePayload\/ExtensionInformation$/,
    allows: ['anything', 'absent', 'extra'],
    when: isQuery,
  },
  {
    section: VARIABLE_ITEMS,
    what: 'application namespaces that Query tells of',
    at: /\/ResponsePayload\/ApplicationNamespace$/,
    allows: ['value', 'extra'],
    when: isQuery,
  },
  {
    section: VARIABLE_ITEMS,
    what: 'more operations and object types that Query tells of',
    at: /\/ResponsePayload\/(?:Operation|ObjectType)\[\w+\]$/,
    allows: ['extra'],
    when: isQuery,
  },
  {
    section: VARIABLE_ITEMS,
    what: 'more attributes than in the file where the client has named none',
    at: /\/(?:Attribute|AttributeName|AttributeReference)(?:\[[^\]]*\])?$|\/Attributes\/\w+$/,
    allows: ['extra'],
    when: isAskedForAllAttributes,
  },
  {
    section: RESPONSE_VARIATIONS,
    what: 'object groups and attributes of the server (y-) that no request has set',
    at: /\/(?:Attribute|AttributeName)\[(?:Object Group|y-[^/]*)\]$|\/Attributes\/(?:ObjectGroup|Attribute\[y\/[^/]*\])$/,
    allows: ['extra'],
  },
  {
    section: RESPONSE_VARIATIONS,
    what: 'Message Extensions that are not critical',
    at: /\/BatchItem\/MessageExtension$/,
    allows: ['extra'],
    when: ({ actual }) => !isCritical(actual),
  },
  {
    section: RESPONSE_VARIATIONS,
    what: 'a Template-Attribute where it is optional',
    at: /\/ResponsePayload\/(?:(?:Private|Public)Key)?TemplateAttribute$/,
    allows: ['absent', 'extra'],
  },
  {
    section: VARIABLE_ITEMS,
    what: 'more attributes in an optional Template-Attribute',
    at: /\/ResponsePayload\/(?:(?:Private|Public)Key)?TemplateAttribute\/Attribute\[[^/]*\]$/,
    allows: ['extra'],
  },
  {
    section: RESPONSE_VARIATIONS,
    what: 'an Attribute Index of 0, from 1.1 on',
    at: /\/Attribute\[[^/]*\]\/AttributeIndex$/,
    allows: ['absent', 'extra'],
    when: ({ version, expected, actual }) =>
      isAtLeast(version, '1.1') && isZero(actual ?? leafOf(expected)),
  },
  {
    section: RESPONSE_VARIATIONS,
    what: 'the Result Message',
    at: /\/BatchItem\/ResultMessage$/,
    allows: ['value', 'absent', 'extra'],
  },
  {
    section: RESPONSE_VARIATIONS,
    what: 'more protocol versions when the client has named none',
    at: /\/ResponsePayload\/ProtocolVersion$/,
    allows: ['extra'],
    when: (place) =>
      isOperation('DiscoverVersions')(place) && !contains(place.request, TAGS.ProtocolVersion),
  },
  {
    section: RESPONSE_VARIATIONS,
    what: 'who the vendor is',
    at: /\/ResponsePayload\/VendorIdentification$/,
    allows: ['value'],
    when: isQuery,
  },
  {
    section: '1.4 §4.25, 2.1 §6.1.35',
    what: 'Server Information, whose content is for each vendor to choose',
    at: /\/ResponsePayload\/ServerInformation$/,
    allows: ['anything'],
    when: isQuery,
  },
  {
    section: 'PKCS #11 3.0 §3.1, CK_INFO',
    what: 'what C_GetInfo tells: the maker, the name and the version of the library',
    at: /\/ResponsePayload\/PKCS_11OutputParameters$/,
    allows: ['value'],
    when: isInfoOfLibrary,
  },
];

function isZero(item: TtlvItem | undefined): boolean {
  return item?.type === 'Integer' && item.value === 0;
}

function leafOf(template: Template | undefined): TtlvItem | undefined {
  return template?.kind === 'value' ? template.item : undefined;
}

function isCritical(extension: TtlvItem | undefined): boolean {
  return (
    extension?.type === 'Structure' &&
    extension.value.some(({ tag, value }) => tag === TAGS.CriticalityIndicator && value === true)
  );
}

/** Whether a variation of a kind is permitted at a place. */
export function isPermitted(kind: Allowed, place: Place): boolean {
  return PERMITTED_VARIATIONS.some(
    ({ at, allows, when }) =>
      allows.includes(kind) && at.test(place.path) && (when === undefined || when(place)),
  );
}
