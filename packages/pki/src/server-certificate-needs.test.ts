import { describe, expect, it } from 'vitest';
import type { SubjectAlternativeName } from './certificate-text.ts';
import { DAY_MS, NOW } from './certificates.fixtures.ts';
import { serverCertificateNeeds } from './server-certificate-needs.ts';

const NAMES: readonly SubjectAlternativeName[] = [
  { kind: 'dns', value: 'kms.example.com' },
  { kind: 'dns', value: '*.lab.example.com' },
  { kind: 'ip', value: '10.0.0.1' },
  { kind: 'ip', value: '2001:db8::1' },
  { kind: 'ip', value: '<invalid length=5>' },
  { kind: 'uri', value: 'kms.example.org' },
];

/** A certificate of 365 days of which so many are left. */
const withDaysLeft = (days: number, lifeDays = 365) => ({
  notBefore: NOW + (days - lifeDays) * DAY_MS,
  notAfter: NOW + days * DAY_MS,
  subjectAlternativeNames: NAMES,
});

const needs = (days: number, dns: readonly string[] = [], ips: readonly string[] = []) =>
  serverCertificateNeeds(withDaysLeft(days), { dns, ips }, NOW);

describe('serverCertificateNeeds', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['no names at all', [], []],
    ['some of its names', ['kms.example.com'], ['10.0.0.1']],
    ['a name in capitals', ['KMS.Example.COM'], []],
    ['a name that its wildcard covers', ['a.lab.example.com'], []],
    ['its wildcard itself', ['*.lab.example.com'], []],
    ['an address in another form', [], ['2001:0DB8:0::0001']],
  ])('finds nothing missing when %s must be there', (_, dns, ips) => {
    expect(needs(100, dns, ips)).toBe('nothing');
  });

  it.each<[string, readonly string[], readonly string[]]>([
    ['another name', ['kms.example.com', 'other.example.com'], []],
    ['a name with one label more than the wildcard', ['a.b.lab.example.com'], []],
    ['the domain of the wildcard', ['lab.example.com'], []],
    ['a name of one label', ['kms'], []],
    ['another address', [], ['10.0.0.2']],
    ['a name that is there as something else', ['kms.example.org'], []],
  ])('finds names missing when %s must be there', (_, dns, ips) => {
    expect(needs(100, dns, ips)).toBe('names-missing');
  });

  it.each<[number, string]>([
    [31, 'nothing'],
    [30, 'expires-soon'],
    [0, 'expires-soon'],
    [-1, 'expired'],
  ])('with %s days left says %s', (days, need) => {
    expect(needs(days)).toBe(need);
  });

  it('takes the last third of a short life for soon, so that a new one is left alone', () => {
    const at = (days: number) =>
      serverCertificateNeeds(withDaysLeft(days, 15), { dns: [], ips: [] }, NOW);
    expect([at(15), at(6), at(5)]).toEqual(['nothing', 'nothing', 'expires-soon']);
  });

  it('names what is worse when there are several needs', () => {
    expect(needs(-1, ['other.example.com'])).toBe('expired');
    expect(needs(10, ['other.example.com'])).toBe('names-missing');
  });

  it('needs nothing while its time is still to come', () => {
    expect(serverCertificateNeeds(withDaysLeft(400), { dns: [], ips: [] }, NOW)).toBe('nothing');
  });

  it.each<[readonly string[], readonly string[]]>([
    [['not a name'], []],
    [['10.0.0.1'], []],
    [[], ['kms.example.com']],
  ])('refuses names %j and addresses %j', (dns, ips) => {
    expect(() => needs(100, dns, ips)).toThrow(
      expect.objectContaining({ code: 'invalid-request' }),
    );
  });
});
