/**
 * Messages of others: the OASIS test cases and a recording of a real vCenter. They are no part of this
 * repository, so these tests run where `../shared` stands beside it.
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decodeTtlv } from './decode.ts';
import { decodeJsonText } from './decode-json.ts';
import { decodeXml } from './decode-xml.ts';
import { encodeTtlv } from './encode.ts';
import { encodeJsonText } from './encode-json.ts';
import { encodeXml } from './encode-xml.ts';
import { createFrameReader } from './frame-reader.ts';
import { toHex } from './hex.ts';
import type { TtlvNames, ValueContext } from './names.ts';
import { bytesOf } from './ttlv-rows.fixtures.ts';

const shared = new URL('../../../../shared/kmip/', import.meta.url);
const present = existsSync(shared);
const where = present ? '' : ' (skipped: ../shared/kmip is not there)';

describe.skipIf(!present)(`the MSGENC test cases of 1.0 and 1.2${where}`, () => {
  const cases = ['1.0', '1.2'].flatMap((version) =>
    ['HTTPS', 'JSON', 'XML'].map((encoding) => [version, encoding] as const),
  );
  it.each(cases)('%s %s: XML, JSON and binary are the same message', (version, encoding) => {
    const names = namesFromTables();
    const file = `mandatory/MSGENC-${encoding}-M-1-${version.replace('.', '')}.xml`;
    const source = read(`test-cases/${version}/${file}`);
    const messages = messagesOf(source);
    const dumps = [...source.matchAll(/<!\[CDATA\[([\s\S]*?)\]\]>/g)].map(
      (match) => match[1] ?? '',
    );
    expect([messages.length, dumps.length]).toEqual([4, 4]);
    for (const [index, message] of messages.entries()) {
      const lines = (dumps[index] ?? '').split('\n').map((line) => line.trim());
      const hex = lines.filter((line) => /^[0-9a-f]+$/.test(line)).join('');
      const item = decodeTtlv(bytesOf(hex), {}, names.tagName);
      expect(toHex(encodeTtlv(item))).toBe(hex);
      expect(decodeXml(message, names)).toEqual(item);
      expect(decodeXml(encodeXml(item, names), names)).toEqual(item);
      const json = lines.filter((line) => /^[{}\]]/.test(line)).join('\n');
      if (json !== '') expect(decodeJsonText(balanced(json), names)).toEqual(item);
    }
  });
});

describe.skipIf(!present)(`every OASIS test case${where}`, () => {
  for (const folder of ['1.0', '1.2', '1.4', '2.1']) {
    it(`${folder}: all messages go through binary, XML and JSON and come back the same`, () => {
      const names = namesFromTables();
      let count = 0;
      for (const file of testCases(folder)) {
        for (const message of messagesOf(read(file))) {
          const item = decodeXml(withoutPlaceholders(message), names);
          expect(decodeTtlv(encodeTtlv(item))).toEqual(item);
          expect(decodeXml(encodeXml(item, names), names)).toEqual(item);
          expect(decodeJsonText(encodeJsonText(item, names), names)).toEqual(item);
          count++;
        }
      }
      expect(count).toBeGreaterThan(300);
    });
  }
});

describe.skipIf(!existsSync(new URL('captures/vcenter-7.0.3.json', shared)))(
  `a recording of vCenter 7.0.3${where}`,
  () => {
    it('decodes and encodes to the same bytes, cut out of one stream', () => {
      const capture: { requests: { request_hex: string; response_hex: string | null }[] } =
        readJson('captures/vcenter-7.0.3.json');
      const messages = capture.requests
        .flatMap(({ request_hex, response_hex }) => [request_hex, response_hex])
        .filter((hex) => hex !== null);
      expect(capture.requests).toHaveLength(26);
      const reader = createFrameReader({ maxMessageBytes: 4096 });
      reader.push(bytesOf(messages.join('')));
      for (const hex of messages) {
        const frame = reader.next() ?? new Uint8Array();
        expect(toHex(frame)).toBe(hex);
        expect(toHex(encodeTtlv(decodeTtlv(frame)))).toBe(hex);
      }
      expect(reader.bufferedBytes).toBe(0);
    });
  },
);

function testCases(version: string): readonly string[] {
  const folder = `test-cases/${version}/`;
  return readdirSync(new URL(folder, shared), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.xml') && !file.endsWith(NAMES_OF_PKCS11))
    .map((file) => folder + file);
}

function messagesOf(source: string): readonly string[] {
  return source.match(/<(RequestMessage|ResponseMessage)>[\s\S]*?<\/\1>/g) ?? [];
}

/** Values that a runner of the test cases fills in; here any will do. */
function withoutPlaceholders(message: string): string {
  return message
    .replaceAll(/(type="DateTime" value=)"\$NOW[^"]*"/g, '$1"2020-01-01T00:00:00+00:00"')
    .replaceAll(/(type="ByteString" value=)"\$[^"]*"/g, '$1"00"');
}

/** Some JSON of the test cases lacks its last braces. */
function balanced(json: string): string {
  const missing = (json.match(/\{/g)?.length ?? 0) - (json.match(/\}/g)?.length ?? 0);
  return json + '}'.repeat(missing);
}

/** Names PKCS#11's own functions, which KMIP leaves to PKCS#11; no table of KMIP has their numbers. */
const NAMES_OF_PKCS11 = 'PKCS11-M-1-21.xml';

interface Named {
  readonly name: string;
  readonly value: string;
  readonly xmlName?: string;
}

function namesFromTables(): TtlvNames {
  const { tags }: { tags: (Named & { enum?: string; mask?: string })[] } =
    readJson('tables/tags.json');
  const { enums }: { enums: Record<string, { values: Named[] }> } = readJson('tables/enums.json');
  const { masks }: { masks: Record<string, { values: Named[] }> } = readJson('tables/masks.json');
  const named = tags.filter(({ xmlName }) => xmlName !== undefined);
  const numbers = (rows: readonly Named[]) =>
    new Map(rows.map(({ xmlName, value }) => [xmlName ?? '', Number(value)]));
  const tagNumbers = numbers(named);
  const tagNames = new Map(named.map(({ xmlName, value }) => [Number(value), xmlName]));
  const byTag = new Map(named.map((row) => [Number(row.value), row]));
  const byName = new Map(named.map((row) => [row.name, row]));
  const meaning = ({ tag, attributeName }: ValueContext) =>
    attributeName === undefined ? byTag.get(tag) : byName.get(attributeName);
  const values = (context: ValueContext) => {
    if (context.tag === tagNumbers.get('AttributeReference')) return tagNumbers;
    return numbers(enums[meaning(context)?.enum ?? '']?.values ?? []);
  };
  return {
    tagName: (tag) => tagNames.get(tag),
    tagByName: (name) => tagNumbers.get(name),
    enumerationName: (context, value) =>
      [...values(context)].find(([, number]) => number === value)?.[0],
    enumerationByName: (context, name) => values(context).get(name),
    maskBits: (context) => {
      const mask = meaning(context)?.mask;
      return mask === undefined ? undefined : numbers(masks[mask]?.values ?? []);
    },
  };
}

// The shape is that of the file, which is not ours; a wrong one fails the test.
function readJson<T>(path: string): T {
  return JSON.parse(read(path)) as T;
}

function read(path: string): string {
  return readFileSync(new URL(path, shared), 'utf8');
}
