/** A broker of Apache Kafka, which Maven Central has as jars; read back by Kafka's own consumer. */

import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from '../free-port.ts';
import { startProgram } from '../peer-program.ts';
import type { PeerStart } from './peer.ts';

const run = promisify(execFile);
const POM = fileURLToPath(new URL('../kafka-broker/pom.xml', import.meta.url));
const CACHE = fileURLToPath(new URL('../../../node_modules/.cache/', import.meta.url));
const OLDEST_JAVA = 17;
const FETCH_TIMEOUT_MS = 600_000;
const MAX_OUTPUT_BYTES = 2 ** 30;
const TOPIC = 'audit';
/** The consumer gives up when nothing has come for so long. */
const IDLE_MS = 60_000;
const MEMORY = '-Xmx512m';

/** Needs Java and, at the first time, Maven. */
export async function kafkaPeer(): Promise<PeerStart> {
  const version = await run('java', ['-version']).then(
    ({ stderr }) => Number(/version "(\d+)/.exec(stderr)?.[1]),
    () => undefined,
  );
  if (version === undefined || version < OLDEST_JAVA) {
    return {
      kind: 'missing',
      why: `there is no Java ${OLDEST_JAVA} (Debian: default-jre-headless)`,
    };
  }
  const jars = await fetchJars();
  return jars.kind === 'missing'
    ? jars
    : { kind: 'ready', start: (at) => startBroker(at, jars.path) };
}

type Jars =
  | { readonly kind: 'ready'; readonly path: string }
  | { readonly kind: 'missing'; readonly why: string };

/** Made elsewhere and moved, so that one that was left half made is never taken for a whole one. */
async function fetchJars(): Promise<Jars> {
  const pom = await readFile(POM);
  const hash = createHash('sha256').update(pom).digest('hex').slice(0, 12);
  const path = join(CACHE, `claviger-kafka-${hash}`);
  if (existsSync(path)) return { kind: 'ready', path };
  const draft = `${path}.${randomUUID()}`;
  try {
    await mkdir(draft, { recursive: true });
    const goal = 'dependency:copy-dependencies';
    const settings = ['-DincludeScope=runtime', `-DoutputDirectory=${draft}`];
    await run('mvn', ['-q', '-B', '-f', POM, goal, ...settings], { timeout: FETCH_TIMEOUT_MS });
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (existsSync(path)) return { kind: 'ready', path };
    const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
    return { kind: 'missing', why: `Kafka could not be fetched (Debian: maven): ${reason}` };
  }
  return { kind: 'ready', path };
}

async function startBroker(directory: string, jars: string) {
  const [port, controllerPort] = [await freePort(), await freePort()];
  const address = `127.0.0.1:${port}`;
  const config = join(directory, 'server.properties');
  await writeFile(
    config,
    Object.entries({
      'process.roles': 'broker,controller',
      'node.id': '1',
      'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
      'controller.listener.names': 'CONTROLLER',
      listeners: `PLAINTEXT://${address},CONTROLLER://127.0.0.1:${controllerPort}`,
      'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
      'log.dirs': join(directory, 'kafka'),
      'offsets.topic.replication.factor': '1',
      'group.initial.rebalance.delay.ms': '0',
      'auto.create.topics.enable': 'false',
    })
      .map(([name, value]) => `${name}=${value}\n`)
      .join(''),
  );
  const java = (...args: readonly string[]) => [MEMORY, '-cp', join(jars, '*'), ...args];
  const command = (...args: readonly string[]) =>
    run('java', java(...args), { maxBuffer: MAX_OUTPUT_BYTES });

  await command('kafka.tools.StorageTool', 'format', '-t', kafkaUuid(), '-c', config);
  const broker = await startProgram('java', java('kafka.Kafka', config), port);
  const topic = ['--create', '--topic', TOPIC, '--partitions', '3'];
  await command('org.apache.kafka.tools.TopicCommand', '--bootstrap-server', address, ...topic);

  return {
    sink: { kind: 'kafka' as const, brokers: [address], topic: TOPIC },
    harm: () => broker.restart('SIGKILL'),
    async received() {
      const at = ['--bootstrap-server', address, '--topic', TOPIC];
      // A line for each partition: topic, partition, and the offset that comes next.
      const ends = await command('org.apache.kafka.tools.GetOffsetShell', ...at);
      const total = [...ends.stdout.matchAll(/:(\d+)$/gm)].reduce(
        (sum, [, end]) => sum + Number(end),
        0,
      );
      const { stdout } = await command(
        'org.apache.kafka.tools.consumer.ConsoleConsumer',
        ...at,
        ...['--from-beginning', '--max-messages', String(total), '--timeout-ms', String(IDLE_MS)],
      );
      return stdout.split('\n').slice(0, -1);
    },
    stop: () => broker.stop(),
  };
}

/** 16 random bytes as Kafka writes them. */
const kafkaUuid = () => Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64url');
