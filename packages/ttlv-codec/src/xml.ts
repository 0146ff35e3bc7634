export { decodeXml } from './decode-xml.ts';
export { encodeXml, type XmlOptions } from './encode-xml.ts';
