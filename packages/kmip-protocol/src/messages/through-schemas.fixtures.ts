/** Whole messages through the schemas and back, with the payloads of the described operations. */

import type { TtlvItem } from '@claviger/ttlv-codec';
import { type DescribedOperation, OPERATION_SCHEMAS } from '../operations/index.ts';
import { decodeItem } from '../schema/decode.ts';
import { encodeItem } from '../schema/encode.ts';
import { TAGS } from '../tables/tags.ts';
import type { Version } from '../tables/version.ts';
import { ProtocolVersion, versionOf } from './header.ts';
import { RequestMessage, ResponseMessage } from './message.ts';

export interface Passage {
  /** The message as it was encoded again from its values. */
  readonly item: TtlvItem;
  /** The operations whose payloads went through schemas too. */
  readonly operations: readonly DescribedOperation[];
}

/** Decodes a request or a response and everything in it, and encodes the values again. */
export function throughSchemas(item: TtlvItem, version: Version): Passage {
  const operations: DescribedOperation[] = [];
  const again = (
    direction: 'request' | 'response',
    operation: string | undefined,
    payload: TtlvItem,
  ): TtlvItem => {
    if (operation === undefined || !isDescribed(operation)) return payload;
    operations.push(operation);
    const schema = OPERATION_SCHEMAS[operation][direction];
    return encodeItem(schema, decodeItem(schema, payload, version), version);
  };
  if (item.tag === TAGS.RequestMessage) {
    const message = decodeItem(RequestMessage, item, version);
    const batchItem = message.batchItem.map((each) => ({
      ...each,
      requestPayload: again('request', each.operation, each.requestPayload),
    }));
    return { item: encodeItem(RequestMessage, { ...message, batchItem }, version), operations };
  }
  const message = decodeItem(ResponseMessage, item, version);
  const batchItem = message.batchItem.map((each) => ({
    ...each,
    responsePayload:
      each.responsePayload && again('response', each.operation, each.responsePayload),
  }));
  return { item: encodeItem(ResponseMessage, { ...message, batchItem }, version), operations };
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
