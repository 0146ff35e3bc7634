/**
 * Promise: the log proves itself, to programs that are not ours too. What `claviger audit` exports and
 * proves holds for the Go project's implementation of signed notes and transparency logs.
 */

import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWithTool } from '../describe-with-tool.ts';
import { readEvents } from '../event-log.ts';
import { type GatewayProcess, runClaviger, startGateway } from '../gateway-process.ts';
import { buildGoProgram } from '../go-toolchain.ts';

const TIMEOUT_MS = 120_000;
const API_KEYS = 5;
const PROVEN = 4;

describeWithTool(
  'an exported audit log, by golang.org/x/mod',
  await buildGoProgram(import.meta.dirname),
  (program) => {
    const directory = mkdtempSync(join(tmpdir(), 'claviger-audit-log-go-'));
    const dataDirectory = join(directory, 'data');
    const [bundle, proof] = [join(directory, 'export'), join(directory, 'proof.json')];
    let gateway: GatewayProcess | undefined;

    async function claviger(...args: readonly string[]): Promise<void> {
      const { exitCode, stderr } = await runClaviger([...args, '--data-dir', dataDirectory]);
      expect([exitCode, stderr]).toEqual([0, '']);
    }

    beforeAll(async () => {
      gateway = await startGateway({ dataDirectory });
      for (let count = 0; count < API_KEYS; count += 1) {
        await claviger('apikey', 'create', '--role', 'Reader');
        if (count === 2) await claviger('audit', 'rotate-key');
      }
      await claviger('audit', 'export', '--out', bundle);
      const event = (await readEvents(dataDirectory))[PROVEN - 1];
      await claviger('audit', 'prove', event?.id ?? '', '--out', proof);
    }, TIMEOUT_MS);
    afterAll(async () => {
      await gateway?.stop();
      rmSync(directory, { recursive: true });
    });

    const verify = () => promisify(execFile)(program, [bundle, proof]);

    it('is whole: its signature, its root, each checkpoint on the way, and the proof of an event', async () => {
      const events = readFileSync(join(bundle, 'events.jsonl'), 'utf8')
        .trimEnd()
        .split('\n').length;
      const found: unknown = JSON.parse((await verify()).stdout);
      expect(found).toMatchObject({ events, size: events, proven: PROVEN });
      expect(found).toMatchObject({ origin: expect.stringMatching(/^claviger\/audit-log\//) });
    });

    it('is whole no more once a byte of it is another', async () => {
      const path = join(bundle, 'events.jsonl');
      writeFileSync(path, readFileSync(path, 'utf8').replace('success', 'Success'));
      await expect(verify()).rejects.toMatchObject({ stderr: expect.stringContaining('root') });
    });
  },
);
