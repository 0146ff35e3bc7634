/** The runner itself: it passes a server that does as the file says, and sees each thing that is wrong. */

import { join } from 'node:path';
import { createKmipNames, TAGS } from '@claviger/kmip-protocol';
import type { TtlvItem } from '@claviger/ttlv-codec';
import { describe, expect, it } from 'vitest';
import { bytes, enumeration, structure, text } from '../ttlv-request.ts';
import type { Deviation } from './deviations.ts';
import {
  doubled,
  type Edit,
  edit,
  otherValue,
  removed,
  reversed,
  withMore,
} from './edit-item.fixtures.ts';
import { type Clock, createSession, playCase } from './play-case.ts';
import { readTestCase } from './read-test-case.ts';
import { createScriptedServer, type Mutation } from './scripted-server.fixtures.ts';
import type { TestCase } from './test-case.ts';

const NAMES = createKmipNames();

function ownCase(path: string): TestCase {
  return readTestCase(join(import.meta.dirname, 'cases', `${path}.xml`), NAMES);
}

/** Waiting costs no time, but it counts. */
function quickClock(): Clock {
  let waited = 0;
  return {
    now: () => Date.now() + waited,
    async wait(milliseconds) {
      waited += milliseconds;
    },
  };
}

async function play(testCase: TestCase, mutation?: Mutation, deviations?: readonly Deviation[]) {
  const server = createScriptedServer(testCase, mutation);
  const outcome = await playCase(testCase, createSession(), {
    peers: server,
    clock: quickClock(),
    answerTimeoutMs: 1000,
    repeatTimeoutMs: 5000,
    offsets: {},
    ...(deviations !== undefined && { deviations }),
  });
  return { ...outcome, server };
}

const LIFE = ownCase('1.2/life-of-a-key');
const VALUES = ownCase('2.1/values-go-back');
const NOTIFIES = ownCase('1.2/server-notifies');
const DISCOVERS = ownCase('1.2/discovers-versions');

describe('a server that does as the file says', () => {
  it.each([LIFE, VALUES, NOTIFIES, DISCOVERS])('passes $version/$name', async (testCase) => {
    const { failure, server } = await play(testCase);
    expect(failure).toBeUndefined();
    expect(server.complaints).toEqual([]);
    expect(server.played).toBe(testCase.exchanges.length);
  });
});

/** One mutation: the case, the exchange, the item, what becomes of it, and where it has to be seen. */
type Row = readonly [
  what: string,
  testCase: TestCase,
  exchange: number,
  item: string,
  change: Edit,
  seen: string,
];

const BATCH = 'ResponseMessage/BatchItem';

const WRONG: readonly Row[] = [
  ['another status', LIFE, 0, 'BatchItem/ResultStatus', otherValue, `${BATCH}/ResultStatus`],
  [
    'success for failure',
    LIFE,
    2,
    'BatchItem/ResultStatus',
    (item) => [{ ...item, type: 'Enumeration', value: 0 }],
    `${BATCH}/ResultStatus`,
  ],
  ['another reason', LIFE, 2, 'BatchItem/ResultReason', otherValue, `${BATCH}/ResultReason`],
  ['no reason', LIFE, 2, 'BatchItem/ResultReason', removed, `${BATCH}/ResultReason`],
  [
    'a field too few',
    LIFE,
    0,
    'BatchItem/ResponsePayload/ObjectType',
    removed,
    `${BATCH}/ResponsePayload/ObjectType`,
  ],
  [
    'a field too many',
    LIFE,
    0,
    'BatchItem/ResponsePayload',
    withMore(text('PutFunction', 'x')),
    `${BATCH}/ResponsePayload/PutFunction`,
  ],
  [
    'a field twice',
    LIFE,
    0,
    'BatchItem/ResponsePayload/ObjectType',
    doubled,
    `${BATCH}/ResponsePayload/ObjectType[1]`,
  ],
  ['no payload', LIFE, 0, 'BatchItem/ResponsePayload', removed, `${BATCH}/ResponsePayload`],
  [
    'fields in another order',
    LIFE,
    0,
    'BatchItem/ResponsePayload',
    reversed,
    `${BATCH}/ResponsePayload`,
  ],
  [
    'another value',
    LIFE,
    0,
    'BatchItem/ResponsePayload/ObjectType',
    otherValue,
    `${BATCH}/ResponsePayload/ObjectType`,
  ],
  [
    'another type',
    LIFE,
    0,
    'BatchItem/ResponsePayload/UniqueIdentifier',
    (item) => [{ tag: item.tag, type: 'Integer', value: 1 }],
    `${BATCH}/ResponsePayload/UniqueIdentifier`,
  ],
  ['another operation', LIFE, 0, 'BatchItem/Operation', otherValue, `${BATCH}/Operation`],
  [
    'another version',
    LIFE,
    0,
    'ResponseHeader/ProtocolVersion/ProtocolVersionMinor',
    otherValue,
    'ResponseMessage/ResponseHeader/ProtocolVersion/ProtocolVersionMinor',
  ],
  [
    'another batch count',
    LIFE,
    1,
    'ResponseHeader/BatchCount',
    otherValue,
    'ResponseMessage/ResponseHeader/BatchCount',
  ],
  [
    'no time stamp',
    LIFE,
    0,
    'ResponseHeader/TimeStamp',
    removed,
    'ResponseMessage/ResponseHeader/TimeStamp',
  ],
  [
    'a time stamp of another age',
    LIFE,
    0,
    'ResponseHeader/TimeStamp',
    (item) => [{ tag: item.tag, type: 'DateTime', value: 5n }],
    'ResponseMessage/ResponseHeader/TimeStamp',
  ],
  [
    'an unasked header field',
    LIFE,
    0,
    'ResponseHeader',
    withMore(text('ClientCorrelationValue', 'x')),
    'ResponseMessage/ResponseHeader/ClientCorrelationValue',
  ],
  ['a batch item too few', LIFE, 1, 'BatchItem[1]', removed, `${BATCH}[1]`],
  ['a batch item too many', LIFE, 0, 'BatchItem', doubled, `${BATCH}[1]`],
  [
    'another batch item id',
    LIFE,
    1,
    'BatchItem[1]/UniqueBatchItemID',
    otherValue,
    `${BATCH}[1]/UniqueBatchItemID`,
  ],
  [
    'no batch item id',
    LIFE,
    1,
    'BatchItem[1]/UniqueBatchItemID',
    removed,
    `${BATCH}[1]/UniqueBatchItemID`,
  ],
  [
    'an unknown identifier',
    LIFE,
    1,
    'BatchItem/ResponsePayload/UniqueIdentifier',
    otherValue,
    `${BATCH}[0]/ResponsePayload/UniqueIdentifier`,
  ],
  [
    'another state',
    LIFE,
    1,
    'BatchItem/ResponsePayload/Attribute/AttributeValue',
    otherValue,
    `${BATCH}[0]/ResponsePayload/Attribute[State]/AttributeValue`,
  ],
  [
    'an attribute too few',
    LIFE,
    1,
    'BatchItem/ResponsePayload/Attribute[1]',
    removed,
    `${BATCH}[0]/ResponsePayload/Attribute[Activation Date]`,
  ],
  [
    'an attribute that was not asked for',
    LIFE,
    1,
    'BatchItem/ResponsePayload/Attribute/AttributeName',
    (item) => [{ tag: item.tag, type: 'TextString', value: 'Lease Time' }],
    `${BATCH}[0]/ResponsePayload/Attribute[State]`,
  ],
  [
    'another date than was sent',
    LIFE,
    1,
    'BatchItem/ResponsePayload/Attribute[1]/AttributeValue',
    otherValue,
    `${BATCH}[0]/ResponsePayload/Attribute[Activation Date]/AttributeValue`,
  ],
  [
    'a date outside the case',
    LIFE,
    1,
    'BatchItem/ResponsePayload/Attribute[2]/AttributeValue',
    otherValue,
    `${BATCH}[0]/ResponsePayload/Attribute[Initial Date]/AttributeValue`,
  ],
  [
    'another key length',
    LIFE,
    1,
    'BatchItem[1]/ResponsePayload/SymmetricKey/KeyBlock/CryptographicLength',
    otherValue,
    `${BATCH}[1]/ResponsePayload/SymmetricKey/KeyBlock/CryptographicLength`,
  ],
  [
    'a critical extension',
    LIFE,
    0,
    'BatchItem',
    withMore(extension(true)),
    `${BATCH}/MessageExtension`,
  ],
  [
    'another plaintext',
    VALUES,
    3,
    'BatchItem/ResponsePayload/Data',
    otherValue,
    `${BATCH}/ResponsePayload/Data`,
  ],
  [
    'another ciphertext of a known key',
    VALUES,
    4,
    'BatchItem/ResponsePayload/Data',
    otherValue,
    `${BATCH}/ResponsePayload/Data`,
  ],
  [
    'a name too few',
    VALUES,
    5,
    'BatchItem/ResponsePayload/Attributes/Name[1]',
    removed,
    `${BATCH}/ResponsePayload/Attributes/Name[1]`,
  ],
  [
    'another name',
    VALUES,
    5,
    'BatchItem/ResponsePayload/Attributes/Name/NameValue',
    otherValue,
    `${BATCH}/ResponsePayload/Attributes/Name[0]/NameValue`,
  ],
  [
    'an answer for a pending operation',
    VALUES,
    6,
    'BatchItem/AsynchronousCorrelationValue',
    removed,
    `${BATCH}/AsynchronousCorrelationValue`,
  ],
  [
    'identifiers in another order',
    VALUES,
    7,
    'BatchItem/ResponsePayload',
    reversed,
    `${BATCH}/ResponsePayload/UniqueIdentifier[0]`,
  ],
  [
    'an item of no known tag',
    LIFE,
    0,
    'BatchItem/ResponsePayload',
    withMore({ tag: 0x54fff0, type: 'Integer', value: 1 }),
    `${BATCH}/ResponsePayload/0x54FFF0`,
  ],
];

describe('a server that gets one thing wrong', () => {
  it.each(WRONG)('is seen: %s', async (_what, testCase, exchange, item, change, seen) => {
    const { failure, server } = await play(testCase, (message, position) =>
      position >= exchange ? edit(message, item, change) : message,
    );
    expect(failure?.reason).toContain(`: ${seen}: expected`);
    expect(failure?.line).toBe(testCase.exchanges[exchange]?.line);
    expect(failure?.report).toContain('actual:\n<ResponseMessage>');
    expect(server.complaints).toEqual([]);
  });

  it('is seen when it hands out an identifier twice', async () => {
    let first: TtlvItem | undefined;
    const path = 'BatchItem/ResponsePayload/UniqueIdentifier';
    const { failure } = await play(VALUES, (message, position) => {
      if (position > 1) return message;
      return edit(message, path, (item) => {
        first ??= item;
        return [first];
      });
    });
    expect(failure?.reason).toContain('expected $UNIQUE_IDENTIFIER_1, a new identifier');
  });

  it.each(['closes', 'is silent'] as const)('is seen when it %s', async (what) => {
    const { failure } = await play(LIFE, (message, position) => (position === 1 ? what : message));
    expect(failure?.reason).toMatch(/^line \d+: (the server closed|no answer within)/);
  });

  it('is seen in what it asks the client', async () => {
    const path = 'BatchItem/RequestPayload/Attribute/AttributeValue';
    const { failure } = await play(NOTIFIES, (message, position) =>
      position === 1 ? edit(message, path, otherValue) : message,
    );
    expect(failure?.reason).toContain('Attribute[State]/AttributeValue: expected');
  });

  it('is asked again only as long as polling may take', async () => {
    const pending = enumeration('ResultStatus', 2);
    const { failure, server } = await play(VALUES, (message, position) =>
      position >= 7 ? edit(message, 'BatchItem/ResultStatus', () => [pending]) : message,
    );
    expect(failure?.reason).toContain('ResultStatus: expected Success, got OperationPending');
    // 5000 ms, in steps of 250 ms.
    expect(server.played).toBe(7 + 21);
  });
});

describe('what a server may do otherwise', () => {
  const may = async (testCase: TestCase, mutation: Mutation) => {
    expect((await play(testCase, mutation)).failure).toBeUndefined();
  };
  const at = (exchange: number, path: string, change: Edit): Mutation => {
    return (message, position) => (position === exchange ? edit(message, path, change) : message);
  };

  it('has its own words for a failure, or none', async () => {
    await may(LIFE, at(2, 'BatchItem/ResultMessage', otherValue));
    await may(LIFE, at(2, 'BatchItem/ResultMessage', removed));
  });

  it('makes other key material than the file', async () => {
    const path = 'BatchItem[1]/ResponsePayload/SymmetricKey/KeyBlock/KeyValue/KeyMaterial';
    await may(LIFE, at(1, path, otherValue));
  });

  it('encrypts with an IV of its own, which comes back with the ciphertext', async () => {
    await may(VALUES, at(2, 'BatchItem/ResponsePayload/Data', otherValue));
    await may(VALUES, at(2, 'BatchItem/ResponsePayload/IVCounterNonce', otherValue));
  });

  it('sends attributes in any order, and more when none was named', async () => {
    const more = bytes('ShortUniqueIdentifier', new Uint8Array(4));
    await may(VALUES, at(5, 'BatchItem/ResponsePayload/Attributes', reversed));
    await may(VALUES, at(5, 'BatchItem/ResponsePayload/Attributes', withMore(more)));
  });

  it('adds an extension that is not critical', async () => {
    await may(LIFE, at(0, 'BatchItem', withMore(extension(false))));
  });

  it('deviates where an entry says so, and nowhere else', async () => {
    const entry: Deviation = {
      cases: /^1\.2\/life-of-a-key$/,
      at: /\/ResultReason$/,
      reason: 'another reason',
      section: '1.2 §11',
    };
    const mutation = at(2, 'BatchItem/ResultReason', otherValue);
    const { failure, deviations } = await play(LIFE, mutation, [entry]);
    expect(failure).toBeUndefined();
    expect(deviations).toEqual([entry]);
    const elsewhere = await play(LIFE, at(2, 'BatchItem/ResultStatus', otherValue), [entry]);
    expect(elsewhere.failure?.reason).toContain('ResultStatus');
  });

  it('is asked nothing more after a deviation on which the rest of the case rests', async () => {
    const entry: Deviation = {
      cases: /life-of-a-key$/,
      at: /\/ResultReason$/,
      reason: 'not done',
      section: '1.2 §4',
      ends: true,
    };
    const mutation = at(2, 'BatchItem/ResultReason', otherValue);
    const { failure, deviations, server } = await play(LIFE, mutation, [entry]);
    expect(failure).toBeUndefined();
    expect(deviations).toEqual([entry]);
    expect(server.played).toBe(3);
  });

  it('knows more protocol versions than the file, and all of the file in its order', async () => {
    const payload = 'BatchItem/ResponsePayload';
    await may(DISCOVERS, at(0, payload, withVersionsBefore('2.1', '1.4')));
    for (const [exchange, change] of [
      [0, reversed],
      [1, withVersionsBefore('2.1')],
    ] as const) {
      const { failure } = await play(DISCOVERS, at(exchange, payload, change));
      expect(failure?.reason).toContain('ProtocolVersion');
    }
  });
});

/** Puts protocol versions before what a payload has. */
function withVersionsBefore(...versions: readonly string[]): Edit {
  const more = versions.map((version): TtlvItem => {
    const [major = 0, minor = 0] = version.split('.').map(Number);
    return structure(
      'ProtocolVersion',
      { tag: TAGS.ProtocolVersionMajor, type: 'Integer', value: major },
      { tag: TAGS.ProtocolVersionMinor, type: 'Integer', value: minor },
    );
  });
  return (item) => {
    return item.type === 'Structure' ? [{ ...item, value: [...more, ...item.value] }] : [item];
  };
}

function extension(isCritical: boolean): TtlvItem {
  return {
    tag: 0x420051,
    type: 'Structure',
    value: [
      { tag: 0x42009d, type: 'TextString', value: 'vendor' },
      { tag: 0x420026, type: 'Boolean', value: isCritical },
      { tag: 0x42009c, type: 'Structure', value: [] },
    ],
  };
}
