/**
 * A UUID of version 7 (RFC 9562 §5.7): the time in milliseconds, then 74 random bits.
 *
 * Ids that rise with time are written at the end of the log's index. Wholly random ones touch another
 * page of it with each event, which a commit then has to write.
 *
 * @param timeMs - Milliseconds since the epoch, from 0 and below 2^48.
 * @param randomId - A UUID of version 4: its random bits behind the version are taken.
 */
export function eventId(timeMs: number, randomId: string): string {
  const time = Math.floor(timeMs).toString(16).padStart(TIME_DIGITS, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomId.slice(RANDOM_PART_AT)}`;
}

const TIME_DIGITS = 12;
/** Behind `xxxxxxxx-xxxx-4`. */
const RANDOM_PART_AT = 15;
