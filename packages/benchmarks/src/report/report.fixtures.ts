/** A run, made up. */

import type { Cell, Figures } from '../figures.ts';
import { FULL } from '../settings.ts';
import { judge } from '../targets.ts';
import type { Report } from './report.ts';

const settings = { ...FULL, node: 'node' };

export function aCell(subject: Cell['subject'], figures: Figures, other: Partial<Cell> = {}): Cell {
  const objects = subject === 'gateway' ? settings.stores.middle : 0;
  return { row: 'get', subject, objects, connections: 64, figures, rounds: 3, ...other };
}

export function aReport(cells: readonly Cell[]): Report {
  return {
    machine: { cpu: 'A <CPU>', cores: 2, memoryBytes: 1, node: '24.0.0', openssl: '3.5.0' },
    settings,
    cells: [...cells],
    targets: judge(settings, cells),
  };
}
