/** What was promised, as ratios within one run, and what was reached. */

import { z } from 'zod';
import type { Cell, FigureName } from './figures.ts';
import type { Settings } from './settings.ts';

export const Reached = z.object({
  work: z.string(),
  /** In words. */
  target: z.string(),
  /** Undefined where the run did not measure it. */
  reached: z.number().optional(),
  verdict: z.enum(['met', 'missed', 'not measured']),
});
export type Reached = z.infer<typeof Reached>;

interface Target {
  readonly work: string;
  readonly limit: { readonly atLeast: number } | { readonly below: number };
  readonly unit: string;
  reached(run: Run): number | undefined;
}

/** The figures of a run, by where they were taken. */
interface Run {
  readonly settings: Settings;
  /** @param at - What there is more than one of; whichever comes first where that is left out. */
  figure(row: string, subject: Cell['subject'], name: FigureName, at?: At): number | undefined;
}

type At = { readonly objects?: number; readonly connections?: number };

const TARGETS: readonly Target[] = [
  perCpu('Get with its durable event, to the echo', 'get', 'echo', 0.25),
  perCpu('Get, to PyKMIP', 'get', 'pykmip', 60),
  perCpu('Create with its durable event, to the echo', 'create', 'echo', 0.15),
  perCpu('Create, to PyKMIP', 'create', 'pykmip', 40),
  perCpu(
    'connect and Get, full handshakes, to the bare handshake',
    'connect-and-get',
    'echo',
    0.85,
  ),
  perCpu(
    'connect and Get, resumed, to the bare resumption',
    'connect-and-get-resumed',
    'echo',
    0.7,
  ),
  {
    work: 'Get in the large store, to the small one',
    limit: { atLeast: 0.9 },
    unit: '',
    reached: (run) => byStore(run, 'get', 'large', 'small'),
  },
  {
    work: 'Locate by Name in the large store, to the middle one',
    limit: { atLeast: 0.5 },
    unit: '',
    reached: (run) => byStore(run, 'locate-by-name', 'large', 'middle'),
  },
  {
    work: 'Locate by a custom attribute in the large store, to the middle one',
    limit: { atLeast: 0.5 },
    unit: '',
    reached: (run) => byStore(run, 'locate-by-custom-attribute', 'large', 'middle'),
  },
  {
    work: 'p99 of Get at half of the highest load, to the p50 of the echo at the same pace',
    limit: { below: 20 },
    unit: '',
    reached: ({ figure }) =>
      ratio(
        figure('get-at-half-load', 'gateway', 'p99Ms'),
        figure('get-at-half-load', 'echo', 'p50Ms'),
      ),
  },
  {
    work: 'decode and encode of the captured Create, to a walk over its bytes',
    limit: { below: 40 },
    unit: '',
    reached: ({ figure }) =>
      ratio(
        figure('codec-ttlv', 'gateway', 'nanoseconds'),
        figure('codec-walk', 'echo', 'nanoseconds'),
      ),
  },
  {
    work: 'memory of an idle mutual TLS connection',
    limit: { below: 100 },
    unit: ' KB',
    reached: ({ figure }) =>
      ratio(figure('idle-connections', 'gateway', 'bytesPerConnection'), 1000),
  },
  {
    work: 'start with the large store, to the start with an empty one',
    limit: { below: 3 },
    unit: '',
    reached: ({ figure, settings }) =>
      ratio(
        figure('start', 'gateway', 'startMs', { objects: settings.stores.large }),
        figure('start', 'gateway', 'startMs', { objects: 0 }),
      ),
  },
  {
    work: 'restart of a site without an error, machines to connect and Get',
    limit: { atLeast: 0.8 },
    unit: '',
    reached: ({ figure }) =>
      ratio(
        figure('restart-of-a-site', 'gateway', 'perCpuSecond'),
        figure('connect-and-get', 'gateway', 'perCpuSecond'),
      ),
  },
];

/** Judges a run by every target. */
export function judge(settings: Settings, cells: readonly Cell[]): Reached[] {
  const run: Run = {
    settings,
    figure: (row, subject, name, { objects, connections } = {}) =>
      cells.find(
        (cell) =>
          cell.row === row &&
          cell.subject === subject &&
          (objects === undefined || cell.objects === objects) &&
          (connections === undefined || cell.connections === connections),
      )?.figures[name],
  };
  return TARGETS.map(({ work, limit, unit, reached }) => {
    const value = reached(run);
    const isLeast = 'atLeast' in limit;
    const bound = isLeast ? limit.atLeast : limit.below;
    return {
      work,
      target: `${isLeast ? 'at least' : 'below'} ${bound}${unit}`,
      reached: value,
      verdict: value === undefined ? 'not measured' : verdictOf(isLeast, value, bound),
    };
  });
}

function verdictOf(isLeast: boolean, value: number, bound: number): 'met' | 'missed' {
  return (isLeast ? value >= bound : value < bound) ? 'met' : 'missed';
}

function perCpu(work: string, row: string, beside: 'echo' | 'pykmip', atLeast: number): Target {
  return {
    work,
    limit: { atLeast },
    unit: '',
    reached({ figure, settings }) {
      const connections = settings.manyConnections;
      const { middle: objects } = settings.stores;
      return ratio(
        figure(row, 'gateway', 'perCpuSecond', { connections, objects }),
        figure(row, beside, 'perCpuSecond', { connections }),
      );
    },
  };
}

type StoreName = keyof Settings['stores'];

function byStore({ figure, settings }: Run, row: string, one: StoreName, other: StoreName) {
  const connections = settings.manyConnections;
  const at = (store: StoreName) =>
    figure(row, 'gateway', 'perCpuSecond', { connections, objects: settings.stores[store] });
  return ratio(at(one), at(other));
}

function ratio(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined || other === 0 ? undefined : one / other;
}
