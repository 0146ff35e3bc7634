/** PROXY headers as balancers send them, and as they must not. */
import { isIPv4 } from 'node:net';

const SIGNATURE = [13, 10, 13, 10, 0, 13, 10, 81, 85, 73, 84, 10];

/** A whole header; what is given replaces what would be right. */
export function aProxyHeader(
  address: string,
  { command = 0x21, family = isIPv4(address) ? 0x11 : 0x21, tlvBytes = 0, length = -1 } = {},
): Uint8Array {
  const addresses = isIPv4(address)
    ? [...address.split('.').map(Number), 192, 0, 2, 1]
    : [...ipv6Bytes(address), ...ipv6Bytes('2001:db8::1')];
  const body = [...addresses, 0xc0, 0x00, 0x16, 0x40, ...new Array<number>(tlvBytes).fill(4)];
  const announced = length === -1 ? body.length : length;
  return Uint8Array.from([...SIGNATURE, command, family, announced >> 8, announced & 255, ...body]);
}

/** Of a balancer that looks whether somebody answers. */
export const A_LOCAL_HEADER = Uint8Array.from([...SIGNATURE, 0x20, 0x00, 0, 0]);

function ipv6Bytes(address: string): number[] {
  const [before = '', after = ''] = address.split('::');
  const groups = (text: string) => (text === '' ? [] : text.split(':'));
  const missing = 8 - groups(before).length - groups(after).length;
  const all = [...groups(before), ...new Array<string>(missing).fill('0'), ...groups(after)];
  return all.flatMap((group) => {
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 255];
  });
}
