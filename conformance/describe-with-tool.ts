/** Tests with software that not every machine can run: clients in Python and in Go. */

import { env } from 'node:process';
import { describe, it } from 'vitest';
import { preparePython } from './python-environment.ts';

/** A program that a test needs. */
export type Tool =
  | { readonly kind: 'ready' /** Where it is. */; readonly path: string }
  | { readonly kind: 'missing' /** What this machine lacks. */; readonly why: string };

/**
 * Describes what takes a tool. Where that is missing, one skipped test says why; with `CI=true` that is an
 * error.
 *
 * @param body - Declares the tests, for the tool at this path.
 */
export function describeWithTool(what: string, tool: Tool, body: (path: string) => void): void {
  if (tool.kind === 'ready') {
    describe(what, () => body(tool.path));
  } else if (env['CI'] === 'true') {
    throw new Error(`CI has to try ${what} and cannot: ${tool.why}`);
  } else {
    it.skip(`${what} is not tried here: ${tool.why}`, () => {});
  }
}

/** The same for what the `requirements.txt` of a folder has; `body` gets the path of the interpreter. */
export async function describeWithPython(
  what: string,
  folder: string,
  body: (python: string) => void,
): Promise<void> {
  describeWithTool(what, await preparePython(folder), body);
}
