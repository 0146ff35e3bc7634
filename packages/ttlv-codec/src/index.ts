export { TtlvError, type TtlvErrorCode } from './error.ts';
export { ITEM_TYPES, type ItemOf, type ItemType, type TtlvItem } from './item.ts';
export type { TtlvNames, ValueContext } from './names.ts';
