import { expect, it } from 'vitest';
import { renderHistogram } from './render-histogram.ts';

it('writes a histogram as Prometheus reads it, with all values in the last bucket', () => {
  const distribution = { bounds: [0.5, 1], atMost: [2, 3], count: 5, sum: 7.25 };
  const name = 'a_duration_seconds';
  expect(renderHistogram({ name, help: 'How long it took.', distribution }).split('\n')).toEqual([
    '# HELP a_duration_seconds How long it took.',
    '# TYPE a_duration_seconds histogram',
    'a_duration_seconds_bucket{le="0.5"} 2',
    'a_duration_seconds_bucket{le="1"} 3',
    'a_duration_seconds_bucket{le="+Inf"} 5',
    'a_duration_seconds_sum 7.25',
    'a_duration_seconds_count 5',
    '',
  ]);
});
