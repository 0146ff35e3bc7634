import { describe, expect, it } from 'vitest';
import { addressRanges, inRanges } from './address-ranges.ts';

describe('ranges of addresses', () => {
  const isPrivate = inRanges(['10.0.0.0/8', '192.168.7.9', 'fd00::/8']);

  it.each(['10.1.2.3', '::ffff:10.1.2.3', '192.168.7.9', 'fd12::1', 'fd12::1%eth0'])(
    'have %s',
    (address) => expect(isPrivate(address)).toBe(true),
  );

  it.each(['11.0.0.1', '::ffff:11.0.0.1', '192.168.7.8', 'fe80::1', '', 'kmip.example'])(
    'do not have "%s"',
    (address) => expect(isPrivate(address)).toBe(false),
  );

  it('are none when there is none', () => {
    expect(inRanges([])('10.1.2.3')).toBe(false);
  });

  it.each(['10.0.0.0/33', '10.0.0/8', 'fd00::/129', 'kmip.example', '10.0.0.0/8 ', ''])(
    'are not written "%s"',
    (text) => expect(addressRanges().safeParse([text]).success).toBe(false),
  );
});
