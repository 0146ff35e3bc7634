/** PyKMIP's server, the free one that others measure themselves by. */

import { mkdir, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { identifierIn } from '../answer.ts';
import { runLoad } from '../load/run-load.ts';
import type { ObjectIds } from '../object-ids.ts';
import type { GatewaySubject } from './gateway.ts';
import { startServer } from './server-process.ts';
import type { Subject } from './subject.ts';

export interface PykmipSubject extends Subject {
  /** Keys that were made in it. */
  readonly ids: ObjectIds;
}

/** As many as the smallest store has. */
const KEYS = 100;
const READY_TIMEOUT_MS = 60_000;
const RETRY_MS = 100;

/** The gateway's certificates serve it as well: its TLS settings for TLS 1.2 with ECDHE. */
export async function startPykmip(
  python: string,
  gateway: GatewaySubject,
  workDirectory: string,
): Promise<PykmipSubject> {
  const directory = join(workDirectory, 'pykmip');
  await mkdir(join(directory, 'policies'), { recursive: true });
  const port = await freePort();
  const pki = join(gateway.dataDirectory, 'pki');
  const config = join(directory, 'server.conf');
  await writeFile(
    config,
    [
      '[server]',
      'hostname=127.0.0.1',
      `port=${port}`,
      `certificate_path=${join(pki, 'server.crt')}`,
      `key_path=${join(pki, 'server.key')}`,
      `ca_path=${join(pki, 'ca.crt')}`,
      'auth_suite=TLS1.2',
      `policy_path=${join(directory, 'policies')}`,
      // Its own check wants an extended key usage that not every client certificate has.
      'enable_tls_client_auth=False',
      `database_path=${join(directory, 'pykmip.db')}`,
      'logging_level=ERROR',
      '',
    ].join('\n'),
  );
  const server = await startServer({
    program: python,
    args: ['-c', RUN, config, join(directory, 'server.log')],
    readyLine: (line) => line === 'ready',
  });
  const subject = { ...server, host: '127.0.0.1', port, tls: gateway.tls };
  try {
    await untilOpen(port);
    return { ...subject, ids: await makeKeys(subject) };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** Says when it has begun; that it listens is found out by connecting. */
const RUN = [
  'import sys, warnings',
  'warnings.simplefilter("ignore")',
  'from kmip.services.server import KmipServer',
  'server = KmipServer(config_path=sys.argv[1], log_path=sys.argv[2])',
  'print("ready", flush=True)',
  'with server:',
  '    server.serve()',
].join('\n');

async function makeKeys(subject: Subject): Promise<ObjectIds> {
  const { recorded } = await runLoad({
    ...subject,
    workload: 'create',
    ids: { kind: 'listed', ids: ['1'] },
    connections: 1,
    warmUpMs: 0,
    durationMs: 0,
    loop: { kind: 'record', messages: KEYS },
  });
  return {
    kind: 'listed',
    ids: recorded.map(({ answer }) => identifierIn(Buffer.from(answer, 'base64'))),
  };
}

async function untilOpen(port: number): Promise<void> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  while (!(await isOpen(port))) {
    if (Date.now() > deadline) throw new Error('PyKMIP did not listen in time.');
    await delay(RETRY_MS);
  }
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0));
    });
  });
}
