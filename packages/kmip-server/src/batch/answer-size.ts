import type { TtlvItem } from '@claviger/ttlv-codec';

/**
 * About how many bytes an item will have: at least a third of them, at most twice as many. Enough to
 * stop a batch whose answer outgrows its limit before it fills the memory.
 */
export function roughSize(item: TtlvItem): number {
  switch (item.type) {
    case 'Structure':
      return item.value.reduce((sum, child) => sum + roughSize(child), 8);
    case 'TextString':
    case 'ByteString':
      return 16 + item.value.length;
    case 'BigInteger':
      return 16 + item.value.toString(16).length / 2;
    default:
      return 16;
  }
}
