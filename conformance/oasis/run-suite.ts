/** Plays many cases: which, in what company, and how many at a time. */

import { needsOf } from './case-needs.ts';
import { clearAway } from './clear-away.ts';
import { ConnectionError } from './connection.ts';
import type { Deviation } from './deviations.ts';
import type { Failure } from './failure.ts';
import type { ContentType } from './https-connection.ts';
import {
  type Clock,
  createSession,
  type Outcome,
  type Peers,
  type PlayOptions,
  playCase,
  type Session,
} from './play-case.ts';
import { caseLabel, type TestCase } from './test-case.ts';

export interface CaseResult {
  readonly name: string;
  readonly version: string;
  readonly result: 'pass' | 'fail' | 'deviation';
  /** Why it failed, or what deviates. */
  readonly reason: string | undefined;
  /** Request, expected and actual message of a failure. */
  readonly report: string | undefined;
  readonly seconds: number;
}

/** A server under test. */
export interface Server {
  /** How many cases it can be asked at a time without one seeing the objects of another. */
  readonly parallel: number;
  /** Whether each case has objects of its own, so that nothing has to be cleared away. */
  readonly isolatesCases: boolean;
  /**
   * Clients for one case, or for several that are played one after the other.
   *
   * @param https - The encoding in which they speak by HTTPS; they speak TTLV over TLS without.
   * @param areTold - Whether the server sends them requests of its own accord.
   */
  peersFor(
    label: string,
    clients: readonly string[],
    https?: ContentType,
    areTold?: boolean,
  ): Promise<Peers>;
}

export interface SuiteOptions {
  readonly server: Server;
  readonly clock: Clock;
  readonly answerTimeoutMs: number;
  readonly repeatTimeoutMs: number;
  readonly deviations?: readonly Deviation[];
  readonly onResult?: (result: CaseResult) => void;
}

/**
 * Plays the cases.
 *
 * @param all - Among them are the cases that others need before them.
 * @returns A result for each, in the order of `selected`.
 */
export async function runSuite(
  selected: readonly TestCase[],
  all: readonly TestCase[],
  options: SuiteOptions,
): Promise<readonly CaseResult[]> {
  const results = new Map<TestCase, CaseResult>();
  const waiting = [...selected];
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const result = await runCase(next, all, options);
      results.set(next, result);
      options.onResult?.(result);
    }
  };
  await Promise.all(Array.from({ length: options.server.parallel }, work));
  return selected.flatMap((testCase) => results.get(testCase) ?? []);
}

async function runCase(
  testCase: TestCase,
  all: readonly TestCase[],
  options: SuiteOptions,
): Promise<CaseResult> {
  const { name, version } = testCase;
  const start = options.clock.now();
  const { failure, deviations } = await playChain(testCase, all, options);
  const seconds = (options.clock.now() - start) / 1000;
  if (failure !== undefined) {
    const { reason, report } = failure;
    return { name, version, result: 'fail', reason, report, seconds };
  }
  const [deviation] = deviations;
  return {
    name,
    version,
    result: deviation === undefined ? 'pass' : 'deviation',
    reason: deviation === undefined ? undefined : `${deviation.reason} (${deviation.section})`,
    report: undefined,
    seconds,
  };
}

async function playChain(
  testCase: TestCase,
  all: readonly TestCase[],
  options: SuiteOptions,
): Promise<Outcome> {
  const chain = chainOf(testCase, all).map(asPlayed);
  const clients = chain.flatMap(({ exchanges }) => exchanges.map(({ client }) => client));
  const session = createSession();
  let peers: Peers | undefined;
  try {
    const label = caseLabel(testCase);
    peers = await options.server.peersFor(
      label,
      [...new Set(clients)].sort(),
      needsOf(label).https,
      chain.some(({ exchanges }) => exchanges.some(({ asker }) => asker === 'server')),
    );
    return await playAll(chain, session, peers, options);
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error;
    return { failure: plainFailure(error.message), deviations: [] };
  } finally {
    if (peers !== undefined && !options.server.isolatesCases) {
      await clearAway(session.objects.leftOver(), peers, options.answerTimeoutMs);
    }
  }
}

async function playAll(
  chain: readonly TestCase[],
  session: Session,
  peers: Peers,
  options: SuiteOptions,
): Promise<Outcome> {
  let last: Outcome = { failure: undefined, deviations: [] };
  for (const [position, testCase] of chain.entries()) {
    const { offsets = {} } = needsOf(caseLabel(testCase));
    const { clock, answerTimeoutMs, repeatTimeoutMs, deviations } = options;
    const play: PlayOptions = {
      peers,
      clock,
      answerTimeoutMs,
      repeatTimeoutMs,
      offsets,
      ...(deviations !== undefined && { deviations }),
    };
    last = await playCase(testCase, session, play);
    const isSetUp = position < chain.length - 1;
    if (last.failure !== undefined) {
      if (!isSetUp) return last;
      const reason = `${testCase.name}, which has to come before it, fails at ${last.failure.reason}`;
      return { ...last, failure: { ...last.failure, reason } };
    }
  }
  return last;
}

/** A case behind those that it needs before it. */
function chainOf(testCase: TestCase, all: readonly TestCase[]): readonly TestCase[] {
  const { after } = needsOf(caseLabel(testCase));
  const before = all.find(
    ({ name, version }) => version === testCase.version && after?.test(name) === true,
  );
  return before === undefined ? [testCase] : [...chainOf(before, all), testCase];
}

/** What the file does not say of its exchanges. */
export function asPlayed(testCase: TestCase): TestCase {
  const { clients, serverAsks } = needsOf(caseLabel(testCase));
  const exchanges = testCase.exchanges.map((exchange, position) => ({
    ...exchange,
    client: clients?.[position] ?? exchange.client,
    asker: serverAsks === 'all' ? ('server' as const) : exchange.asker,
  }));
  return { ...testCase, exchanges };
}

function plainFailure(reason: string): Failure {
  return { reason, line: 0, report: `${reason}\n` };
}
