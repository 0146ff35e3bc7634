import type { KmipClient } from '@claviger/kmip-client';

/** What clients saw. */
export interface LoadReport {
  readonly operations: number;
  readonly operationsPerSecond: number;
  /** Milliseconds. */
  readonly median: number;
  readonly p99: number;
}

const KEY = { algorithm: 'AES', lengthBits: 256, usage: ['Encrypt', 'Decrypt'] } as const;

/** Has so many senders each make and read keys, one after the other, for a time. */
export async function measureLoad(
  client: KmipClient,
  { senders, milliseconds }: { readonly senders: number; readonly milliseconds: number },
): Promise<LoadReport> {
  const latencies: number[] = [];
  const begun = performance.now();
  async function timed<T>(operation: () => Promise<T>): Promise<T> {
    const before = performance.now();
    const answer = await operation();
    latencies.push(performance.now() - before);
    return answer;
  }
  async function send(): Promise<void> {
    while (performance.now() - begun < milliseconds) {
      const id = await timed(() => client.create(KEY));
      await timed(() => client.get(id));
    }
  }
  await Promise.all(Array.from({ length: senders }, send));
  const seconds = (performance.now() - begun) / 1000;
  latencies.sort((one, other) => one - other);
  return {
    operations: latencies.length,
    operationsPerSecond: latencies.length / seconds,
    median: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
  };
}

function percentile(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}
