/** Which events a sink wants. */

import type { SinkEvent } from './sink.ts';

/** An event passes when it fits every list that is given. An empty list lets nothing pass. */
export interface EventFilter {
  /** Actions; `*` stands for any text, e.g. `hs-crypto.kmip-key.*`. */
  readonly actions?: readonly string[] | undefined;
  /** `normal`, `warning`, `critical`. */
  readonly severities?: readonly string[] | undefined;
  /** `success`, `failure`, `pending`. */
  readonly outcomes?: readonly string[] | undefined;
}

/** Turns a filter into a test. Each test takes time linear in the action and the pattern. */
export function compileFilter(filter: EventFilter = {}): (event: SinkEvent) => boolean {
  const actions = filter.actions?.map(compilePattern);
  const severities = filter.severities && new Set(filter.severities);
  const outcomes = filter.outcomes && new Set(filter.outcomes);
  return (event) =>
    (severities?.has(event.severity) ?? true) &&
    (outcomes?.has(event.outcome) ?? true) &&
    (actions?.some((matches) => matches(event.action)) ?? true);
}

/**
 * No regular expression: `*a*a*a*b` makes those try for ever. Here each piece between stars is taken where
 * it first fits, which is enough for stars alone.
 */
function compilePattern(pattern: string): (text: string) => boolean {
  const pieces = pattern.split('*');
  const [first = ''] = pieces;
  const last = pieces.at(-1) ?? '';
  if (pieces.length === 1) return (text) => text === pattern;
  const between = pieces.slice(1, -1).filter((piece) => piece !== '');

  return (text) => {
    if (!text.startsWith(first) || !text.endsWith(last)) return false;
    let at = first.length;
    for (const piece of between) {
      const found = text.indexOf(piece, at);
      if (found < 0) return false;
      at = found + piece.length;
    }
    return at <= text.length - last.length;
  };
}
