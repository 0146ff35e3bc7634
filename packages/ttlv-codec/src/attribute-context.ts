import type { TtlvItem } from './item.ts';
import type { ValueContext } from './names.ts';

/** The two tags of KMIP 1.x attributes, whose value has no meaning without the name before it. */
const ATTRIBUTE_NAME = 0x42000a;
const ATTRIBUTE_VALUE = 0x42000b;

/** Follows the items of one structure in order and tells where the value of the next one stands. */
export class AttributeContext {
  #attributeName: string | undefined;

  /** The context of an item that comes next. */
  of(tag: number): ValueContext {
    return { tag, attributeName: tag === ATTRIBUTE_VALUE ? this.#attributeName : undefined };
  }

  /** Takes note of an item that has been passed. */
  passed(item: TtlvItem): void {
    if (item.tag === ATTRIBUTE_NAME && item.type === 'TextString') this.#attributeName = item.value;
  }
}
