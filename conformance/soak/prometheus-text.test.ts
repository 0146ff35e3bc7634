import { expect, it } from 'vitest';
import { largestOf, parsePrometheusText } from './prometheus-text.ts';

const TEXT = `# HELP lag_seconds Age of the oldest.
# TYPE lag_seconds gauge
lag_seconds{sink="one two"} 1.5
lag_seconds{sink="three"} 7
lag_seconds_more 9
threads 13
`;

it('reads samples with and without labels', () => {
  const values = parsePrometheusText(TEXT);
  expect(values.size).toBe(4);
  expect(values.get('lag_seconds{sink="one two"}')).toBe(1.5);
});

it('tells the largest of a name, and that there is none', () => {
  const values = parsePrometheusText(TEXT);
  expect(largestOf(values, 'lag_seconds')).toBe(7);
  expect(largestOf(values, 'threads')).toBe(13);
  expect(largestOf(values, 'lag')).toBeUndefined();
});
