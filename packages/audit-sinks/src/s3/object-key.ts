/** Names of the objects that batches become. */

import type { SinkEvent } from '../sink.ts';

const SEQUENCE_DIGITS = 16;

/**
 * `<prefix>year=2026/month=03/day=02/hour=09/<node>-<first sequence>-<last sequence>.jsonl[.gz]`, by the
 * time (UTC) of the first event. The same batch has the same name, so that a second attempt replaces what
 * the first one left; names of one node sort by sequence within their hour.
 *
 * @param batch - At least one event.
 */
export function objectKey(
  batch: readonly SinkEvent[],
  { prefix, node, compress }: { prefix: string; node: string; compress: boolean },
): string {
  const [year, month, day, hour] = new Date(batch[0]?.time ?? 0).toISOString().split(/[-T:]/);
  const [first, last] = [batch[0], batch.at(-1)].map((event) =>
    String(event?.sequence).padStart(SEQUENCE_DIGITS, '0'),
  );
  const folder = `year=${year}/month=${month}/day=${day}/hour=${hour}`;
  return `${prefix}${folder}/${node}-${first}-${last}.jsonl${compress ? '.gz' : ''}`;
}
