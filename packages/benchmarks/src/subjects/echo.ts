/** The limit beside which the gateway is measured. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { EchoPlan } from '../echo/echo-plan.ts';
import { ownProgram } from '../own-program.ts';
import type { GatewaySubject } from './gateway.ts';
import { startServer } from './server-process.ts';
import type { Subject } from './subject.ts';

const ReadyLine = z.object({ port: z.number() });

/**
 * Starts it with the certificates of a gateway.
 *
 * @param answers - Of the gateway, by the length of the request.
 */
export async function startEcho(
  node: string,
  gateway: GatewaySubject,
  answers: EchoPlan['answers'],
  workDirectory: string,
): Promise<Subject> {
  const pki = join(gateway.dataDirectory, 'pki');
  const plan: EchoPlan = {
    cert: join(pki, 'server.crt'),
    key: join(pki, 'server.key'),
    answers,
  };
  const path = join(workDirectory, 'echo.json');
  await writeFile(path, JSON.stringify(plan), { mode: 0o600 });
  const server = await startServer({
    program: node,
    args: [...process.execArgv, ownProgram('echo/main'), path],
    readyLine: (line) => line.includes('"ready":true'),
  });
  const { port } = ReadyLine.parse(JSON.parse(server.readyLine));
  return { ...server, host: '127.0.0.1', port, tls: gateway.tls };
}
