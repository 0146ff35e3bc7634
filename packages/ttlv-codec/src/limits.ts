/**
 * Bounds of what a decoder accepts. They are checked before anything is allocated for the item in
 * question, so that a small input cannot ask for much.
 */
export interface TtlvLimits {
  /** Bytes of a whole binary message; for XML and JSON, UTF-16 code units of the text. */
  readonly maxMessageBytes: number;
  /** Nesting, the root counted as 1. Values above {@link MAX_NESTING} mean {@link MAX_NESTING}. */
  readonly maxDepth: number;
  /** Items of a message, the root and structures included. */
  readonly maxItems: number;
}

/** Far above any message of KMIP 1.0 to 2.1, whose structures nest about a dozen deep. */
export const DEFAULT_LIMITS: TtlvLimits = {
  maxMessageBytes: 1024 * 1024,
  maxDepth: 32,
  maxItems: 20_000,
};

/**
 * The deepest nesting any decoder or encoder of this package follows, whatever the limits say: they
 * recurse, and this keeps them far from the end of the stack.
 */
export const MAX_NESTING = 512;

/** Fills in the defaults. */
export function resolveLimits(limits: Partial<TtlvLimits> | undefined): TtlvLimits {
  const resolved = { ...DEFAULT_LIMITS, ...limits };
  return resolved.maxDepth > MAX_NESTING ? { ...resolved, maxDepth: MAX_NESTING } : resolved;
}
