/** What the load knows of one key: everything acknowledged, and the one message that may be under way. */

import type { EnumerationValue } from '@claviger/kmip-protocol';

export type State = EnumerationValue<'State'>;

/** An event as far as it is predicted: action and outcome, e.g. `hs-crypto.kmip-key.create success`. */
export type EventMark = `${string} ${'success' | 'failure'}`;

/** What one message about a key leaves behind. It happens as a whole or not at all. */
export interface Deed {
  readonly events: readonly EventMark[];
  /** The State afterwards, when it changes. */
  readonly state?: State;
  /** Values of the attribute `x-Mark` that are added. */
  readonly marks?: readonly string[];
}

export interface TrackedKey {
  /** The Name attribute: unlike the identifier it is known before Create is answered. */
  readonly name: string;
  /** Undefined until Create was acknowledged. */
  id: string | undefined;
  /** Undefined until the key exists for certain. */
  state: State | undefined;
  readonly marks: string[];
  /** SHA-256 of the key bytes in hex, once they have been read. */
  digest: string | undefined;
  /** Acknowledged events, in their order. */
  readonly events: EventMark[];
  /** Sent and not answered. */
  underWay: Deed | undefined;
}

export function newTrackedKey(name: string): TrackedKey {
  return {
    name,
    id: undefined,
    state: undefined,
    marks: [],
    digest: undefined,
    events: [],
    underWay: undefined,
  };
}

/** Records that a deed is done. */
export function apply(key: TrackedKey, deed: Deed): void {
  key.events.push(...deed.events);
  key.marks.push(...(deed.marks ?? []));
  key.state = deed.state ?? key.state;
}
