/** What was measured: figures by name, of one thing at one place. */

import { z } from 'zod';

export const SUBJECTS = ['gateway', 'echo', 'pykmip'] as const;
export type SubjectName = (typeof SUBJECTS)[number];

/** Which server, holding how much, asked over how many connections. */
const Place = z.object({
  row: z.string(),
  subject: z.enum(SUBJECTS),
  /** In the store; 0 where there is none. */
  objects: z.number(),
  connections: z.number(),
});
export type Place = z.infer<typeof Place>;

export const FIGURES = [
  /** Operations per second of CPU time that the server used. */
  'perCpuSecond',
  /** Operations per second on the clock. */
  'perSecond',
  'p50Ms',
  'p95Ms',
  'p99Ms',
  /** Resident memory of the server. */
  'rssBytes',
  'bytesPerConnection',
  /** The part of it that is on the heap of JavaScript. */
  'heapBytesPerConnection',
  /** From the start of the process until it accepts connections. */
  'startMs',
  'nanoseconds',
  /** Of all handshakes, those that took up a session. */
  'resumedShare',
] as const;
export type FigureName = (typeof FIGURES)[number];
export type Figures = Readonly<Partial<Record<FigureName, number>>>;

export const Cell = Place.extend({
  figures: z.partialRecord(z.enum(FIGURES), z.number()),
  /** How many rounds the figures are the medians of. */
  rounds: z.number(),
});
export type Cell = z.infer<typeof Cell>;

/** Collects figures round by round. */
export interface Collection {
  add(place: Place, figures: Figures): void;
  /** In the order of their first appearance, each figure the median of its rounds. */
  cells(): Cell[];
  /** The median so far. */
  figure(place: Place, name: FigureName): number | undefined;
}

export function createCollection(): Collection {
  const places = new Map<string, { readonly place: Place; readonly rounds: Figures[] }>();
  const keyOf = ({ row, subject, objects, connections }: Place) =>
    [row, subject, objects, connections].join(' ');
  const medianOf = (rounds: readonly Figures[], name: FigureName) =>
    median(rounds.flatMap((round) => round[name] ?? []));
  return {
    add(place, figures) {
      const key = keyOf(place);
      const known = places.get(key);
      if (known === undefined) places.set(key, { place, rounds: [figures] });
      else known.rounds.push(figures);
    },
    cells: () =>
      [...places.values()].map(({ place, rounds }) => ({
        ...place,
        figures: Object.fromEntries(
          FIGURES.flatMap((name) => {
            const value = medianOf(rounds, name);
            return value === undefined ? [] : [[name, value]];
          }),
        ),
        rounds: rounds.length,
      })),
    figure: (place, name) => medianOf(places.get(keyOf(place))?.rounds ?? [], name),
  };
}

/** @returns undefined for no values. */
export function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  return upper === undefined || lower === undefined ? undefined : (upper + lower) / 2;
}
