import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CACHE = fileURLToPath(new URL('../../../node_modules/.cache/', import.meta.url));

/**
 * A Python with PyKMIP, as the conformance tests make one (`conformance/pykmip`); undefined where they never
 * ran. PyKMIP's server needs `ssl.wrap_socket`, which Python 3.12 has no more.
 */
export function findPykmip(): string | undefined {
  if (!existsSync(CACHE)) return undefined;
  return readdirSync(CACHE)
    .filter((name) => /^claviger-pykmip-3\.11\.\d+-[0-9a-f]+$/.test(name))
    .map((name) => join(CACHE, name, 'bin', 'python'))
    .find((python) => existsSync(python));
}
