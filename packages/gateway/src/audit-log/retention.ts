/**
 * Deletes events that are older than they are kept: only those that a checkpoint seals and that every sink
 * has. Their hashes stay, and so the log can still be verified; what was deleted stands in the log.
 */
import type { Change } from '@claviger/key-store';
import { type Administrator, commitDeeds } from '../administration/administrator.ts';
import type { Installation } from '../installation.ts';

export interface RetentionRule {
  readonly days: number;
  /** Names of the sinks of the configuration: one that was not served yet has nothing. */
  readonly sinks: readonly string[];
}

export interface RetentionPlan {
  /** Events before this are too old; milliseconds since the epoch. */
  readonly before: number;
  /** Sequence of the oldest event there is. */
  readonly firstSequence: number;
  /** Events up to and with this one go; less than `firstSequence` when none does. */
  readonly upTo: number;
  /** What keeps events that are too old; undefined when nothing does. */
  readonly heldBy: RetentionHold | undefined;
}

export type RetentionHold =
  | { readonly kind: 'not-sealed'; readonly after: number }
  | {
      readonly kind: 'not-delivered';
      readonly sink: string;
      readonly after: number;
      /** One of the configuration, or one that was left behind. */
      readonly isConfigured: boolean;
    };

const DAY_MS = 24 * 60 * 60 * 1000;
/** The store deletes whole blocks, and so many at once; each time with an event of its own. */
const BLOCK_EVENTS = 1_024;
const STEP_EVENTS = 4 * BLOCK_EVENTS;

/** What would be deleted now. */
export async function planRetention(
  { store, ambient }: Pick<Installation, 'store' | 'ambient'>,
  { days, sinks }: RetentionRule,
): Promise<RetentionPlan> {
  const before = ambient.clock.now() - days * DAY_MS;
  const { firstSequence, lastSequence } = await store.readLogExtent();
  // Up to the first young one: where the clock had jumped, nothing goes that stands behind it.
  const young = await store.queryEvents({ order: 'oldest-first', limit: 1, since: before });
  const old = (young.events[0]?.sequence ?? lastSequence + 1) - 1;
  const checkpoint = await store.newestCheckpoint();
  const cursors = new Map((await store.listSinkCursors()).map((it) => [it.name, it.sequence]));
  const holds: RetentionHold[] = [
    { kind: 'not-sealed', after: checkpoint?.size ?? 0 },
    ...[...new Set([...sinks, ...cursors.keys()])].map((sink): RetentionHold => {
      const isConfigured = sinks.includes(sink);
      return { kind: 'not-delivered', sink, after: cursors.get(sink) ?? 0, isConfigured };
    }),
  ];
  const tightest = holds.reduce((one, other) => (other.after < one.after ? other : one));
  const upTo = Math.floor(Math.min(old, tightest.after) / BLOCK_EVENTS) * BLOCK_EVENTS;
  return { before, firstSequence, upTo, heldBy: tightest.after < old ? tightest : undefined };
}

/**
 * Deletes what the plan says, a few blocks in a commit, each with its event.
 *
 * @returns how many events were deleted.
 * @throws ClavigerError when the store refuses, e.g. because a new sink has not been served.
 */
export async function carryOutRetention(
  installation: Installation,
  administrator: Administrator,
  { firstSequence, upTo, before }: RetentionPlan,
): Promise<number> {
  let from = firstSequence;
  while (from <= upTo) {
    const to = Math.min(upTo, from - 1 + STEP_EVENTS);
    const change: Change = { kind: 'forget-events', upTo: to };
    await commitDeeds(
      installation,
      administrator,
      {
        changes: [change],
        deeds: [
          {
            action: 'claviger.audit-events.delete',
            target: { kind: 'instance', name: `${from}-${to}` },
            requestData: {
              firstSequence: from,
              lastSequence: to,
              olderThan: new Date(before).toISOString(),
            },
          },
        ],
      },
      () => 'A sink or a checkpoint does not cover these events any more. Try again.',
    );
    from = to + 1;
  }
  return Math.max(0, from - firstSequence);
}
