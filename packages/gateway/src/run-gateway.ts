import type { Logger } from 'pino';
import type { CommandContext } from './commands/command-context.ts';
import type { Settings } from './config/settings-schema.ts';
import { readDescriptorLimit } from './descriptor-limit.ts';
import { fitConnections } from './fit-connections.ts';
import { createGateway, type Gateway, type GatewayAddresses } from './gateway.ts';
import { createLogger } from './logger.ts';

export interface GatewayRun<Prepared> {
  /** What must be there before the first connection. */
  prepare(gateway: Gateway): Promise<Prepared>;
  /** Says that connections are accepted. */
  announce(addresses: GatewayAddresses, gateway: Gateway, prepared: Prepared): Promise<void>;
}

/** Runs a gateway until a signal asks to stop, then ends it in order. */
export async function runGateway<Prepared>(
  context: CommandContext,
  settings: Settings,
  run: GatewayRun<Prepared>,
): Promise<void> {
  const { isTerminal, colors, stream } = context.terminal.err;
  const log = createLogger(settings.log, {
    isTerminal,
    colors: colors.isColorSupported,
    // Its own file descriptor is written to at once; another stream, in tests, as it comes.
    stream: stream === process.stderr ? undefined : stream,
  });
  const stop = context.listenForStop(() => {
    log.info('stopping: what was begun is finished first; another signal ends at once');
  });
  try {
    await serve(context, fitted(settings, log), log, run, stop.received);
  } finally {
    stop.release();
  }
}

function fitted(settings: Settings, log: Logger): Settings {
  const limit = readDescriptorLimit() ?? Number.POSITIVE_INFINITY;
  const { listeners } = settings.kmip;
  const fitting = fitConnections(listeners, limit);
  if (fitting === listeners) return settings;
  log.warn(
    { descriptors: limit, maxConnections: fitting.map((listener) => listener.max_connections) },
    'the process may have too few files open for max_connections, which is lowered: raise LimitNOFILE of the service (ulimit -n)',
  );
  return { ...settings, kmip: { ...settings.kmip, listeners: [...fitting] } };
}

async function serve<Prepared>(
  context: CommandContext,
  settings: Settings,
  log: Logger,
  run: GatewayRun<Prepared>,
  stopped: Promise<void>,
): Promise<void> {
  const gateway = await createGateway(settings, { ...context.ambient, log });
  const endReloading = context.listenForReload(() => void gateway.reloadCertificate());
  try {
    const prepared = await run.prepare(gateway);
    const addresses = await gateway.listen();
    await run.announce(addresses, gateway, prepared);
    const lost = await Promise.race([stopped, gateway.installation.store.lost]);
    // Without its store it could only refuse; whoever supervises it starts it again.
    if (lost !== undefined) throw lost;
  } finally {
    endReloading();
    await gateway.close();
  }
  log.info('stopped');
}
