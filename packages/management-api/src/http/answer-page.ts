import type { Page } from '@claviger/key-store';
import type { Call } from '../calls/call.ts';
import { type CollectionType, listOf } from './envelope.ts';

/** The answer of every list: a page of resources; the event tells how many. */
export function answerPage<Type extends CollectionType, Item, Resource>(
  call: Call,
  collectionType: Type,
  page: Page<Item>,
  toResource: (item: Item) => Resource,
  { totalCount }: { readonly totalCount: boolean },
) {
  call.tell({ responseData: { totalResources: page.items.length } });
  const total = totalCount ? page.total : undefined;
  return { body: listOf(collectionType, page.items.map(toResource), total) };
}

/** The part of a list that a page shows, where the store has no pages of its own. */
export function pageOf<Item>(
  all: readonly Item[],
  { limit, offset }: { readonly limit: number; readonly offset: number },
): Page<Item> {
  return { items: all.slice(offset, offset + limit), total: all.length };
}
