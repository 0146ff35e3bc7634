import { describe, expect, it } from 'vitest';
import { parseDnsName, parseIpAddress } from './server-name.ts';

describe('parseDnsName', () => {
  it.each([
    'localhost',
    'kms.example.com',
    '*.example.com',
    'my_host-1.internal',
    'xn--bcher-kva.example',
    `${'a'.repeat(63)}.example`,
  ])('accepts %s', (name) => {
    expect(parseDnsName(name)).toBe(name);
  });

  it.each([
    '',
    '*',
    'kms..example',
    '.example',
    'example.',
    '-kms.example',
    'kms-.example',
    'kms example',
    'bücher.example',
    'kms.*.example',
    '10.0.0.1',
    `${'a'.repeat(64)}.example`,
    `${'a.'.repeat(127)}aa`,
    'kms\u0000.example',
  ])('refuses %j', (name) => {
    expect(() => parseDnsName(name)).toThrow(expect.objectContaining({ code: 'invalid-request' }));
  });
});

describe('parseIpAddress', () => {
  it.each([
    ['127.0.0.1', '7f000001'],
    ['255.254.253.252', 'fffefdfc'],
    ['::', '00'.repeat(16)],
    ['::1', `${'00'.repeat(15)}01`],
    ['2001:db8::', `20010db8${'00'.repeat(12)}`],
    ['2001:db8::12:ffff', `20010db8${'00'.repeat(8)}0012ffff`],
    ['1:2:3:4:5:6:7:8', '00010002000300040005000600070008'],
    ['::ffff:10.1.2.3', `${'00'.repeat(10)}ffff0a010203`],
  ])('gives the bytes of %s', (text, hex) => {
    expect(Buffer.from(parseIpAddress(text)).toString('hex')).toBe(hex);
  });

  it.each([
    '',
    '1.2.3',
    '256.0.0.1',
    '010.0.0.1',
    'fe80::1%eth0',
    '1::2::3',
    'localhost',
    '10.0.0.0/8',
  ])('refuses %j', (text) => {
    expect(() => parseIpAddress(text)).toThrow(
      expect.objectContaining({ code: 'invalid-request' }),
    );
  });
});
