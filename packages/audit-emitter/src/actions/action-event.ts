/**
 * A typed builder for each action of the catalogue: what the action documents must be there, and nothing
 * else may. Wrong or missing fields do not compile; what gets past the types is refused when it is built.
 */
import { type AuditAction, actionDefinition } from '../catalogue/actions.ts';
import type { HPCS_ACTIONS, HpcsAction } from '../catalogue/hpcs-actions.ts';
import type { AuditEmitter, TargetInput } from '../emitter.ts';
import type { AuditEvent } from '../event.ts';
import { isPlainObject, type JsonObject } from '../event-data.ts';
import { fitsField } from '../field-check.ts';
import type { Initiator } from '../initiator.ts';
import type { FailureCode, SuccessCode } from '../reason.ts';
import type { DataPart, FailureData, SuccessData } from './action-data.ts';
import { checkFailure, type RegisteredAction } from './failure-rule.ts';
import { FAILURE_FIELDS, fieldRulesOf } from './field-presence.ts';
import { type ActionTarget, targetOf } from './target-rule.ts';

/** A part that has no field of its own may be left out. */
type Part<Name extends DataPart, Data> =
  Record<never, never> extends Data
    ? { readonly [K in Name]?: Data }
    : { readonly [K in Name]: Data };

type Correlation<A extends AuditAction> = A extends HpcsAction
  ? (typeof HPCS_ACTIONS)[A]['correlationIdSupported'] extends false
    ? { readonly correlationId?: undefined }
    : { readonly correlationId: string }
  : { readonly correlationId: string };

export type ActionSuccess<A extends AuditAction> = Part<
  'requestData',
  SuccessData<A, 'requestData'>
> &
  Part<'responseData', SuccessData<A, 'responseData'>> & {
    readonly outcome: 'success';
    /** 200 unless the interface answered otherwise. */
    readonly reasonCode?: SuccessCode;
  };

export type ActionFailure<A extends AuditAction> = Part<
  'requestData',
  FailureData<A, 'requestData'>
> &
  Part<'responseData', Omit<FailureData<A, 'responseData'>, 'reasonForFailure' | 'resourceCRN'>> & {
    readonly outcome: 'failure';
    readonly reasonCode: FailureCode;
    /** A sentence that is safe to show. */
    readonly reasonText: string;
    /**
     * The resource whose service did not carry out the action (408 and 409). The reason stands in
     * `responseData` then, beside this CRN.
     */
    readonly resourceCRN?: A extends RegisteredAction ? string : undefined;
  };

/** What tells of one action. */
export type ActionFacts<A extends AuditAction> = ActionTarget<A> &
  Correlation<A> &
  (ActionSuccess<A> | ActionFailure<A>) & {
    readonly initiator: Initiator;
    /** Path of the API request, or `kmip://host:port` of the listener. */
    readonly requestURI: string;
  };

/** The facts without what makes them an action's own. */
interface LooseFacts {
  readonly outcome: 'success' | 'failure';
  readonly initiator: Initiator;
  readonly requestURI: string;
  readonly target?: TargetInput | { readonly id: string } | undefined;
  readonly correlationId?: string | undefined;
  readonly reasonCode?: number;
  readonly reasonText?: string;
  readonly resourceCRN?: string | undefined;
  readonly requestData?: JsonObject;
  readonly responseData?: JsonObject;
}

/**
 * Builds the event of an action; nothing is written.
 *
 * @returns undefined for an extension action when the emitter has those turned off.
 * @throws TypeError naming the field when the facts are not those of the action, or hold what an event
 * must not (see `AuditEmitter.build`): a mistake in the calling program.
 */
export function buildActionEvent<A extends AuditAction>(
  emitter: AuditEmitter,
  action: A,
  facts: ActionFacts<A>,
): AuditEvent | undefined {
  // The types of one action, widened to what all have in common: everything is checked again below.
  const loose = facts as LooseFacts;
  const { initiator, requestURI, requestData = {} } = loose;
  const responseData = responseDataOf(action, loose);
  checkData(action, loose.outcome, { requestData, responseData });
  return emitter.build({
    action,
    outcome: outcomeOf(facts),
    initiator,
    target: targetOf(action, loose.target, requestData),
    correlationId: correlationIdOf(action, loose.correlationId),
    requestURI,
    requestData,
    responseData,
  });
}

function outcomeOf<A extends AuditAction>(facts: ActionFacts<A>) {
  if (facts.outcome === 'success') {
    return { kind: 'success', reasonCode: facts.reasonCode } as const;
  }
  const { reasonCode, reasonText } = facts;
  return { kind: 'failure', reasonCode, reasonText } as const;
}

function correlationIdOf(action: AuditAction, correlationId: string | undefined): string {
  if (!actionDefinition(action).correlationIdSupported) {
    if (correlationId === undefined) return ''; // the emitter leaves it out
    throw new TypeError(`${action}: correlationId is not supported.`);
  }
  if (correlationId === undefined || correlationId === '') {
    throw new TypeError(`${action}: correlationId is missing.`);
  }
  return correlationId;
}

/** The data of the answer, with the reason where failures on keys with registrations have it. */
function responseDataOf(action: AuditAction, facts: LooseFacts): JsonObject {
  const { responseData = {}, resourceCRN, reasonText = '' } = facts;
  if (facts.outcome === 'success') return responseData;
  const canNameResource = fieldRulesOf(action)?.allowed.has('responseData.resourceCRN') ?? false;
  checkFailure(action, facts.reasonCode, canNameResource, resourceCRN);
  if (resourceCRN === undefined) return responseData;
  return { ...responseData, reasonForFailure: reasonText, resourceCRN };
}

function checkData(
  action: AuditAction,
  outcome: 'success' | 'failure',
  data: Readonly<Record<DataPart, JsonObject>>,
): void {
  const rules = fieldRulesOf(action);
  if (rules === undefined) return;
  const given = new Map<string, unknown>();
  for (const [part, value] of Object.entries(data)) collect(part, value, given);

  for (const [path, value] of given) {
    const type = rules.allowed.get(path);
    if (type === undefined) throw new TypeError(`${action}: ${path} is no field of the action.`);
    if (!fitsField(path, type, value))
      throw new TypeError(`${action}: ${path} must be of type ${type}.`);
  }
  if (outcome === 'failure') return;
  for (const path of FAILURE_FIELDS) {
    if (given.has(path)) throw new TypeError(`${action}: ${path} is for failures only.`);
  }
  checkNeeded(action, rules.needed, given);
}

/** Of several lists, the one that something was given of counts. */
function checkNeeded(
  action: AuditAction,
  needed: readonly (readonly string[])[],
  given: ReadonlyMap<string, unknown>,
): void {
  const meant =
    needed.length === 1 ? needed : needed.filter((g) => g.some((path) => given.has(path)));
  if (meant.length !== 1) {
    throw new TypeError(`${action}: the fields of exactly one policy must be given.`);
  }
  const missing = meant[0]?.find((path) => !given.has(path));
  if (missing !== undefined) throw new TypeError(`${action}: ${missing} is missing.`);
}

/** The paths of a part down to what is no object. */
function collect(path: string, value: unknown, into: Map<string, unknown>): void {
  if (!isPlainObject(value)) return void into.set(path, value);
  for (const [name, item] of Object.entries(value)) {
    if (item !== undefined) collect(`${path}.${name}`, item, into);
  }
}
