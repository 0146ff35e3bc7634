/** Questions that a gateway of our own asks only when an operator has it do so. */

import { ENUMERATIONS, OPERATIONS, TAGS } from '@claviger/kmip-protocol';
import type { TtlvItem } from '@claviger/ttlv-codec';
import { envelope, type ManagementClient } from '../management-client.ts';
import { batchItemsOf } from './message-facts.ts';
import { itemsOf } from './test-case.ts';

const FUNCTIONS: Readonly<Record<string, number>> = ENUMERATIONS.QueryFunction.values;

/**
 * Has the client of an adapter asked, where the request is Query or Discover Versions; it does nothing for others.
 * Nobody waits for the answer of the API, which comes when the client has answered: the case judges what arrives.
 *
 * @param port - Of the client, at 127.0.0.1.
 */
export function haveAsked(
  management: Pick<ManagementClient, 'call'>,
  adapter: string,
  port: number,
  request: TtlvItem,
): void {
  const [item] = batchItemsOf(request);
  const path = `/kmip_adapters/${adapter}/client_endpoints/127.0.0.1:${port}/actions`;
  const ask = (action: string, fields: object) => {
    management.call('POST', `${path}/${action}`, envelope(fields)).catch(() => undefined);
  };
  if (item?.operation === OPERATIONS.DiscoverVersions.value) ask('discover_versions', {});
  if (item?.operation === OPERATIONS.Query.value) {
    const asked = itemsOf(item.payload, TAGS.QueryFunction).map(({ value }) => value);
    const names = Object.entries(FUNCTIONS).flatMap(([name, value]) =>
      asked.includes(value) ? [name] : [],
    );
    ask('query', { functions: names });
  }
}
