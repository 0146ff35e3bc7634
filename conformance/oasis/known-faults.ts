/** Faults of the test cases themselves, and what counts in their place. */

import { ENUMERATIONS, TAGS } from '@claviger/kmip-protocol';
import type { TtlvItem } from '@claviger/ttlv-codec';
import { describeItem, valueKey } from './describe-value.ts';
import type { Variation } from './permitted-variations.ts';
import { childrenOf, type Exchange, type Template, type TestCase } from './test-case.ts';

export interface KnownFault {
  /** Matched against `VERSION/NAME`. */
  readonly cases: RegExp;
  readonly fault: string;
  /** What is played instead of an exchange of the file. */
  readonly correct?: (exchange: Exchange) => Exchange;
  /** What the server may do beside what it always may. */
  readonly allows?: Pick<Variation, 'at' | 'allows'>;
}

const WRAPPED_WITH_USAGE_MASK =
  '0dc0f8cb416e7b4422d85805d3dd80e49c6c75f763d1be99748de568e4eecdc05b94b1c1946fd3def14cfe184daada0daf07c93e038ceb9f501bdd8a82c7d6b33152dbf9d415924b9f13f6cb75ff880ab09dc862e473f74bdaf9398ec7695d41';

export const KNOWN_FAULTS: readonly KnownFault[] = [
  {
    cases: /^1\.2\/CS-BC-M-6-12$/,
    fault: 'the ciphertext is not what AES gives for the key and the data of the file',
    correct: (exchange) =>
      replaceBytes(exchange, {
        fd912d102dbb482f6f6e91bd57119095: 'd9bcce11b0b437b90239552df3a360c9',
      }),
  },
  {
    cases: /^(?:1\.2|1\.4|2\.1)\/CS-BC-M-13-/,
    fault: 'the ciphertext is the one for a certain random IV',
    allows: { at: /\/ResponsePayload\/(?:Data|IVCounterNonce)$/, allows: ['value'] },
  },
  {
    cases: /^1\.2\/CS-AC-M-[38]-12$/,
    fault: 'an attribute of the second Register has lost its name: Cryptographic Parameters',
    correct: (exchange) => ({ ...exchange, request: nameParameters(exchange.request) }),
  },
  {
    cases: /^1\.4\/OMOS-O-1-14$/,
    fault: 'the last response has another protocol version than its request',
    correct: inVersionOfRequest,
  },
  {
    cases: /^1\.2\/TC_NP_2_12/,
    fault: 'the messages of the server have the protocol version 1.0',
    correct: (exchange) => (exchange.asker === 'server' ? inVersion(exchange, 1, 2) : exchange),
  },
  {
    cases: /^1\.[24]\/TC[-_]SJ[-_][1-4]/,
    fault: 'the payloads of Create and Join Split Key lack the Object Type that 1.2 §4.38 requires',
    allows: { at: /\/ResponsePayload\/ObjectType(?:\[\w+\])?$/, allows: ['extra'] },
  },
  {
    cases: /^1\.(?:2\/TC_SJ_[24]|4\/TC-SJ-4)/,
    fault: 'the answer to the Get of the fourth part has the identifier of the first',
    correct: (exchange) => ({
      ...exchange,
      response: namesOf(exchange.request).has('$UNIQUE_IDENTIFIER_4')
        ? renamed(exchange.response, '$UNIQUE_IDENTIFIER_1', '$UNIQUE_IDENTIFIER_4')
        : exchange.response,
    }),
  },
  {
    cases: /^1\.2\/TC_142_12/,
    fault:
      'the wrapped key is the one without encoding and without the attribute, which the request asks to be in it',
    // By AES Key Wrap (RFC 3394) from the Key Value in TTLV (1.2 §2.1.6).
    correct: (exchange) =>
      replaceBytes(exchange, {
        '1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5': WRAPPED_WITH_USAGE_MASK,
      }),
  },
  {
    cases: /^(?:1\.2\/TC_ECC_2|1\.4\/TC-ECC-2)/,
    fault:
      'the key that is got is not encrypted, and in another format than it is said to be; the one registered is encrypted, and nobody has told the password',
    allows: { at: /\/PrivateKey\/KeyBlock\/KeyValue\/KeyMaterial$/, allows: ['value'] },
  },
  {
    cases: /^1\.0\/TC_ECC_3/,
    fault: 'the key that is got is encrypted, and the one registered is not',
    allows: { at: /\/PrivateKey\/KeyBlock\/KeyValue\/KeyMaterial$/, allows: ['value'] },
  },
  {
    cases: /^1\.0\/TC_92_/,
    fault:
      'the key is to be active until a moment of the recording, two minutes after it; that it is waited for is not said, as in 1.2',
    correct: (exchange) => ({
      ...exchange,
      request: soonDeactivated(exchange.request),
      response: soonDeactivated(exchange.response),
      isRepeated: exchange.isRepeated || tellsDeactivated(exchange.response),
    }),
  },
  {
    cases: /^1\.0\/TC_95_/,
    fault:
      'a lease is 16 seconds long, and another one none: a server chooses that (1.0 §3.15), and nothing in the case tells it to; in 1.2 both are of an hour',
    allows: { at: /\/ResponsePayload\/LeaseTime$/, allows: ['value'] },
  },
  {
    cases: /^1\.2\/TC_312_/,
    fault: 'the answer to the Get of the template has the identifier of a recording',
    correct: (exchange) => ({
      ...exchange,
      response: withPlaceholders(exchange.response, {
        '8590e6e9-61c1-4b81-98d3-053a3c6a521b': '$UNIQUE_IDENTIFIER_0',
      }),
    }),
  },
  {
    cases: /^1\.0\/TC_134/,
    fault:
      'the links and the names of the new certificate come the other way round than in 1.2; nothing says how',
    allows: {
      at: /\/Attribute\[(?:Link|Name)\](?:\[[01]\])?\/AttributeValue\/(?:LinkType|LinkedObjectIdentifier|NameValue)$/,
      allows: ['anything'],
    },
  },
  {
    cases: /^2\.1\//,
    fault: 'what Query answers lacks the Protection Storage Masks that 2.1 §6.1.35 requires',
    allows: { at: /\/ResponsePayload\/ProtectionStorageMasks$/, allows: ['extra'] },
  },
];

/** A case as it is played. */
export function withoutFaults(testCase: TestCase, faults: readonly KnownFault[]): TestCase {
  const corrections = faults.flatMap(({ correct }) => (correct === undefined ? [] : [correct]));
  const exchanges = testCase.exchanges.map((exchange) =>
    corrections.reduce((corrected, correct) => correct(corrected), exchange),
  );
  return { ...testCase, exchanges };
}

function replaceBytes(
  exchange: Exchange,
  replacements: Readonly<Record<string, string>>,
): Exchange {
  const replace = (item: TtlvItem): TtlvItem => {
    if (item.type !== 'ByteString') return item;
    const other = replacements[valueKey(item)];
    return other === undefined
      ? item
      : { ...item, value: new Uint8Array(Buffer.from(other, 'hex')) };
  };
  return {
    ...exchange,
    request: mapLeaves(exchange.request, replace),
    response: mapLeaves(exchange.response, replace),
  };
}

/** Placeholders for values of the recording, by the text of these. */
function withPlaceholders(
  template: Template,
  placeholders: Readonly<Record<string, string>>,
): Template {
  if (template.kind === 'structure') {
    const items = template.items.map((item) => withPlaceholders(item, placeholders));
    return { ...template, items };
  }
  if (template.kind === 'placeholder' || template.item.type === 'Structure') return template;
  const { tag, item } = template;
  const text = placeholders[describeItem(item)];
  return text === undefined ? template : { kind: 'placeholder', tag, type: item.type, text };
}

/** The second date is the one of the answer. */
function soonDeactivated(template: Template): Template {
  return withPlaceholders(template, {
    '2010-02-11T13:03:59+00:00': '$NOW+120',
    '2070-02-11T13:03:59+00:00': '$NOW+120',
  });
}

const { Deactivated } = ENUMERATIONS.State.values;

function tellsDeactivated(template: Template): boolean {
  if (template.kind === 'structure') return template.items.some(tellsDeactivated);
  return (
    template.kind === 'value' &&
    template.tag === TAGS.AttributeValue &&
    template.item.type === 'Enumeration' &&
    template.item.value === Deactivated
  );
}

/** The placeholders in a template. */
function namesOf(template: Template): ReadonlySet<string> {
  if (template.kind === 'structure')
    return new Set(template.items.flatMap((item) => [...namesOf(item)]));
  return new Set(template.kind === 'placeholder' ? [template.text] : []);
}

function renamed(template: Template, from: string, to: string): Template {
  if (template.kind === 'structure') {
    return { ...template, items: template.items.map((item) => renamed(item, from, to)) };
  }
  return template.kind === 'placeholder' && template.text === from
    ? { ...template, text: to }
    : template;
}

function nameParameters(template: Template): Template {
  if (template.kind !== 'structure') return template;
  const items = template.items.map(nameParameters);
  const isNameless =
    template.tag === TAGS.Attribute && !items.some(({ tag }) => tag === TAGS.AttributeName);
  if (!isNameless) return { ...template, items };
  const tag = TAGS.AttributeName;
  const item = { tag, type: 'TextString', value: 'Cryptographic Parameters' } as const;
  return { ...template, items: [{ kind: 'value', tag, item }, ...items] };
}

function inVersion(exchange: Exchange, major: number, minor: number): Exchange {
  const set = (item: TtlvItem): TtlvItem => {
    const { tag } = item;
    if (tag === TAGS.ProtocolVersionMajor) return { tag, type: 'Integer', value: major };
    if (tag === TAGS.ProtocolVersionMinor) return { tag, type: 'Integer', value: minor };
    return item;
  };
  return {
    ...exchange,
    request: mapLeaves(exchange.request, set),
    response: mapLeaves(exchange.response, set),
  };
}

function inVersionOfRequest(exchange: Exchange): Exchange {
  const numberOf = (tag: number): number => {
    const [leaf] = childrenOf(exchange.request, TAGS.RequestHeader)
      .flatMap((header) => childrenOf(header, TAGS.ProtocolVersion))
      .flatMap((version) => childrenOf(version, tag));
    return leaf?.kind === 'value' ? Number(leaf.item.value) : 0;
  };
  return inVersion(
    exchange,
    numberOf(TAGS.ProtocolVersionMajor),
    numberOf(TAGS.ProtocolVersionMinor),
  );
}

function mapLeaves(template: Template, change: (item: TtlvItem) => TtlvItem): Template {
  switch (template.kind) {
    case 'structure':
      return { ...template, items: template.items.map((item) => mapLeaves(item, change)) };
    case 'value':
      return { ...template, item: change(template.item) };
    case 'placeholder':
      return template;
  }
}
