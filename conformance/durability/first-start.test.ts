/** Promise: a first start that is cut short leaves nothing that stands in the way of the next. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { clientOf } from '../gateway-client.ts';
import { killWhileStarting, startGateway } from '../gateway-process.ts';
import { createRandom } from '../seeded-random.ts';

const KILLS = 4;
const LONGEST_MS = 1500;

describe('a gateway whose first start is killed again and again', () => {
  const seed = Date.now() % 1_000_000;

  it(`starts all the same, and works (seed ${seed})`, async () => {
    const random = createRandom(seed);
    const dataDirectory = mkdtempSync(join(tmpdir(), 'claviger-first-start-'));
    try {
      for (let kill = 0; kill < KILLS; kill++) {
        await killWhileStarting(dataDirectory, random.integer(0, LONGEST_MS));
      }
      const gateway = await startGateway({ dataDirectory });
      const client = clientOf(gateway);
      const id = await client.create({ algorithm: 'AES', lengthBits: 256, usage: ['Encrypt'] });
      expect((await client.get(id)).material).toHaveLength(32);
      await client.close();
      await gateway.stop();
    } finally {
      rmSync(dataDirectory, { recursive: true, force: true });
    }
  });
});
