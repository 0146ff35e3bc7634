/**
 * The OpenAPI document keeps its word: it is a valid one, and whatever is sent to the operations in it,
 * nothing comes back that it does not tell of, nothing fails that should not, and every call of the
 * management API leaves one event.
 */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { describeWithPython } from '../describe-with-tool.ts';
import { clientOf } from '../gateway-client.ts';
import { type GatewayProcess, startGateway } from '../gateway-process.ts';
import { connectManagement, type ManagementClient } from '../management-client.ts';
import { expectOneEventEach } from '../one-event-each.ts';
import { type FuzzedCall, fuzz, validateDocument } from './run-schemathesis.ts';

const FUZZ_TIMEOUT_MS = 300_000;
const KEY = { algorithm: 'AES', lengthBits: 256, usage: ['Encrypt', 'Decrypt'] } as const;
const Named = z.object({ id: z.string() });

function describeDocument(python: string): void {
  let gateway: GatewayProcess;
  let directory: string;
  let api: ManagementClient;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'claviger-openapi-'));
    gateway = await startGateway();
    api = await connectManagement(gateway);
  });
  afterAll(async () => {
    await gateway?.stop();
    await rm(directory, { recursive: true, force: true });
  });

  it('is valid', async () => {
    const { status, body } = await api.getOpen('/openapi.json');
    expect(status).toBe(200);
    const path = join(directory, 'openapi.json');
    await writeFile(path, JSON.stringify(body));

    await validateDocument(python, path);
  });

  it(
    'tells what comes back, whatever is sent; each call leaves one event',
    async () => {
      const calls = await fuzz(python, gateway, {
        authorization: api.authorization,
        parameters: await thingsThereAre(),
        directory,
      });

      // It was more than a talk about bad requests.
      expect([...new Set(calls.map(({ status }) => status))]).toEqual(
        expect.arrayContaining([200, 204, 400, 401, 404, 409]),
      );
      await expectOneEventEach(gateway.dataDirectory, calls.filter(hasEventOfItsOwn));
    },
    FUZZ_TIMEOUT_MS,
  );

  /** What paths can name. An object keeps its adapter from being deleted, and that its root key. */
  async function thingsThereAre() {
    const kmip = clientOf(gateway);
    const object = await kmip.create(KEY).finally(() => kmip.close());
    const [adapter] = await api.list('/kmip_adapters');
    const [key] = await api.list('/keys');
    const [certificate] = await api.list('/kmip_adapters/vcenter/certificates');
    return {
      adapter: Named.parse(adapter).id,
      key: Named.parse(key).id,
      certificate: Named.parse(certificate).id,
      object,
    };
  }
}

/** Those that come without a token are bundled. */
function hasEventOfItsOwn({ path, status }: FuzzedCall): boolean {
  return path.startsWith('/api/v2/') && status !== 401;
}

await describeWithPython('the OpenAPI document', import.meta.dirname, describeDocument);
