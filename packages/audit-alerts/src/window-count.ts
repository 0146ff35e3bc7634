/** How many events there were within a window that moves along; bounded, whatever their number. */

export interface WindowCount {
  /** Counts, and answers how many there are within the window that ends at `time`. */
  add(time: number, weight: number): number;
}

/** Events of one part of the window are one number. */
const PARTS = 60;

/**
 * Times may go back as clocks do: what is further from now than the window, in either direction, counts no
 * more.
 */
export function createWindowCount(windowMs: number): WindowCount {
  const partMs = Math.max(1, windowMs / PARTS);
  let parts: { readonly time: number; weight: number }[] = [];
  return {
    add(time, weight) {
      parts = parts.filter((part) => Math.abs(time - part.time) < windowMs);
      const last = parts.at(-1);
      if (last !== undefined && Math.abs(time - last.time) < partMs) last.weight += weight;
      else parts.push({ time, weight });
      return parts.reduce((sum, part) => sum + part.weight, 0);
    },
  };
}
