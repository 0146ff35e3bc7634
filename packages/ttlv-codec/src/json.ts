export { decodeJson, decodeJsonText } from './decode-json.ts';
export { encodeJson, encodeJsonText, type JsonItem, type JsonOptions } from './encode-json.ts';
