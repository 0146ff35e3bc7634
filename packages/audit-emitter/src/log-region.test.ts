import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { anEvent } from './emitter.fixtures.ts';
import { LOG_REGIONS, logRegionOf } from './log-region.ts';

describe('the log of a region', () => {
  it.each(Object.entries(LOG_REGIONS))('gets the events of %s: %s', (location, region) => {
    const { logSourceCRN } = anEvent();
    expect(logRegionOf(logSourceCRN.replace(':eu-de:', `:${location}:`))).toBe(region);
  });

  it('is the own one for a location outside of the table', () => {
    const { logSourceCRN } = anEvent();
    expect(logRegionOf(logSourceCRN.replace(':eu-de:', ':local:'))).toBe('local');
  });

  it.each(['', 'eu-de', 'crn:v1:bluemix:public:hs-crypto::a/1:2::'])('is none for "%s"', (text) => {
    expect(logRegionOf(text)).toBeUndefined();
  });
});

// The reference lies beside the checkout where this catalogue is maintained, and nowhere else.
const REFERENCE = new URL('../../../../shared/reference/audit-catalogue.json', import.meta.url);

describe.skipIf(!existsSync(REFERENCE))(
  'the regions of the reference (where it is present)',
  () => {
    it('are the same', () => {
      const { regions } = JSON.parse(readFileSync(REFERENCE, 'utf8'));
      const rows = regions.table.map((row: { deployment: string; activityTracker: string }) => [
        row.deployment,
        row.activityTracker,
      ]);
      expect(Object.entries(LOG_REGIONS)).toEqual(rows);
    });
  },
);
