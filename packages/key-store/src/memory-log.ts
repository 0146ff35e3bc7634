/** Checkpoints and retention of the reference model. */
import { MAX_FORGOTTEN_BLOCKS } from './apply-log-change.ts';
import { blockOf } from './event-blocks.ts';
import type { EventPage, EventSearch } from './event-search.ts';
import { checkEventSearch, matchesSearch } from './event-search.ts';
import { conflict, refused, type State, type Step } from './memory-state.ts';
import { BLOCK_EVENTS } from './positions.ts';
import type { ChangeOf } from './refusal.ts';

export function appendCheckpoint(
  state: State,
  { checkpoint }: ChangeOf<'append-checkpoint'>,
): Step {
  const { size } = checkpoint;
  const isNewest = size > newestSize(state) && size <= state.head.sequence;
  if (!isNewest) return conflict(`checkpoint ${size}`);
  return { state: { ...state, checkpoints: [...state.checkpoints, checkpoint] } };
}

export function forgetEvents(state: State, { upTo }: ChangeOf<'forget-events'>): Step {
  const slowest = Math.min(...[...state.cursors.values()].map(({ sequence }) => sequence));
  if (upTo > newestSize(state) || upTo > slowest) {
    return refused({ kind: 'in-use', what: 'events' });
  }
  const [first] = state.events;
  if (first === undefined) return { state };
  const begin = blockOf(first.sequence);
  const end = Math.min(Math.floor(upTo / BLOCK_EVENTS), begin + MAX_FORGOTTEN_BLOCKS);
  const events = state.events.filter(({ sequence }) => blockOf(sequence) >= end);
  return { state: { ...state, events } };
}

/** What a search answers, without the bound on how much it looks at. */
export function searchModel(state: State, search: EventSearch): EventPage {
  checkEventSearch(search);
  const { beforeSequence = Infinity, afterSequence = 0, limit } = search;
  const inOrder = search.order === 'oldest-first' ? state.events : state.events.toReversed();
  const found = inOrder
    .filter(({ sequence }) => sequence > afterSequence && sequence < beforeSequence)
    .filter((event) => matchesSearch(event, search));
  const events = found.slice(0, limit);
  return { events, nextSequence: found.length > limit ? events.at(-1)?.sequence : undefined };
}

function newestSize(state: State): number {
  return state.checkpoints.at(-1)?.size ?? 0;
}
