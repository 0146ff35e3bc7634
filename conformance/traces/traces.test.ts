/** Traces, by a gateway that was started with an SDK of OpenTelemetry as operators load it. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { readEvents } from '../event-log.ts';
import { clientOf } from '../gateway-client.ts';
import { type GatewayProcess, startGateway } from '../gateway-process.ts';
import { connectManagement } from '../management-client.ts';

const Span = z.object({
  name: z.string(),
  kind: z.number(),
  attributes: z.record(z.string(), z.unknown()),
  status: z.object({ code: z.number() }),
  traceId: z.string(),
  spanId: z.string(),
  parentId: z.string().optional(),
});
type Span = z.infer<typeof Span>;

const SET_UP = new URL('record-spans.mjs', import.meta.url).href;
const KEY = { algorithm: 'AES', lengthBits: 256, usage: ['Encrypt', 'Decrypt'] } as const;
const NAME = 'a-name-that-no-span-tells';
const PATIENT = { timeout: 30_000, interval: 100 };
const [SERVER, ERROR] = [1, 2];

describe('traces', () => {
  let directory: string;
  let gateway: GatewayProcess;
  let path: string;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'claviger-traces-'));
    path = join(directory, 'spans.ndjson');
    gateway = await startGateway({
      env: { NODE_OPTIONS: `--import=${SET_UP}`, SPANS_FILE: path },
    });
  }, 120_000);
  afterAll(async () => {
    await gateway?.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  const spans = (): readonly Span[] =>
    readFileSync(path, 'utf8')
      .split('\n')
      .flatMap((line) => (line === '' ? [] : [Span.parse(JSON.parse(line))]));
  const findSpan = (name: string, of: (span: Span) => boolean = () => true): Promise<Span> =>
    vi.waitFor(() => {
      const found = spans().find((span) => span.name === name && of(span));
      if (found === undefined) throw new Error(`There is no span ${name}.`);
      return found;
    }, PATIENT);
  const below = (parent: Span) =>
    spans()
      .filter(({ parentId }) => parentId === parent.spanId)
      .map(({ name }) => name);

  it('have a span for each KMIP message, with what it waited for, and what it shares with its event', async () => {
    const client = clientOf(gateway);
    const id = await client.create({ ...KEY, names: [NAME] });
    await client.get(id);
    await client.get('nothing').catch(() => {});
    await client.close();

    const failed = await findSpan('KMIP Get', ({ status }) => status.code === ERROR);
    expect(failed.attributes).toMatchObject({
      'error.type': 'item-not-found',
      'kmip.result.status': 'OperationFailed',
      'kmip.result.reason': 'ItemNotFound',
    });
    const create = await findSpan('KMIP Create');
    expect(create).toMatchObject({ kind: SERVER, status: { code: 0 } });
    expect(create.parentId).toBeUndefined();
    expect(create.attributes).toEqual({
      'rpc.system': 'kmip',
      'rpc.method': 'Create',
      'kmip.operations': ['Create'],
      'kmip.batch.size': 1,
      'kmip.protocol.version': expect.stringMatching(/^[12]\.\d$/),
      'kmip.result.status': 'Success',
      'claviger.adapter.id': expect.any(String),
      'claviger.correlation_id': expect.any(String),
    });
    expect(below(create)).toContain('store commit');
    const got = await findSpan('KMIP Get', ({ status }) => status.code !== ERROR);
    expect(below(got)).toEqual(expect.arrayContaining(['store readObject', 'store commit']));
    expect(got.traceId).not.toBe(create.traceId);

    const events = JSON.stringify(await readEvents(gateway.dataDirectory));
    expect(events).toContain(String(create.attributes['claviger.correlation_id']));
    const told = readFileSync(path, 'utf8');
    expect(told).not.toContain(id);
    expect(told).not.toContain(NAME);
  }, 90_000);

  it('go on with that of a caller of the API, up to the commit', async () => {
    const { authorization, create, list } = await connectManagement(gateway);
    const [key] = await list('/keys');
    const profile_data = { crk_id: key?.['id'] };
    await create('/kmip_adapters', { name: 'traced', profile: 'native_1.0', profile_data });
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const callerId = 'b7ad6b7169203331';
    await new Promise((resolve, reject) => {
      const headers = {
        authorization,
        'bluemix-instance': gateway.instanceId,
        'correlation-id': 'of-the-caller',
        traceparent: `00-${traceId}-${callerId}-01`,
      };
      const ca = readFileSync(gateway.pki.ca);
      get(
        { ...gateway.api, ca, agent: false, path: '/api/v2/kmip_adapters/no-such-one', headers },
        (response) => response.resume().once('end', resolve),
      ).once('error', reject);
    });
    const span = await findSpan(
      'GET /api/v2/kmip_adapters/:adapter',
      (it) => it.traceId === traceId,
    );
    expect(span).toMatchObject({ kind: SERVER, parentId: callerId });
    expect(span.attributes).toEqual({
      'http.request.method': 'GET',
      'http.route': '/api/v2/kmip_adapters/:adapter',
      'http.response.status_code': 404,
      'claviger.correlation_id': 'of-the-caller',
    });
    expect(below(span)).toContain('store commit');
    const post = await findSpan('POST /api/v2/kmip_adapters');
    expect(below(post)).toContain('store commit');
    expect(readFileSync(path, 'utf8')).not.toContain('no-such-one');
  }, 90_000);
});
