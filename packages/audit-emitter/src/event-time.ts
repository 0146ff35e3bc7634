/** Time as an event writes it: UTC, hundredths of a second, offset without a colon. */

const PATTERN = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d\d)\+0000$/;

/** Up to the hundredths: `2026-03-02T09:14:07.31`. */
const PREFIX_LENGTH = 22;

/**
 * @param timeMs - Milliseconds since the epoch, within the years 0 to 9999; the last digit is dropped.
 * @throws RangeError when the time is outside of that.
 */
export function formatEventTime(timeMs: number): string {
  const iso = new Date(timeMs).toISOString();
  if (!/^\d/.test(iso))
    throw new RangeError('The time of an event must be in the years 0 to 9999.');
  return `${iso.slice(0, PREFIX_LENGTH)}+0000`;
}

/** @returns Milliseconds since the epoch, or undefined when the text is no time of an event. */
export function parseEventTime(text: string): number | undefined {
  const prefix = PATTERN.exec(text)?.[1];
  if (prefix === undefined) return undefined;
  const timeMs = Date.parse(`${prefix}0Z`);
  // `Date.parse` moves 30 February to March, and 24:00 to the next day: the day tells.
  return new Date(timeMs).getUTCDate() === Number(prefix.slice(8, 10)) ? timeMs : undefined;
}
