import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';

export interface DeadSinks {
  /** Settings of a gateway that delivers to them. */
  readonly env: Readonly<Record<string, string>>;
  close(): void;
}

/** A collector that refuses connections, and a syslog receiver that takes them and never reads. */
export async function makeDeadSinks(): Promise<DeadSinks> {
  const open = new Set<Socket>();
  const silent = createServer({ pauseOnConnect: true }, (socket) => {
    open.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => open.delete(socket));
  });
  const [silentPort, refusingPort] = [await portOf(silent), await freedPort()];
  const settings = [
    { name: 'refusing', type: 'https', url: `http://127.0.0.1:${refusingPort}/` },
    { name: 'silent', type: 'syslog', host: '127.0.0.1', port: silentPort, tls: false },
  ];
  const env = settings.flatMap((sink, index) =>
    Object.entries(sink).map(([name, value]) => [
      `CLAVIGER_AUDIT__SINKS__${index}__${name.toUpperCase()}`,
      String(value),
    ]),
  );
  return {
    env: Object.fromEntries(env),
    close() {
      silent.close();
      for (const socket of open) socket.destroy();
    },
  };
}

async function freedPort(): Promise<number> {
  const server = createServer();
  const port = await portOf(server);
  server.close();
  return port;
}

async function portOf(server: ReturnType<typeof createServer>): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('There is no port.');
  return address.port;
}
