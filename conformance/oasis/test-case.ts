/** A test case in memory: what is said, by whom, and what has to come back. */

import type { ItemType, TtlvItem } from '@claviger/ttlv-codec';

/** An item of a test case. A placeholder stands for a value that is not known before the case is played. */
export type Template =
  | { readonly kind: 'structure'; readonly tag: number; readonly items: readonly Template[] }
  | { readonly kind: 'value'; readonly tag: number; readonly item: TtlvItem }
  | {
      readonly kind: 'placeholder';
      readonly tag: number;
      readonly type: Exclude<ItemType, 'Structure'>;
      /** With its dollar sign: `$UNIQUE_IDENTIFIER_0`, `$NOW-3600`. */
      readonly text: string;
    };

export type TemplateOf<K extends Template['kind']> = Extract<Template, { kind: K }>;

export interface Exchange {
  readonly request: Template;
  readonly response: Template;
  /** The client that takes part: `A`, `B`, `C`. */
  readonly client: string;
  /** Who asks. In the other direction the server sends the request, and the client answers. */
  readonly asker: 'client' | 'server';
  /** Whether it is repeated until the response is the expected one. */
  readonly isRepeated: boolean;
  /** Line of the request in the file. */
  readonly line: number;
}

export interface TestCase {
  /** Name of the file without its ending, e.g. `AKLC-M-1-10`. */
  readonly name: string;
  /** KMIP version of the folder, else of the first message, e.g. `1.0`. */
  readonly version: string;
  readonly exchanges: readonly Exchange[];
}

/** How a case is named in options, lists and reports: `1.0/AKLC-M-1-10`. */
export function caseLabel({ version, name }: Pick<TestCase, 'name' | 'version'>): string {
  return `${version}/${name}`;
}

/**
 * The profile or document that a case belongs to, the part of its name before its number: `AKLC`,
 * `CS-BC`, `TC`.
 */
export function profileOf(name: string): string {
  return /^(.+?)[-_][MO][-_]/.exec(name)?.[1] ?? name.split(/[-_]/)[0] ?? name;
}

/** The children with a tag; none for a leaf. */
export function childrenOf(template: Template, tag: number): readonly Template[] {
  return template.kind === 'structure' ? template.items.filter((item) => item.tag === tag) : [];
}

/** The children of an item with a tag; none for a leaf. */
export function itemsOf(item: TtlvItem | undefined, tag: number): readonly TtlvItem[] {
  return item?.type === 'Structure' ? item.value.filter((child) => child.tag === tag) : [];
}
