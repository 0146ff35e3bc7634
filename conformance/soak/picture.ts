/** A run as a picture: memory, latency, descriptors and lag over time, each on an axis of its own. */

import type { Sample } from './sample.ts';
import { CONNECT } from './visit.ts';

interface Line {
  readonly name: string;
  readonly color: string;
  /** Undefined where there was nothing to measure. */
  value(sample: Sample): number | undefined;
}

interface Panel {
  readonly title: string;
  readonly lines: readonly Line[];
}

const MIB = 2 ** 20;
const [BLUE, ORANGE, GREEN, GREY] = ['#1f6feb', '#d9730d', '#1a7f37', '#6e7781'] as const;

const PANELS: readonly Panel[] = [
  {
    title: 'Memory, MiB',
    lines: [
      { name: 'resident', color: BLUE, value: ({ rssBytes }) => rssBytes / MIB },
      { name: 'heap in use', color: ORANGE, value: ({ heapBytes }) => heapBytes / MIB },
      { name: 'external', color: GREEN, value: ({ externalBytes }) => externalBytes / MIB },
    ],
  },
  {
    title: 'Latency that clients saw, ms',
    lines: [
      { name: 'connect p99', color: GREY, value: ({ operations }) => operations[CONNECT]?.p99Ms },
      { name: 'connect p50', color: GREEN, value: ({ operations }) => operations[CONNECT]?.p50Ms },
      { name: 'Get p99', color: ORANGE, value: ({ operations }) => operations['Get']?.p99Ms },
      { name: 'Get p50', color: BLUE, value: ({ operations }) => operations['Get']?.p50Ms },
    ],
  },
  {
    title: 'Descriptors and threads',
    lines: [
      { name: 'descriptors', color: BLUE, value: ({ descriptors }) => descriptors },
      { name: 'threads', color: ORANGE, value: ({ threads }) => threads },
    ],
  },
  {
    title: 'Lag',
    lines: [
      { name: 'event loop p99, ms', color: BLUE, value: ({ loopLagP99Ms }) => loopLagP99Ms },
      { name: 'sink, events', color: ORANGE, value: ({ sinkLagEvents }) => sinkLagEvents },
      { name: 'auditor, events', color: GREEN, value: ({ auditorLagEvents }) => auditorLagEvents },
    ],
  },
];

const [WIDTH, LEFT, RIGHT, TOP] = [900, 60, 20, 50] as const;
const [PANEL_HEIGHT, GAP] = [130, 54] as const;
const HEIGHT = TOP + PANELS.length * (PANEL_HEIGHT + GAP) + 10;

/** @returns an SVG document. */
export function drawSoak(title: string, samples: readonly Sample[]): string {
  const seconds = Math.max(1, samples.at(-1)?.atSeconds ?? 1);
  const x = (sample: Sample) => LEFT + (sample.atSeconds / seconds) * (WIDTH - LEFT - RIGHT);
  const panels = PANELS.map((panel, index) => {
    const top = TOP + 18 + index * (PANEL_HEIGHT + GAP);
    return drawPanel(panel, { samples, seconds, top, x });
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    '<title>A site at work: memory, latency, descriptors, threads and lag</title>',
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    text(LEFT, 24, title, 'font-size="16" font-weight="bold"'),
    ...panels.flat(),
    '</svg>\n',
  ].join('\n');
}

interface Frame {
  readonly samples: readonly Sample[];
  readonly seconds: number;
  readonly top: number;
  x(sample: Sample): number;
}

function drawPanel({ title, lines }: Panel, { samples, seconds, top, x }: Frame): string[] {
  const values = lines.flatMap(({ value }) => samples.map((sample) => value(sample) ?? 0));
  const ceiling = niceCeiling(Math.max(...values, 1));
  const bottom = top + PANEL_HEIGHT;
  const y = (value: number) => bottom - (value / ceiling) * PANEL_HEIGHT;
  const grid = [0, 0.5, 1].flatMap((part) => {
    const height = y(ceiling * part).toFixed(1);
    return [
      `<path d="M${LEFT} ${height}H${WIDTH - RIGHT}" stroke="#d0d7de"/>`,
      text(LEFT - 6, Number(height) + 4, String(ceiling * part), 'text-anchor="end"'),
    ];
  });
  const drawn = lines.map(({ color, value }) => {
    const points = samples.flatMap((sample) => {
      const known = value(sample);
      return known === undefined ? [] : [`${x(sample).toFixed(1)},${y(known).toFixed(1)}`];
    });
    return `<polyline points="${points.join(' ')}" fill="none" stroke="${color}" stroke-width="1.2"/>`;
  });
  const legend = lines.map(({ name, color }, index) =>
    text(LEFT + 240 + index * 150, top - 6, name, `fill="${color}"`),
  );
  const times = [0, 0.25, 0.5, 0.75, 1].map((part) =>
    text(
      LEFT + part * (WIDTH - LEFT - RIGHT),
      bottom + 16,
      timeOf(seconds * part),
      'text-anchor="middle"',
    ),
  );
  return [text(LEFT, top - 6, title, 'font-weight="bold"'), ...grid, ...drawn, ...legend, ...times];
}

/** The next of 1, 2, 5, 10, 20, ... */
function niceCeiling(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((factor) => factor * power).find((nice) => nice >= value) ?? value;
}

function timeOf(seconds: number): string {
  return seconds < 180 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}

function text(x: number, y: number, content: string, attributes = ''): string {
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${x}" y="${y}" ${attributes}>${escaped}</text>`;
}
