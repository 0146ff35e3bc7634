import { encodeTtlv } from '@claviger/ttlv-codec';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KmipClientError } from './error.ts';
import { aFailure, aResponse, aSuccess } from './response.fixtures.ts';
import { type ExpectedResponse, parseResponse } from './response-message.ts';

const ID_1 = Uint8Array.of(0, 0, 0, 1);
const ID_2 = Uint8Array.of(0, 0, 0, 2);
const STRANGER = Uint8Array.of(9);

const single: ExpectedResponse = {
  version: '1.4',
  items: [{ operation: 'Activate', id: undefined }],
  mayStopEarly: true,
  maximumMessageBytes: 4096,
};
const pair: ExpectedResponse = {
  ...single,
  items: [
    { operation: 'Activate', id: ID_1 },
    { operation: 'Destroy', id: ID_2 },
  ],
};

const activated = (id?: Uint8Array) => aSuccess('1.4', 'Activate', { uniqueIdentifier: 'k' }, id);
const destroyed = (id?: Uint8Array) => aSuccess('1.4', 'Destroy', { uniqueIdentifier: 'k' }, id);
const ok = aResponse('1.4', [activated()]);

function errorOf(bytes: Uint8Array, expected: ExpectedResponse): unknown {
  try {
    return parseResponse(bytes, expected);
  } catch (error) {
    return error;
  }
}

describe('parseResponse', () => {
  it('reads the answer to a single item without an id', () => {
    expect(parseResponse(ok, single)).toEqual({
      kind: 'items',
      results: [{ kind: 'success', payload: { uniqueIdentifier: 'k' } }],
    });
  });

  describe('of a Poll', () => {
    const poll: ExpectedResponse = { ...single, items: [{ operation: 'Poll', id: undefined }] };
    const read = (item: Parameters<typeof aResponse>[1][number]) =>
      parseResponse(aResponse('1.4', [item]), poll);

    it('reads the answer of the operation that was polled', () => {
      const payload = { uniqueIdentifier: 'k' };
      expect(read(activated())).toEqual({
        kind: 'items',
        results: [
          { kind: 'success', payload: { kind: 'answered', operation: 'Activate', payload } },
        ],
      });
    });

    it('tells that the request is pending', () => {
      const pending = {
        operation: 'Poll',
        resultStatus: 'OperationPending',
        asynchronousCorrelationValue: ID_1,
        messageExtension: [],
      } as const;
      expect(read(pending)).toEqual({
        kind: 'items',
        results: [{ kind: 'success', payload: { kind: 'pending' } }],
      });
    });

    it('refuses a success that does not say of what', () => {
      const unnamed = { ...activated(), operation: 'Poll' } as const;
      expect(() => read(unnamed)).toThrow(/operation that was polled/);
    });
  });

  it('takes a nameless failure in another version for a refusal of the message', () => {
    const answer = aResponse('1.0', [aFailure({ resultReason: 'InvalidMessage' })]);
    expect(parseResponse(answer, pair)).toMatchObject({
      kind: 'refused',
      failure: { resultReason: 'InvalidMessage' },
    });
  });

  const { responsePayload: _, ...withoutPayload } = activated();
  const { operation: __, ...withoutOperation } = activated();
  const rows: readonly (readonly [string, Uint8Array, ExpectedResponse, RegExp])[] = [
    ['bytes that are no TTLV', Uint8Array.of(1, 2, 3), single, /truncated/],
    [
      'an item that is no message',
      encodeTtlv({ tag: 0x42007b, type: 'Structure', value: [] }),
      single,
      /no Protocol Version/,
    ],
    ['a message over the limit', ok, { ...single, maximumMessageBytes: 16 }, /limit of 16/],
    ['another version than that of the request', ok, { ...single, version: '1.3' }, /KMIP 1\.4/],
    ['a wrong batch count', aResponse('1.4', [activated()], 2), single, /announces 2/],
    [
      'more items than were asked for',
      aResponse('1.4', [activated(), activated()]),
      single,
      /same/,
    ],
    ['another operation', aResponse('1.4', [destroyed()]), single, /Destroy where Activate/],
    ['a success without an operation', aResponse('1.4', [withoutOperation]), single, /names no op/],
    ['a success without a payload', aResponse('1.4', [withoutPayload]), single, /UniqueIdentifier/],
    [
      'an asynchronous answer',
      aResponse('1.4', [{ ...activated(), resultStatus: 'OperationPending' }]),
      single,
      /asynchronously/,
    ],
    [
      'an id that was not sent',
      aResponse('1.4', [activated(STRANGER), destroyed(ID_2)]),
      pair,
      /ID/,
    ],
    ['no id where one was sent', aResponse('1.4', [activated(), destroyed(ID_2)]), pair, /ID/],
    ['an id twice', aResponse('1.4', [activated(ID_1), activated(ID_1)]), pair, /same request/],
    ['swapped ids', aResponse('1.4', [activated(ID_2), destroyed(ID_1)]), pair, /was asked for/],
    ['a missing item after successes', aResponse('1.4', [activated(ID_1)]), pair, /1 of 2/],
    [
      'a missing item where the server was told to continue',
      aResponse('1.4', [aFailure({ operation: 'Activate', uniqueBatchItemID: ID_1 })]),
      { ...pair, mayStopEarly: false },
      /1 of 2/,
    ],
  ];
  it.each(rows)('refuses %s', (_name, bytes, expected, message) => {
    const error = errorOf(bytes, expected);
    expect(error).toBeInstanceOf(KmipClientError);
    expect(error).toMatchObject({ code: 'malformed-response' });
    expect(String(error)).toMatch(message);
  });

  it('refuses a version that no table knows', () => {
    const future = Uint8Array.from(ok);
    future[35] = 9; // Protocol Version Major: 8 + 8 + 8 bytes of headers, 8 of its own, 4 of value
    expect(String(errorOf(future, single))).toMatch(/KMIP 9\.4/);
  });

  it('refuses every truncation', () => {
    for (let length = 0; length < ok.length; length++) {
      expect(errorOf(ok.subarray(0, length), single)).toMatchObject({ code: 'malformed-response' });
    }
  });

  it('gives a result or a KmipClientError for any change of bytes', () => {
    const answer = aResponse('1.4', [activated(ID_1), destroyed(ID_2)]);
    const changes = fc.array(fc.tuple(fc.nat(answer.length - 1), fc.nat(255)), { maxLength: 4 });
    fc.assert(
      fc.property(changes, (edits) => {
        const bytes = Uint8Array.from(answer);
        for (const [place, value] of edits) bytes[place] = value;
        const outcome = errorOf(bytes, pair);
        if (outcome instanceof Error) expect(outcome).toBeInstanceOf(KmipClientError);
      }),
    );
  });
});
