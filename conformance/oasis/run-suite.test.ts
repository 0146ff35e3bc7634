import { join } from 'node:path';
import { createKmipNames, TAGS } from '@claviger/kmip-protocol';
import { decodeTtlv, type TtlvItem } from '@claviger/ttlv-codec';
import { describe, expect, it } from 'vitest';
import { ConnectionError } from './connection.ts';
import type { Peers } from './play-case.ts';
import { readTestCase } from './read-test-case.ts';
import { type CaseResult, runSuite, type Server } from './run-suite.ts';
import { createScriptedServer, type Mutation } from './scripted-server.fixtures.ts';
import type { TestCase } from './test-case.ts';

const NAMES = createKmipNames();

function ownCase(path: string, name?: string): TestCase {
  const read = readTestCase(join(import.meta.dirname, 'cases', `${path}.xml`), NAMES);
  return { ...read, name: name ?? read.name };
}

const LIFE = ownCase('1.2/life-of-a-key');
const DISCOVERS = ownCase('1.2/discovers-versions');
const VALUES = ownCase('2.1/values-go-back');

const breaks: Mutation = (message, exchange) => (exchange === 0 ? 'closes' : message);

interface Told {
  readonly label: string;
  readonly clients: readonly string[];
}

/** A server that plays each case by its own script. */
function createServer(
  cases: readonly TestCase[],
  { mutations = {}, ...more }: Partial<Server> & { mutations?: Record<string, Mutation> } = {},
): Server & { readonly told: readonly Told[]; readonly removed: readonly TtlvItem[] } {
  const told: Told[] = [];
  const removed: TtlvItem[] = [];
  return {
    parallel: 1,
    isolatesCases: true,
    told,
    removed,
    async peersFor(label, clients) {
      told.push({ label, clients });
      const scripts = cases.map((each) => ({
        each,
        script: createScriptedServer(each, mutations[each.name]),
      }));
      const peers: Peers = {
        async connect(client) {
          const next = scripts.find(({ each, script }) => script.played < each.exchanges.length);
          return next === undefined ? clearing(removed) : await next.script.connect(client);
        },
      };
      return peers;
    },
    ...more,
  };
}

/** Takes whatever is sent when the case is over. */
function clearing(removed: TtlvItem[]) {
  let last = new Uint8Array(0);
  return {
    send(message: Uint8Array) {
      removed.push(decodeTtlv(message));
      last = new Uint8Array(message);
    },
    receive: async () => last,
    close() {},
  };
}

async function run(
  selected: readonly TestCase[],
  all: readonly TestCase[],
  server: Server,
  onResult: (result: CaseResult) => void = () => {},
) {
  let waited = 0;
  return await runSuite(selected, all, {
    server,
    clock: {
      now: () => Date.now() + waited,
      async wait(milliseconds) {
        waited += milliseconds;
      },
    },
    answerTimeoutMs: 1000,
    repeatTimeoutMs: 1000,
    deviations: [],
    onResult,
  });
}

describe('a suite', () => {
  it('has a result for each case, in their order, however many are played at a time', async () => {
    const selected = [LIFE, DISCOVERS, VALUES];
    const server: Server = {
      parallel: 3,
      isolatesCases: true,
      async peersFor(label) {
        const played = selected.find(({ name, version }) => label === `${version}/${name}`);
        if (played === undefined) throw new Error(`Nobody knows ${label}.`);
        return createScriptedServer(played);
      },
    };
    const seen: string[] = [];
    const results = await run(selected, selected, server, ({ name }) => seen.push(name));
    expect(results.map(({ name, version, result }) => [name, version, result])).toEqual(
      selected.map(({ name, version }) => [name, version, 'pass']),
    );
    expect(seen.toSorted()).toEqual(selected.map(({ name }) => name).toSorted());
  });

  it('tells why a case fails, and goes on with the next', async () => {
    const [failed, passed] = [
      ...(await run(
        [DISCOVERS],
        [],
        createServer([DISCOVERS], { mutations: { [DISCOVERS.name]: breaks } }),
      )),
      ...(await run([LIFE], [], createServer([LIFE]))),
    ];
    expect(failed).toMatchObject({ result: 'fail', reason: expect.stringContaining('closed') });
    expect(failed?.report).toContain('RequestMessage');
    expect(passed).toMatchObject({ result: 'pass', reason: undefined, report: undefined });
  });

  it('fails a case whose server is not to be reached, in its words', async () => {
    const server = createServer([], {
      async peersFor() {
        throw new ConnectionError('127.0.0.1:5696: nobody listens');
      },
    });
    expect(await run([LIFE, VALUES], [], server)).toMatchObject([
      { result: 'fail', reason: '127.0.0.1:5696: nobody listens' },
      { result: 'fail', reason: '127.0.0.1:5696: nobody listens' },
    ]);
  });

  it('hides no fault of its own', async () => {
    const server = createServer([], {
      async peersFor() {
        throw new TypeError('a fault');
      },
    });
    await expect(run([LIFE], [], server)).rejects.toBeInstanceOf(TypeError);
  });
});

describe('a case that needs another before it', () => {
  const before = ownCase('1.2/discovers-versions', 'TL-M-2-12');
  const after = ownCase('1.2/life-of-a-key', 'TL-M-3-12');

  it('is played behind it, with the same server and clients', async () => {
    const server = createServer([before, after]);
    expect(await run([after], [after, before], server)).toMatchObject([{ result: 'pass' }]);
    expect(server.told).toEqual([{ label: '1.2/TL-M-3-12', clients: ['A', 'B'] }]);
  });

  it('fails with it, and says so', async () => {
    const server = createServer([before, after], { mutations: { [before.name]: breaks } });
    const [result] = await run([after], [after, before], server);
    expect(result).toMatchObject({ name: after.name, result: 'fail' });
    expect(result?.reason).toMatch(/^TL-M-2-12, which has to come before it, fails at /);
  });
});

describe('a server where all cases meet', () => {
  /** Ends the case before its object is destroyed. */
  const cut: TestCase = { ...LIFE, exchanges: LIFE.exchanges.slice(0, 1) };

  it('has what a case leaves behind cleared away', async () => {
    const server = createServer([cut], { isolatesCases: false });
    expect(await run([cut], [], server)).toMatchObject([{ result: 'pass' }]);
    expect(server.removed.map(({ tag }) => tag)).toEqual([
      TAGS.RequestMessage,
      TAGS.RequestMessage,
    ]);
  });

  it('is left alone where each case has objects of its own', async () => {
    const server = createServer([cut]);
    await run([cut], [], server);
    expect(server.removed).toEqual([]);
  });
});
