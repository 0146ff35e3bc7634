import { setTimeout as delay } from 'node:timers/promises';
import type { EventRecord, KeyStore } from '@claviger/key-store';
import { createKmipClient, type KmipClient, KmipClientError } from '@claviger/kmip-client';
import type { Endpoint } from '../config/endpoint.ts';
import { Failure } from '../failure.ts';
import type { Memory, Step } from './scenario.ts';
import { type MessageSummary, summariseMessage } from './summarise-message.ts';

/** A client's certificate, its key, and what it trusts. */
export interface Credentials {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
}

/** What became of a step. */
export interface PlayedStep {
  readonly step: Step;
  readonly messages: readonly MessageSummary[];
  readonly events: readonly EventRecord[];
  readonly durationMs: number;
  /** What the client was told, when it was refused. */
  readonly refusal: string | undefined;
}

export interface Stage {
  readonly store: KeyStore;
  readonly server: Endpoint;
  readonly credentials: Readonly<Record<Step['speaker'], Credentials>>;
}

/** What vCenter speaks. */
const VERSION = '1.1';
const EVENT_PATIENCE_MS = 2_000;

/** Plays one step on a connection of its own, as vCenter does. */
export async function playStep(stage: Stage, step: Step, memory: Memory): Promise<PlayedStep> {
  const { store, server, credentials } = stage;
  const before = await store.lastEventSequence();
  const messages: MessageSummary[] = [];
  const client = createKmipClient({
    ...server,
    tls: credentials[step.speaker],
    protocolVersion: VERSION,
    onMessage: ({ direction, bytes }) => messages.push(summariseMessage(direction, bytes)),
  });
  const startedAt = performance.now();
  let refusal: string | undefined;
  try {
    refusal = await attempt(step, client, memory);
  } finally {
    await client.close();
  }
  const durationMs = performance.now() - startedAt;
  return { step, messages, events: await newEvents(store, before), durationMs, refusal };
}

async function attempt(
  step: Step,
  client: KmipClient,
  memory: Memory,
): Promise<string | undefined> {
  try {
    await step.run(client, memory);
  } catch (error) {
    if (step.refused === true && error instanceof KmipClientError) return error.message;
    throw error;
  }
  if (step.refused !== true) return undefined;
  throw new Failure('failure', `The server accepted what it should refuse: ${step.title}.`);
}

/** Those of an answer are there before it; that of a refused connection comes a moment later. */
async function newEvents(store: KeyStore, before: number): Promise<readonly EventRecord[]> {
  const deadline = performance.now() + EVENT_PATIENCE_MS;
  for (;;) {
    const events = await store.listEvents({ afterSequence: before, limit: 100 });
    if (events.length > 0 || performance.now() > deadline) return events;
    await delay(10);
  }
}
