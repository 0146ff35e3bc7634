export { decodeTtlv } from './decode.ts';
export { type DescribeOptions, describeTtlv, type Redact, redactKeyMaterial } from './describe.ts';
export { encodeTtlv } from './encode.ts';
export { TtlvError, type TtlvErrorCode } from './error.ts';
export { createFrameReader, type FrameReader, type FrameReaderOptions } from './frame-reader.ts';
export { ITEM_TYPES, type ItemOf, type ItemType, type TtlvItem } from './item.ts';
export { DEFAULT_LIMITS, MAX_NESTING, type TtlvLimits } from './limits.ts';
export type { TtlvNames, ValueContext } from './names.ts';
export type { TagName } from './path.ts';
