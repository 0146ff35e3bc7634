/** Every structure that this package describes, found by following the declarations from their roots. */

import { IndexedAttribute, VendorAttributeItem, VendorReference } from '../attributes/codec.ts';
import { ATTRIBUTE_SCHEMAS, type AttributeName } from '../attributes/schemas.ts';
import { CREDENTIAL_VALUES } from '../messages/credentials.ts';
import {
  RequestBatchItem,
  RequestMessage,
  ResponseBatchItem,
  ResponseMessage,
} from '../messages/message.ts';
import { TRANSPARENT_KEYS } from '../objects/transparent-keys.ts';
import { DerivationParameters } from '../operations/derivation-parameters.ts';
import { type DescribedOperation, OPERATION_SCHEMAS } from '../operations/index.ts';
import { ATTRIBUTE_RULES } from '../tables/attributes.ts';
import { ENUMERATION_VALUE_VERSIONS } from '../tables/enumerations.ts';
import { OPERATIONS } from '../tables/operations.ts';
import { isWithin, VERSIONS, type Version, type VersionRange } from '../tables/version.ts';
import type { Schema, StructureSchema } from './schema.ts';

export interface DescribedStructure {
  /** The name of the tag, or one that tells apart two structures of a tag. */
  readonly name: string;
  readonly schema: StructureSchema;
  /** The versions in which something can hold it. */
  readonly versions: readonly Version[];
}

/** The structures that share a tag, and those that nothing but a group of items leads to. */
const NAMES = new Map<StructureSchema, string>([
  [RequestBatchItem, 'RequestBatchItem'],
  [ResponseBatchItem, 'ResponseBatchItem'],
  [IndexedAttribute, 'Attribute (1.x)'],
  [VendorAttributeItem, 'Attribute (2.x)'],
  [DerivationParameters, 'Derivation Parameters (PBKDF2 Derivation Parameters Structure)'],
  ...Object.entries(CREDENTIAL_VALUES).map(([type, schema]): [StructureSchema, string] => [
    schema,
    `Credential Value (${titleOf(type)})`,
  ]),
  ...Object.entries(TRANSPARENT_KEYS).map(([format, schema]): [StructureSchema, string] => [
    schema,
    `Key Material (${titleOf(format)})`,
  ]),
]);

/** The payloads of each described operation, e.g. `Create request`. */
export const DESCRIBED_PAYLOADS: readonly (DescribedStructure & {
  readonly operation: DescribedOperation;
  readonly direction: 'request' | 'response';
})[] =
  // The keys of the table are its operations.
  (Object.keys(OPERATION_SCHEMAS) as DescribedOperation[]).flatMap((operation) =>
    (['request', 'response'] as const).map((direction) => ({
      name: `${operation} ${direction}`,
      schema: OPERATION_SCHEMAS[operation][direction],
      versions: versionsWithin(OPERATIONS[operation]),
      operation,
      direction,
    })),
  );

/** All structures that are no payloads. */
export const DESCRIBED_STRUCTURES: readonly DescribedStructure[] = collect();

function collect(): DescribedStructure[] {
  const found = new Map<StructureSchema, DescribedStructure>();
  const visit = (schema: Schema, versions: readonly Version[]): void => {
    if (schema.kind === 'versioned') {
      for (const { schema: option } of schema.cases) visit(option, versions);
    } else if (schema.kind === 'union') {
      for (const option of schema.options) visit(option, versions);
    } else if (schema.kind === 'structure') {
      const known = found.get(schema)?.versions ?? [];
      const more = versions.filter((version) => !known.includes(version));
      if (more.length === 0) return;
      found.set(schema, {
        name: NAMES.get(schema) ?? schema.name,
        schema,
        versions: VERSIONS.filter((version) => known.includes(version) || more.includes(version)),
      });
      visitFields(schema, more);
    }
  };
  const visitFields = (structure: StructureSchema, versions: readonly Version[]): void => {
    for (const field of Object.values(structure.fields)) {
      if (field.kind === 'item') {
        const within = versions.filter((version) => isWithin(version, field));
        visit(field.schema, within);
      }
    }
  };
  visit(RequestMessage, VERSIONS);
  visit(ResponseMessage, VERSIONS);
  for (const { schema, versions } of DESCRIBED_PAYLOADS) visitFields(schema, versions);
  for (const name of Object.keys(ATTRIBUTE_SCHEMAS) as AttributeName[]) {
    visit(ATTRIBUTE_SCHEMAS[name], versionsWithin(ATTRIBUTE_RULES[name]));
  }
  visit(IndexedAttribute, versionsWithin({ until: '1.4' }));
  visit(VendorAttributeItem, versionsWithin({ since: '2.0' }));
  visit(VendorReference, versionsWithin({ since: '2.0' }));
  for (const [type, schema] of Object.entries(CREDENTIAL_VALUES)) {
    visit(schema, versionsOfValue('CredentialType', type));
  }
  for (const [format, schema] of Object.entries(TRANSPARENT_KEYS)) {
    visit(schema, versionsOfValue('KeyFormatType', format));
  }
  return [...found.values()];
}

function versionsOfValue(enumeration: 'CredentialType' | 'KeyFormatType', value: string) {
  const ranges: Readonly<Record<string, VersionRange>> =
    ENUMERATION_VALUE_VERSIONS[enumeration] ?? {};
  return versionsWithin(ranges[value] ?? {});
}

/** `UsernameAndPassword` as `Username and Password`. */
function titleOf(name: string): string {
  return name
    .replaceAll(/(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, ' ')
    .replace('And', 'and');
}

function versionsWithin(range: VersionRange): Version[] {
  return VERSIONS.filter((version) => isWithin(version, range));
}
