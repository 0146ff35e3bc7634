import type { Change, CommitOutcome } from './unit-of-work.ts';

/** Why a unit did not happen. */
export type Refusal = Exclude<CommitOutcome, { readonly kind: 'committed' }>;

/** The change of one kind. */
export type ChangeOf<K extends Change['kind']> = Extract<Change, { readonly kind: K }>;
