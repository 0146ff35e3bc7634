/** What a process of load is asked to do, and what it has seen: JSON lines between two processes. */

import { z } from 'zod';

export const LoadPlan = z.object({
  host: z.string(),
  port: z.number().int(),
  /** Paths of PEM files. */
  ca: z.string(),
  cert: z.string(),
  key: z.string(),
  keyId: z.string(),
  connections: z.number().int().positive(),
  load: z.discriminatedUnion('kind', [
    /** Asks on all connections without end; so many requests are under way on each. */
    z.object({ kind: z.literal('flood'), depth: z.number().int().positive() }),
    /** As many machines start at once: a connection of its own and three messages for each. */
    z.object({ kind: z.literal('restart') }),
  ]),
});
export type LoadPlan = z.infer<typeof LoadPlan>;

export const LoadLine = z.discriminatedUnion('kind', [
  /** Every connection was opened, or was refused. */
  z.object({ kind: z.literal('open'), open: z.number(), refused: z.number() }),
  /** The end. */
  z.object({
    kind: z.literal('done'),
    answers: z.number(),
    /** Answers other than success. */
    failures: z.number(),
    /** Connections that were not opened, or were lost. */
    lost: z.number(),
    seconds: z.number(),
    /** The first of what went wrong. */
    problem: z.string().optional(),
  }),
]);
export type LoadLine = z.infer<typeof LoadLine>;
export type LoadDone = Extract<LoadLine, { kind: 'done' }>;
