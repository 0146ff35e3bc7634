import { z } from 'zod';

/** What the echo answers with, by the length of the request. */
export const EchoPlan = z.object({
  /** Paths of PEM files. */
  cert: z.string(),
  key: z.string(),
  answers: z.array(z.object({ requestBytes: z.number(), answer: z.base64() })),
});
export type EchoPlan = z.infer<typeof EchoPlan>;
