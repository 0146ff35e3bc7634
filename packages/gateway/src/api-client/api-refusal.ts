import { STATUS_CODES } from 'node:http';
import { z } from 'zod';
import type { ExitReason } from '../exit-code.ts';
import type { ApiAnswer } from './api-connection.ts';

/** The API has understood and refused a call. `message` is the API's own sentence. */
export class ApiRefusal extends Error {
  override readonly name = 'ApiRefusal';
  readonly status: number;
  /** Reason code, e.g. `KMIP_CERT_DUPLICATE_ERR`; undefined when the API gave none, as with 401. */
  readonly code: string | undefined;

  constructor(status: number, code: string | undefined, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }

  /** How a command ends by it. */
  get reason(): ExitReason {
    return this.status >= 500 ? 'failure' : 'refused';
  }
}

const Refusal = z.object({
  resources: z
    .array(
      z.object({
        errorMsg: z.string(),
        reasons: z.array(z.object({ code: z.string(), message: z.string() })).optional(),
      }),
    )
    .min(1),
});

const NOT_ALLOWED =
  'The API does not let you do this: its role does not allow it, the API key was revoked, the token has expired, or the instance is another.';

/** Puts an answer that is no success into words. */
export function refusalIn({ status, body }: ApiAnswer): ApiRefusal {
  const parsed = Refusal.safeParse(body);
  const first = parsed.success ? parsed.data.resources[0] : undefined;
  const reason = first?.reasons?.[0];
  if (reason !== undefined) return new ApiRefusal(status, reason.code, reason.message);
  if (status === 401) return new ApiRefusal(status, undefined, NOT_ALLOWED);
  const phrase = STATUS_CODES[status] ?? 'no known status';
  return new ApiRefusal(
    status,
    undefined,
    first?.errorMsg ?? `The API answered ${status} (${phrase}) without a reason.`,
  );
}
