/** A run as one picture: operations per second of server CPU, on a logarithmic axis, a bar for each server. */

import { type Cell, SUBJECTS, type SubjectName } from '../figures.ts';
import type { Report } from './report.ts';
import { formatNumber } from './table.ts';

const COLORS: Readonly<Record<SubjectName, string>> = {
  echo: '#9aa4ae',
  gateway: '#1f6feb',
  pykmip: '#d9730d',
};
const LABELS: Readonly<Record<SubjectName, string>> = {
  echo: 'limit: node:tls, constant answer',
  gateway: 'Claviger',
  pykmip: 'PyKMIP',
};

const [WIDTH, LEFT, RIGHT, TOP] = [900, 220, 70, 76] as const;
const [BAR, GAP] = [13, 12] as const;

/** @returns An SVG document. */
export function drawPicture({ machine, settings, cells }: Report): string {
  const groups = groupsOf(cells, settings);
  const values = groups.flatMap(({ bars }) => bars.map(({ value }) => value));
  const highest = 10 ** Math.ceil(Math.log10(Math.max(10, ...values)));
  const lowest = Math.min(10, 10 ** Math.floor(Math.log10(Math.max(1, Math.min(10, ...values)))));
  const span = Math.log10(highest / lowest);
  const x = (value: number) =>
    LEFT + ((WIDTH - LEFT - RIGHT) * Math.log10(Math.max(value, lowest) / lowest)) / span;

  const shapes: string[] = [];
  let y = TOP;
  for (const { name, bars } of groups) {
    const middle = y + (bars.length * BAR) / 2 + 4;
    shapes.push(text(LEFT - 10, middle, name, 'end'));
    for (const { subject, value } of bars) {
      const width = Math.max(1, x(value) - LEFT);
      shapes.push(
        `<rect x="${LEFT}" y="${y}" width="${width.toFixed(1)}" height="${BAR - 2}" fill="${COLORS[subject]}"/>`,
        text(LEFT + width + 5, y + BAR - 4, formatNumber(value), 'start', 10),
      );
      y += BAR;
    }
    y += GAP;
  }
  const lines: string[] = [];
  for (let value = lowest; value <= highest; value *= 10) {
    const at = x(value).toFixed(1);
    lines.push(
      `<line x1="${at}" y1="${TOP - 8}" x2="${at}" y2="${y - GAP}" stroke="#d0d7de"/>`,
      text(Number(at), y + 6, value.toLocaleString('en'), 'middle', 10),
    );
  }
  const where = `${machine.cpu}, Node ${machine.node}, ${settings.manyConnections} connections, ${settings.stores.middle.toLocaleString('en')} objects`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y + 20}" font-family="sans-serif" font-size="12">`,
    '<title>Operations per second of server CPU time</title>',
    `<rect width="${WIDTH}" height="${y + 20}" fill="#ffffff"/>`,
    text(20, 24, 'Operations per second of server CPU time', 'start', 16),
    text(20, 44, where, 'start', 11),
    ...legend(),
    ...lines,
    ...shapes,
    '</svg>',
    '',
  ].join('\n');
}

interface Group {
  readonly name: string;
  readonly bars: readonly { readonly subject: SubjectName; readonly value: number }[];
}

/** The rows at the number of connections that targets are about, and the middle store. */
function groupsOf(cells: readonly Cell[], settings: Report['settings']): readonly Group[] {
  const shown = cells.filter(
    ({ objects, connections, row }) =>
      (objects === 0 || objects === settings.stores.middle) &&
      connections === settings.manyConnections &&
      row !== 'get-at-half-load',
  );
  return [...new Set(shown.map(({ row }) => row))].flatMap((name) => {
    const bars = SUBJECTS.flatMap((subject) => {
      const value = shown.find((cell) => cell.row === name && cell.subject === subject)?.figures
        .perCpuSecond;
      return value === undefined || value <= 0 ? [] : [{ subject, value }];
    });
    return bars.length === 0 ? [] : [{ name, bars }];
  });
}

function legend(): readonly string[] {
  const places = { gateway: LEFT, echo: LEFT + 90, pykmip: LEFT + 300 };
  return SUBJECTS.flatMap((subject) => [
    `<rect x="${places[subject]}" y="52" width="11" height="11" fill="${COLORS[subject]}"/>`,
    text(places[subject] + 16, 62, LABELS[subject], 'start', 11),
  ]);
}

type Anchor = 'start' | 'middle' | 'end';

function text(x: number, y: number, content: string, anchor: Anchor, size = 12): string {
  const escaped = content.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="${anchor}" font-size="${size}" fill="#24292f">${escaped}</text>`;
}
