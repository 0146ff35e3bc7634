/** Whole messages through the schemas and back, with payloads, credentials and the numbers of keys. */

import type { TtlvItem } from '@claviger/ttlv-codec';
import { KeyBlock } from '../objects/key-block.ts';
import { isTransparentKeyFormat, TRANSPARENT_KEYS } from '../objects/transparent-keys.ts';
import { type DescribedOperation, OPERATION_SCHEMAS } from '../operations/index.ts';
import { decodeItem } from '../schema/decode.ts';
import { encodeItem } from '../schema/encode.ts';
import type { StructureSchema } from '../schema/schema.ts';
import { TAGS } from '../tables/tags.ts';
import type { Version } from '../tables/version.ts';
import { CREDENTIAL_VALUES } from './credentials.ts';
import { Credential, ProtocolVersion, versionOf } from './header.ts';
import { RequestMessage, ResponseMessage } from './message.ts';

export interface Passage {
  /** The message as it was encoded again from its values. */
  readonly item: TtlvItem;
  /** The operations whose payloads went through schemas too. */
  readonly operations: readonly DescribedOperation[];
}

/** Decodes a request or a response and everything in it, and encodes the values again. */
export function throughSchemas(message: TtlvItem, version: Version): Passage {
  const item = withVariants(message, version);
  const operations: DescribedOperation[] = [];
  const payloadAgain = (
    direction: 'request' | 'response',
    operation: string | undefined,
    payload: TtlvItem,
  ): TtlvItem => {
    if (operation === undefined || !isDescribed(operation)) return payload;
    operations.push(operation);
    const schema = OPERATION_SCHEMAS[operation][direction];
    return again(schema, payload, version);
  };
  if (item.tag === TAGS.RequestMessage) {
    const request = decodeItem(RequestMessage, item, version);
    const batchItem = request.batchItem.map((each) => ({
      ...each,
      requestPayload: payloadAgain('request', each.operation, each.requestPayload),
    }));
    return { item: encodeItem(RequestMessage, { ...request, batchItem }, version), operations };
  }
  const response = decodeItem(ResponseMessage, item, version);
  const batchItem = response.batchItem.map((each) => ({
    ...each,
    responsePayload:
      each.responsePayload && payloadAgain('response', each.operation, each.responsePayload),
  }));
  return { item: encodeItem(ResponseMessage, { ...response, batchItem }, version), operations };
}

/** The same with Credential Values and Transparent Key Materials that went through the schemas of their types. */
function withVariants(item: TtlvItem, version: Version): TtlvItem {
  if (item.type !== 'Structure') return item;
  if (item.tag === TAGS.Credential) {
    return withChild(item, TAGS.CredentialValue, (value) => {
      const { credentialType } = decodeItem(Credential, item, version);
      const schemas: Readonly<Record<string, StructureSchema>> = CREDENTIAL_VALUES;
      return again(schemas[credentialType], value, version);
    });
  }
  if (item.tag === TAGS.KeyBlock) {
    const { keyFormatType } = decodeItem(KeyBlock, item, version);
    if (!isTransparentKeyFormat(keyFormatType)) return item;
    return withChild(item, TAGS.KeyValue, (keyValue) =>
      withChild(keyValue, TAGS.KeyMaterial, (material) =>
        again(TRANSPARENT_KEYS[keyFormatType], material, version),
      ),
    );
  }
  return { ...item, value: item.value.map((child) => withVariants(child, version)) };
}

function withChild(item: TtlvItem, tag: number, change: (child: TtlvItem) => TtlvItem): TtlvItem {
  if (item.type !== 'Structure') return item;
  return { ...item, value: item.value.map((child) => (child.tag === tag ? change(child) : child)) };
}

function again(schema: StructureSchema | undefined, item: TtlvItem, version: Version): TtlvItem {
  if (schema === undefined) throw new RangeError('the type of a credential is not known');
  return encodeItem(schema, decodeItem(schema, item, version), version);
}

function isDescribed(operation: string): operation is DescribedOperation {
  return Object.hasOwn(OPERATION_SCHEMAS, operation);
}

/** The version that a message's own header states. */
export function statedVersion(message: TtlvItem): Version {
  const header = message.type === 'Structure' ? message.value[0] : undefined;
  const item = header?.type === 'Structure' ? header.value[0] : undefined;
  const version = item && versionOf(decodeItem(ProtocolVersion, item, '1.0'));
  if (version === undefined) throw new RangeError('the message states no known version');
  return version;
}
