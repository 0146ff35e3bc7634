import { expect, it } from 'vitest';
import { drawSoak } from './picture.ts';
import { anHour, aSample } from './samples.fixtures.ts';

it('draws each line with a point for each sample', () => {
  const svg = drawSoak('A site & its hour', anHour());
  expect(svg).toContain('A site &amp; its hour');
  const lines = [...svg.matchAll(/<polyline points="([^"]*)"/g)].map(([, points = '']) => points);
  // Nobody has connected in these samples: two of the twelve have nothing to show.
  const counts = lines.map((points) => (points === '' ? 0 : points.split(' ').length));
  expect(counts.toSorted((one, other) => one - other)).toEqual([0, 0, ...Array(10).fill(361)]);
  expect(svg).toContain('60 min');
  expect(svg).not.toContain('NaN');
});

it('draws a run that was ended at once', () => {
  for (const samples of [[], [aSample(0)]]) {
    expect(drawSoak('Nothing', samples)).not.toMatch(/NaN|Infinity/);
  }
});
