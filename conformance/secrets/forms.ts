/** The forms in which the bytes of a secret could lie about, and the search for them. */

export interface Form {
  /** For messages; it says nothing of the bytes. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Length of the pieces that are looked for: a part of a key is a leak as well. */
const PIECE_BYTES = 12;

/**
 * All forms of each whole piece of a secret: raw bytes, hex, base64 and base64url at every alignment,
 * escapes, and lists of numbers as JSON has them.
 */
export function formsOf(secret: Uint8Array): Form[] {
  const forms: Form[] = [];
  for (let start = 0; start + PIECE_BYTES <= secret.length; start += PIECE_BYTES) {
    const piece = secret.subarray(start, start + PIECE_BYTES);
    forms.push({ name: `bytes from ${start}`, bytes: piece });
    for (const [name, text] of Object.entries(textsOf(piece, start))) {
      forms.push({ name: `${name} from ${start}`, bytes: Buffer.from(text, 'latin1') });
    }
  }
  return forms;
}

function textsOf(piece: Uint8Array, start: number): Record<string, string> {
  const bytes = [...piece];
  const pairs = bytes.map((byte) => byte.toString(16).padStart(2, '0'));
  const base64 = [0, 1, 2].map((alignment) => base64At(piece, alignment));
  return {
    hex: pairs.join(''),
    HEX: pairs.join('').toUpperCase(),
    'hex with blanks': pairs.join(' '),
    'hex with colons': pairs.join(':'),
    'HEX with colons': pairs.join(':').toUpperCase(),
    ...Object.fromEntries(base64.map((text, at) => [`base64 (${at})`, text])),
    ...Object.fromEntries(base64.map((text, at) => [`base64url (${at})`, toUrlForm(text)])),
    numbers: bytes.join(','),
    'numbers with blanks': bytes.join(', '),
    'a JSON object': bytes.map((byte, at) => `"${start + at}":${byte}`).join(','),
    'percent escapes': pairs.map((pair) => `%${pair}`).join(''),
    'UTF-8 of Latin-1': Buffer.from(Buffer.from(piece).toString('latin1'), 'utf8').toString(
      'latin1',
    ),
  };
}

/** The characters that stand for these bytes alone when `alignment` bytes of a group go before them. */
function base64At(piece: Uint8Array, alignment: number): string {
  const text = Buffer.concat([Buffer.alloc(alignment), piece]).toString('base64');
  const mixed = Math.ceil((alignment * 8) / 6);
  const whole = Math.floor(((alignment + piece.length) * 8) / 6);
  return text.slice(mixed, whole);
}

function toUrlForm(base64: string): string {
  return base64.replaceAll('+', '-').replaceAll('/', '_');
}

/** Names of the forms that occur in `content`. */
export function findForms(content: Uint8Array, forms: readonly Form[]): string[] {
  const haystack = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  return forms.filter(({ bytes }) => haystack.includes(Buffer.from(bytes))).map(({ name }) => name);
}
