/** Puts the errors of the rooms, and of the framework, into the words of the API. */

import { KeyHierarchyError } from '@claviger/key-hierarchy';
import { StoreError } from '@claviger/key-store';
import { errorCodes } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { ApiError } from './api-error.ts';
import { validationError } from './validation-error.ts';

/**
 * The refusal for anything that was thrown. What nobody foresaw is `INTERNAL_ERR`: its own words stay in
 * `cause`, for the log.
 */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (hasZodFastifySchemaValidationErrors(error)) {
    return validationError(error.validationContext, error.validation);
  }
  if (error instanceof errorCodes.FST_ERR_CTP_BODY_TOO_LARGE) {
    return new ApiError('BAD_BODY_ERR', 'The body is larger than 128 KiB; send less.');
  }
  if (error instanceof errorCodes.FST_ERR_CTP_INVALID_CONTENT_LENGTH) {
    return new ApiError('BAD_BODY_ERR', 'The body is not as long as Content-Length says.');
  }
  if (error instanceof errorCodes.FST_ERR_BAD_URL) {
    return new ApiError('OPERATION_NOT_OFFERED_ERR', 'The path is not encoded correctly.');
  }
  if (error instanceof StoreError) return storeFailure(error);
  if (error instanceof KeyHierarchyError && error.code === 'closed') {
    return new ApiError('UNAVAILABLE_ERR', 'The service is stopping; try again later.', {
      cause: error,
    });
  }
  return new ApiError(
    'INTERNAL_ERR',
    'Something failed that should not; the log of the server has the details under this Correlation-Id.',
    { cause: error },
  );
}

function storeFailure(error: StoreError): ApiError {
  if (error.code === 'overloaded') {
    return new ApiError('OVERLOADED_ERR', 'Too much is being done at once; try again later.', {
      cause: error,
    });
  }
  if (error.code === 'invalid') {
    return new ApiError('INTERNAL_ERR', 'The store cannot do what the request needs.', {
      cause: error,
    });
  }
  return new ApiError('UNAVAILABLE_ERR', 'The store cannot be reached; try again later.', {
    cause: error,
  });
}

/** Makes a sentence of the words of an error, which have neither capital nor full stop. */
export function sentence(words: string): string {
  const text = words.charAt(0).toUpperCase() + words.slice(1);
  return text.endsWith('.') ? text : `${text}.`;
}
