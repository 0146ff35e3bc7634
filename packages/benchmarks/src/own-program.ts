import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The path of another program of this package, built as this module is.
 *
 * @param name - Below `src`, without extension, e.g. `load/main`.
 */
export function ownProgram(name: string): string {
  return fileURLToPath(new URL(`./${name}${extname(import.meta.url)}`, import.meta.url));
}
