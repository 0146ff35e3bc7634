import { describe, expect, it } from 'vitest';
import { drawPicture } from './picture.ts';
import { replaceSection } from './readme-section.ts';
import { aCell, aReport } from './report.fixtures.ts';
import { mergeReports, Report } from './report.ts';
import { formatMarkdown, formatNumber } from './table.ts';
import { formatReport, formatTargets } from './text.ts';

const run = (gateway: number, echo = 10_000) =>
  aReport([
    aCell('gateway', { perCpuSecond: gateway, perSecond: gateway, p50Ms: 1 }),
    aCell('echo', { perCpuSecond: echo, perSecond: echo }),
  ]);

describe('the report of several runs', () => {
  it('has the medians, and judges them', () => {
    const merged = mergeReports([run(9000), run(1000), run(3000)]);
    expect(merged.cells[0]?.figures.perCpuSecond).toBe(3000);
    expect(merged.targets[0]).toMatchObject({ reached: 0.3, verdict: 'met' });
  });

  it('is not made of runs on different runtimes', () => {
    const other = run(1);
    const on20 = { ...other, machine: { ...other.machine, node: '20.0.0' } };
    expect(() => mergeReports([run(1), on20])).toThrow('differ');
    expect(() => mergeReports([])).toThrow('no run');
  });

  it('comes back from JSON as it was', () => {
    expect(Report.parse(JSON.parse(JSON.stringify(run(1))))).toEqual(run(1));
  });
});

describe('the report in words', () => {
  it('has the targets that were measured, and each figure with its ratio to the echo', () => {
    const text = formatReport(run(2400));
    expect(text).toContain('Get with its durable event, to the echo');
    expect(text).toMatch(/at least 0\.25 +\| +0\.24 \| +missed/);
    expect(text).toMatch(/\| get \| gateway \| +10000 \| +64 \| +2400 \|.*\| +0\.24 \|/);
    expect(formatTargets(aReport([]).targets)).toBe('');
  });

  it('tells by server what has no place in the table of rates', () => {
    const cell = aCell('echo', { perSecond: 1, resumedShare: 0.995 });
    expect(formatReport(aReport([cell]))).toMatch(/get \| echo .*resumed \| +0\.995 \|/);
  });

  it.each([
    [undefined, ''],
    [1234.5, '1235'],
    [0.12345, '0.123'],
    [12.3456, '12.3'],
  ])('writes %s as "%s"', (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });

  it('sets texts left and numbers right', () => {
    expect(formatMarkdown(['a', 'value'], [['text', '1']], 1)).toBe(
      '| a    | value |\n| ---- | ----: |\n| text |     1 |',
    );
  });
});

describe('the picture', () => {
  it('has a longer bar for what is faster, on an axis that is logarithmic', () => {
    const svg = drawPicture(run(100, 10_000));
    const widths = [...svg.matchAll(/width="([\d.]+)" height="11" fill="(#1f6feb|#9aa4ae)"/g)]
      .map(([, width = '', color = '']) => [color, Number(width)] as const)
      .filter(([, width]) => width !== 11); // those of the legend
    const of = (color: string) => widths.find(([one]) => one === color)?.[1] ?? 0;
    // From 10 to 100 it is a third of the way to 10,000.
    expect(of('#9aa4ae') / of('#1f6feb')).toBeCloseTo(3, 1);
  });

  it('is XML whatever the machine is called', () => {
    expect(drawPicture(run(1))).toContain('A &lt;CPU>');
  });
});

describe('the section of a README', () => {
  const marks = [
    '<!-- benchmarks: written by pnpm bench:report -->\n',
    '<!-- end of benchmarks -->\n',
  ];

  it('is exchanged between its markers, and nothing else is', () => {
    const readme = `before\n${marks.join('old\n')}after\n`;
    const written = replaceSection(readme, 'new');
    expect(written).toBe(`before\n${marks.join('\nnew\n\n')}after\n`);
    expect(replaceSection(written, 'new')).toBe(written);
  });

  it('is not written where there is no place for it', () => {
    expect(() => replaceSection('a README', 'new')).toThrow('needs');
  });
});
