/** A run, written down. */

import { z } from 'zod';
import { Cell, createCollection } from '../figures.ts';
import { SettingsForm } from '../settings.ts';
import { judge, Reached } from '../targets.ts';
import { Machine } from './machine.ts';

export const Report = z.object({
  machine: Machine,
  settings: SettingsForm,
  cells: z.array(Cell),
  targets: z.array(Reached),
});
export type Report = z.infer<typeof Report>;

/**
 * Takes the medians of several runs.
 *
 * @throws Error unless they were run with the same stores on the same runtime.
 */
export function mergeReports(reports: readonly Report[]): Report {
  const [first, ...others] = reports;
  if (first === undefined) throw new Error('There is no run to report on.');
  const conditionsOf = ({ machine, settings }: Report) =>
    JSON.stringify([machine.node, machine.cpu, settings.stores, settings.manyConnections]);
  if (others.some((other) => conditionsOf(other) !== conditionsOf(first))) {
    throw new Error('The runs differ in machine, runtime or stores: their medians say nothing.');
  }
  const collection = createCollection();
  for (const { cells } of reports) {
    for (const { figures, rounds: _, ...place } of cells) collection.add(place, figures);
  }
  const cells = collection.cells();
  return { ...first, cells, targets: judge(first.settings, cells) };
}
