/** The JSON tables taken from the KMIP specifications, as far as the generator reads them. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Version, VersionFamily } from '../../packages/kmip-protocol/src/tables/version.ts';

/** Versions of a row: absent bounds are open. */
export interface SourceRange {
  readonly since?: Version;
  readonly lastVersion?: Version;
}

/** A number with a name; a reserved number has none. */
export interface SourceNumber extends SourceRange {
  readonly name: string | null;
  readonly value: string;
  readonly xmlName: string;
  readonly reserved?: boolean;
  readonly nameHistory?: readonly { readonly name: string; readonly xmlName: string }[];
}

export interface SourceTag extends SourceNumber {
  readonly enum?: string;
}

export interface SourceNumberSet extends SourceRange {
  readonly xmlName: string;
  readonly tag?: string;
  readonly values: readonly SourceNumber[];
}

export interface SourceField {
  readonly name: string;
  readonly tag?: string;
  readonly xmlName?: string;
  readonly type: string | readonly string[] | null;
  readonly enum?: string;
  /** `yes`, `no`, `conditional`, in places a condition in words; null where the table is silent. */
  readonly required: string | null;
  readonly repeated: boolean;
  readonly since?: Version;
  readonly until?: Version;
  readonly oneOf?: readonly string[];
  readonly changes?: readonly {
    readonly from: Version;
    readonly required: 'yes' | 'no' | 'conditional';
    readonly repeated: boolean;
  }[];
}

export type ByFamily<T> = { readonly [Family in VersionFamily]?: T };

export interface SourcePayloads {
  readonly versions: readonly Version[];
  readonly request?: readonly SourceField[];
  readonly response?: readonly SourceField[];
}

export interface SourceOperation extends SourceRange {
  readonly value: string;
  readonly xmlName: string;
  readonly 'client-to-server'?: ByFamily<SourcePayloads>;
  readonly 'server-to-client'?: ByFamily<SourcePayloads>;
}

export interface SourceStructure
  extends ByFamily<{
    readonly versions: readonly Version[];
    readonly fields: readonly SourceField[];
  }> {
  readonly tag: string | null;
}

export interface SourceAttributeRules {
  readonly versions: readonly Version[];
  readonly type?: string | readonly string[];
  readonly alwaysHasValue: string;
  readonly initiallySetBy: string;
  readonly modifiableByServer: string;
  readonly modifiableByClient: string;
  readonly deletableByClient: string;
  readonly multipleInstances: string;
  readonly whenImplicitlySet?: string;
  readonly appliesTo: string;
  readonly members?: readonly {
    readonly name: string;
    readonly tag: string;
    readonly type: string;
  }[];
}

export interface SourceAttribute extends SourceRange, ByFamily<SourceAttributeRules> {
  readonly tag?: string;
  readonly xmlName?: string;
}

export interface SourceErrors {
  readonly '1.x': Readonly<
    Record<string, Readonly<Record<string, readonly { readonly reason: string }[]>>>
  >;
  readonly '2.x': Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

export interface Source {
  readonly tags: readonly SourceTag[];
  readonly enumerations: Readonly<Record<string, SourceNumberSet>>;
  readonly masks: Readonly<Record<string, SourceNumberSet>>;
  readonly attributes: Readonly<Record<string, SourceAttribute>>;
  readonly operations: Readonly<Record<string, SourceOperation>>;
  readonly structures: Readonly<Record<string, SourceStructure>>;
  readonly errors: SourceErrors;
}

/**
 * Reads the tables.
 *
 * @param directory - Folder that holds `tags.json`, `enums.json` and the others.
 * @returns undefined when the folder is not there: the tables stand beside a checkout, not in it.
 */
export function loadSource(directory: string): Source | undefined {
  if (!existsSync(join(directory, 'tags.json'))) {
    return undefined;
  }
  // Shapes are trusted: the tables are ours, and a wrong one shows in the generated files.
  const read = (file: string) => JSON.parse(readFileSync(join(directory, file), 'utf8'));
  return {
    tags: read('tags.json').tags,
    enumerations: read('enums.json').enums,
    masks: read('masks.json').masks,
    attributes: read('attributes.json').attributes,
    operations: read('operations.json').operations,
    structures: read('structures.json').structures,
    errors: read('result-reasons.json').errorsPerOperation,
  };
}
