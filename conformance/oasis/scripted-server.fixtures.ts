/**
 * A server that knows one case by heart: it answers as the file says, with values of its own in the place
 * of the placeholders. It never looks at a schema. A test may have it say one thing wrongly.
 */

import { randomBytes, randomUUID } from 'node:crypto';
import { TAGS } from '@claviger/kmip-protocol';
import { decodeTtlv, encodeTtlv, type TtlvItem } from '@claviger/ttlv-codec';
import { type CaseConnection, ConnectionError } from './connection.ts';
import { describeMessage, valueKey } from './describe-value.ts';
import { KNOWN_FAULTS, withoutFaults } from './known-faults.ts';
import { fill, secondsFromNow, Values } from './placeholders.ts';
import type { Peers } from './play-case.ts';
import { asPlayed } from './run-suite.ts';
import { caseLabel, type Exchange, type Template, type TestCase } from './test-case.ts';

/** What is sent instead of the message of an exchange; none closes the connection or says nothing. */
export type Mutation = (message: TtlvItem, exchange: number) => TtlvItem | 'closes' | 'is silent';

export interface ScriptedServer extends Peers {
  /** What the client has sent otherwise than the file says. */
  readonly complaints: readonly string[];
  /** Exchanges that are over; one that is repeated at the end of the case counts each time. */
  readonly played: number;
}

export function createScriptedServer(
  testCase: TestCase,
  mutate: Mutation = (message) => message,
): ScriptedServer {
  const faults = KNOWN_FAULTS.filter(({ cases }) => cases.test(caseLabel(testCase)));
  const { exchanges } = withoutFaults(asPlayed(testCase), faults);
  const values = new Values();
  const complaints: string[] = [];
  let position = 0;

  const now = () => BigInt(Math.floor(Date.now() / 1000));
  const write = (template: Template): TtlvItem => {
    bindNew(template, values);
    const given = { values, now: now(), offsets: {}, latest: new Map(), onDate: () => {} };
    return stamped(fill(template, given), now());
  };

  /** Takes what the client has chosen (dates, outputs that it repeats), and looks at the rest. */
  function read(template: Template, item: TtlvItem): boolean {
    if (template.tag !== item.tag) return false;
    if (template.kind === 'value') return valueKey(template.item) === valueKey(item);
    if (template.kind === 'structure') {
      if (item.type !== 'Structure' || item.value.length !== template.items.length) return false;
      return template.items.every((child, index) => {
        const received = item.value[index];
        return received !== undefined && read(child, received);
      });
    }
    const { text } = template;
    if (secondsFromNow(text) !== undefined) {
      return item.type === 'DateTime';
    }
    const bound = values.get(text);
    if (bound === undefined) values.bind(text, item);
    return bound === undefined || valueKey(bound) === valueKey(item);
  }

  function check(template: Template, bytes: Uint8Array): void {
    const item = decodeTtlv(bytes, { maxMessageBytes: 1 << 24, maxItems: 100_000 });
    if (!read(template, item)) {
      complaints.push(`exchange ${position}: ${describeMessage(template)}${describeMessage(item)}`);
    }
  }

  function speak(template: Template, outgoing: (Uint8Array | 'closed')[]): void {
    const message = mutate(write(template), position);
    if (message === 'closes') outgoing.push('closed');
    else if (message !== 'is silent') outgoing.push(encodeTtlv(message));
  }

  function connect(client: string): CaseConnection {
    const outgoing: (Uint8Array | 'closed')[] = [];
    const next = (): Exchange => {
      const exchange = exchanges[position] ?? exchanges.findLast(({ isRepeated }) => isRepeated);
      if (exchange === undefined) throw new Error('The case is over, and the client goes on.');
      return exchange;
    };
    return {
      send(bytes) {
        const exchange = next();
        if (exchange.client !== client) complaints.push(`exchange ${position}: ${client} speaks`);
        const { request, response, asker } = exchange;
        check(asker === 'client' ? request : response, bytes);
        if (asker === 'client') speak(response, outgoing);
        position += 1;
      },
      async receive(timeoutMs) {
        const exchange = exchanges[position];
        if (outgoing.length === 0 && exchange?.asker === 'server')
          speak(exchange.request, outgoing);
        const message = outgoing.shift();
        if (message === 'closed') throw new ConnectionError('the server closed the connection');
        if (message === undefined) throw new ConnectionError(`no answer within ${timeoutMs} ms`);
        return message;
      },
      close() {},
    };
  }

  return {
    complaints,
    get played() {
      return position;
    },
    connect: async (client) => connect(client),
  };
}

/** A message with the present time in its header, where a recording has that of the recording. */
function stamped(message: TtlvItem, now: bigint): TtlvItem {
  if (message.type !== 'Structure') return message;
  const value = message.value.map((item): TtlvItem => {
    if (item.tag === TAGS.TimeStamp) return { tag: item.tag, type: 'DateTime', value: now };
    return item.tag === TAGS.ResponseHeader ? stamped(item, now) : item;
  });
  return { ...message, value };
}

/** Values of the server's own, each the first time that it is needed. */
function bindNew(template: Template, values: Values): void {
  if (template.kind === 'structure') {
    for (const item of template.items) bindNew(item, values);
    return;
  }
  if (template.kind !== 'placeholder') return;
  const { tag, text, type } = template;
  if (secondsFromNow(text) !== undefined || values.get(text) !== undefined) return;
  values.bind(
    text,
    type === 'TextString'
      ? { tag, type, value: randomUUID() }
      : { tag, type: 'ByteString', value: new Uint8Array(randomBytes(16)) },
  );
}
