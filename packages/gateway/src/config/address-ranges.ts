/** Ranges of addresses as settings write them: `10.0.0.0/8`, `fd00::/8`, or a single address. */
import { BlockList, isIP } from 'node:net';
import { z } from 'zod';
import { listOf } from './setting-types.ts';

const MAX_RANGES = 256;

interface Range {
  readonly address: string;
  readonly family: 'ipv4' | 'ipv6';
  readonly prefixBits: number;
}

function parseRange(text: string): Range | undefined {
  const [, address = '', prefix] = /^([^/\s]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const version = isIP(address);
  if (version === 0) return undefined;
  const allBits = version === 4 ? 32 : 128;
  const prefixBits = prefix === undefined ? allBits : Number(prefix);
  if (prefixBits > allBits) return undefined;
  return { address, family: version === 4 ? 'ipv4' : 'ipv6', prefixBits };
}

/** A list of ranges. */
export function addressRanges() {
  const range = z
    .string({ error: 'must be a text' })
    .refine((text) => parseRange(text) !== undefined, {
      error: 'must be a range of addresses, e.g. 10.0.0.0/8 or fd00::/8',
    });
  return listOf(range).max(MAX_RANGES, { error: `must have at most ${MAX_RANGES} ranges` });
}

/**
 * Whether an address is in one of the ranges. IPv4 addresses are found in either form that sockets show
 * them in.
 */
export function inRanges(texts: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const text of texts) {
    const range = parseRange(text);
    if (range === undefined) throw new RangeError(`"${text}" is no range of addresses.`);
    list.addSubnet(range.address, range.prefixBits, range.family);
  }
  return (address) => {
    // A zone (`fe80::1%eth0`) is none of the address's business.
    const [plain = ''] = address.split('%', 1);
    const version = isIP(plain);
    return version !== 0 && list.check(plain, version === 4 ? 'ipv4' : 'ipv6');
  };
}
