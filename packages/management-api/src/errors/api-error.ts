import { API_ERRORS, type ApiErrorCode } from './api-errors.ts';

/** The part of a request that is wrong. */
export interface ErrorTarget {
  readonly type: 'field' | 'query_param' | 'header';
  readonly name: string;
}

export interface ApiErrorOptions extends ErrorOptions {
  readonly target?: ErrorTarget | undefined;
}

/**
 * The error by which the API refuses a request. `message` is a sentence that is safe to show: what was
 * wrong and what to do. It never repeats what a client sent unless that was checked before.
 */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: ApiErrorCode;
  readonly target: ErrorTarget | undefined;

  constructor(code: ApiErrorCode, message: string, options: ApiErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.target = options.target;
  }

  /** HTTP status of the answer. */
  get status(): number {
    return API_ERRORS[this.code].status;
  }
}

/** A field of the body that cannot be taken. */
export function invalidField(name: string, message: string, options?: ErrorOptions): ApiError {
  return new ApiError('INVALID_FIELD_ERR', message, {
    ...options,
    target: { type: 'field', name },
  });
}
