import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeXml } from './decode-xml.ts';
import { encodeXml } from './encode-xml.ts';
import { TtlvError, type TtlvErrorCode } from './error.ts';
import { errorOf } from './error-of.fixtures.ts';
import type { TtlvItem } from './item.ts';
import { ttlvItemArbitrary } from './ttlv-arbitrary.fixtures.ts';
import { testNames } from './ttlv-names.fixtures.ts';

const names = testNames();
const text = (value: string): TtlvItem => ({ tag: 0x42007d, type: 'TextString', value });

/** Items and the XML that encodeXml writes for them. */
const ROWS: readonly (readonly [string, TtlvItem, string])[] = [
  ['an empty Structure', { tag: 0x420079, type: 'Structure', value: [] }, '<RequestPayload/>'],
  [
    'nested Structures',
    {
      tag: 0x420069,
      type: 'Structure',
      value: [
        { tag: 0x42006a, type: 'Integer', value: 1 },
        { tag: 0x42006b, type: 'Integer', value: 0 },
      ],
    },
    '<ProtocolVersion><ProtocolVersionMajor type="Integer" value="1"/>' +
      '<ProtocolVersionMinor type="Integer" value="0"/></ProtocolVersion>',
  ],
  [
    'a tag without a name',
    { tag: 0x540001, type: 'LongInteger', value: -2n },
    '<TTLV tag="0x540001" type="LongInteger" value="-2"/>',
  ],
  [
    'a Structure whose tag has no name',
    { tag: 0x540002, type: 'Structure', value: [{ tag: 0x540001, type: 'Boolean', value: false }] },
    '<TTLV tag="0x540002"><TTLV tag="0x540001" type="Boolean" value="false"/></TTLV>',
  ],
  [
    'a tag whose name is no name of an element',
    { tag: 0x540009, type: 'Boolean', value: true },
    '<TTLV tag="0x540009" type="Boolean" value="true"/>',
  ],
  [
    'a tag named TTLV',
    { tag: 0x54000a, type: 'Boolean', value: true },
    '<TTLV tag="0x54000A" type="Boolean" value="true"/>',
  ],
  [
    'a mask by names',
    { tag: 0x42002c, type: 'Integer', value: 0x100c },
    '<CryptographicUsageMask type="Integer" value="Encrypt Decrypt CertificateSign"/>',
  ],
  [
    'a mask with bits that have no name',
    { tag: 0x42002c, type: 'Integer', value: -0x80000000 + 0x104 },
    '<CryptographicUsageMask type="Integer" value="Encrypt 0x80000100"/>',
  ],
  [
    'an empty mask',
    { tag: 0x42002c, type: 'Integer', value: 0 },
    '<CryptographicUsageMask type="Integer" value="0"/>',
  ],
  [
    'a Big Integer, sign-extended',
    { tag: 0x42009e, type: 'BigInteger', value: -2n },
    '<X type="BigInteger" value="fffffffffffffffe"/>',
  ],
  [
    'an Enumeration by name',
    { tag: 0x420057, type: 'Enumeration', value: 2 },
    '<ObjectType type="Enumeration" value="SymmetricKey"/>',
  ],
  [
    'an Enumeration without a name',
    { tag: 0x420057, type: 'Enumeration', value: 0x80000001 },
    '<ObjectType type="Enumeration" value="0x80000001"/>',
  ],
  [
    'an Attribute Value by the meaning of its Attribute Name',
    {
      tag: 0x420008,
      type: 'Structure',
      value: [
        { tag: 0x42000a, type: 'TextString', value: 'Cryptographic Algorithm' },
        { tag: 0x42000b, type: 'Enumeration', value: 3 },
      ],
    },
    '<Attribute><AttributeName type="TextString" value="Cryptographic Algorithm"/>' +
      '<AttributeValue type="Enumeration" value="AES"/></Attribute>',
  ],
  [
    'a mask as Attribute Value after an Attribute Index',
    {
      tag: 0x420008,
      type: 'Structure',
      value: [
        { tag: 0x42000a, type: 'TextString', value: 'Cryptographic Usage Mask' },
        { tag: 0x420009, type: 'Integer', value: 4 },
        { tag: 0x42000b, type: 'Integer', value: 12 },
      ],
    },
    '<Attribute><AttributeName type="TextString" value="Cryptographic Usage Mask"/>' +
      '<AttributeIndex type="Integer" value="4"/>' +
      '<AttributeValue type="Integer" value="Encrypt Decrypt"/></Attribute>',
  ],
  [
    'a Byte String',
    { tag: 0x42004d, type: 'ByteString', value: Uint8Array.of(0xc5, 0x0f, 0x77) },
    '<MACSignature type="ByteString" value="c50f77"/>',
  ],
  [
    'an empty Byte String',
    { tag: 0x42004d, type: 'ByteString', value: new Uint8Array() },
    '<MACSignature type="ByteString" value=""/>',
  ],
  [
    'a Date-Time',
    { tag: 0x420005, type: 'DateTime', value: 978307200n },
    '<ArchiveDate type="DateTime" value="2001-01-01T00:00:00+00:00"/>',
  ],
  [
    'a Date-Time before 1970',
    { tag: 0x420005, type: 'DateTime', value: -62_167_219_200n },
    '<ArchiveDate type="DateTime" value="0000-01-01T00:00:00+00:00"/>',
  ],
  [
    'a Date-Time after the year 9999',
    { tag: 0x420005, type: 'DateTime', value: 253_402_300_800n },
    '<ArchiveDate type="DateTime" value="0x0000003afff44180"/>',
  ],
  [
    'a Date-Time Extended just before 1970',
    { tag: 0x420005, type: 'DateTimeExtended', value: -1n },
    '<ArchiveDate type="DateTimeExtended" value="1969-12-31T23:59:59.999999+00:00"/>',
  ],
  [
    'an Interval',
    { tag: 0x420049, type: 'Interval', value: 4294967295 },
    '<LeaseTime type="Interval" value="4294967295"/>',
  ],
  [
    'text with markup, quotes and line ends',
    text('<a href="x">\'&amp;\t\r\n ]]>'),
    '<ResultMessage type="TextString" ' +
      'value="&lt;a href=&quot;x&quot;&gt;\'&amp;amp;&#9;&#13;&#10; ]]&gt;"/>',
  ],
  [
    'text beyond ASCII, with spaces at both ends',
    text('  Ä \u0085\u2028 🔑  '),
    '<ResultMessage type="TextString" value="  Ä \u0085\u2028 🔑  "/>',
  ],
];

describe('encodeXml and decodeXml', () => {
  it.each(ROWS)('agree on %s', (_name, item, xml) => {
    expect(encodeXml(item, names)).toBe(xml);
    expect(decodeXml(xml, names)).toEqual(item);
  });

  it('give back every item that XML can express, indented or not', () => {
    const legal = fc
      .string({ unit: 'binary', maxLength: 20 })
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML has no form for
      .map((value) => value.replaceAll(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '\t'));
    fc.assert(
      fc.property(ttlvItemArbitrary({ text: legal }), fc.boolean(), (item, indent) => {
        expect(decodeXml(encodeXml(item, names, { indent }), names)).toEqual(item);
      }),
    );
  });
});

describe('encodeXml', () => {
  it('indents by two spaces', () => {
    const item: TtlvItem = {
      tag: 0x420069,
      type: 'Structure',
      value: [{ tag: 0x42006a, type: 'Integer', value: 1 }],
    };
    expect(encodeXml(item, names, { indent: true })).toBe(
      '<ProtocolVersion>\n  <ProtocolVersionMajor type="Integer" value="1"/>\n</ProtocolVersion>\n',
    );
  });

  it.each(['\0', '\x1b', '\ufffe', '\uffff'])(
    'refuses text with %j, which XML 1.0 cannot express',
    (character) => {
      const item: TtlvItem = {
        tag: 0x42007b,
        type: 'Structure',
        value: [text('fine'), text(`a${character}b`)],
      };
      const error = errorOf(() => encodeXml(item, names));
      expect([error.code, error.path]).toEqual([
        'invalid-text',
        'ResponseMessage/ResultMessage[1]',
      ]);
    },
  );

  it('refuses what has no binary encoding either', () => {
    expect(errorOf(() => encodeXml(text('\ud800'), names)).code).toBe('invalid-text');
    const item: TtlvItem = { tag: 0x42006a, type: 'Integer', value: 2 ** 31 };
    expect(errorOf(() => encodeXml(item, names)).code).toBe('value-out-of-range');
  });
});

/** XML that decodeXml accepts although encodeXml writes it otherwise. */
const ACCEPTED: readonly (readonly [string, string, TtlvItem['value']])[] = [
  ['a type of Structure', '<RequestPayload type="Structure"></RequestPayload>', []],
  ['the namespace of KMIP', '<X xmlns="urn:oasis:tc:kmip:xmlns" type="Integer" value="1"/>', 1],
  [
    'a prefix for the namespace',
    '<k:X xmlns:k="urn:oasis:tc:kmip:xmlns" type="Integer" value="1"/>',
    1,
  ],
  [
    'a declaration, comments and white space',
    '<?xml version="1.0"?>\n<!-- a -->\n<X type="Integer" value="1"/>\n',
    1,
  ],
  [
    'TTLV with a tag and a name',
    '<TTLV tag="0x540001" name="SomeExtension" type="Integer" value="1"/>',
    1,
  ],
  ['TTLV with the name of a tag', '<TTLV tag="BatchCount" type="Integer" value="1"/>', 1],
  ['x and hexadecimal digits', '<x540001 type="LongInteger" value="-2"/>', -2n],
  ['an Integer in hexadecimal', '<BatchCount type="Integer" value="0xffffffff"/>', -1],
  ['an Integer with a sign and spaces', '<BatchCount type="Integer" value=" +5 "/>', 5],
  ['a mask in hexadecimal', '<CryptographicUsageMask type="Integer" value="0x0000100c"/>', 0x100c],
  ['a mask in decimal', '<CryptographicUsageMask type="Integer" value="12"/>', 12],
  [
    'a mask of names and numbers',
    '<CryptographicUsageMask type="Integer" value="CertificateSign 0x00000004 0x0000008"/>',
    0x100c,
  ],
  [
    'a mask with spaces and line ends',
    '<CryptographicUsageMask type="Integer" value="Sign \n  Verify "/>',
    3,
  ],
  ['a mask of nothing', '<CryptographicUsageMask type="Integer" value=""/>', 0],
  ['an Enumeration in hexadecimal', '<ObjectType type="Enumeration" value="0x00000002"/>', 2],
  ['a Long Integer in hexadecimal', '<X type="LongInteger" value="0xfffffffffffffffe"/>', -2n],
  ['a Big Integer with 0x', '<X type="BigInteger" value="0x00000000000000FF"/>', 255n],
  ['a Boolean of 1', '<BatchOrderOption type="Boolean" value="1"/>', true],
  [
    'a Boolean in hexadecimal',
    '<BatchOrderOption type="Boolean" value="0x0000000000000000"/>',
    false,
  ],
  [
    'a Byte String in upper case',
    '<MACSignature type="ByteString" value="C50F77"/>',
    Uint8Array.of(0xc5, 0x0f, 0x77),
  ],
  [
    'a Date-Time in another zone',
    '<ArchiveDate type="DateTime" value="2001-01-01T10:00:00+10:00"/>',
    978307200n,
  ],
  [
    'a Date-Time west of Greenwich',
    '<ArchiveDate type="DateTime" value="2000-12-31T16:30:00-07:30"/>',
    978307200n,
  ],
  ['a Date-Time with Z', '<ArchiveDate type="DateTime" value="2001-01-01T00:00:00Z"/>', 978307200n],
  [
    'a Date-Time without a zone',
    '<ArchiveDate type="DateTime" value="2001-01-01T00:00:00"/>',
    978307200n,
  ],
  [
    'a Date-Time with a fraction',
    '<ArchiveDate type="DateTime" value="2001-01-01T00:00:00.999Z"/>',
    978307200n,
  ],
  ['a fraction before 1970', '<ArchiveDate type="DateTime" value="1969-12-31T23:59:59.5Z"/>', -1n],
  ['a leap day', '<ArchiveDate type="DateTime" value="2000-02-29T00:00:00Z"/>', 951782400n],
  [
    'a Date-Time in hexadecimal',
    '<ArchiveDate type="DateTime" value="0x000000003a4fc880"/>',
    978307200n,
  ],
  [
    'a line end that is no reference, as a space',
    '<ResultMessage type="TextString" value="a\nb"/>',
    'a b',
  ],
  ['a character reference', '<ResultMessage type="TextString" value="&#913;&#x1F511;"/>', 'Α🔑'],
];

const REFUSED: readonly (readonly [string, string, TtlvErrorCode, string])[] = [
  ['nothing', '', 'invalid-syntax', ''],
  ['white space', ' \n', 'invalid-syntax', ''],
  ['text', 'RequestMessage', 'invalid-syntax', ''],
  [
    'an element that does not end',
    '<RequestMessage><BatchItem/>',
    'invalid-syntax',
    'RequestMessage',
  ],
  [
    'elements that cross',
    '<RequestMessage><BatchItem></RequestMessage></BatchItem>',
    'invalid-syntax',
    'RequestMessage',
  ],
  ['two roots', '<BatchItem/><BatchItem/>', 'invalid-syntax', ''],
  ['a document type', '<!DOCTYPE a [<!ENTITY b "c">]><BatchItem/>', 'invalid-syntax', ''],
  ['an entity', '<ResultMessage type="TextString" value="&b;"/>', 'invalid-syntax', ''],
  ['a processing instruction', '<?php echo ?><BatchItem/>', 'invalid-syntax', ''],
  ['a CDATA section', '<BatchItem><![CDATA[ ]]></BatchItem>', 'invalid-syntax', 'BatchItem'],
  ['text between elements', '<BatchItem>text</BatchItem>', 'invalid-syntax', 'BatchItem'],
  [
    'a control character as reference',
    '<ResultMessage type="TextString" value="&#1;"/>',
    'invalid-syntax',
    '',
  ],
  [
    'the same in XML 1.1',
    '<?xml version="1.1"?><ResultMessage type="TextString" value="&#1;"/>',
    'invalid-syntax',
    '',
  ],
  [
    'a surrogate as reference',
    '<ResultMessage type="TextString" value="&#xD800;"/>',
    'invalid-syntax',
    '',
  ],
  [
    'a raw lone surrogate',
    '<ResultMessage type="TextString" value="\ud800"/>',
    'invalid-syntax',
    '',
  ],
  ['an attribute twice', '<X type="Integer" value="1" value="2"/>', 'invalid-syntax', ''],
  ['an unknown attribute', '<X type="Integer" value="1" length="4"/>', 'invalid-syntax', ''],
  [
    'an attribute of another namespace',
    '<X xmlns:a="b" type="Integer" a:value="1"/>',
    'invalid-syntax',
    '',
  ],
  [
    'an element of another namespace',
    '<X xmlns="urn:else" type="Integer" value="1"/>',
    'invalid-syntax',
    '',
  ],
  [
    'a tag on a named element',
    '<X tag="0x42009E" type="Integer" value="1"/>',
    'invalid-syntax',
    '',
  ],
  ['TTLV without a tag', '<TTLV type="Integer" value="1"/>', 'invalid-syntax', ''],
  ['an unknown element', '<BatchItem><Unheard/></BatchItem>', 'unknown-name', 'BatchItem'],
  ['an inherited name', '<constructor/>', 'unknown-name', ''],
  ['a tag of another class', '<TTLV tag="0x120001" type="Integer" value="1"/>', 'invalid-tag', ''],
  ['an unknown type', '<X type="Float" value="1"/>', 'invalid-type', 'X'],
  ['an inherited name as type', '<X type="toString" value="1"/>', 'invalid-type', 'X'],
  ['a value without a type', '<X value="1"/>', 'invalid-syntax', 'X'],
  ['a type without a value', '<X type="Integer"/>', 'invalid-syntax', 'X'],
  [
    'an item in an Integer',
    '<X type="Integer" value="1"><BatchItem/></X>',
    'invalid-syntax',
    'X/BatchItem',
  ],
  ['an Integer of letters', '<X type="Integer" value="one"/>', 'invalid-value', 'X'],
  ['an Integer of nothing', '<X type="Integer" value=""/>', 'invalid-value', 'X'],
  ['an Integer of 2^31', '<X type="Integer" value="2147483648"/>', 'value-out-of-range', 'X'],
  ['an Integer of nine digits', '<X type="Integer" value="0x000000001"/>', 'invalid-value', 'X'],
  [
    'an unknown bit',
    '<CryptographicUsageMask type="Integer" value="Encrypt Fly"/>',
    'unknown-name',
    'CryptographicUsageMask',
  ],
  [
    'a mask of 2^31',
    '<CryptographicUsageMask type="Integer" value="2147483648"/>',
    'value-out-of-range',
    'CryptographicUsageMask',
  ],
  [
    'an unknown value of an Enumeration',
    '<ObjectType type="Enumeration" value="Cow"/>',
    'unknown-name',
    'ObjectType',
  ],
  [
    'an Enumeration in decimal',
    '<ObjectType type="Enumeration" value="2"/>',
    'unknown-name',
    'ObjectType',
  ],
  [
    'a Long Integer of 2^63',
    '<X type="LongInteger" value="9223372036854775808"/>',
    'value-out-of-range',
    'X',
  ],
  ['a Long Integer of letters', '<X type="LongInteger" value="1n"/>', 'invalid-value', 'X'],
  ['a Big Integer of 4 bytes', '<X type="BigInteger" value="000000ff"/>', 'invalid-value', 'X'],
  ['an empty Big Integer', '<X type="BigInteger" value=""/>', 'invalid-value', 'X'],
  ['a negative Interval', '<X type="Interval" value="-1"/>', 'value-out-of-range', 'X'],
  ['an Interval of letters', '<X type="Interval" value="long"/>', 'invalid-value', 'X'],
  ['a Boolean of TRUE', '<X type="Boolean" value="TRUE"/>', 'invalid-value', 'X'],
  ['a Byte String with 0x', '<X type="ByteString" value="0x00"/>', 'invalid-value', 'X'],
  ['a Byte String of three digits', '<X type="ByteString" value="abc"/>', 'invalid-value', 'X'],
  ['a date without a time', '<X type="DateTime" value="2001-01-01"/>', 'invalid-value', 'X'],
  ['a month of 13', '<X type="DateTime" value="2001-13-01T00:00:00Z"/>', 'invalid-value', 'X'],
  ['a 30th of February', '<X type="DateTime" value="2001-02-30T00:00:00Z"/>', 'invalid-value', 'X'],
  ['an hour of 24', '<X type="DateTime" value="2001-01-01T24:00:00Z"/>', 'invalid-value', 'X'],
  ['a placeholder of the test cases', '<X type="DateTime" value="$NOW"/>', 'invalid-value', 'X'],
  [
    'a Date-Time Extended of letters',
    '<X type="DateTimeExtended" value="now"/>',
    'invalid-value',
    'X',
  ],
];

describe('decodeXml', () => {
  it.each(ACCEPTED)('accepts %s', (_name, xml, value) => {
    expect(decodeXml(xml, names).value).toEqual(value);
  });

  it.each(REFUSED)('refuses %s', (_name, xml, code, path) => {
    const error = errorOf(() => decodeXml(xml, names));
    expect([error.code, error.path]).toEqual([code, path]);
  });

  it('names the position after the markup at fault and the path to it', () => {
    const good = '<RequestMessage><BatchItem/><BatchItem><X type="Integer" value="1"/>';
    const bad = '<X type="Integer" value="a"/>';
    const error = errorOf(() => decodeXml(`${good}${bad}</BatchItem></RequestMessage>`, names));
    expect(error.path).toBe('RequestMessage/BatchItem[1]/X[1]');
    expect(error.offset).toBe(good.length + bad.length);
  });

  it('keeps values out of its errors', () => {
    for (const xml of [
      '<X type="Integer" value="s3cret"/>',
      '<ObjectType type="Enumeration" value="s3cret"/>',
      '<X type="TextString" value="&s3cret;"/>',
      '<BatchItem>s3cret</BatchItem>',
    ]) {
      expect(errorOf(() => decodeXml(xml, names)).message).not.toContain('s3cret');
    }
  });

  it('keeps to its limits', () => {
    const nested = (depth: number) =>
      `${'<BatchItem>'.repeat(depth - 1)}<BatchItem/>${'</BatchItem>'.repeat(depth - 1)}`;
    const codeAt = (xml: string, limits: object) => {
      try {
        decodeXml(xml, names, limits);
        return undefined;
      } catch (error) {
        return error instanceof TtlvError ? error.code : error;
      }
    };
    expect(codeAt(nested(5), { maxDepth: 5 })).toBeUndefined();
    expect(codeAt(nested(6), { maxDepth: 5 })).toBe('too-deep');
    expect(codeAt(nested(40_000), { maxDepth: 1e9 })).toBe('too-deep');
    expect(codeAt('<BatchItem><X/><X/></BatchItem>', { maxItems: 3 })).toBeUndefined();
    expect(codeAt('<BatchItem><X/><X/><X/></BatchItem>', { maxItems: 3 })).toBe('too-many-items');
    expect(codeAt('<BatchItem/>', { maxMessageBytes: 12 })).toBeUndefined();
    expect(codeAt('<BatchItem/>', { maxMessageBytes: 11 })).toBe('message-too-large');
  });

  it('ends in an item or a TtlvError for damaged texts', () => {
    const xml = encodeXml(
      { tag: 0x42007b, type: 'Structure', value: ROWS.map(([, item]) => item) },
      names,
    );
    const piece = fc.oneof(
      fc.string({ maxLength: 4 }),
      fc.constantFrom('<', '>', '"', '&', '</X>', '<!--', '\ud800'),
    );
    fc.assert(
      fc.property(fc.nat(xml.length), fc.nat(20), piece, (at, cut, inserted) => {
        const damaged = xml.slice(0, at) + inserted + xml.slice(at + cut);
        try {
          const item = decodeXml(damaged, names);
          expect(decodeXml(encodeXml(item, names), names)).toEqual(item);
        } catch (error) {
          expect(error).toBeInstanceOf(TtlvError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
