/** The place that an event has in the log, as it stands at the end of its line. */

/** What the member `log` of an event says. */
export interface LogEntry {
  /** 32 hexadecimal digits. */
  readonly node: string;
  readonly sequence: number;
  /** Leaf hash of the event before, in lower-case hex; zeros in the first. */
  readonly previousHash: string;
}

/** The longest form of the member, with the end of the event. */
const MAX_TAIL_BYTES = 192;
const TAIL =
  /[,{]"log":\{"node":"([0-9a-f]{32})","sequence":([1-9]\d{0,15}),"previousHash":"([0-9a-f]{64})"\}\}$/;

/**
 * Reads the end of a line; the rest of it is what the hashes are for.
 *
 * @returns undefined when the line is no event of a log.
 */
export function parseLogEntry(line: Uint8Array): LogEntry | undefined {
  const tail = Buffer.from(line.subarray(Math.max(0, line.length - MAX_TAIL_BYTES)));
  const [, node, digits, previousHash] = TAIL.exec(tail.toString('latin1')) ?? [];
  const sequence = Number(digits);
  if (node === undefined || previousHash === undefined || !Number.isSafeInteger(sequence)) {
    return undefined;
  }
  return { node, sequence, previousHash };
}
