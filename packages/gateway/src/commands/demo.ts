import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSelfSignedCertificate } from '@claviger/pki';
import type { Command } from 'commander';
import { loadSettings } from '../config/load-settings.ts';
import type { Settings } from '../config/settings-schema.ts';
import { formatStep } from '../demo/format-step.ts';
import { type PlayedStep, playStep, type Stage } from '../demo/play-step.ts';
import { type Memory, SCENARIO } from '../demo/scenario.ts';
import { createGateway } from '../gateway.ts';
import { createLogger } from '../logger.ts';
import { jsonText } from '../present/json-text.ts';
import { ensureRig } from '../rig.ts';
import { ensurePki } from '../server-certificate.ts';
import type { StopSignal } from '../stop-signal.ts';
import { write, writeLine } from '../terminal.ts';
import type { CommandContext } from './command-context.ts';
import { type OutputOptions, withExamples, withOutputOptions } from './options.ts';

/** What lines are laid out for when nobody says how wide they may be. */
const DEFAULT_COLUMNS = 120;

export function registerDemo(program: Command, context: CommandContext): void {
  const command = program
    .command('demo')
    .summary('show a conversation and its audit events')
    .description(
      'Starts a gateway in a temporary directory, plays a client like vCenter, and shows the KMIP ' +
        'conversation beside the audit events that it leaves. Then stops, and removes the directory.',
    );
  withExamples(withOutputOptions(command), [
    ['claviger demo', 'takes a few seconds'],
    ['claviger demo --json', 'each step as one line, for programs'],
  ]);
  command.action((options: OutputOptions) => demo(context, options));
}

async function demo(context: CommandContext, options: OutputOptions): Promise<void> {
  const stop = context.listenForStop(() => {});
  const folder = await mkdtemp(join(tmpdir(), 'claviger-demo-'));
  try {
    await playAll(context, options, folder, stop);
  } finally {
    await rm(folder, { recursive: true, force: true });
    stop.release();
  }
}

async function playAll(
  context: CommandContext,
  options: OutputOptions,
  folder: string,
  stop: StopSignal,
): Promise<void> {
  const { out, err } = context.terminal;
  const startedAt = performance.now();
  const settings = await demoSettings(folder, options);
  const log = createLogger(settings.log, {
    isTerminal: err.isTerminal,
    colors: err.colors.isColorSupported,
  });
  if (options.json !== true) await write(out, introduction(context));
  const gateway = await createGateway(settings, { ...context.ambient, log });
  try {
    const { store, directory, ambient } = gateway.installation;
    const pki = await ensurePki(settings, directory, ambient.clock.now);
    await ensureRig(gateway.installation, pki.client);
    const { kmip } = await gateway.listen();
    const [server] = kmip;
    if (server === undefined) return;
    const ca = await readFile(pki.ca.certificatePath, 'utf8');
    const stage: Stage = {
      store,
      server,
      credentials: { ...(await credentials(context, pki, ca)) },
    };
    const memory: Memory = { keyId: '' };
    const played: PlayedStep[] = [];
    for (const [index, step] of SCENARIO.entries()) {
      if (stop.isReceived()) return;
      const result = await playStep(stage, step, memory);
      played.push(result);
      const position = { number: index + 1, total: SCENARIO.length };
      if (options.json === true)
        await writeLine(out, jsonText(toJsonStep(result, position.number)));
      else
        await write(out, formatStep(result, position, out.colors, out.columns ?? DEFAULT_COLUMNS));
    }
    if (options.json !== true) {
      await write(out, conclusion(context, played, performance.now() - startedAt));
    }
  } finally {
    await gateway.close();
  }
}

async function demoSettings(folder: string, { verbose }: OutputOptions): Promise<Settings> {
  return await loadSettings({
    environment: {},
    workingDirectory: folder,
    overrides: [
      { path: ['data_dir'], value: 'data' },
      { path: ['kmip', 'listeners'], value: [{ host: '127.0.0.1', port: 0 }] },
      { path: ['api', 'port'], value: 0 },
      { path: ['log', 'level'], value: verbose === true ? 'debug' : 'silent' },
    ],
  });
}

async function credentials(
  { ambient }: CommandContext,
  { client }: Awaited<ReturnType<typeof ensurePki>>,
  ca: string,
): Promise<Stage['credentials']> {
  const foreigner = await createSelfSignedCertificate(
    {
      profile: {
        subject: { commonName: 'Somebody else' },
        key: { algorithm: 'EC', curve: 'P-256' },
        validityDays: 1,
        keyUsage: ['digitalSignature'],
        extendedKeyUsage: ['clientAuth'],
      },
    },
    { now: ambient.clock.now },
  );
  return {
    vcenter: {
      cert: client.certificate.pem,
      key: await readFile(client.keyPath, 'utf8'),
      ca,
    },
    foreigner: { cert: foreigner.certificate.pem, key: foreigner.privateKeyPem, ca },
  };
}

function toJsonStep({ step, messages, events, durationMs, refusal }: PlayedStep, number: number) {
  const { title, speaker } = step;
  return {
    number,
    title,
    speaker,
    durationMs: Math.round(durationMs * 10) / 10,
    refusal: refusal ?? null,
    messages,
    events: events.map(({ body }): unknown => JSON.parse(body)),
  };
}

function introduction({ terminal: { out } }: CommandContext): string {
  const { bold, dim } = out.colors;
  return (
    `\n${bold('Claviger: what vCenter says, and what the audit log keeps of it')}\n` +
    `${dim('A gateway in a temporary directory, over mutual TLS on this machine: KMIP, and its events.')}\n` +
    `${dim('Each step has a connection of its own, as with vCenter; times include the handshake.')}\n\n`
  );
}

function conclusion(
  { terminal: { out } }: CommandContext,
  played: readonly PlayedStep[],
  durationMs: number,
): string {
  const { bold, dim, green, cyan } = out.colors;
  const count = (of: (step: PlayedStep) => number): number =>
    played.reduce((sum, step) => sum + of(step), 0);
  const events = count((step) => step.events.length);
  const messages = count((step) => step.messages.length);
  const seconds = (durationMs / 1000).toFixed(1);
  return (
    `${green('✓')} ${bold(`${messages} messages, ${events} events, ${seconds} s.`)} ` +
    `Every event was durable before its answer left.\n` +
    `${dim('The gateway is stopped and its directory removed. To keep one running:')} ${cyan('pnpm start')}\n\n`
  );
}
