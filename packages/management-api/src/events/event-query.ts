/** What can be asked of the log, as query parameters and as the search that they mean. */

import { SEVERITIES } from '@claviger/audit-emitter';
import type { EventSearch } from '@claviger/key-store';
import { z } from 'zod';
import { integerParameter, textListParameter } from '../http/query.ts';
import { actionsNamed } from './action-names.ts';

const MAX_ACTIONS = 128;
const MAX_SEQUENCE = 999_999_999_999_999;

const timeWords = 'must be: a time of RFC 3339, e.g. 2026-03-02T09:14:07Z, or a day';
const Time = z
  .union([z.iso.datetime({ offset: true }), z.iso.date()], timeWords)
  // The log begins after 1970: an earlier time is that of no event, and the store keeps none.
  .transform((text) => Math.max(Date.parse(text), 0));

const idWords = 'must be: an id of 1 to 512 characters';
const Id = z.string(idWords).min(1, idWords).max(512, idWords);

const actionWords =
  'must be: actions of the catalogue, historical names of them, or the like with one *';
const Actions = textListParameter(z.string(actionWords).max(128, actionWords), actionWords)
  .transform((names) => names.map(actionsNamed))
  .refine((found) => found.every((actions) => actions.length > 0), actionWords)
  .transform((found) => [...new Set(found.flat())]);

const cursorWords = 'must be: the cursor of a page, or the place of an event in the log';
const lastWords = 'must be: an integer between 0 and 1000 (inclusive)';
const textWords = 'must be: 1 to 256 characters';

/** Parameters of a search. None is passed over: a filter that is misspelt must not find everything. */
export const EventQuery = z.strictObject({
  since: Time.optional().describe('Only events from this time on.'),
  until: Time.optional().describe('Only events before this time.'),
  action: Actions.optional().describe(
    'Actions, as a list or repeated; historical names count, and one `*` stands for any text.',
  ),
  severity: textListParameter(
    z.enum(SEVERITIES, `must be: ${SEVERITIES.join(', ')}`),
    `must be: ${SEVERITIES.join(', ')}`,
  )
    .optional()
    .describe('Severities, as a list or repeated.'),
  outcome: textListParameter(
    z.enum(['success', 'failure'], 'must be: success, failure'),
    'must be: success, failure',
  )
    .optional()
    .describe('Outcomes.'),
  initiator: Id.optional().describe('`initiator.id` of the event.'),
  target: Id.optional().describe('The CRN of the target, or the id at its end.'),
  adapter: Id.optional().describe('The id of the adapter that the request belongs to.'),
  correlation_id: Id.optional().describe('Of the API request or KMIP message.'),
  text: z
    .string(textWords)
    .min(1, textWords)
    .max(256, textWords)
    .optional()
    .describe('Stands somewhere in the event, whatever the case of its letters. Not indexed.'),
  order: z
    .enum(['newest-first', 'oldest-first'], 'must be: newest-first, oldest-first')
    .optional()
    .describe('`newest-first` unless told; what is streamed is `oldest-first`.'),
  cursor: z
    .preprocess(
      (value) => (typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value),
      z.int(cursorWords).min(0, cursorWords).max(MAX_SEQUENCE, cursorWords),
    )
    .optional()
    .describe(
      'Goes on behind a page (`metadata.nextCursor`), or after that place in the log; what is followed begins there.',
    ),
  last: z
    .preprocess(
      (value) => (typeof value === 'string' && /^\d{1,4}$/.test(value) ? Number(value) : value),
      z.int(lastWords).min(0, lastWords).max(1000, lastWords),
    )
    .optional()
    .describe('Streams only: begins with so many of the newest events that match.'),
  limit: integerParameter({ min: 1, max: 1000, default: 100 }).describe(
    'How many events to answer. What is streamed has no limit.',
  ),
});
export type EventQuery = z.output<typeof EventQuery>;

/** The conditions of a search, without where it begins and ends. */
export function searchOf(query: EventQuery): Omit<EventSearch, 'limit'> {
  const { since, until, action, severity, outcome } = query;
  return {
    since,
    until,
    // Everything at once is no condition, and more than the store takes.
    actions: action !== undefined && action.length > MAX_ACTIONS ? undefined : action,
    severities: severity,
    outcomes: outcome,
    initiatorId: query.initiator,
    targetId: query.target,
    adapterId: query.adapter,
    correlationId: query.correlation_id,
    text: query.text,
  };
}

/** What the event of a reading tells: values of closed sets, and of the others that they were given. */
export function searchFacts(query: EventQuery) {
  const { since, until, severity, outcome, order } = query;
  const names = ['action', 'initiator', 'target', 'adapter', 'correlation_id', 'text'] as const;
  const filteredBy = names.filter((name) => query[name] !== undefined);
  return {
    ...(since === undefined ? {} : { since: new Date(since).toISOString() }),
    ...(until === undefined ? {} : { until: new Date(until).toISOString() }),
    ...(severity === undefined ? {} : { severities: severity }),
    ...(outcome === undefined ? {} : { outcomes: outcome }),
    ...(order === undefined ? {} : { order }),
    ...(filteredBy.length === 0 ? {} : { filteredBy }),
  };
}
