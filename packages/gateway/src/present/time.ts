/** Milliseconds since the epoch as `2026-03-02 09:14:07Z`. */
export function formatTime(ms: number): string {
  return new Date(ms)
    .toISOString()
    .replace('T', ' ')
    .replace(/\.\d+Z$/, 'Z');
}

/** Only the day. */
export function formatDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
