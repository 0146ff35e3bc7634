/**
 * Types of `requestData` and `responseData` by action, computed from the fields of the catalogue: the
 * catalogue is the only place where a field is written down.
 */
import type { FieldType } from '../catalogue/action-definition.ts';
import type { AuditAction } from '../catalogue/actions.ts';
import type { HPCS_ACTIONS, HpcsAction } from '../catalogue/hpcs-actions.ts';
import type { JsonObject } from '../event-data.ts';
import type { HpcsKeyState } from '../key-state.ts';
import type { FieldGroup, FieldGroupOf, OptionalFields } from './field-presence.ts';

export type DataPart = 'requestData' | 'responseData';

interface FieldValues {
  readonly string: string;
  readonly boolean: boolean;
  readonly integer: number;
  readonly 'date-time': string;
  readonly 'string-list': readonly string[];
}

type ValueOf<Path, Type> = Path extends `${string}.keyState`
  ? HpcsKeyState
  : Type extends FieldType
    ? FieldValues[Type]
    : never;

/** Fields that stand directly in the part. */
type Leaves<Fields, Part extends string> = {
  readonly [Path in keyof Fields as Path extends `${Part}.${infer Name}`
    ? Name extends `${string}.${string}`
      ? never
      : Name
    : never]: ValueOf<Path, Fields[Path]>;
};

/** Names of objects in the part that have fields: `initialValue`, `newValue`. */
type Branches<Fields, Part extends string> = {
  [Path in keyof Fields]: Path extends `${Part}.${infer Name}.${string}` ? Name : never;
}[keyof Fields];

type Tree<Fields, Part extends string> = Leaves<Fields, Part> & {
  readonly [Name in Branches<Fields, Part>]: Leaves<Fields, `${Part}.${Name}`>;
};

type DeepPartial<T> = {
  readonly [K in keyof T]?: T[K] extends readonly unknown[]
    ? T[K]
    : T[K] extends object
      ? DeepPartial<T[K]>
      : T[K];
};

type FieldsOf<A extends HpcsAction> = (typeof HPCS_ACTIONS)[A]['documentedFields'];
type SuggestionsOf<A extends HpcsAction> = (typeof HPCS_ACTIONS)[A]['suggestedFields'];

/** What a success must have and what it may have. */
type Needed<A extends HpcsAction> = Omit<FieldsOf<A>, OptionalFields<A>>;
type Allowed<A extends HpcsAction> = FieldsOf<A> & SuggestionsOf<A>;

type Whole<A extends HpcsAction, Part extends DataPart> = Tree<Needed<A>, Part> &
  DeepPartial<Tree<Allowed<A>, Part>>;

/** One of the groups as a whole, and nothing of the others. */
type OneGroup<A extends HpcsAction, Part extends DataPart> = {
  [Group in FieldGroupOf<A>]: Tree<
    Pick<FieldsOf<A>, FieldGroup<A, Group> & keyof FieldsOf<A>>,
    Part
  >;
}[FieldGroupOf<A>];

type HpcsData<A extends HpcsAction, Part extends DataPart> = [FieldGroupOf<A>] extends [never]
  ? Whole<A, Part>
  : Part extends 'requestData'
    ? OneGroup<A, Part>
    : Whole<A, Part>;

/** Data of a success. Extension actions have no fields of their own. */
export type SuccessData<A extends AuditAction, Part extends DataPart> = A extends HpcsAction
  ? HpcsData<A, Part>
  : JsonObject;

/** Data of a failure: what was known by then. */
export type FailureData<A extends AuditAction, Part extends DataPart> = A extends HpcsAction
  ? DeepPartial<Tree<Allowed<A>, Part>>
  : JsonObject;
