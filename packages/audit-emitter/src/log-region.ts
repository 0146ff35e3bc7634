/** Which region's log an instance writes to. */
import { parseCrn } from './crn.ts';

/** Regions where HPCS can be deployed, and the region of the log that its events go to. */
export const LOG_REGIONS = {
  'au-syd': 'au-syd',
  'br-sao': 'br-sao',
  'ca-tor': 'ca-tor',
  'eu-de': 'eu-de',
  'eu-es': 'eu-es',
  'eu-gb': 'eu-gb',
  'jp-tok': 'jp-tok',
  'us-east': 'us-east',
  'us-south': 'us-south',
} as const;

export type HpcsRegion = keyof typeof LOG_REGIONS;

function isHpcsRegion(location: string): location is HpcsRegion {
  return Object.hasOwn(LOG_REGIONS, location);
}

/**
 * The region of the log for events of an instance, read from its CRN (`logSourceCRN`).
 *
 * A location outside of the table is one's own, and is the region of its own log: an event must never
 * be without a place to go.
 *
 * @returns undefined when the text is no CRN, or names no location.
 */
export function logRegionOf(logSourceCRN: string): string | undefined {
  const location = parseCrn(logSourceCRN)?.location;
  if (location === undefined || location === '') return undefined;
  return isHpcsRegion(location) ? LOG_REGIONS[location] : location;
}
