/** Things that wait, each under a key: keys take turns, and those of one key go in the order in which they came. */
export interface WaitingInTurn<T> {
  add(key: string, value: T): void;
  /** The next one of the key whose turn it is, among those that `mayGo`; undefined when there is none. */
  take(mayGo?: (key: string) => boolean): T | undefined;
  countOf(key: string): number;
  readonly count: number;
}

interface Entry<T> {
  readonly value: T;
  next: Entry<T> | undefined;
}

/** First in, first out, in constant time however many there are. */
interface Line<T> {
  first: Entry<T>;
  last: Entry<T>;
  length: number;
}

export function createWaitingInTurn<T>(): WaitingInTurn<T> {
  /** By key; who was served last stands last. A key of which nothing waits has no line. */
  const lines = new Map<string, Line<T>>();
  let count = 0;

  return {
    add(key, value) {
      const entry: Entry<T> = { value, next: undefined };
      const line = lines.get(key);
      if (line === undefined) {
        lines.set(key, { first: entry, last: entry, length: 1 });
      } else {
        line.last.next = entry;
        line.last = entry;
        line.length += 1;
      }
      count += 1;
    },
    take(mayGo = () => true) {
      for (const [key, line] of lines) {
        if (!mayGo(key)) continue;
        const { value, next } = line.first;
        lines.delete(key);
        if (next !== undefined) {
          line.first = next;
          line.length -= 1;
          lines.set(key, line);
        }
        count -= 1;
        return value;
      }
      return undefined;
    },
    countOf: (key) => lines.get(key)?.length ?? 0,
    get count() {
      return count;
    },
  };
}
