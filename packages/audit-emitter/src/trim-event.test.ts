import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AN_OBJECT_ID, anEvent } from './emitter.fixtures.ts';
import type { AuditEventInput } from './emitter.ts';
import type { AuditEvent } from './event.ts';
import { parseAuditEvent } from './parse-audit-event.ts';
import { MAX_EVENT_BYTES } from './trim-event.ts';
import { assertValidEvent } from './valid-event.ts';

describe('an event that is too large', () => {
  const bytes = (event: AuditEvent) => Buffer.byteLength(JSON.stringify(event));

  it('loses the ends of its lists, and says so', () => {
    const kmipObjectIds = Array.from({ length: 1000 }, (_, index) => `${AN_OBJECT_ID}-${index}`);
    const event = anEvent({ responseData: { totalResources: 1000, kmipObjectIds } });
    expect(event.responseData).toEqual({
      totalResources: 1000,
      kmipObjectIds: kmipObjectIds.slice(0, 64),
      truncated: true,
    });
    expect(event.requestData).not.toHaveProperty('truncated');
    assertValidEvent(event);
  });

  it('keeps every CADF field whole', () => {
    const small = anEvent();
    const large = anEvent({ requestData: { text: 'x'.repeat(1_000_000) } });
    expect({ ...large, requestData: small.requestData }).toEqual(small);
    expect(large.requestData).toMatchObject({ text: `${'x'.repeat(1023)}…`, truncated: true });
  });

  it.each([
    ['many long texts', Object.fromEntries(range(300).map((i) => [`k${i}`, 'x'.repeat(900)]))],
    ['nested lists', range(100).map(() => range(100).map(() => range(100)))],
    ['control characters', Object.fromEntries(range(300).map((i) => [`k${i}`, '\0'.repeat(900)]))],
    [
      'control characters in names',
      Object.fromEntries(range(300).map((i) => [`${'\0'.repeat(900)}${i}`, '\0'.repeat(900)])),
    ],
    ['wide characters', range(5000).map(() => '\u{1f511}'.repeat(50))],
  ])('fits in the end: %s', (_name, value) => {
    const data = Array.isArray(value) ? { value } : value;
    const event = anEvent({
      requestData: data,
      responseData: data,
      requestURI: `/api/${'\0'.repeat(20_000)}`,
      outcome: { kind: 'failure', errorCode: 'internal', reasonText: '\0'.repeat(20_000) },
    });
    expect(bytes(event)).toBeLessThanOrEqual(MAX_EVENT_BYTES);
    assertValidEvent(event);
  });

  it('is still a valid event, whatever the data', () => {
    const data = fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 5 }));
    fc.assert(
      fc.property(data, data, fc.nat({ max: 400 }), (requestData, responseData, copies) => {
        const event = anEvent({
          // JSON values all, as fc.jsonValue makes them.
          requestData: requestData as NonNullable<AuditEventInput['requestData']>,
          responseData: { copies: Array(copies).fill(responseData) },
        });
        expect(bytes(event)).toBeLessThanOrEqual(MAX_EVENT_BYTES);
        const body = JSON.stringify(event);
        const again: unknown = JSON.parse(body);
        // Any text may hide under the name of a suggested field, so only the format is checked.
        expect(JSON.stringify(parseAuditEvent(again))).toBe(body);
      }),
      { numRuns: 200 },
    );
  });

  it('never cuts a character in two', () => {
    const text = `${'x'.repeat(1022)}\u{1f511}`.repeat(20);
    const { requestData } = anEvent({ requestData: { text } });
    expect(requestData['text']).toBe(`${'x'.repeat(1022)}…`);
  });
});

function range(length: number): number[] {
  return Array.from({ length }, (_, index) => index);
}
