import { expect, it } from 'vitest';
import type { Cell } from './figures.ts';
import { FULL } from './settings.ts';
import { judge } from './targets.ts';

const settings = { ...FULL, node: 'node' };

function get(subject: Cell['subject'], perCpuSecond: number): Cell {
  const objects = subject === 'gateway' ? settings.stores.middle : 0;
  return { row: 'get', subject, objects, connections: 64, figures: { perCpuSecond }, rounds: 1 };
}

it.each([
  [2500, 'met'],
  [2499, 'missed'],
])('judges %i Get beside an echo of 10,000 as %s', (perCpuSecond, verdict) => {
  const [first] = judge(settings, [get('gateway', perCpuSecond), get('echo', 10_000)]);
  expect(first).toMatchObject({ reached: perCpuSecond / 10_000, verdict });
});

it('judges nothing that was not measured', () => {
  const verdicts = judge(settings, [get('gateway', 1)]).map(({ verdict }) => verdict);
  expect(new Set(verdicts)).toEqual(new Set(['not measured']));
});
