import { InvalidArgumentError } from 'commander';
import picocolors from 'picocolors';
import { describe, expect, it } from 'vitest';
import { formatEventLine } from '../../present/event-line.ts';
import { CSV_HEADING, formatCsvRecord } from './csv.ts';
import { timeArgument } from './filter-options.ts';
import { parseListedEvent } from './listed-event.ts';
import { itemsIn, linesIn } from './read-stream.ts';

const BODY = JSON.stringify({
  eventTime: '2026-03-02T09:14:07.31+0000',
  action: 'hs-crypto.kmip-key.create',
  outcome: 'failure',
  severity: 'critical',
  message: '=cmd|"calc"',
  id: 'an-id',
  initiator: { id: 'CertificateID-1', name: '\u001b[2Jvc', typeURI: '' },
  target: { id: 'crn:v1:a:b:c:d:a/e:f:kmip_object:one', name: '' },
  reason: { reasonCode: 403, reasonForFailure: 'no, not\nyou' },
  log: { node: '', sequence: 7, previousHash: '' },
});

async function* piecesOf(...pieces: readonly string[]) {
  yield* pieces;
}
async function allOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe('events for people and spreadsheets', () => {
  it('have their places, and nothing that steers a terminal', () => {
    const line = formatEventLine(parseListedEvent(BODY), picocolors.createColors(false), {
      utc: true,
    });
    expect(line).toMatch(/^ {5}7 {2}2026-03-02 09:14:07\.310Z {2}critical {2}failure {2}hs-crypto/);
    expect(line).toContain('one');
  });

  it('are records of CSV in which no text becomes a formula', () => {
    expect(CSV_HEADING.startsWith('sequence,time,severity,')).toBe(true);
    const record = formatCsvRecord(parseListedEvent(BODY));
    expect(record).toContain('7,2026-03-02T09:14:07.310Z,critical,failure,');
    expect(record).toContain('"no, not\nyou"');
    expect(record).toContain(`"'=cmd|""calc"""`);
    expect(record.endsWith(',an-id\r\n')).toBe(true);
  });

  it('are refused when they are none', () => {
    expect(() => parseListedEvent('{}')).toThrow(/no event/);
    expect(() => parseListedEvent('{')).toThrow(/no event/);
  });
});

describe('a stream', () => {
  it('is read in lines, however it is cut into pieces', async () => {
    expect(await allOf(linesIn(piecesOf('a\nb', 'c\n', '\nd')))).toEqual(['a', 'bc', '', 'd']);
  });

  it('tells events and places', async () => {
    const pieces = piecesOf(
      'retry: 1\n\nid: 5\neve',
      'nt: audit\ndata: {}\n\n: still here\nid: 9\n\n',
    );
    expect(await allOf(itemsIn(pieces))).toEqual([
      { kind: 'event', id: '5', body: '{}' },
      { kind: 'place', id: '9' },
    ]);
  });

  it('has no line without end', async () => {
    const pieces = piecesOf(...Array.from({ length: 20 }, () => 'x'.repeat(100_000)));
    await expect(allOf(linesIn(pieces))).rejects.toThrow(/no end/);
  });
});

describe('a point in time', () => {
  const now = Date.UTC(2026, 10, 22, 12);
  const at = timeArgument({ now: () => now });

  it('is a time, a local day, or so long ago', () => {
    expect(at('90m')).toBe(now - 90 * 60_000);
    expect(at('7d')).toBe(now - 7 * 86_400_000);
    expect(at('2026-03-02T09:14:07Z')).toBe(Date.UTC(2026, 2, 2, 9, 14, 7));
    expect(at('2026-03-02')).toBe(new Date(2026, 2, 2).getTime());
    expect(at('2026-03-02T10:00')).toBe(new Date(2026, 2, 2, 10).getTime());
  });

  it.each(['yesterday', '5', '2026-13-02', '5y', ''])('is never "%s"', (text) => {
    expect(() => at(text)).toThrow(InvalidArgumentError);
  });
});
