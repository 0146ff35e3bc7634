/**
 * Date-Time values as text: ISO 8601 in UTC as XML Schema writes it, `2008-03-14T11:56:40+00:00`
 * (KMIP Additional Message Encodings 1.0 §4.1.6.11, §6.1.6.11). A Date-Time Extended has six digits of
 * fraction.
 */

const MICROSECONDS = 1_000_000n;
const PATTERN =
  /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,32}))?(?:Z|([+-])(\d\d):(\d\d))?$/;

/** Seconds as text; undefined outside the years 0000 to 9999, which four digits cannot say. */
export function formatSeconds(seconds: bigint): string | undefined {
  const text = isoSeconds(seconds);
  return text === undefined ? undefined : `${text}+00:00`;
}

/** Microseconds as text; undefined outside the years 0000 to 9999. */
export function formatMicroseconds(microseconds: bigint): string | undefined {
  const seconds = floorSeconds(microseconds);
  const fraction = microseconds - seconds * MICROSECONDS;
  const text = isoSeconds(seconds);
  return text === undefined ? undefined : `${text}.${fraction.toString().padStart(6, '0')}+00:00`;
}

/**
 * POSIX microseconds of a text with or without a fraction and a zone; without a zone it is UTC. Digits
 * beyond the microsecond are dropped. Undefined when the text is no such date.
 */
export function parseMicroseconds(text: string): bigint | undefined {
  const match = PATTERN.exec(text);
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map(Number);
  const [zoneHours = 0, zoneMinutes = 0] = match.slice(9, 11).map((digits) => Number(digits ?? 0));
  if (hour > 23 || minute > 59 || second > 59 || zoneHours > 14 || zoneMinutes > 59) {
    return undefined;
  }
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  // A month of 13 or a 30th of February would have been carried over into the next.
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  const zoneSeconds = (zoneHours * 60 + zoneMinutes) * 60 * (match[8] === '-' ? -1 : 1);
  const fraction = (match[7] ?? '').slice(0, 6).padEnd(6, '0');
  return BigInt(date.getTime() / 1000 - zoneSeconds) * MICROSECONDS + BigInt(fraction);
}

/** As {@link parseMicroseconds}, without the fraction, which KMIP's Date-Time does not use. */
export function parseSeconds(text: string): bigint | undefined {
  const microseconds = parseMicroseconds(text);
  return microseconds === undefined ? undefined : floorSeconds(microseconds);
}

/** Whole seconds, rounded towards the past also before 1970. */
function floorSeconds(microseconds: bigint): bigint {
  const quotient = microseconds / MICROSECONDS;
  return microseconds < quotient * MICROSECONDS ? quotient - 1n : quotient;
}

/** `2008-03-14T11:56:40` of years 0000 to 9999. */
function isoSeconds(seconds: bigint): string | undefined {
  if (seconds < -62_167_219_200n || seconds > 253_402_300_799n) return undefined;
  return new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
}
