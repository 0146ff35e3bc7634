/** Why bytes, XML or JSON are no TTLV item, or an item cannot be encoded. */
export type TtlvErrorCode =
  | 'truncated'
  | 'trailing-bytes'
  | 'invalid-tag'
  | 'invalid-type'
  | 'invalid-length'
  | 'invalid-padding'
  | 'invalid-value'
  | 'invalid-text'
  | 'invalid-syntax'
  | 'unknown-name'
  | 'message-too-large'
  | 'too-deep'
  | 'too-many-items'
  | 'value-out-of-range';

/**
 * The one error of this package.
 *
 * `offset` is where the fault lies: in binary the byte of the header, value or padding at fault (for
 * `truncated` the end of the bytes; for the frame reader counted from the start of the message), in XML
 * the UTF-16 code unit after the markup at fault. It is undefined when encoding, and in JSON, whose values
 * have lost their place. `path` names the tags from the root: `RequestMessage/BatchItem[1]/RequestPayload`
 * is in the second Batch Item, the first carries no number; a tag without a name is `0x54ABCD`. The
 * message never holds a byte of the input's values.
 */
export class TtlvError extends Error {
  override readonly name = 'TtlvError';
  readonly code: TtlvErrorCode;
  readonly offset: number | undefined;
  readonly path: string;

  constructor(code: TtlvErrorCode, message: string, offset: number | undefined, path: string) {
    super(
      `${message} (${code}${offset === undefined ? '' : ` at offset ${offset}`}${path === '' ? '' : `, in ${path}`})`,
    );
    this.code = code;
    this.offset = offset;
    this.path = path;
  }
}
