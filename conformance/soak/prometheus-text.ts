/** Reads what `/metrics` answers with (text format 0.0.4), as far as samples of it go. */

/** The value of each sample; the key is its name with its labels, as they are written. */
export type MetricValues = ReadonlyMap<string, number>;

export function parsePrometheusText(text: string): MetricValues {
  const values = new Map<string, number>();
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const space = line.lastIndexOf(' ');
    values.set(line.slice(0, space), Number(line.slice(space + 1)));
  }
  return values;
}

/** @returns undefined when there is no such sample. */
export function largestOf(values: MetricValues, name: string): number | undefined {
  const found = [...values].filter(([key]) => key === name || key.startsWith(`${name}{`));
  return found.length === 0 ? undefined : Math.max(...found.map(([, value]) => value));
}
