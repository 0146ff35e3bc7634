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
 * `offset` counts bytes (binary) or UTF-16 code units (XML, JSON) from the start of the input, or is
 * undefined when encoding. `path` names the tags from the root, with the position of a repeated one:
 * `RequestMessage/BatchItem[1]/RequestPayload`; a tag without a name is `0x54ABCD`. The message never
 * holds a byte of the input's values.
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
