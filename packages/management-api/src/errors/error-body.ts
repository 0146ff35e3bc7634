import { z } from 'zod';
import type { ApiError } from './api-error.ts';
import { reasonPhrase } from './api-errors.ts';

const MORE_INFO = 'https://cloud.ibm.com/apidocs/key-protect';

const Reason = z.object({
  code: z.string(),
  message: z.string(),
  // A number: as a text it would make IBM's Go SDK drop the whole error.
  status: z.int(),
  moreInfo: z.string(),
  target: z
    .object({ type: z.enum(['field', 'query_param', 'header']), name: z.string() })
    .optional(),
});

/** The body of every refusal. */
export const ErrorBody = z
  .object({
    metadata: z.object({
      collectionType: z.literal('application/vnd.ibm.kms.error+json'),
      collectionTotal: z.literal(1),
    }),
    resources: z
      .array(z.object({ errorMsg: z.string(), reasons: z.array(Reason).optional() }))
      .length(1),
  })
  .meta({ id: 'Error', description: 'A refusal with its reason.' });
export type ErrorBody = z.output<typeof ErrorBody>;

const COLLECTION = {
  collectionType: 'application/vnd.ibm.kms.error+json',
  collectionTotal: 1,
} as const;

/**
 * Words a refusal as Key Protect does. The code stands in `errorMsg` as well, since some clients show
 * nothing else; a 401 has no reasons.
 *
 * @param failed - What did not come about, e.g. `KMIP adapter could not be created`.
 */
export function errorBody(error: ApiError, failed: string): ErrorBody {
  const phrase = reasonPhrase(error.code);
  if (error.code === 'UNAUTHORIZED_ERR') {
    const errorMsg = `${phrase}: The user does not have access to the specified resource`;
    return { metadata: COLLECTION, resources: [{ errorMsg }] };
  }
  const reason = {
    code: error.code,
    message: error.message,
    status: error.status,
    moreInfo: MORE_INFO,
    ...(error.target === undefined ? {} : { target: { ...error.target } }),
  };
  const errorMsg = `${phrase}: ${failed}: Please see \`reasons\` for more details (${error.code})`;
  return { metadata: COLLECTION, resources: [{ errorMsg, reasons: [reason] }] };
}
