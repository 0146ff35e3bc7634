import { describe, expect, it } from 'vitest';
import { type Crn, formatCrn, parseCrn } from './crn.ts';

const INSTANCE: Crn = {
  cname: 'bluemix',
  ctype: 'public',
  service: 'hs-crypto',
  location: 'eu-de',
  scope: 'a/0123456789abcdef0123456789abcdef',
  instance: '4c0de8a1-93f2-4b56-a7d8-0e1f2a3b4c5d',
  resourceType: '',
  resource: '',
};

const INSTANCE_TEXT =
  'crn:v1:bluemix:public:hs-crypto:eu-de:a/0123456789abcdef0123456789abcdef:4c0de8a1-93f2-4b56-a7d8-0e1f2a3b4c5d::';

const ROWS: readonly (readonly [string, Crn, string])[] = [
  ['of an instance', INSTANCE, INSTANCE_TEXT],
  [
    'of a resource',
    { ...INSTANCE, resourceType: 'key', resource: 'k-1' },
    INSTANCE_TEXT.replace(/::$/, ':key:k-1'),
  ],
  [
    'of a resource with colons, slashes and a line break',
    { ...INSTANCE, resourceType: 'key', resource: 'a:b/c::\nd:' },
    INSTANCE_TEXT.replace(/::$/, ':key:a:b/c::\nd:'),
  ],
  [
    'with empty parts',
    { ...INSTANCE, cname: '', location: '', scope: '' },
    'crn:v1::public:hs-crypto:::4c0de8a1-93f2-4b56-a7d8-0e1f2a3b4c5d::',
  ],
];

describe('a CRN', () => {
  it.each(ROWS)('%s is written and read back', (_name, crn, text) => {
    expect(formatCrn(crn)).toBe(text);
    expect(parseCrn(text)).toEqual(crn);
  });

  it.each([
    '',
    'crn:v1:bluemix:public:hs-crypto:eu-de:a/1:2:3',
    'v1:bluemix:public:hs-crypto:eu-de:a/1:2::',
    'CRN:v1:bluemix:public:hs-crypto:eu-de:a/1:2::',
    'crn:v2:bluemix:public:hs-crypto:eu-de:a/1:2::',
  ])('is not "%s"', (text) => {
    expect(parseCrn(text)).toBeUndefined();
  });

  it('cannot hold a colon before its last part', () => {
    expect(() => formatCrn({ ...INSTANCE, instance: 'a:b' })).toThrow(RangeError);
  });
});
