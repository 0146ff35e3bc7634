/** One row of `expected-steps.ts`: what PyKMIP reports of a step, and what reaches the server. */

import { expect } from 'vitest';
import type { PykmipVersion, Step } from './run-pykmip.ts';

/** A request that reaches the server, by the operation's name in KMIP's XML encoding. */
export interface ExpectedRequest {
  readonly operation: string;
  readonly outcome: 'success' | 'failure';
}

export interface ExpectedStep {
  readonly row: Step;
  readonly requests: readonly ExpectedRequest[];
}

/** Result Reasons in 1.x and in 2.0. */
const REASONS = {
  unknownObject: ['ITEM_NOT_FOUND', 'OBJECT_NOT_FOUND'], // 1.4 §11.12, 2.0 §6.1.19
  wrongState: ['PERMISSION_DENIED', 'WRONG_KEY_LIFECYCLE_STATE'], // 1.4 §11.20 and §11.22, 2.0 §6.1.1
  notActive: ['ILLEGAL_OPERATION', 'WRONG_KEY_LIFECYCLE_STATE'], // 1.4 §11.21, 2.0 §6.1.40
  destroyedAlready: ['PERMISSION_DENIED', 'OBJECT_DESTROYED'], // 1.4 §11.22, 2.0 §6.1.15
  materialGone: ['ITEM_NOT_FOUND', 'OBJECT_DESTROYED'], // 1.4 §11.12, 2.0 §9.18
  nameTaken: ['INVALID_FIELD', 'NON_UNIQUE_NAME_ATTRIBUTE'], // 1.4 §11.2, 2.0 §6.1.8
  badValue: ['INVALID_FIELD', 'INVALID_FIELD'], // 1.4 §11.2, 2.0 §6.1.8
} as const;

/** The server does it, and PyKMIP reads the answer. */
export function done(step: string, operation: string, value: unknown = null): ExpectedStep {
  return { row: { step, value }, requests: [{ operation, outcome: 'success' }] };
}

/** The server answers as it should, and PyKMIP cannot read it. */
export function unread(
  step: string,
  operation: string,
  clientError: string,
  outcome: ExpectedRequest['outcome'] = 'success',
): ExpectedStep {
  return {
    row: { step, clientError: expect.stringContaining(clientError) },
    requests: [{ operation, outcome }],
  };
}

/** PyKMIP does not get as far as asking. */
export function unsent(step: string, clientError: string): ExpectedStep {
  return { row: { step, clientError: expect.stringContaining(clientError) }, requests: [] };
}

/** A Result Reason as PyKMIP writes it. */
export function reason(version: PykmipVersion, why: keyof typeof REASONS): string {
  return REASONS[why][version === '2.0' ? 1 : 0];
}

/** Makes rows of refusals in a version. */
export function refusedIn(version: PykmipVersion) {
  return (step: string, operation: string, why: keyof typeof REASONS): ExpectedStep => ({
    row: { step, refused: reason(version, why) },
    requests: [{ operation, outcome: 'failure' }],
  });
}
