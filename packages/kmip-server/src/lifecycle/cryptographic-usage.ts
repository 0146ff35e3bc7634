/**
 * Whether an object may be used for an operation now: its Cryptographic Usage Mask, its State, the two
 * dates that bound its use, and its Usage Limits (1.4 §3.19, §3.21, §3.22, §3.25, §3.26).
 */

import { attribute, ClavigerError, MASKS } from '@claviger/kmip-protocol';
import { attributeValue, type ManagedObject, withValues } from '../objects/managed-object.ts';
import type { FoundObject } from '../operations/operation-handler.ts';
import type { State } from './state.ts';

const { bits: USAGE } = MASKS.CryptographicUsageMask;

/** What an operation does with a key. */
export interface Usage {
  readonly bit: keyof typeof USAGE;
  /**
   * Applying protection (encrypt, sign, MAC, derive, wrap) needs an Active key. Processing what was protected
   * (decrypt, verify) is possible with a key that is Deactivated or Compromised: its data must be got back.
   */
  readonly purpose: 'protect' | 'process';
}

const STATES: Readonly<Record<Usage['purpose'], readonly State[]>> = {
  protect: ['Active'],
  process: ['Active', 'Deactivated', 'Compromised'],
};

/** @throws ClavigerError `usage-not-permitted`, `wrong-state`, `object-archived`. */
export function assertUsable({ object, state }: FoundObject, usage: Usage, now: number): void {
  const mask = attributeValue(object, 'CryptographicUsageMask') ?? 0;
  if ((mask & USAGE[usage.bit]) === 0) {
    throw new ClavigerError(
      'usage-not-permitted',
      `the Cryptographic Usage Mask of the object does not allow ${usage.bit}`,
    );
  }
  const allowed = STATES[usage.purpose];
  if (!allowed.includes(state)) {
    throw new ClavigerError(
      'wrong-state',
      `the object is ${state}; for this it must be ${allowed.join(' or ')}`,
    );
  }
  if (usage.purpose === 'protect') {
    const stop = attributeValue(object, 'ProtectStopDate');
    if (stop !== undefined && stop <= now) {
      throw new ClavigerError('wrong-state', 'the Protect Stop Date of the object has passed');
    }
  } else {
    const start = attributeValue(object, 'ProcessStartDate');
    if (start !== undefined && start > now) {
      throw new ClavigerError('wrong-state', 'the Process Start Date of the object is yet to come');
    }
  }
}

/**
 * Counts a use against the Usage Limits.
 *
 * @param bytes - that are protected.
 * @returns the object to be saved, or undefined when it has no limits.
 * @throws ClavigerError `usage-limit-exceeded`.
 */
export function countUse(object: ManagedObject, bytes: number): ManagedObject | undefined {
  const limits = attributeValue(object, 'UsageLimits');
  if (limits === undefined) return undefined;
  const used = limits.usageLimitsUnit === 'Object' ? 1n : BigInt(bytes);
  const left = (limits.usageLimitsCount ?? limits.usageLimitsTotal) - used;
  if (left < 0n) {
    throw new ClavigerError('usage-limit-exceeded', 'the Usage Limits of the object are used up');
  }
  return withValues(object, {
    UsageLimits: attribute('UsageLimits', { ...limits, usageLimitsCount: left }).value,
  });
}
