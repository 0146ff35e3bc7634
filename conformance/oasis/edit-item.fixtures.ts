/** Edits of messages, for servers that get one thing wrong. */

import { tagLabel } from '@claviger/kmip-protocol';
import type { TtlvItem } from '@claviger/ttlv-codec';

/** What takes the place of an item: nothing, another one, or several. */
export type Edit = (item: TtlvItem) => readonly TtlvItem[];

/**
 * A message with one item edited.
 *
 * @param path - From the children of the root: `BatchItem[1]/ResultStatus`.
 * @throws Error when there is no such item: a mutation that changes nothing proves nothing.
 */
export function edit(message: TtlvItem, path: string, change: Edit): TtlvItem {
  const [step = '', ...rest] = path.split('/');
  const [, name, index = '0'] = /^(\w+)(?:\[(\d+)\])?$/.exec(step) ?? [];
  if (message.type !== 'Structure') throw new Error(`There is no ${path}.`);
  const candidates = message.value.filter(({ tag }) => tagLabel(tag) === name);
  const target = candidates[Number(index)];
  if (target === undefined) throw new Error(`There is no ${path}.`);
  const edited = rest.length === 0 ? change(target) : [edit(target, rest.join('/'), change)];
  return {
    ...message,
    value: message.value.flatMap((item) => (item === target ? edited : [item])),
  };
}

export const removed: Edit = () => [];
export const doubled: Edit = (item) => [item, item];

/** Another value of the same type. */
export const otherValue: Edit = (item) => {
  switch (item.type) {
    case 'Structure':
      return [{ ...item, value: [...item.value].reverse() }];
    case 'Integer':
    case 'Enumeration':
    case 'Interval':
      return [{ ...item, value: item.value + 1 }];
    case 'TextString':
      return [{ ...item, value: `${item.value}x` }];
    case 'ByteString':
      return [{ ...item, value: item.value.map((byte) => byte ^ 0xff) }];
    case 'Boolean':
      return [{ ...item, value: !item.value }];
    default:
      return [{ ...item, value: item.value + 1_000_000n }];
  }
};

/** The children in the opposite order. */
export const reversed: Edit = (item) =>
  item.type === 'Structure' ? [{ ...item, value: [...item.value].reverse() }] : [item];

/** The item with others behind its children. */
export function withMore(...more: readonly TtlvItem[]): Edit {
  return (item) =>
    item.type === 'Structure' ? [{ ...item, value: [...item.value, ...more] }] : [item];
}
