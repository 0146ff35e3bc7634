/** `/events`: the log, page by page, as a whole, or as it grows. An extension of ours. */

import type { KeyStore } from '@claviger/key-store';
import { z } from 'zod';
import type { Call, StreamedBody, StreamForm } from '../calls/call.ts';
import { defineEndpoint, type Endpoint } from '../calls/endpoint.ts';
import { ApiError } from '../errors/api-error.ts';
import { COLLECTION_TYPES, listOf } from '../http/envelope.ts';
import { EventQuery, searchFacts, searchOf } from './event-query.ts';
import { AuditEventResource, toEventResource } from './event-resource.ts';
import type { EventStreams } from './event-streams.ts';

const COLLECTION = COLLECTION_TYPES.auditEvent;

const EventPage = z.object({
  metadata: z.object({
    collectionType: z.literal(COLLECTION),
    collectionTotal: z.int(),
    nextCursor: z
      .string()
      .optional()
      .describe(
        'Where the next page begins; left out after the last one. A page may be short, even empty, and have one.',
      ),
  }),
  resources: z.array(AuditEventResource),
});

export function eventEndpoints(
  { store }: { readonly store: Pick<KeyStore, 'queryEvents' | 'lastEventSequence'> },
  streams: EventStreams,
): readonly Endpoint[] {
  const read = defineEndpoint({
    resourceType: 'audit_event',
    origin: 'claviger',
    method: 'GET',
    path: '/events',
    summary:
      'Search the audit log, export it (application/x-ndjson), or follow it (text/event-stream).',
    failed: 'The audit log could not be read',
    action: 'claviger.audit-events.read',
    right: 'audit-events.read',
    query: EventQuery,
    status: 200,
    streams: true,
    response: EventPage,
    refusals: ['INVALID_HEADER_ERR'],
    async handle(call, { query }) {
      call.tell({ requestData: searchFacts(query) });
      const { streamForm } = call;
      return streamForm === undefined
        ? await page(call, query)
        : await stream(call, streamForm, query);
    },
  });

  async function page(call: Call, query: EventQuery) {
    const { order = 'newest-first', limit, cursor } = query;
    if (query.last !== undefined) throw unfit('last', 'is for streams; pages have a limit');
    const from = order === 'newest-first' ? { beforeSequence: cursor } : { afterSequence: cursor };
    const search = { ...searchOf(query), ...from, order, limit };
    const { events, nextSequence } = await store.queryEvents(search);
    call.tell({ responseData: { totalResources: events.length } });
    const { metadata, resources } = listOf(
      COLLECTION,
      events.map(({ body }) => toEventResource(body)),
      undefined,
    );
    const more = nextSequence === undefined ? {} : { nextCursor: String(nextSequence) };
    return { body: { metadata: { ...metadata, ...more }, resources } };
  }

  async function stream(
    call: Call,
    form: StreamForm,
    query: EventQuery,
  ): Promise<{ stream: StreamedBody }> {
    if (query.order === 'newest-first') {
      throw unfit('order', 'must be: oldest-first, in a stream');
    }
    streams.checkRoom();
    call.tell({ requestData: { stream: form } });
    const search = searchOf(query);
    // The event of this very call comes later, and is for whoever reads next.
    const lastSequence = await store.lastEventSequence();
    const given = placeIn(call.lastEventId) ?? query.cursor;
    const isExport = form === 'application/x-ndjson';
    const afterSequence = given ?? (await beginOf(query, isExport ? 0 : lastSequence));
    const request = { search, afterSequence };
    return {
      stream: {
        form,
        open: (signal) =>
          isExport
            ? streams.lines({ ...request, lastSequence }, signal)
            : streams.follow({ ...request, stillAllowed: () => call.stillAllowed() }, signal),
      },
    };
  }

  /** The place before the oldest of the newest events that were asked for. */
  async function beginOf(query: EventQuery, otherwise: number): Promise<number> {
    if (query.last === undefined || query.last === 0) return otherwise;
    const { events } = await store.queryEvents({ ...searchOf(query), limit: query.last });
    const oldest = events.at(-1);
    return oldest === undefined ? otherwise : oldest.sequence - 1;
  }

  return [read];
}

function unfit(name: string, words: string): ApiError {
  return new ApiError('INVALID_QUERY_PARAM_ERR', `'${name}' ${words}`, {
    target: { type: 'query_param', name },
  });
}

/** @throws ApiError `INVALID_HEADER_ERR`. */
function placeIn(lastEventId: string | undefined): number | undefined {
  if (lastEventId === undefined) return undefined;
  if (/^\d{1,15}$/.test(lastEventId)) return Number(lastEventId);
  throw new ApiError(
    'INVALID_HEADER_ERR',
    'Last-Event-ID must be the id of an event of a stream.',
    {
      target: { type: 'header', name: 'Last-Event-ID' },
    },
  );
}
