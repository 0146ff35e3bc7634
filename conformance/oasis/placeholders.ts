/**
 * Placeholders: what the server gave out, sent back to it and looked for again; and the dates that were
 * sent, since a date counts only if nothing fixed it.
 */

import { TAGS, tagLabel } from '@claviger/kmip-protocol';
import type { TtlvItem } from '@claviger/ttlv-codec';
import type { Template, TemplateOf } from './test-case.ts';

export type Placeholder = TemplateOf<'placeholder'>;

/** A value that the case needs and that nothing has given yet. */
export class UnboundPlaceholderError extends Error {
  override readonly name = 'UnboundPlaceholderError';

  constructor(text: string) {
    super(
      `${text} is used before the server has given a value for it: does the case need a set-up?`,
    );
  }
}

/** The seconds that a `$NOW` form adds to the time; undefined for other placeholders. */
export function secondsFromNow(text: string): number | undefined {
  const offset = /^\$NOW([+-]\d+)?$/.exec(text);
  return offset === null ? undefined : Number(offset[1] ?? 0);
}

/**
 * Whether a value, once given, has to come back unchanged: those with a number stand for one thing
 * throughout the case. The others stand for the newest of their kind.
 */
export function isStable(text: string): boolean {
  return /_\d+$/.test(text);
}

/** Whether it stands for an identifier, of which no two are equal. */
export function isIdentifier(text: string): boolean {
  return /^\$(SHORT_)?UNIQUE_IDENTIFIER/.test(text);
}

/** What is known of the values in one play of a case. */
export class Values {
  readonly #bound: Map<string, TtlvItem>;

  constructor(bound: Iterable<readonly [string, TtlvItem]> = []) {
    this.#bound = new Map(bound);
  }

  get(text: string): TtlvItem | undefined {
    return this.#bound.get(text);
  }

  bind(text: string, item: TtlvItem): void {
    this.#bound.set(text, item);
  }

  /** A copy, for a comparison that may not count. */
  fork(): Values {
    return new Values(this.#bound);
  }

  /** Takes over what a fork has learned. */
  adopt(fork: Values): void {
    for (const [text, item] of fork.#bound) this.#bound.set(text, item);
  }

  /** The other placeholder of the same kind that has this value. */
  otherNameOf(text: string, item: TtlvItem): string | undefined {
    const kind = kindOf(text);
    for (const [other, value] of this.#bound) {
      if (other !== text && kindOf(other) === kind && value.value === item.value) return other;
    }
    return undefined;
  }
}

function kindOf(text: string): string {
  return text.replace(/_\d+$/, '');
}

export interface FillOptions {
  readonly values: Values;
  /** POSIX seconds. */
  readonly now: bigint;
  /** Other offsets in the place of the file's, by the file's: a shorter wait. */
  readonly offsets: Readonly<Record<string, number>>;
  /** The newest value of a tag in a response, for placeholders that no response shows. */
  readonly latest: ReadonlyMap<number, TtlvItem>;
  /** Is told of each date that is sent, by its text in the file. */
  readonly onDate: (text: string, seconds: bigint) => void;
}

/** A template with all its values. @throws UnboundPlaceholderError */
export function fill(template: Template, options: FillOptions): TtlvItem {
  const { tag } = template;
  switch (template.kind) {
    case 'structure': {
      const value = template.items.map((item) => fill(item, options));
      return { tag, type: 'Structure', value };
    }
    case 'value':
      if (template.item.type === 'DateTime') {
        options.onDate(dateText(template.item.value), template.item.value);
      }
      return template.item;
    case 'placeholder':
      return fillPlaceholder(template, options);
  }
}

function fillPlaceholder({ tag, text }: Placeholder, options: FillOptions): TtlvItem {
  const offset = secondsFromNow(text);
  if (offset !== undefined) {
    const value = options.now + BigInt(options.offsets[text] ?? offset);
    options.onDate(text, value);
    return { tag, type: 'DateTime', value };
  }
  const item = options.values.get(text) ?? options.latest.get(tag);
  if (item === undefined) throw new UnboundPlaceholderError(text);
  return { ...item, tag };
}

/** How a fixed date is called among those that were sent. */
export function dateText(seconds: bigint): string {
  return `@${seconds}`;
}

/** Outputs that a later request may use though the file shows no placeholder for them. */
const OUTPUTS: ReadonlySet<number> = new Set([
  TAGS.Data,
  TAGS.IVCounterNonce,
  TAGS.MACData,
  TAGS.SignatureData,
  TAGS.AuthenticatedEncryptionTag,
  TAGS.KeyMaterial,
  TAGS.KeyValue,
]);

/** Notes the outputs in a response. */
export function noteOutputs(item: TtlvItem, latest: Map<number, TtlvItem>): void {
  if (item.type === 'Structure') for (const child of item.value) noteOutputs(child, latest);
  else if (OUTPUTS.has(item.tag)) latest.set(item.tag, item);
}

/** The name of a tag, for paths and messages. */
export function nameOfTag(tag: number): string {
  return tagLabel(tag);
}
