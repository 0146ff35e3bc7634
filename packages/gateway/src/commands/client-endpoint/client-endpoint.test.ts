/** The client that is asked is another gateway: what a server asks of a client, any server answers, but Put. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  aRunningGateway,
  aTemporaryDirectory,
  type RunningGateway,
} from '../../gateway.fixtures.ts';

type Directory = Awaited<ReturnType<typeof aTemporaryDirectory>>;

const directories: Directory[] = [];
async function aDirectory(): Promise<Directory> {
  const directory = await aTemporaryDirectory();
  directories.push(directory);
  return directory;
}

let client: RunningGateway;
let gateway: RunningGateway;
let adapter: string;
let address: string;
beforeAll(async () => {
  client = await aRunningGateway(await aDirectory());
  const { kmip, pki } = client.report;
  address = `127.0.0.1:${kmip.port}`;
  adapter = client.report.adapter.name;
  const directory = await aDirectory();
  const endpoint = 'CLAVIGER_KMIP__CLIENT_ENDPOINTS__0__';
  const environment = {
    ...directory.environment,
    [`${endpoint}ADAPTER`]: adapter, // both gateways have made one of this name
    [`${endpoint}HOST`]: '127.0.0.1',
    [`${endpoint}PORT`]: String(kmip.port),
    [`${endpoint}CA_FILE`]: pki.caCertificate,
    [`${endpoint}CERTIFICATE_FILE`]: pki.clientCertificate,
    [`${endpoint}KEY_FILE`]: pki.clientKey,
    [`${endpoint}NOTIFY`]: 'none',
  };
  gateway = await aRunningGateway({ ...directory, environment });
}, 120_000);
afterAll(async () => {
  await gateway.stop();
  await client.stop();
  for (const directory of directories) await directory.remove();
}, 60_000);

const endpoint = (...args: readonly string[]) => gateway.command('client-endpoint', ...args);

describe('client endpoints', () => {
  it('are listed as the settings name them', async () => {
    const listed = await endpoint('list', '--json');
    expect(JSON.parse(listed.out)).toEqual([
      {
        address,
        version: null,
        putsNewObjects: false,
        notifies: 'none',
        adapterId: expect.any(String),
      },
    ]);
    expect((await endpoint('list')).out).toContain(address);
  }, 60_000);

  it('are asked what they can do, and which versions they speak', async () => {
    const asked = await endpoint('ask', adapter, '--json');
    expect(asked).toMatchObject({ code: 0, err: '' });
    expect(JSON.parse(asked.out)).toMatchObject({
      address,
      answer: {
        operation: expect.arrayContaining(['Locate', 'Get']),
        object_type: expect.arrayContaining(['SymmetricKey']),
      },
    });
    const versions = await endpoint('ask', adapter, '--versions', '--address', address);
    expect(versions.out).toMatch(/versions +2\.1, 2\.0, 1\.4/);
    const events = await gateway.command('events', 'list', '--last', '10', '--json');
    for (const action of ['query', 'discover-versions']) {
      expect(events.out).toContain(`claviger.kmip-server.${action}`);
    }
  }, 60_000);

  it('say why they did not take an object', async () => {
    const created = await gateway.kmip('create', '--json');
    const { uniqueIdentifier } = JSON.parse(created.out);
    const put = await endpoint('put', uniqueIdentifier);
    expect(put.code).not.toBe(0);
    expect(put.err).toContain('It answered OperationNotSupported.');
  }, 60_000);

  it('are named by an address that the settings have', async () => {
    const asked = await endpoint('ask', adapter, '--address', 'elsewhere.example:5696');
    expect(asked).toMatchObject({ err: expect.stringContaining('no such client') });
    const names = await endpoint('ask', adapter, '--functions', 'QueryOperations,');
    expect(names).toMatchObject({ code: 2, err: expect.stringContaining('commas') });
  }, 60_000);
});
