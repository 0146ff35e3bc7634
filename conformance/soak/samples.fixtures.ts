/** Samples of a run that was boring. */
import type { Sample } from './sample.ts';

export function aSample(atSeconds: number, fields: Partial<Sample> = {}): Sample {
  return {
    atSeconds,
    rssBytes: 200 * 2 ** 20,
    heapBytes: 80 * 2 ** 20,
    externalBytes: 10 * 2 ** 20,
    descriptors: 40,
    threads: 13,
    handles: 20,
    cores: 0.3,
    loopLagP99Ms: 15,
    commitQueue: 0,
    sinkLagEvents: 2,
    sinkLagSeconds: 0.1,
    auditorLagEvents: 3,
    databaseBytes: 10 * 2 ** 20,
    errors: 0,
    operations: { Get: { count: 10, p50Ms: 2, p99Ms: 9 } },
    ...fields,
  };
}

/** One every ten seconds. */
export function anHour(fieldsAt: (atSeconds: number) => Partial<Sample> = () => ({})): Sample[] {
  return Array.from({ length: 361 }, (_, index) => aSample(index * 10, fieldsAt(index * 10)));
}
