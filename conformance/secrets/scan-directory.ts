/** Looks for secrets in every file below a directory. */

import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type Form, findForms } from './forms.ts';

export interface Scan {
  /** Paths of the files that were read, relative to the directory. */
  readonly files: readonly string[];
  /** Where which form was found. */
  readonly finds: readonly string[];
}

/** @throws Error when a file cannot be read: what was not searched proves nothing. */
export function scanDirectory(directory: string, forms: readonly Form[]): Scan {
  const paths = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return {
    files: paths.map((path) => relative(directory, path)),
    finds: paths.flatMap((path) =>
      findForms(readFileSync(path), forms).map((form) => `${relative(directory, path)}: ${form}`),
    ),
  };
}
