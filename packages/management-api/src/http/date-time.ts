import { z } from 'zod';

/** RFC 3339 in whole seconds with `Z`, the form that every client reads. */
export const DateTime = z.iso.datetime({ precision: 0 });

/** @param milliseconds - Since the epoch; what is less than a second is cut. */
export function formatDateTime(milliseconds: number): string {
  return `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
}
