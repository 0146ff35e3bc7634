/** Words a request that does not fit its schema as Key Protect does. */

import { ApiError } from './api-error.ts';
import { API_ERRORS, type ApiErrorCode } from './api-errors.ts';

/** What a schema found, as the type provider hands it over. */
interface Issue {
  readonly keyword: string;
  readonly instancePath: string;
  readonly message?: string | undefined;
  readonly params?: unknown;
}

/** Names that may be repeated to the client: anything else may be a secret in the wrong place. */
const HARMLESS_NAME = /^[\w.-]{1,64}$/;
/** Of the resource in an envelope, or of a body without one. */
const FIELD = /^\/(?:resources\/\d+\/)?(?!(?:metadata|resources)\b)(?<field>\w+)/;

/**
 * @param part - `body`, `querystring`, `params` or `headers`; the body unless told.
 * @param issues - At least one; the first decides.
 */
export function validationError(part: string | undefined, issues: readonly Issue[]): ApiError {
  const [issue] = issues;
  const message = `${issue?.message ?? 'The request is not as it should be.'}`;
  if (issue === undefined) return new ApiError('BAD_BODY_ERR', message);
  if (part === 'querystring' && issue.keyword === 'unrecognized_keys') {
    const name = nameIn(issue.params);
    return new ApiError('INVALID_QUERY_PARAM_ERR', `'${name}' is no parameter of this request`, {
      target: { type: 'query_param', name },
    });
  }
  if (part === 'querystring') {
    const name = issue.instancePath.split('/')[1] ?? '';
    return new ApiError('INVALID_QUERY_PARAM_ERR', `'${name}' ${message}`, {
      target: { type: 'query_param', name },
    });
  }
  if (issue.keyword === 'unrecognized_keys') {
    return new ApiError('BAD_BODY_ERR', `json: unknown field "${nameIn(issue.params)}"`);
  }
  const stated = statedCode(issue.params);
  if (stated !== undefined) return new ApiError(stated, message);
  const field = FIELD.exec(issue.instancePath)?.groups?.['field'];
  if (field === undefined) {
    const where = issue.instancePath.slice(1).replaceAll('/', '.') || 'the body';
    return new ApiError('BAD_BODY_ERR', `${where}: ${message}`);
  }
  return new ApiError('INVALID_FIELD_ERR', `'${field}' ${message}`, {
    target: { type: 'field', name: field },
  });
}

/** The name of the first unknown field, if it can be repeated. */
function nameIn(params: unknown): string {
  const keys: unknown = Object(params).keys;
  const name: unknown = Array.isArray(keys) ? keys[0] : undefined;
  return typeof name === 'string' && HARMLESS_NAME.test(name) ? name : '(not shown)';
}

/** A schema may state the reason code of what it refuses, as `params: { code }` of a refinement. */
function statedCode(params: unknown): ApiErrorCode | undefined {
  const code: unknown = Object(Object(params).params).code;
  return typeof code === 'string' && isApiErrorCode(code) ? code : undefined;
}

function isApiErrorCode(text: string): text is ApiErrorCode {
  return Object.hasOwn(API_ERRORS, text);
}
