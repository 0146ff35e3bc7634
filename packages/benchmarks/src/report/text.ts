/** What a run has measured, for people: the targets first, then every figure. */

import type { Reached } from '../targets.ts';
import type { Report } from './report.ts';
import { formatMarkdown, formatNumber, formatTable } from './table.ts';

export function formatReport({ machine, settings, cells, targets }: Report): string {
  const { small, middle, large } = settings.stores;
  const conditions = [
    `${machine.cpu}, ${machine.cores} cores; servers on Node ${machine.node} (OpenSSL ${machine.openssl}).`,
    `Stores of ${small}, ${middle} and ${large} objects; ${settings.manyConnections} connections unless said.`,
  ].join('\n');
  return [conditions, formatTargets(targets), formatTable(cells), formatOthers(cells)]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** Empty when the run has measured none. */
export function formatTargets(targets: readonly Reached[]): string {
  const lines = targets
    .filter(({ verdict }) => verdict !== 'not measured')
    .map(({ work, target, reached, verdict }) => [work, target, formatNumber(reached), verdict]);
  return lines.length === 0
    ? ''
    : formatMarkdown(['work', 'target', 'reached', 'verdict'], lines, 2);
}

/** The figures that have no place in the table of rates. */
function formatOthers(cells: Report['cells']): string {
  const lines = cells.flatMap(({ row, subject, objects, connections, figures }) => {
    const { startMs, bytesPerConnection, heapBytesPerConnection, nanoseconds, resumedShare } =
      figures;
    const named: readonly (readonly [string, number | undefined])[] = [
      [`ms to start with ${objects} objects`, startMs],
      [`KB for each of ${connections} connections`, kilobytes(bytesPerConnection)],
      ['KB of that on the heap of JavaScript', kilobytes(heapBytesPerConnection)],
      ['ns a message', nanoseconds],
      ['share of handshakes that were resumed', resumedShare],
    ];
    return named.flatMap(([what, value]) =>
      value === undefined ? [] : [[row, subject, what, formatNumber(value)]],
    );
  });
  return lines.length === 0 ? '' : formatMarkdown(['row', 'server', 'figure', 'value'], lines, 3);
}

function kilobytes(bytes: number | undefined): number | undefined {
  return bytes === undefined ? undefined : bytes / 1000;
}
