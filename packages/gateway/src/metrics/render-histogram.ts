/** A histogram in the text format of Prometheus (version 0.0.4), without labels of its own. */
import type { Distribution } from '@claviger/key-store';

export interface RenderedHistogram {
  readonly name: string;
  /** One line, without a backslash. */
  readonly help: string;
  readonly distribution: Distribution;
}

/** @returns Whole lines. */
export function renderHistogram({ name, help, distribution }: RenderedHistogram): string {
  const { bounds, atMost, count, sum } = distribution;
  const buckets = bounds.map((bound, index) => `${name}_bucket{le="${bound}"} ${atMost[index]}`);
  return [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} histogram`,
    ...buckets,
    `${name}_bucket{le="+Inf"} ${count}`,
    `${name}_sum ${sum}`,
    `${name}_count ${count}`,
    '',
  ].join('\n');
}
