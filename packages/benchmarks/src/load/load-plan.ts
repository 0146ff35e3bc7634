/** What a load process is asked to do, and what it has seen: JSON between two processes. */

import { z } from 'zod';
import { ObjectIds } from '../object-ids.ts';
import { WORKLOADS, type WorkloadName } from '../workloads.ts';

const WorkloadNames = z.custom<WorkloadName>(
  (name) => typeof name === 'string' && Object.hasOwn(WORKLOADS, name),
);

export const TlsFiles = z.object({ ca: z.string(), cert: z.string(), key: z.string() });
/** Paths of PEM files. */
export type TlsFiles = z.infer<typeof TlsFiles>;

export const LoadPlan = z.object({
  /** The process whose use of CPU and memory counts. */
  pid: z.number().int(),
  host: z.string(),
  port: z.number().int(),
  tls: TlsFiles,
  workload: WorkloadNames,
  ids: ObjectIds,
  connections: z.number().int().positive(),
  warmUpMs: z.number(),
  durationMs: z.number(),
  loop: z.discriminatedUnion('kind', [
    /** Connections stay; the next question follows the answer. */
    z.object({ kind: z.literal('closed') }),
    /** A connection for each question; `resumed`: with the session of the one before. */
    z.object({ kind: z.literal('connect'), resumed: z.boolean() }),
    /** A handshake, and no question. */
    z.object({ kind: z.literal('handshake'), resumed: z.boolean() }),
    /** Questions at set times; latency counts from when one was due. */
    z.object({ kind: z.literal('paced'), perSecond: z.number().positive() }),
    /** So many machines start at once, each with a connection of its own and three questions. */
    z.object({ kind: z.literal('restart'), machines: z.number().int().positive() }),
    /** Connections that ask nothing; the file is that of the server's `collector.ts`. */
    z.object({ kind: z.literal('idle'), memoryFile: z.string() }),
    /** A few questions one by one; their answers are told. */
    z.object({ kind: z.literal('record'), messages: z.number().int().positive() }),
    /** GET of one path of the REST API. */
    z.object({
      kind: z.literal('rest'),
      path: z.string(),
      headers: z.record(z.string(), z.string()),
    }),
  ]),
});
export type LoadPlan = z.infer<typeof LoadPlan>;

export const LoadResult = z.object({
  /** Answers in the measured time; handshakes where nothing was asked. */
  operations: z.number(),
  seconds: z.number(),
  /** Of the server. */
  cpuSeconds: z.number(),
  rssBytes: z.number(),
  /** Of idle connections: how much more there is than before the first, without garbage. */
  growth: z.object({ rssBytes: z.number(), heapBytes: z.number() }).optional(),
  latencyMs: z.object({ p50: z.number(), p95: z.number(), p99: z.number() }),
  /** In the measured time. */
  handshakes: z.number(),
  /** Those of them that took up a session. */
  resumed: z.number(),
  recorded: z.array(z.object({ requestBytes: z.number(), answer: z.base64() })),
});
export type LoadResult = z.infer<typeof LoadResult>;
