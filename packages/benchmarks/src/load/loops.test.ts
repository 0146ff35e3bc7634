import { describe, expect, it } from 'vitest';
import { createRequest } from '../request-bytes.ts';
import type { Workload } from '../workloads.ts';
import { WORKLOADS } from '../workloads.ts';
import { closedLoop } from './closed-loop.ts';
import { connectLoop } from './connect-loop.ts';
import { idle } from './idle.ts';
import type { LoadPlan, LoadResult } from './load-plan.ts';
import { pacedLoop } from './paced-loop.ts';
import { record } from './record.ts';
import { restart } from './restart.ts';
import { REFUSAL, SUCCESS, startScriptedServer } from './scripted-server.fixtures.ts';

const create: Workload = WORKLOADS.create();

const LOOPS: Readonly<Record<string, (plan: LoadPlan) => Promise<LoadResult>>> = {
  'a closed loop': (plan) => closedLoop(plan, create),
  'a loop of connections': (plan) => connectLoop(plan, create, false),
  'a paced loop': (plan) => pacedLoop(plan, create, 1000),
  'a restart': (plan) => restart(plan, create, 5),
  'a recording': (plan) => record(plan, create, 3),
};

describe.each(Object.entries(LOOPS))('%s', (_, run) => {
  it('asks what the workload says, and counts what was answered', async () => {
    const server = await startScriptedServer();
    const { operations } = await run(server.plan());
    expect(operations).toBeGreaterThan(0);
    expect(operations).toBeLessThanOrEqual(server.requests.length);
    expect(new Set(server.requests.map((bytes) => Buffer.from(bytes).toString('hex')))).toEqual(
      new Set([Buffer.from(createRequest()).toString('hex')]),
    );
  });

  it('gives no figure when an answer is a refusal', async () => {
    const server = await startScriptedServer((number) => (number < 2 ? SUCCESS : REFUSAL));
    await expect(run(server.plan())).rejects.toThrow('refused');
  });

  it('gives no figure when a connection is closed', async () => {
    const server = await startScriptedServer((number) => (number < 2 ? SUCCESS : undefined));
    await expect(run(server.plan())).rejects.toThrow();
  });
});

describe('a closed loop', () => {
  it('has as many connections as it was told, which stay', async () => {
    const server = await startScriptedServer();
    const { latencyMs, cpuSeconds, rssBytes } = await closedLoop(
      server.plan({ connections: 3 }),
      create,
    );
    expect(server.connections).toBe(3);
    expect(latencyMs.p50).toBeGreaterThan(0);
    expect(latencyMs.p99).toBeGreaterThanOrEqual(latencyMs.p50);
    expect(cpuSeconds).toBeGreaterThan(0);
    expect(rssBytes).toBeGreaterThan(0);
  });
});

describe('a loop of connections', () => {
  it.each([
    ['takes up a session with each connection that is measured', true],
    ['makes a full handshake each time', false],
  ])('%s', async (_, isResumed) => {
    const server = await startScriptedServer();
    const plan = server.plan({ connections: 1 });
    const { handshakes, resumed } = await connectLoop(plan, create, isResumed);
    expect(handshakes).toBeGreaterThan(0);
    expect(resumed).toBe(isResumed ? handshakes : 0);
    expect(server.connections).toBe(server.requests.length);
  });

  it('asks nothing where the handshake alone is measured', async () => {
    const server = await startScriptedServer();
    const { operations } = await connectLoop(server.plan(), undefined, false);
    expect(operations).toBeGreaterThan(0);
    expect(server.requests).toEqual([]);
  });
});

describe('a paced loop', () => {
  it('asks no more than is due', async () => {
    const server = await startScriptedServer();
    const begun = performance.now();
    await pacedLoop(server.plan({ connections: 4 }), create, 20);
    const seconds = (performance.now() - begun) / 1000;
    expect(server.requests.length).toBeLessThanOrEqual(seconds * 20 + 1);
  });
});

describe('a restart', () => {
  it('has a connection and three messages for each machine', async () => {
    const server = await startScriptedServer();
    const { operations } = await restart(server.plan(), create, 20);
    expect([operations, server.connections, server.requests.length]).toEqual([20, 20, 60]);
  });
});

describe('idle connections', () => {
  it('ask nothing, and are all there', async () => {
    const server = await startScriptedServer();
    const memory = [
      { rssBytes: 1000, heapBytes: 100 },
      { rssBytes: 1600, heapBytes: 300 },
    ];
    const settled = async () => {
      // A client has its connection before the server has told of it.
      if (memory.length === 1) await expect.poll(() => server.connections).toBe(20);
      return memory.shift() ?? { rssBytes: 0, heapBytes: 0 };
    };
    const { operations, growth } = await idle(server.plan({ connections: 20 }), settled);
    expect([operations, server.connections, server.requests.length]).toEqual([20, 20, 0]);
    expect(growth).toEqual({ rssBytes: 600, heapBytes: 200 });
  });
});

describe('a recording', () => {
  it('has the answers as they came, with how long the questions were', async () => {
    const server = await startScriptedServer();
    const { recorded } = await record(server.plan(), create, 2);
    const one = {
      requestBytes: createRequest().length,
      answer: Buffer.from(SUCCESS).toString('base64'),
    };
    expect(recorded).toEqual([one, one]);
  });
});
