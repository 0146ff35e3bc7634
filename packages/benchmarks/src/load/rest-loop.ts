/** One path of the REST API over connections that stay. */

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { performance } from 'node:perf_hooks';
import type { LoadPlan, LoadResult } from './load-plan.ts';
import { createMeasuredWindow, type MeasuredWindow } from './measured-window.ts';

export interface RestCall {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

export async function restLoop(plan: LoadPlan, call: RestCall): Promise<LoadResult> {
  const window = createMeasuredWindow(plan);
  const { host, port } = plan;
  const agent = new Agent({
    ca: readFileSync(plan.tls.ca),
    keepAlive: true,
    maxSockets: plan.connections,
    checkServerIdentity: () => undefined,
  });
  const loops = Array.from({ length: plan.connections }, () =>
    callOverAndOver(window, () => request({ host, port, agent, ...call }).end()),
  );
  try {
    return await window.run(loops);
  } finally {
    agent.destroy();
  }
}

const OK = 200;

async function callOverAndOver(
  window: MeasuredWindow,
  send: () => ReturnType<typeof request>,
): Promise<void> {
  while (window.isOpen()) {
    const begun = performance.now();
    const response: IncomingMessage = (await once(send(), 'response'))[0];
    response.resume();
    await once(response, 'end');
    if (response.statusCode !== OK) {
      throw new Error(`The API has answered with ${response.statusCode}.`);
    }
    window.latencies.add(performance.now() - begun);
  }
}
