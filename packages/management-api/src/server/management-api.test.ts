/** What is the same for every endpoint: bodies, headers, roles, refusals, failures, HTTPS. */

import { request as httpsRequest, type RequestOptions } from 'node:https';
import type { KeyStore } from '@claviger/key-store';
import { StoreError } from '@claviger/key-store';
import { createSelfSignedCertificate } from '@claviger/pki';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CLIENT_PROFILE } from '../certificates.fixtures.ts';
import { mayDo, RIGHTS, ROLES, type Role } from '../identity/roles.ts';
import {
  aRig,
  aRootKeyIn,
  envelope,
  INSTANCE_ID,
  type Rig,
  reasonOf,
} from '../management-api.fixtures.ts';

const ADAPTERS = '/kmip_adapters';

let rig: Rig;
beforeEach(() => {
  rig = aRig();
});
afterEach(() => rig.close());

describe('bodies', () => {
  const metadata = { collectionType: 'x', collectionTotal: 1 };

  it.each([
    ['no body', 'NO_BODY_ERR', undefined],
    ['an empty body', 'NO_BODY_ERR', ''],
    ['null', 'NO_BODY_ERR', 'null'],
    ['what is not JSON', 'BAD_BODY_ERR', '{"metadata":'],
    ['a list', 'BAD_BODY_ERR', '[]'],
    ['a text', 'BAD_BODY_ERR', '"x"'],
    ['no metadata', 'BAD_BODY_ERR', { resources: [{}] }],
    ['no resources', 'BAD_BODY_ERR', { metadata }],
    ['an unknown field', 'BAD_BODY_ERR', { metadata, resources: [], extra: 1 }],
    [
      'a total as text',
      'BAD_BODY_ERR',
      { metadata: { collectionType: 'x', collectionTotal: '1' }, resources: [] },
    ],
    [
      'a wrong total',
      'COLLECTION_TOTAL_MISMATCH_ERR',
      { metadata: { collectionType: 'x', collectionTotal: 2 }, resources: [{ name: 'crk' }] },
    ],
    [
      'no resource',
      'NUM_COLLECTION_RESOURCE_ERR',
      { metadata: { collectionType: 'x', collectionTotal: 0 }, resources: [] },
    ],
    [
      'two resources',
      'NUM_COLLECTION_RESOURCE_ERR',
      {
        metadata: { collectionType: 'x', collectionTotal: 2 },
        resources: [{ name: 'k1' }, { name: 'k2' }],
      },
    ],
    ['more than 128 KiB', 'BAD_BODY_ERR', `"${'a'.repeat(131_072)}"`],
    ['deep nesting', 'BAD_BODY_ERR', '['.repeat(50_000) + ']'.repeat(50_000)],
  ])('are refused with 400: %s is %s', async (_what, code, body) => {
    const refused = await rig.call('POST', '/keys', body);
    expect([refused.statusCode, reasonOf(refused)]).toEqual([400, code]);
    expect(rig.lastEvent().action).toBe('hs-crypto.secrets.default');
  });

  it('are taken as JSON whatever the media type says', async () => {
    for (const type of [
      'application/vnd.ibm.kms.key+json',
      'text/plain',
      'nonsense',
      'a/b; c=',
      undefined,
    ]) {
      const headers = { 'content-type': type };
      const created = await rig.call('POST', '/keys', envelope({ name: 'crk' }), { headers });
      expect(created.statusCode).toBe(201);
    }
  });

  it('are not repeated in refusals or events when they hold a secret in the wrong place', async () => {
    const secret = '-----BEGIN PRIVATE KEY-----';
    const refused = await rig.call('POST', '/keys', { [secret]: 1 });
    expect(refused.statusCode).toBe(400);
    expect(refused.body).not.toContain('PRIVATE');
  });

  it('set nothing on the prototype of objects', async () => {
    const text =
      '{"metadata":{"collectionType":"x","collectionTotal":1},"resources":[{"name":"crk","__proto__":{"payload":"x"}}]}';
    expect((await rig.call('POST', '/keys', text)).statusCode).toBe(400);
  });
});

describe('refusals', () => {
  it('have the code in errorMsg and a status that is a number', async () => {
    const refused = await rig.call('GET', `${ADAPTERS}/none`);
    expect(refused.headers['content-type']).toMatch(/^application\/json/);
    expect(refused.json()).toEqual({
      metadata: { collectionType: 'application/vnd.ibm.kms.error+json', collectionTotal: 1 },
      resources: [
        {
          errorMsg:
            'Not Found: KMIP adapter could not be read: Please see `reasons` for more details (KMIP_ADAPTER_NOT_FOUND_ERR)',
          reasons: [
            {
              code: 'KMIP_ADAPTER_NOT_FOUND_ERR',
              message: expect.any(String),
              status: 404,
              moreInfo: 'https://cloud.ibm.com/apidocs/key-protect',
            },
          ],
        },
      ],
    });
  });

  it.each([
    ['GET', '/kmip_adapters/a%20b/c', 404],
    ['POST', '/kmip_adapters/a1', 405],
    ['GET', '/nothing', 404],
    ['GET', '/keys/k1/policies', 404],
    ['GET', `/kmip_adapters/${'a'.repeat(101)}`, 404],
    ['DELETE', '/kmip_adapters', 405],
  ] as const)('answer %s %s with %i, and leave an event', async (method, path, status) => {
    expect((await rig.call(method, path)).statusCode).toBe(status);
  });

  it.each([
    ['PUT', '/api/v2/kmip_adapters', 'GET, POST'],
    ['TRACE', '/api/v2/kmip_adapters/a1?x', 'DELETE, GET'],
    ['OPTIONS', '/api/v2//keys', 'GET, HEAD, POST'],
    ['POST', '/identity/keys', 'GET'],
    ['POST', '/openapi.json', 'GET'],
    ['QUERY', '/api/v2/keys', 'GET, HEAD, POST'],
    ['QUERY', '/docs', 'GET'],
  ] as const)('answer %s %s with 405, and Allow %s', async (method, url, allowed) => {
    // The types know fewer methods than the parser of Node.
    const refused = await rig.api.inject({ method: method as 'PUT', url });
    expect([refused.statusCode, reasonOf(refused)]).toEqual([405, 'METHOD_NOT_ALLOWED_ERR']);
    expect(refused.headers['allow']).toBe(allowed);
  });

  it.each([
    ['OPTIONS', '/api/v2/keys', 'appx', 'a', 405],
    ['POST', '/identity/keys', 'application/json', '', 405],
    ['POST', '/identity/keys', 'text/csv', 'a', 405],
    ['POST', '/elsewhere', 'application/json', '{', 404],
  ] as const)('refuse %s %s with %s of "%s" by %i', async (method, url, type, payload, status) => {
    const headers = { 'content-type': type };
    const refused = await rig.api.inject({ method, url, headers, payload });
    expect(refused.statusCode).toBe(status);
    expect(rig.logged.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it.each(['/api/v2/kmip_adapters/%zz', '/elsewhere', '/'])(
    'answer %s in the form of all',
    async (url) => {
      const refused = await rig.api.inject({ method: 'GET', url });
      expect([refused.statusCode, reasonOf(refused)]).toEqual([404, 'OPERATION_NOT_OFFERED_ERR']);
      expect(refused.headers['correlation-id']).toBeDefined();
    },
  );
});

describe('headers', () => {
  it('echo the Correlation-Id, or bring a new one', async () => {
    const given = '9d1e5f6a-0000-4000-8000-000000000000';
    const asked = { headers: { 'Correlation-Id': given } };
    const answer = await rig.call('GET', ADAPTERS, undefined, asked);
    expect(answer.headers['correlation-id']).toBe(given);
    expect(rig.lastEvent().correlationId).toBe(given);
    const fresh = await rig.call('GET', ADAPTERS);
    expect(fresh.headers['correlation-id']).toMatch(/^[0-9a-f-]{36}$/);
    const odd = await rig.call('GET', ADAPTERS, undefined, {
      headers: { 'correlation-id': 'a b' },
    });
    expect(odd.headers['correlation-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it.each(['*/*', 'application/json', 'application/vnd.ibm.kms.key+json', 'text/html'])(
    'may accept %s',
    async (accept) => {
      const answer = await rig.call('GET', ADAPTERS, undefined, { headers: { accept } });
      expect([answer.statusCode, answer.json().resources]).toEqual([200, []]);
    },
  );

  it('may come over a base with a slash too many', async () => {
    const headers = {
      authorization: `Bearer ${await rig.tokenOf('Manager')}`,
      'bluemix-instance': INSTANCE_ID,
    };
    const answer = await rig.api.inject({ url: '//api/v2/kmip_adapters', headers });
    expect(answer.statusCode).toBe(200);
  });

  it('tell the address and software of the caller in events of the public network only', async () => {
    const asked = { headers: { 'user-agent': 'Go-http-client/1.1' } };
    await rig.call('GET', ADAPTERS, undefined, asked);
    expect(rig.lastEvent().initiator).not.toHaveProperty('host');
    const open = aRig({ network: 'public' });
    await open.call('GET', ADAPTERS, undefined, asked);
    expect(open.lastEvent().initiator.host).toEqual({
      agent: 'Go-http-client/1.1',
      address: '127.0.0.1',
      addressType: 'IPv4',
    });
    await open.close();
  });
});

describe('roles', () => {
  // The names are those of the table.
  const roles = Object.keys(ROLES) as Role[];

  it.each(roles)('let %s do what its rights say, and refuse the rest with 401', async (role) => {
    const id = await aRootKeyIn(rig);
    const attempts = {
      'kmip-management.create': ['POST', ADAPTERS],
      'kmip-management.list': ['GET', ADAPTERS],
      'kmip-management.read': ['GET', `${ADAPTERS}/none`],
      'kmip-management.delete': ['DELETE', `${ADAPTERS}/none`],
      'secrets.list': ['GET', '/keys'],
      'secrets.head': ['HEAD', '/keys'],
      'secrets-metadata.read': ['GET', `/keys/${id}/metadata`],
      'secrets-key-versions.list': ['GET', `/keys/${id}/versions`],
      'registrations.list': ['GET', '/keys/registrations'],
      'secrets.wrap': ['POST', `/keys/${id}/actions/wrap`],
      'secrets.unwrap': ['POST', `/keys/${id}/actions/unwrap`],
      'secrets.rewrap': ['POST', `/keys/${id}/actions/rewrap`],
      'secrets.read': ['GET', `/keys/${id}`],
      'secrets.create': ['POST', '/keys'],
      'secrets.rotate': ['POST', `/keys/${id}/actions/rotate`],
      'secrets.enable': ['POST', `/keys/${id}/actions/enable`],
      'secrets.disable': ['POST', `/keys/${id}/actions/disable`],
      'secrets.delete': ['DELETE', `/keys/${id}`],
      'audit-events.read': ['GET', '/events'],
    } as const satisfies Record<
      (typeof RIGHTS)[number],
      readonly ['GET' | 'HEAD' | 'POST' | 'DELETE', string]
    >;
    for (const right of RIGHTS) {
      const [method, path] = attempts[right];
      const { statusCode } = await rig.call(method, path, undefined, { role });
      expect([right, statusCode !== 401]).toEqual([right, mayDo([role], right)]);
    }
  });

  it('are checked before the body, so that strangers learn nothing', async () => {
    const refused = await rig.call('POST', ADAPTERS, 'not JSON', { role: 'Reader' });
    expect(refused.statusCode).toBe(401);
  });
});

describe('failures of the store', () => {
  const failing =
    (code: 'unavailable' | 'overloaded' | 'invalid') =>
    (store: KeyStore): KeyStore => ({
      ...store,
      pageAdapters: async () => {
        throw new StoreError(code, 'secret words of the database');
      },
    });

  it.each([
    ['unavailable', 503, 'UNAVAILABLE_ERR'],
    ['overloaded', 503, 'OVERLOADED_ERR'],
    ['invalid', 500, 'INTERNAL_ERR'],
  ] as const)(
    'are answered: %s is %i %s, and the details go to the log',
    async (code, status, reason) => {
      const broken = aRig({ wrapStore: failing(code) });
      const refused = await broken.call('GET', ADAPTERS);
      expect([refused.statusCode, reasonOf(refused)]).toEqual([status, reason]);
      expect(refused.body).not.toContain('secret words');
      expect(broken.logged).toContainEqual(expect.objectContaining({ level: 'error' }));
      await broken.close();
    },
  );

  it('answer nothing that is not on record', async () => {
    const broken = aRig({
      wrapStore: (store) => ({
        ...store,
        commit: async () => {
          throw new StoreError('unavailable', 'disk full');
        },
      }),
    });
    const refused = await broken.request('GET', ADAPTERS);
    expect(refused.statusCode).toBe(503);
    expect(refused.body).not.toContain('collectionTotal":0');
    await broken.close();
  });
});

describe('the server', () => {
  it('refuses an instance id that is no UUID', () => {
    expect(() => aRig({ instanceId: 'nonsense' })).toThrow(RangeError);
  });

  it('answers over HTTPS, with another certificate after it was replaced', async () => {
    const makeTls = async (commonName: string) => {
      const made = await createSelfSignedCertificate(
        { profile: CLIENT_PROFILE, subject: { commonName }, ipAddresses: ['127.0.0.1'] },
        { now: () => Date.now() },
      );
      return { cert: made.certificate.pem, key: made.privateKeyPem };
    };
    const first = await makeTls('first');
    const second = await makeTls('second');
    const served = aRig({ tls: first });
    const { port } = await served.api.listen({ host: '127.0.0.1', port: 0 });
    const headers = {
      authorization: `Bearer ${await served.tokenOf('Manager')}`,
      'bluemix-instance': INSTANCE_ID,
    };
    const options = {
      host: '127.0.0.1',
      port,
      path: '/api/v2/kmip_adapters',
      headers,
      agent: false as const,
    };
    expect(await get({ ...options, ca: first.cert })).toEqual([
      200,
      expect.stringContaining('"resources":[]'),
    ]);
    served.api.replaceCertificate(second);
    expect((await get({ ...options, ca: second.cert }))[0]).toBe(200);
    served.countCalls(2);
    await expect(get({ ...options, ca: first.cert })).rejects.toThrow(/self-signed/);
    await served.close();
  });

  it('hands health over to whoever knows it', async () => {
    const answer = (text: string) => (_request: unknown, response: { end(text: string): void }) => {
      response.end(text);
    };
    const healthy = aRig({ health: { healthz: answer('up'), readyz: answer('ready') } });
    const bodies = await Promise.all(
      ['/healthz', '/readyz'].map(async (url) => (await healthy.api.inject({ url })).body),
    );
    expect(bodies).toEqual(['up', 'ready']);
    await healthy.close();
  });
});

function get(options: RequestOptions): Promise<readonly [number | undefined, string]> {
  return new Promise((resolve, reject) => {
    const request = httpsRequest(options, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => {
        body += text;
      });
      response.on('end', () => resolve([response.statusCode, body]));
    });
    request.on('error', reject);
    request.end();
  });
}
