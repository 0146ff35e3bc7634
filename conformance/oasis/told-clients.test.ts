import { existsSync, readFileSync, statSync } from 'node:fs';
import { expect, it } from 'vitest';
import { request } from '../ttlv-request.ts';
import { connectTls } from './connection.ts';
import { prepareToldClients } from './told-clients.ts';

const PATIENCE_MS = 20_000;

it('has settings for each client, with which the gateway reaches it', async () => {
  const clients = await prepareToldClients(2);
  try {
    const notify = request([1, 4], 'Notify');
    for (const number of [0, 1]) {
      const setting = (name: string) =>
        clients.env[`CLAVIGER_KMIP__CLIENT_ENDPOINTS__${number}__${name}`] ?? '';
      const read = (name: string) => readFileSync(setting(name), 'utf8');
      const { adapter, listener } = clients.take();
      expect([setting('ADAPTER'), setting('PORT'), setting('PUT_NEW_OBJECTS')]).toEqual([
        adapter,
        String(listener.port),
        'true',
      ]);
      expect(statSync(setting('KEY_FILE')).mode & 0o777).toBe(0o600);
      const connection = await connectTls(
        { host: setting('HOST'), port: Number(setting('PORT')), ca: read('CA_FILE') },
        { cert: read('CERTIFICATE_FILE'), key: read('KEY_FILE') },
      );
      connection.send(notify);
      const accepted = await listener.accept(PATIENCE_MS);
      expect(await accepted.receive(PATIENCE_MS)).toEqual(notify);
      connection.close();
    }
    expect(() => clients.take()).toThrow('Only 2 cases');
  } finally {
    await clients.close();
  }
  const paths = Object.entries(clients.env).filter(([name]) => name.endsWith('_FILE'));
  expect(paths).toHaveLength(6);
  expect(paths.filter(([, path]) => existsSync(path))).toEqual([]);
});
