/** From any error to what a person is told: one sentence that says what to do, and the exit code. */
import { AuditLogError } from '@claviger/audit-log';
import { KeyHierarchyError } from '@claviger/key-hierarchy';
import { StoreError, type StoreErrorCode } from '@claviger/key-store';
import { KmipClientError, type KmipClientErrorCode } from '@claviger/kmip-client';
import { ClavigerError } from '@claviger/kmip-protocol';
import { PkiError } from '@claviger/pki';
import { CommanderError } from 'commander';
import { ApiRefusal } from './api-client/api-refusal.ts';
import type { ExitReason } from './exit-code.ts';
import { Failure } from './failure.ts';

export interface FailureDescription {
  readonly reason: ExitReason;
  /** Empty when everything was said already. */
  readonly message: string;
  /** Reason code of the API, if it was the API that refused. */
  readonly code?: string;
}

const STORE_REASONS = {
  overloaded: 'failure',
  unavailable: 'data',
  'newer-version': 'data',
  corrupt: 'data',
  'cannot-open': 'data',
  invalid: 'failure',
} as const satisfies Record<StoreErrorCode, ExitReason>;

const CLIENT_REASONS = {
  'connect-failed': 'unreachable',
  'tls-refused': 'unreachable',
  timeout: 'unreachable',
  closed: 'unreachable',
  'malformed-response': 'failure',
  'operation-failed': 'refused',
} as const satisfies Record<KmipClientErrorCode, ExitReason>;

export function describeFailure(error: unknown): FailureDescription {
  if (error instanceof Failure) return { reason: error.reason, message: error.message };
  if (error instanceof ApiRefusal) {
    const { reason, message, code } = error;
    if (code === undefined) return { reason, message: sentence(message) };
    return { reason, message: `${sentence(message)} (${code})`, code };
  }
  if (error instanceof CommanderError) {
    // Commander has printed its message, or the help that was asked for.
    return { reason: error.exitCode === 0 ? 'success' : 'usage', message: '' };
  }
  const diskFault = diskFaultOf(error);
  if (diskFault !== undefined) {
    const { what, advice } = diskFault;
    return {
      reason: 'data',
      message: `${what}: ${sentence(messageOf(error))} ${advice} and start again; nothing was overwritten.`,
    };
  }
  if (error instanceof StoreError) {
    return { reason: STORE_REASONS[error.code], message: sentence(error.message) };
  }
  if (error instanceof KmipClientError) {
    return { reason: CLIENT_REASONS[error.code], message: sentence(error.message) };
  }
  if (error instanceof KeyHierarchyError || error instanceof PkiError) {
    const isInaccessible = error.code === 'key-file-inaccessible' || error.code === 'inaccessible';
    const advice = isInaccessible ? ' Check its owner, its permissions and the disk.' : '';
    return { reason: 'data', message: sentence(error.message) + advice };
  }
  if (error instanceof AuditLogError) {
    return { reason: 'data', message: sentence(error.message) };
  }
  if (error instanceof ClavigerError) {
    return { reason: 'refused', message: sentence(error.message) };
  }
  return {
    reason: 'failure',
    message: `This is a defect of Claviger: ${sentence(messageOf(error))} Run the command again with --verbose and report what it says.`,
  };
}

/** Errors of libraries begin in lower case and have no full stop. */
function sentence(message: string): string {
  const trimmed = message.trim();
  const capital = /^[a-z]+ /.test(trimmed) ? trimmed.charAt(0).toUpperCase() : trimmed.charAt(0);
  return `${capital}${trimmed.slice(1)}${/[.!?]$/.test(trimmed) ? '' : '.'}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

interface DiskFault {
  readonly what: string;
  readonly advice: string;
}

const FULL: DiskFault = { what: 'The disk is full', advice: 'Make room' };

/** By the codes of the operating system. */
const DISK_FAULTS: ReadonlyMap<unknown, DiskFault> = new Map([
  ['ENOSPC', FULL],
  ['EDQUOT', FULL],
  ['EROFS', { what: 'The disk is read-only', advice: 'Find out why, mount it for writing' }],
]);

function diskFaultOf(error: unknown): DiskFault | undefined {
  for (let at = error; at instanceof Error; at = at.cause) {
    const fault = 'code' in at ? DISK_FAULTS.get(at.code) : undefined;
    if (fault !== undefined) return fault;
  }
  return undefined;
}
