/** Tests with a client in Python, which not every machine can run. */

import { env } from 'node:process';
import { describe, it } from 'vitest';
import { preparePython } from './python-environment.ts';

/**
 * Describes a client. Where there is no Python for it, one skipped test says why; with `CI=true` that is
 * an error.
 *
 * @param folder - Path of the folder with the client's `requirements.txt`.
 * @param body - Declares the tests, for the interpreter at this path.
 */
export async function describeWithPython(
  client: string,
  folder: string,
  body: (python: string) => void,
): Promise<void> {
  const environment = await preparePython(folder);
  if (environment.kind === 'ready') {
    describe(client, () => body(environment.python));
  } else if (env['CI'] === 'true') {
    throw new Error(`CI has to try ${client} and cannot: ${environment.why}`);
  } else {
    it.skip(`${client} is not tried here: ${environment.why}`, () => {});
  }
}
