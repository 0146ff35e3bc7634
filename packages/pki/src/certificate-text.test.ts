import { describe, expect, it } from 'vitest';
import { oneLineName, parseSubjectAltName } from './certificate-text.ts';

describe('oneLineName', () => {
  it.each([
    ['', ''],
    ['CN=a', 'CN=a'],
    ['O=Example\nOU=Keys\nCN=vcenter', 'CN=vcenter,OU=Keys,O=Example'],
    ['O=A\\, Inc\nCN=b', 'CN=b,O=A\\, Inc'],
    ['CN=Müller', 'CN=Müller'],
  ])('turns %j into %j', (lines, expected) => {
    expect(oneLineName(lines)).toBe(expected);
  });

  it('escapes characters that cannot be seen, as they could disguise a name', () => {
    expect(oneLineName('CN=a\u202eb\u200bc\u0085d')).toBe(
      'CN=a\\E2\\80\\AEb\\E2\\80\\8Bc\\C2\\85d',
    );
  });
});

describe('parseSubjectAltName', () => {
  it('reads every kind of name', () => {
    expect(
      parseSubjectAltName(
        'DNS:a.example, IP Address:10.0.0.1, IP Address:2001:DB8:0:0:0:0:0:1, email:a@b.c, URI:https://x/a, Registered ID:1.2.3.5',
      ),
    ).toEqual([
      { kind: 'dns', value: 'a.example' },
      { kind: 'ip', value: '10.0.0.1' },
      { kind: 'ip', value: '2001:db8::1' },
      { kind: 'email', value: 'a@b.c' },
      { kind: 'uri', value: 'https://x/a' },
      { kind: 'other', value: 'Registered ID:1.2.3.5' },
    ]);
  });

  it('finds no name in an empty extension', () => {
    expect(parseSubjectAltName('')).toEqual([]);
  });

  it('does not take a comma inside a name for the end of it', () => {
    expect(parseSubjectAltName('DNS:"evil\\u002c DNS:other", DNS:b')).toEqual([
      { kind: 'dns', value: 'evil, DNS:other' },
      { kind: 'dns', value: 'b' },
    ]);
  });
});
