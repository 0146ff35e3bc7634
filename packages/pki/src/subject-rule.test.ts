import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PkiError } from './error.ts';
import { matchesSubjectRule, parseSubjectRule } from './subject-rule.ts';

const matches = (rule: string, subject: string): boolean =>
  matchesSubjectRule(subject, parseSubjectRule(rule));

describe('matchesSubjectRule', () => {
  it.each([
    ['CN=vcenter.example.com', 'CN=vcenter.example.com,O=Example'],
    ['cn = VCenter.Example.com ', 'CN=vcenter.example.COM'],
    ['CN=vcenter-*.example.com', 'CN=vcenter-01.example.com'],
    ['CN=vcenter*.example.com', 'CN=vcenter.example.com'],
    ['CN=*', 'CN=vcenter'],
    ['CN=*.*.com', 'CN=vcenter.example.com'],
    ['CN=a*b*c', 'CN=a-b-b-c'],
    ['CN=**', 'CN=x'],
    ['OU=Keys', 'CN=x,OU=Other,OU=Keys'],
    ['DC=vsphere', 'CN=x,DC=vsphere,DC=local'],
    ['OU=mID-*', 'CN=x + OU=mID-1234'],
    ['emailaddress=kms@example.com', 'emailAddress=kms@example.com'],
    ['O=A\\, Inc\\*', 'O=A\\, Inc*'],
    ['O=\\C3\\A9*', 'O=école'],
    ['O=a=b', 'O=a\\=b'],
  ])('%s fits %s', (rule, subject) => {
    expect(matches(rule, subject)).toBe(true);
  });

  it.each([
    ['CN=vcenter.example.com', 'CN=vcenter.example.org', 'another value'],
    ['CN=vcenter', 'OU=vcenter', 'another attribute'],
    ['CN=vcenter', '', 'no attribute'],
    ['CN=vcenter', 'CN=vcenter.example.com', 'more than the rule says'],
    ['CN=vcenter-*.example.com', 'CN=vcenter-1.evil.example.com', 'a dot where the wildcard is'],
    ['CN=*', 'CN=vcenter.example.com', 'a dot where the wildcard is'],
    ['CN=vcenter-*.example.com', 'CN=vcenter-1.example.com.evil.org', 'more after the end'],
    ['CN=vcenter', 'CN=a\\,CN\\=vcenter', 'a value that only looks like more attributes'],
    ['CN=vcenter', 'O=x\\, CN=vcenter', 'a value that only looks like more attributes'],
    ['CN=vcenter', 'CN=vcenter,CN=evil', 'several common names'],
    ['CN=vcenter', 'CN=evil + CN=vcenter', 'several common names'],
    ['CN=vcenter', 'CN=vcenter\\00.evil.org', 'a zero character'],
    ['CN=ab*ba', 'CN=aba', 'beginning and end that would share a letter'],
    ['CN=a*b*b', 'CN=ab', 'literals that would share a letter'],
    ['CN=k', 'CN=\u212a', 'a letter that only looks alike (the sign for kelvin)'],
    ['CN=a\\*b', 'CN=axb', 'a star that is meant literally'],
    ['CN=vcenter', 'this is no name', 'text that is no subject'],
  ])('%s does not fit %s: %s', (rule, subject) => {
    expect(matches(rule, subject)).toBe(false);
  });

  it('agrees with a regular expression', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 8 });
    const pattern = fc.string({
      unit: fc.constantFrom('a', 'b', '.', '*'),
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(pattern, letters, (value, given) => {
        const source = value.replaceAll('.', '\\.').replaceAll('*', '[^.]*');
        expect(matches(`CN=${value}`, `CN=${given}`)).toBe(new RegExp(`^${source}$`).test(given));
      }),
      { numRuns: 500 },
    );
  });

  it('takes linear time for patterns and names that were made to be slow', () => {
    const rule = parseSubjectRule(`CN=${'a*'.repeat(120)}b`);
    expect(matchesSubjectRule(`CN=${'a'.repeat(60_000)}`, rule)).toBe(false);
  });
});

describe('parseSubjectRule', () => {
  it('keeps the text of the rule for people to read', () => {
    expect(parseSubjectRule('  cn=vcenter-* ')).toMatchObject({
      text: 'cn=vcenter-*',
      attribute: 'CN',
    });
  });

  it.each([
    ['', /1 to 256 characters/],
    ['   ', /1 to 256 characters/],
    [`CN=${'x'.repeat(254)}`, /1 to 256 characters/],
    ['vcenter', /"vcenter" has no equals sign/],
    ['=vcenter', /"" is no attribute .* possible are CN, OU/],
    ['XY=vcenter', /"XY" is no attribute/],
    ['2.5.4.3=vcenter', /"2.5.4.3" is no attribute/],
    ['CN=', /"CN=" has no value/],
    ['CN=a,O=b', /more than one attribute.*written \\,/],
    ['CN=a+O=b', /more than one attribute/],
    ['CN=a,', /more than one attribute/],
    ['CN=a\\', /backslash/],
    ['CN=\\vcenter', /backslash/],
    ['CN=\\FF', /backslash/],
  ])('refuses %j', (text, message) => {
    expect(() => parseSubjectRule(text)).toThrow(
      expect.objectContaining({
        code: 'invalid-subject-rule',
        message: expect.stringMatching(message),
      }),
    );
  });

  it('gives a rule or a PkiError for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        expect(() => parseSubjectRule(text)).toThrow(PkiError);
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'\\*,.aF0'), minLength: 1 }), (value) => {
        try {
          expect(matchesSubjectRule('CN=x', parseSubjectRule(`OU=${value}`))).toBe(false);
        } catch (error) {
          expect(error).toBeInstanceOf(PkiError);
        }
      }),
    );
  });
});
