/** Milliseconds since the epoch, or a text of RFC 3339, as `2026-03-02 09:14:07Z`. */
export function formatTime(time: number | string): string {
  return new Date(time)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, 'Z');
}

/** Only the day. */
export function formatDay(time: number | string): string {
  return new Date(time).toISOString().slice(0, 10);
}
