/** The door of the machine itself: over a Unix socket and inside the process. */

import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { request as httpRequest } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aRig, aRootKeyIn, envelope, INSTANCE_ID, type Rig } from '../management-api.fixtures.ts';

const KEYS = '/api/v2/keys';

let rig: Rig;
let directory: string;
let socketPath: string;
beforeEach(() => {
  rig = aRig();
  directory = mkdtempSync(join(tmpdir(), 'claviger-local-'));
  socketPath = join(directory, 'api.sock');
});
afterEach(async () => {
  await rig.close();
  rmSync(directory, { recursive: true });
});

/** The event of the only call since the last time. */
async function onlyEvent() {
  const events = await rig.newEvents();
  expect(events).toHaveLength(1);
  return JSON.parse(events[0]?.body ?? '');
}

describe('callLocally', () => {
  it('answers as Manager of the instance, without token or address, in the name of the account', async () => {
    const created = await rig.api.callLocally({
      method: 'POST',
      path: KEYS,
      body: envelope({ name: 'crk' }),
      account: 'alice',
    });
    expect(created).toMatchObject({
      status: 201,
      headers: { 'content-type': expect.stringMatching(/^application\/json/) },
      body: { resources: [{ name: 'crk' }] },
    });
    const event = await onlyEvent();
    expect(event).toMatchObject({
      action: 'hs-crypto.secrets.create',
      outcome: 'success',
      correlationId: created.headers['correlation-id'],
    });
    expect(event.initiator).toEqual({
      id: 'LocalUser-alice',
      name: 'alice',
      typeURI: 'service/security/account/user',
      credential: { type: 'user' },
    });
  });

  it('tells no address on a public network either', async () => {
    const open = aRig({ network: 'public' });
    await open.api.callLocally({ method: 'GET', path: KEYS, account: 'alice' });
    const [record] = await open.newEvents();
    expect(JSON.parse(record?.body ?? '').initiator).not.toHaveProperty('host');
    await open.close();
  });

  it('has the same rules, refusals and events as the network', async () => {
    const refused = await rig.api.callLocally({
      method: 'GET',
      path: `${KEYS}?limit=0`,
      account: 'alice',
    });
    expect(refused).toMatchObject({
      status: 400,
      body: { resources: [{ reasons: [{ code: 'INVALID_QUERY_PARAM_ERR' }] }] },
    });
    expect((await onlyEvent()).action).toBe('hs-crypto.secrets.default');
  });

  it('has no body where there is none', async () => {
    const id = await aRootKeyIn(rig);
    const path = `${KEYS}/${id}`;
    const deleted = await rig.api.callLocally({ method: 'DELETE', path, account: 'alice' });
    expect([deleted.status, deleted.body]).toEqual([204, undefined]);
  });

  it.each(['', 'two words', '-x', 'a/b', 'ä', 'a'.repeat(80)])(
    'refuses an account with the name %j, in the name of nobody',
    async (account) => {
      const refused = await rig.api.callLocally({ method: 'GET', path: KEYS, account });
      expect(refused).toMatchObject({
        status: 400,
        body: { resources: [{ reasons: [{ code: 'INVALID_HEADER_ERR' }] }] },
      });
      expect((await onlyEvent()).initiator.id).toBe('anonymous');
    },
  );
});

describe('listenLocally', () => {
  it('answers the owner over the socket, and names the operator unless told', async () => {
    await rig.api.listenLocally(socketPath);
    expect(await ask({ path: KEYS })).toMatchObject({ status: 200 });
    expect((await onlyEvent()).initiator.id).toBe('LocalUser-operator');
    expect(await ask({ path: KEYS, headers: { 'x-claviger-account': 'bob' } })).toMatchObject({
      status: 200,
    });
    expect((await onlyEvent()).initiator.id).toBe('LocalUser-bob');
  });

  it('takes the instance of the installation, and refuses another', async () => {
    await rig.api.listenLocally(socketPath);
    const own = await ask({ path: KEYS, headers: { 'bluemix-instance': INSTANCE_ID } });
    const other = await ask({ path: KEYS, headers: { 'bluemix-instance': 'another' } });
    expect([own.status, other.status]).toEqual([200, 401]);
  });

  it('makes a socket that only the owner may open, whatever the umask is', async () => {
    await rig.api.listenLocally(socketPath);
    const { mode } = statSync(socketPath);
    expect((mode & 0o777).toString(8)).toBe('600');
    expect(readdirSync(directory)).toEqual(['api.sock']);
  });

  it('removes the socket when it closes', async () => {
    await rig.api.listenLocally(socketPath);
    await rig.api.close();
    expect(readdirSync(directory)).toEqual([]);
  });

  it('takes the place of a socket that nobody answers on', async () => {
    await leaveSocketBehind();
    expect(readdirSync(directory)).toEqual(['api.sock']);
    await rig.api.listenLocally(socketPath);
    expect(await ask({ path: KEYS })).toMatchObject({ status: 200 });
  });

  it('refuses while another process answers, and leaves its socket alone', async () => {
    await rig.api.listenLocally(socketPath);
    const second = aRig();
    await expect(second.api.listenLocally(socketPath)).rejects.toMatchObject({
      code: 'EADDRINUSE',
      message: expect.stringContaining('Another process answers'),
    });
    await second.close();
    expect(await ask({ path: KEYS })).toMatchObject({ status: 200 });
  });

  it('leaves a socket alone that another process has put in its place', async () => {
    await rig.api.listenLocally(socketPath);
    rmSync(socketPath);
    const second = aRig();
    await second.api.listenLocally(socketPath);
    await rig.api.close();
    expect(await ask({ path: KEYS, of: second })).toMatchObject({ status: 200 });
    await second.close();
  });

  it('refuses a path that has something else', async () => {
    writeFileSync(socketPath, 'precious');
    await expect(rig.api.listenLocally(socketPath)).rejects.toMatchObject({ code: 'EADDRINUSE' });
    mkdirSync(join(directory, 'd'));
    await expect(rig.api.listenLocally(join(directory, 'd'))).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
  });

  it('refuses a path that is too long for a socket', async () => {
    const long = join(directory, 'a'.repeat(120));
    await expect(rig.api.listenLocally(long)).rejects.toMatchObject({ code: 'ENAMETOOLONG' });
    expect(readdirSync(directory)).toEqual([]);
  });

  it('offers no log-in: there is nothing to log in for', async () => {
    await rig.api.listenLocally(socketPath);
    expect(await ask({ method: 'POST', path: '/identity/token' })).toMatchObject({ status: 404 });
  });
});

describe('clients of the network', () => {
  it('are never local callers, whatever headers they send', async () => {
    await rig.api.listenLocally(socketPath);
    const headers = { 'x-claviger-account': 'root', 'bluemix-instance': INSTANCE_ID };
    const injected = await rig.api.inject({ url: KEYS, headers });
    expect(injected.statusCode).toBe(401);
    const { port } = await rig.api.listen({ host: '127.0.0.1', port: 0 });
    const overTcp = await ask({ path: KEYS, headers, target: { host: '127.0.0.1', port } });
    expect(overTcp.status).toBe(401);
    expect((await onlyEvent()).initiator.id).toBe('anonymous');
  });
});

interface Question {
  readonly of?: Rig;
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly target?: object;
}

function ask({ of = rig, method = 'GET', path, headers = {}, ...asked }: Question) {
  const { target = { socketPath } } = asked;
  if (path.startsWith('/api/')) of.countCalls(1);
  return new Promise<{ status: number | undefined }>((resolve, reject) => {
    const request = httpRequest({ ...target, method, path, headers, agent: false }, (response) => {
      response.resume();
      response.on('end', () => resolve({ status: response.statusCode }));
    });
    request.on('error', reject);
    request.end();
  });
}

/** As a process leaves it that was killed: in its place, and nobody behind it. */
async function leaveSocketBehind(): Promise<void> {
  const elsewhere = join(directory, 'elsewhere');
  const server = createServer().listen(elsewhere);
  await once(server, 'listening');
  renameSync(elsewhere, socketPath);
  server.close();
  await once(server, 'close');
}
