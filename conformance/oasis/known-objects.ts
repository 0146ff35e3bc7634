/**
 * Where the objects of a case come from. The value of one that a client registered is known, and so is
 * every deterministic output of it; the value of one that the server made is the server's.
 */

import { OPERATIONS, TAGS } from '@claviger/kmip-protocol';
import type { TtlvItem } from '@claviger/ttlv-codec';
import { itemsOf } from './test-case.ts';

interface KnownObject {
  /** Whether its value follows from what clients have sent. */
  readonly isKnown: boolean;
  /** For a share of a split key: whether the value that the shares give again is known. */
  readonly isSourceKnown: boolean;
  /** The payloads that made it, for its algorithm and parameters. */
  readonly makers: readonly TtlvItem[];
  /** What was seen of its value, by Key Format Type. */
  readonly seen: Map<string, string>;
  isDestroyed: boolean;
}

const IDENTIFIERS = [
  TAGS.UniqueIdentifier,
  TAGS.PrivateKeyUniqueIdentifier,
  TAGS.PublicKeyUniqueIdentifier,
];

const REGISTERING: ReadonlySet<number> = operations('Register', 'Import');
const DERIVING: ReadonlySet<number> = operations('DeriveKey');
const SPLITTING: ReadonlySet<number> = operations('CreateSplitKey');
const JOINING: ReadonlySet<number> = operations('JoinSplitKey');
const GENERATING: ReadonlySet<number> = operations(
  'Create',
  'CreateKeyPair',
  'ReKey',
  'ReKeyKeyPair',
  'Certify',
  'ReCertify',
);

function operations(...names: readonly (keyof typeof OPERATIONS)[]): ReadonlySet<number> {
  return new Set(names.map((name) => OPERATIONS[name].value));
}

/** The objects that a chain of cases has made, by identifier. */
export class KnownObjects {
  readonly #objects = new Map<string, KnownObject>();

  /** Whether the value is the client's own or follows from it. */
  isKnown(identifier: string | undefined): boolean {
    return identifier !== undefined && this.#objects.get(identifier)?.isKnown === true;
  }

  /** The request payloads that made it. */
  makersOf(identifier: string | undefined): readonly TtlvItem[] {
    return identifier === undefined ? [] : (this.#objects.get(identifier)?.makers ?? []);
  }

  /** Whether a value in a format is the one that was seen before; the first time it is. */
  isUnchanged(identifier: string | undefined, format: string, value: string): boolean {
    const seen = identifier === undefined ? undefined : this.#objects.get(identifier)?.seen;
    const before = seen?.get(format);
    seen?.set(format, before ?? value);
    return before === undefined || before === value;
  }

  /** Those that are there still, the newest first. */
  leftOver(): readonly string[] {
    const entries = [...this.#objects].filter(([, { isDestroyed }]) => !isDestroyed);
    return entries.map(([identifier]) => identifier).reverse();
  }

  /** Learns from a batch item that has succeeded. */
  learn(operation: number, request: TtlvItem | undefined, response: TtlvItem | undefined): void {
    const made = IDENTIFIERS.flatMap((tag) => texts(response, tag));
    const sources = texts(request, TAGS.UniqueIdentifier);
    const makers = [
      ...(request === undefined ? [] : [request]),
      ...(REGISTERING.has(operation) ? [] : sources.flatMap((each) => this.makersOf(each))),
    ];
    const areKnown = sources.length > 0 && sources.every((each) => this.isKnown(each));
    const add = (isKnown: boolean, isSourceKnown = false) => {
      for (const identifier of made) {
        const seen = new Map<string, string>();
        const object = { isKnown, isSourceKnown, makers, seen, isDestroyed: false };
        this.#objects.set(identifier, object);
      }
    };
    if (REGISTERING.has(operation)) add(true);
    else if (GENERATING.has(operation)) add(false);
    else if (DERIVING.has(operation)) add(areKnown);
    else if (SPLITTING.has(operation)) add(false, areKnown);
    else if (JOINING.has(operation)) {
      add(areKnown || sources.every((each) => this.#objects.get(each)?.isSourceKnown === true));
    } else if (operation === OPERATIONS.Destroy.value) {
      for (const identifier of made) {
        const object = this.#objects.get(identifier);
        if (object !== undefined) object.isDestroyed = true;
      }
    }
  }
}

/** The texts of the direct children with a tag. */
export function texts(item: TtlvItem | undefined, tag: number): readonly string[] {
  return itemsOf(item, tag).flatMap((child) => (child.type === 'TextString' ? [child.value] : []));
}
