/** What has to come of a step of a Go program that speaks KMIP, and what such a program prints. */

import { z } from 'zod';

/**
 * `answer` has the operations that the server answered meanwhile, each with its Result Status or, of a
 * refusal, its Result Reason: `Create Success, Get ItemNotFound`. Behind an `!` is an error of the client.
 */
export type ExpectedStep = readonly [step: string, answer: string, value?: unknown];

const Step = z.strictObject({
  step: z.string(),
  answers: z.array(z.strictObject({ operation: z.string(), result: z.string() })),
  clientError: z.string().optional(),
  value: z.unknown().optional(),
});

/** One line of what a program prints. */
export type Step = z.infer<typeof Step>;

/** Reads what a program has printed. */
export function parseSteps(printed: string): readonly Step[] {
  return printed
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => Step.parse(JSON.parse(line)));
}

/** A step in the form of the expected ones. */
export function told({ step, answers, clientError, value }: Step): ExpectedStep {
  const parts = answers.map(({ operation, result }) => `${operation} ${result}`);
  if (clientError !== undefined) parts.push(`! ${clientError}`);
  const answer = parts.join(', ');
  return value === undefined ? [step, answer] : [step, answer, value];
}
