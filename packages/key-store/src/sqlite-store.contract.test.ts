import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { describeKeyStore } from './key-store.contract.ts';
import { openSqliteKeyStore } from './sqlite-store.ts';

const directory = mkdtempSync(join(tmpdir(), 'claviger-key-store-'));
let stores = 0;

afterAll(() => rmSync(directory, { recursive: true }));

describeKeyStore('the SQLite store', () => {
  stores += 1;
  return openSqliteKeyStore({ path: join(directory, `${stores}.db`) });
});
