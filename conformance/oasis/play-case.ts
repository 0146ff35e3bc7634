/** Plays one case against a server: sends what the file says, and judges what comes back. */

import { setTimeout as delay } from 'node:timers/promises';
import { OPERATIONS, TAGS, VERSIONS, type Version } from '@claviger/kmip-protocol';
import { decodeTtlv, encodeTtlv, TtlvError, type TtlvItem } from '@claviger/ttlv-codec';
import { type Circumstances, compareMessage, type Difference } from './compare.ts';
import { type CaseConnection, ConnectionError } from './connection.ts';
import { valueKey } from './describe-value.ts';
import { DEVIATIONS, type Deviation } from './deviations.ts';
import { type Attempt, type Failure, failedBecause, failureOf } from './failure.ts';
import { KNOWN_FAULTS, withoutFaults } from './known-faults.ts';
import { KnownObjects } from './known-objects.ts';
import { batchItemsOf, timeStampOf } from './message-facts.ts';
import { fill, noteOutputs, UnboundPlaceholderError, Values } from './placeholders.ts';
import {
  caseLabel,
  childrenOf,
  type Exchange,
  itemsOf,
  type Template,
  type TestCase,
} from './test-case.ts';

/** The ways to and from a server. */
export interface Peers {
  /** A new connection with the identity of a client: `A`, `B`, `C`. @throws ConnectionError */
  connect(client: string): Promise<CaseConnection>;
  /**
   * The connection that the server makes to send requests. Without it the server sends them on the
   * connection of the client, as after Set Endpoint Role.
   *
   * @param request - What the server is to send: an operator may have to say so first.
   */
  accept?(request: TtlvItem): Promise<CaseConnection>;
}

export interface Clock {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly wait: (milliseconds: number) => Promise<void>;
}

export const SYSTEM_CLOCK: Clock = { now: Date.now, wait: (milliseconds) => delay(milliseconds) };

export interface PlayOptions {
  readonly peers: Peers;
  readonly clock: Clock;
  /** How long one answer may take. */
  readonly answerTimeoutMs: number;
  /** How long an exchange is repeated until its response is the expected one. */
  readonly repeatTimeoutMs: number;
  /** Other seconds in the place of those that the file adds to the time. */
  readonly offsets: Readonly<Record<string, number>>;
  readonly deviations?: readonly Deviation[];
  readonly onMessage?: (direction: 'sent' | 'received', message: TtlvItem) => void;
}

/** What lasts from one case to the next that is played after it. */
export interface Session {
  readonly objects: KnownObjects;
  serverTime: { readonly from: bigint; readonly until: bigint } | undefined;
}

export function createSession(): Session {
  return { objects: new KnownObjects(), serverTime: undefined };
}

export interface Outcome {
  readonly failure: Failure | undefined;
  readonly deviations: readonly Deviation[];
}

/** Plays the exchanges in order, up to the first that is not as it should be. */
export async function playCase(
  testCase: TestCase,
  session: Session,
  options: PlayOptions,
): Promise<Outcome> {
  const play = new Play(testCase, session, options);
  try {
    return await play.run();
  } finally {
    play.close();
  }
}

const REPEAT_INTERVAL_MS = 250;
const MAX_ANSWER_BYTES = 8 * 1024 * 1024;

class Play {
  readonly #testCase: TestCase;
  readonly #session: Session;
  readonly #options: PlayOptions;
  readonly #connections = new Map<string, CaseConnection>();
  readonly #values = new Values();
  readonly #sentDates = new Map<string, Set<bigint>>();
  readonly #latest = new Map<number, TtlvItem>();
  /** Payloads of requests that are under way, by their Asynchronous Correlation Value. */
  readonly #underWay = new Map<string, TtlvItem>();
  readonly #deviations = new Set<Deviation>();
  readonly #faults: typeof KNOWN_FAULTS;

  constructor(testCase: TestCase, session: Session, options: PlayOptions) {
    const label = caseLabel(testCase);
    this.#faults = KNOWN_FAULTS.filter(({ cases }) => cases.test(label));
    this.#testCase = withoutFaults(testCase, this.#faults);
    this.#session = session;
    this.#options = options;
  }

  async run(): Promise<Outcome> {
    for (const exchange of this.#testCase.exchanges) {
      const failure = await this.#play(exchange);
      const deviations = [...this.#deviations];
      if (failure !== undefined || deviations.some(({ ends }) => ends === true)) {
        return { failure, deviations };
      }
    }
    return { failure: undefined, deviations: [...this.#deviations] };
  }

  close(): void {
    for (const connection of this.#connections.values()) connection.close();
  }

  async #play(exchange: Exchange): Promise<Failure | undefined> {
    try {
      const isOver = this.#deadline(exchange);
      for (;;) {
        const attempt =
          exchange.asker === 'server' ? await this.#answer(exchange) : await this.#ask(exchange);
        if (attempt.differences.length === 0) return undefined;
        if (isOver() || isRefused(attempt)) return failureOf(exchange, attempt);
        await this.#options.clock.wait(REPEAT_INTERVAL_MS);
      }
    } catch (error) {
      if (error instanceof ConnectionError || error instanceof UnboundPlaceholderError) {
        return failedBecause(exchange, error.message);
      }
      throw error;
    }
  }

  /** What is polled for may take its time; everything else has one attempt. */
  #deadline(exchange: Exchange): () => boolean {
    const isPoll = batchItemsOf(encodable(exchange.request)).some(
      ({ operation }) => operation === OPERATIONS.Poll.value,
    );
    if (!exchange.isRepeated && !isPoll) return () => true;
    const { clock, repeatTimeoutMs } = this.#options;
    const end = clock.now() + repeatTimeoutMs;
    return () => clock.now() >= end;
  }

  async #ask(exchange: Exchange): Promise<Attempt> {
    const request = this.#fill(exchange.request);
    const connection = await this.#connectionOf(exchange.client);
    this.#options.onMessage?.('sent', request);
    connection.send(encodeTtlv(request));
    const received = await this.#receive(connection);
    if ('unreadable' in received)
      return { request, response: undefined, differences: [received.unreadable] };
    const response = received.message;
    const payloads = this.#payloadsOf(request);
    const differences = this.#compare(exchange.response, response, payloads);
    if (differences.length === 0) this.#learn(payloads, response);
    return { request, response, differences };
  }

  /** The server asks, and the client answers as the file says. */
  async #answer(exchange: Exchange): Promise<Attempt> {
    const { peers } = this.#options;
    const connection = await (peers.accept?.(encodable(exchange.request)) ??
      this.#connectionOf(exchange.client));
    const received = await this.#receive(connection);
    if ('unreadable' in received) {
      return { request: undefined, response: undefined, differences: [received.unreadable] };
    }
    const differences = this.#compare(exchange.request, received.message, []);
    if (differences.length === 0) {
      // Its Time Stamp is one that the recording had: it fixes no date of an object.
      const response = this.#fill(exchange.response, () => {});
      this.#options.onMessage?.('sent', response);
      connection.send(encodeTtlv(response));
    }
    return { request: received.message, response: undefined, differences };
  }

  async #connectionOf(client: string): Promise<CaseConnection> {
    const open = this.#connections.get(client);
    if (open !== undefined) return open;
    const connection = await this.#options.peers.connect(client);
    this.#connections.set(client, connection);
    return connection;
  }

  async #receive(
    connection: CaseConnection,
  ): Promise<{ message: TtlvItem } | { unreadable: Difference }> {
    const bytes = await connection.receive(this.#options.answerTimeoutMs);
    try {
      const limits = { maxMessageBytes: MAX_ANSWER_BYTES, maxItems: 100_000 };
      const message = decodeTtlv(bytes, limits);
      this.#options.onMessage?.('received', message);
      return { message };
    } catch (error) {
      if (!(error instanceof TtlvError)) throw error;
      return {
        unreadable: { path: error.path, expected: 'a TTLV message', actual: error.message },
      };
    }
  }

  #fill(template: Template, onDate = this.#noteDate): TtlvItem {
    return fill(template, {
      values: this.#values,
      now: this.#now(),
      offsets: this.#options.offsets,
      latest: this.#latest,
      onDate,
    });
  }

  readonly #noteDate = (text: string, seconds: bigint): void => {
    const sent = this.#sentDates.get(text) ?? new Set();
    this.#sentDates.set(text, sent.add(seconds));
  };

  #compare(
    expected: Template,
    actual: TtlvItem,
    payloads: readonly (TtlvItem | undefined)[],
  ): readonly Difference[] {
    const serverTime = this.#serverTime(timeStampOf(actual));
    const circumstances: Circumstances = {
      version: versionOf(expected) ?? '2.1',
      values: this.#values,
      objects: this.#session.objects,
      sentDates: this.#sentDates,
      serverTime,
      now: this.#now(),
      offsets: this.#options.offsets,
      requestPayload: (position) => payloads[position],
      furtherVariations: this.#faults.flatMap(({ allows }) =>
        allows === undefined ? [] : [allows],
      ),
    };
    const { differences, values } = compareMessage(expected, actual, circumstances);
    const { remaining, deviations } = this.#withoutDeviations(differences);
    if (remaining.length === 0) {
      this.#values.adopt(values);
      for (const deviation of deviations) this.#deviations.add(deviation);
    }
    return remaining;
  }

  #withoutDeviations(differences: readonly Difference[]) {
    const label = caseLabel(this.#testCase);
    const known = (this.#options.deviations ?? DEVIATIONS).filter(({ cases }) => cases.test(label));
    const deviations: Deviation[] = [];
    const remaining = differences.filter(({ path }) => {
      const deviation = known.find(({ at }) => at.test(path));
      if (deviation !== undefined) deviations.push(deviation);
      return deviation === undefined;
    });
    return { remaining, deviations };
  }

  #serverTime(stamp: bigint | undefined): { readonly from: bigint; readonly until: bigint } {
    const now = stamp ?? this.#now();
    const { from } = this.#session.serverTime ?? { from: now };
    this.#session.serverTime = { from, until: now };
    return this.#session.serverTime;
  }

  #now(): bigint {
    return BigInt(Math.floor(this.#options.clock.now() / 1000));
  }

  /** By batch item; what a Poll asks for is the request that it polls. */
  #payloadsOf(request: TtlvItem): readonly (TtlvItem | undefined)[] {
    return batchItemsOf(request).map(({ operation, payload }) => {
      if (operation !== OPERATIONS.Poll.value) return payload;
      const [value] = itemsOf(payload, TAGS.AsynchronousCorrelationValue);
      return value === undefined ? payload : (this.#underWay.get(valueKey(value)) ?? payload);
    });
  }

  #learn(payloads: readonly (TtlvItem | undefined)[], response: TtlvItem): void {
    noteOutputs(response, this.#latest);
    for (const [position, answer] of batchItemsOf(response).entries()) {
      const payload = payloads[position];
      const [value] = itemsOf(answer.item, TAGS.AsynchronousCorrelationValue);
      if (answer.isPending && value !== undefined && payload !== undefined) {
        this.#underWay.set(valueKey(value), payload);
      }
      if (answer.isSuccess && answer.operation !== undefined) {
        this.#session.objects.learn(answer.operation, payload, answer.payload);
      }
    }
  }
}

/** A refusal is no answer that changes by asking again. */
function isRefused({ response }: Attempt): boolean {
  if (response === undefined) return true;
  return batchItemsOf(response).some(({ isSuccess, isPending }) => !isSuccess && !isPending);
}

/** The items of a template without its placeholders. */
function encodable(template: Template): TtlvItem {
  const { tag } = template;
  if (template.kind === 'structure') {
    const items = template.items.filter(({ kind }) => kind !== 'placeholder');
    return { tag, type: 'Structure', value: items.map(encodable) };
  }
  return template.kind === 'value' ? template.item : { tag, type: 'Structure', value: [] };
}

function versionOf(message: Template): Version | undefined {
  const header = childrenOf(message, TAGS.ResponseHeader).concat(
    childrenOf(message, TAGS.RequestHeader),
  );
  const numbers = header
    .flatMap((item) => childrenOf(item, TAGS.ProtocolVersion))
    .flatMap((version) => (version.kind === 'structure' ? version.items : []))
    .flatMap((leaf) => (leaf.kind === 'value' ? [String(leaf.item.value)] : []));
  return VERSIONS.find((version) => version === numbers.join('.'));
}
