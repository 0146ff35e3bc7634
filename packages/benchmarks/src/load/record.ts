/** Answers of a server as they are, so that the echo can give the same bytes. */

import type { Workload } from '../workloads.ts';
import { createConnector, onAnswer } from './connect.ts';
import type { LoadPlan, LoadResult } from './load-plan.ts';

export async function record(
  plan: LoadPlan,
  workload: Workload,
  messages: number,
): Promise<LoadResult> {
  const { socket } = await createConnector(plan).open();
  const exchange = workload(0);
  const recorded: LoadResult['recorded'] = [];
  await new Promise<void>((resolve, reject) => {
    let request: Uint8Array = new Uint8Array();
    const ask = () => {
      request = exchange.next();
      socket.write(request);
    };
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('The server has closed the connection.')));
    onAnswer(socket, (answer) => {
      try {
        exchange.take(answer);
      } catch (error) {
        return reject(error);
      }
      recorded.push({
        requestBytes: request.length,
        answer: Buffer.from(answer).toString('base64'),
      });
      if (recorded.length === messages) resolve();
      else ask();
    });
    ask();
  });
  socket.destroy();
  return {
    operations: recorded.length,
    seconds: 0,
    cpuSeconds: 0,
    rssBytes: 0,
    latencyMs: { p50: 0, p95: 0, p99: 0 },
    handshakes: 0,
    resumed: 0,
    recorded,
  };
}
