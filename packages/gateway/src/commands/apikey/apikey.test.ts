import { assertValidEvent } from '@claviger/audit-emitter/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type ApiAnswer,
  aRunningGateway,
  aTemporaryDirectory,
  type RunningGateway,
} from '../../gateway.fixtures.ts';

let directory: Awaited<ReturnType<typeof aTemporaryDirectory>>;
let gateway: RunningGateway;
beforeAll(async () => {
  directory = await aTemporaryDirectory();
  gateway = await aRunningGateway(directory);
});
afterAll(async () => {
  await gateway.stop();
  await directory.remove();
});

function logIn(apikey: string): Promise<ApiAnswer> {
  const form = { apikey, grant_type: 'urn:ibm:params:oauth:grant-type:apikey' };
  return gateway.api('/identity/token', { form });
}

/** Lists adapters as the holder of a token. */
function listAdapters({ body }: ApiAnswer): Promise<ApiAnswer> {
  // What the log-in answers is checked by the tests of the API.
  const { access_token } = body as { readonly access_token: string };
  const instance = gateway.report.instance;
  return gateway.api('/api/v2/kmip_adapters', {
    headers: { authorization: `Bearer ${access_token}`, 'bluemix-instance': instance },
  });
}

/** The newest events, oldest first. */
async function newestEvents(count: number) {
  const lines = (await gateway.command('events', 'list', '--json')).out.trim().split('\n');
  return lines.slice(-count).map((line) => {
    const event: unknown = JSON.parse(line);
    assertValidEvent(event);
    return event;
  });
}

describe('API keys', () => {
  it('are made while the gateway runs, log in at once, and are out as soon as they are revoked', async () => {
    const created = await gateway.command('apikey', 'create', '--role', 'Manager', '--json');
    const { apikey, id } = JSON.parse(created.out);
    expect([created.code, created.out.split('\n').length]).toEqual([0, 2]);
    const token = await logIn(apikey);
    expect(await listAdapters(token)).toMatchObject({
      status: 200,
      body: { resources: [{ name: 'vcenter' }] },
    });
    expect((await gateway.command('apikey', 'revoke', id)).code).toBe(0);
    expect(await listAdapters(token)).toMatchObject({ status: 401 });
    expect((await logIn(apikey)).status).toBe(400);
    expect(await gateway.command('apikey', 'revoke', id)).toMatchObject({
      code: 5,
      err: expect.stringMatching(/is revoked already/),
    });
    const log = await gateway.command('events', 'list', '--json');
    for (const text of [log.out, gateway.err()]) expect(text).not.toContain(apikey);
  });

  it('are listed without the key, with their events', async () => {
    const args = ['--role', 'Reader', '--name', 'monitoring'];
    const created = await gateway.command('apikey', 'create', ...args);
    const [apikey = ''] = /clv-\S+/.exec(created.out) ?? [];
    expect(apikey).toMatch(/^clv-[0-9a-f]{32}-[\w-]{43}$/);
    const listed = await gateway.command('apikey', 'list', '--json');
    expect(JSON.parse(listed.out).at(-1)).toMatchObject({
      name: 'monitoring',
      role: 'Reader',
      createdBy: 'LocalUser-tester',
      revokedAt: null,
    });
    expect(listed.out).not.toContain(apikey);
    expect((await gateway.command('apikey', 'list')).out).toMatch(
      /^monitoring +Reader +\S+ \S+ +- /m,
    );
    expect((await gateway.command('apikey', 'revoke', 'monitoring')).code).toBe(0);
    expect(await newestEvents(4)).toMatchObject([
      {
        action: 'hs-crypto.kmip-management.create',
        initiator: { id: 'LocalUser-tester' },
        reason: { reasonCode: 201 },
        requestData: { resourceType: 'api_key', apiKeyName: 'monitoring', role: 'Reader' },
      },
      { action: 'hs-crypto.kmip-management.list', requestData: { resourceType: 'api_key' } },
      { action: 'hs-crypto.kmip-management.list' },
      { action: 'hs-crypto.kmip-management.delete', severity: 'critical' },
    ]);
  });

  it('are refused a role that there is not, a name that cannot be shown, or one that means several', async () => {
    const noRole = await gateway.command('apikey', 'create', '--role', 'King');
    expect([noRole.code, noRole.err]).toEqual([2, expect.stringMatching(/must be one of: Reader/)]);
    const args = ['apikey', 'create', '--role', 'Reader', '--name'];
    expect((await gateway.command(...args, 'a\u001b[31m')).code).toBe(5);
    expect(await newestEvents(1)).toMatchObject([
      { outcome: 'failure', requestData: { resourceType: 'api_key' } },
    ]);
    for (let n = 0; n < 2; n++) await gateway.command(...args, 'twin');
    expect(await gateway.command('apikey', 'revoke', 'twin')).toMatchObject({
      code: 5,
      err: expect.stringMatching(/2 API keys are called "twin"; name the one by its id/),
    });
    expect(await gateway.command('apikey', 'revoke', 'nobody')).toMatchObject({
      code: 5,
      err: expect.stringMatching(/There is no API key "nobody"/),
    });
  });
});
