import { STATUS_CODES } from 'node:http';
import { ERROR_CODES } from '@claviger/kmip-protocol';
import { describe, expect, it } from 'vitest';
import { ERROR_REASONS, FAILURE_REASONS, SUCCESS_REASONS } from './reason.ts';

describe('the reason of an event', () => {
  it('has words for every error code and for nothing else', () => {
    expect(Object.keys(ERROR_REASONS).sort()).toEqual([...ERROR_CODES].sort());
  });

  it('is an HTTP status with its phrase', () => {
    const reasons = [ERROR_REASONS, FAILURE_REASONS, SUCCESS_REASONS].flatMap((table) =>
      Object.values<{ readonly reasonCode: number; readonly reasonType: string }>(table),
    );
    for (const { reasonCode, reasonType } of reasons) {
      expect(STATUS_CODES[reasonCode]).toBe(reasonType);
    }
  });

  it.each([
    ['authentication-failed', 401],
    ['attestation-failed', 401],
    ['permission-denied', 403],
    ['item-not-found', 404],
    ['wrong-state', 409],
    ['already-destroyed', 409],
    ['root-key-unusable', 409],
    ['invalid-message', 400],
    ['missing-data', 400],
    ['operation-not-supported', 400],
    ['unsupported-protocol-version', 400],
    ['cryptographic-failure', 500],
    ['invalid-ticket', 400],
    ['invalid-correlation-value', 404],
    ['operation-canceled', 409],
    ['tag-length-not-supported', 400],
    ['invalid-certificate-request', 400],
    ['constraint-violation', 409],
    ['pkcs11-codec-error', 400],
    ['internal', 500],
    ['overloaded', 503],
    ['unavailable', 503],
  ] as const)('of %s is %i', (code, status) => {
    expect(ERROR_REASONS[code].reasonCode).toBe(status);
  });
});
