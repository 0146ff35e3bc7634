import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  anAdapterIn,
  aRig,
  aRootKeyIn,
  envelope,
  INSTANCE_ID,
  type Rig,
  reasonOf,
} from '../management-api.fixtures.ts';

const TYPE = 'application/vnd.ibm.kms.key+json';
const UNKNOWN_ID = '00000000-0000-4000-8000-000000000000';
const PAYLOAD = Buffer.alloc(32, 7).toString('base64');
const HOUR_MS = 3_600_000;
const REPRESENTATION = { headers: { prefer: 'return=representation' } };

let rig: Rig;
beforeEach(async () => {
  // Longer than any wait of these tests.
  rig = aRig({ tokenLifetimeSeconds: 86_400 });
});
afterEach(() => rig.close());

describe('POST /keys', () => {
  it('answers 201 with what the clients need, and no dates of changes', async () => {
    const created = await rig.call(
      'POST',
      '/keys',
      envelope({ name: 'crk', extractable: false }, TYPE),
    );
    const { id } = created.json().resources[0];
    expect(created.statusCode).toBe(201);
    expect(created.json()).toEqual({
      metadata: { collectionType: TYPE, collectionTotal: 1 },
      resources: [
        {
          id,
          type: TYPE,
          name: 'crk',
          state: 1,
          extractable: false,
          crn: `crn:v1:bluemix:local:hs-crypto:eu-de:a/0123456789abcdef0123456789abcdef:${INSTANCE_ID}:key:${id}`,
        },
      ],
    });
    expect(rig.lastEvent()).toMatchObject({
      action: 'hs-crypto.secrets.create',
      reason: { reasonCode: 201 },
      target: { id: expect.stringMatching(`:key:${id}$`), name: 'crk' },
      requestData: { keyType: 'root_key' },
      responseData: {
        keyId: id,
        keyState: 1,
        keyVersionId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        keyVersionCreationDate: '2026-11-22T12:00:00Z',
      },
    });
  });

  it('answers everything but material when a representation is preferred', async () => {
    const request = envelope(
      { name: 'crk', payload: PAYLOAD, Tags: ['t'], aliases: ['an-alias'] },
      TYPE,
    );
    const created = await rig.call('POST', '/keys', request, REPRESENTATION);
    expect(created.json().resources[0]).toMatchObject({
      imported: true,
      tags: ['t'],
      aliases: ['an-alias'],
      keyRingID: 'default',
      deleted: false,
      creationDate: '2026-11-22T12:00:00Z',
    });
    expect(created.body).not.toContain(PAYLOAD);
    const read = await rig.call('GET', '/keys/an-alias');
    expect(read.json()).toEqual(created.json());
  });

  it.each([
    ['no name', 'INVALID_FIELD_ERR', { name: undefined }],
    ['a name of one character', 'INVALID_FIELD_ERR', { name: 'a' }],
    ['extractable as a text', 'INVALID_FIELD_ERR', { extractable: 'true' }],
    [
      'a payload of 16 bytes',
      'INVALID_FIELD_ERR',
      { payload: Buffer.alloc(16).toString('base64') },
    ],
    ['a payload that is no base64', 'INVALID_FIELD_ERR', { payload: '%' }],
    ['an alias that is reserved', 'INVALID_FIELD_ERR', { aliases: ['versions'] }],
    ['six aliases', 'INVALID_FIELD_ERR', { aliases: ['a1', 'a2', 'a3', 'a4', 'a5', 'a6'] }],
    ['a tag with a comma', 'INVALID_FIELD_ERR', { tags: ['a,b'] }],
    ['secure import', 'BAD_BODY_ERR', { payload: PAYLOAD, encryptedNonce: 'x' }],
  ])('refuses %s with %s', async (_what, code, fields) => {
    const refused = await rig.call('POST', '/keys', envelope({ name: 'crk', ...fields }, TYPE));
    expect([refused.statusCode, reasonOf(refused)]).toEqual([400, code]);
    expect(rig.lastEvent().action).toBe('hs-crypto.secrets.default');
  });

  it('refuses an alias that another key has', async () => {
    await aRootKeyIn(rig, { aliases: ['mine'] });
    const refused = await rig.call(
      'POST',
      '/keys',
      envelope({ name: 'crk', aliases: ['mine'] }, TYPE),
    );
    expect([refused.statusCode, reasonOf(refused)]).toEqual([409, 'KEY_ALIAS_NOT_UNIQUE_ERR']);
  });

  it('knows the key ring `default` and no other', async () => {
    const ask = (ring: string) =>
      rig.call('GET', '/keys', undefined, { headers: { 'x-kms-key-ring': ring } });
    expect((await ask('default')).statusCode).toBe(200);
    const refused = await ask('r1');
    expect([refused.statusCode, reasonOf(refused)]).toEqual([404, 'KEY_RING_NOT_FOUND_ERR']);
    const other = { headers: { 'x-kms-key-ring': 'r1' } };
    expect((await rig.call('GET', '/kmip_adapters', undefined, other)).statusCode).toBe(200);
  });
});

describe('looking at keys', () => {
  it('lists, counts and filters by state', async () => {
    const kept = await aRootKeyIn(rig);
    const deleted = await aRootKeyIn(rig);
    await rig.call('DELETE', `/keys/${deleted}`);
    const idsOf = async (query: string) => {
      const listed = await rig.call('GET', `/keys${query}`);
      const { resources }: { readonly resources: readonly { readonly id: string }[] } =
        listed.json();
      return resources.map(({ id }) => id);
    };
    expect(await idsOf('?limit=2000&offset=0')).toEqual([kept]);
    expect(await idsOf('?state=5')).toEqual([deleted]);
    expect(await idsOf('?state=0,3')).toEqual([]);
    expect(await idsOf('?extractable=true')).toEqual([]);
    const counted = await rig.call('HEAD', '/keys');
    expect([counted.statusCode, counted.headers['key-total'], counted.body]).toEqual([
      200,
      '1',
      '',
    ]);
    expect(rig.lastEvent()).toMatchObject({
      action: 'hs-crypto.secrets.head',
      responseData: { totalResources: 1 },
    });
  });

  it.each(['limit=0', 'limit=5001', 'state=9', 'search=foo', 'sort=id', 'filter=state=1'])(
    'refuses ?%s with INVALID_QUERY_PARAM_ERR',
    async (query) => {
      const refused = await rig.call('GET', `/keys?${query}`);
      expect([refused.statusCode, reasonOf(refused)]).toEqual([400, 'INVALID_QUERY_PARAM_ERR']);
      expect(rig.lastEvent().action).toBe('hs-crypto.secrets.default');
    },
  );

  it('reads a key and its metadata alike, each with its own action', async () => {
    const id = await aRootKeyIn(rig);
    const read = await rig.call('GET', `/keys/${id}`);
    expect(rig.lastEvent().action).toBe('hs-crypto.secrets.read');
    const metadata = await rig.call('GET', `/keys/${id}/metadata`);
    expect(rig.lastEvent().action).toBe('hs-crypto.secrets-metadata.read');
    expect(metadata.json()).toEqual(read.json());
  });

  it.each(['/keys/none', '/keys/none/metadata', '/keys/none/versions', `/keys/${UNKNOWN_ID}`])(
    'answers 404 for %s',
    async (path) => {
      const refused = await rig.call('GET', path);
      expect([refused.statusCode, reasonOf(refused)]).toEqual([404, 'KEY_NOT_FOUND_ERR']);
    },
  );
});

describe('disable and enable', () => {
  it.each([undefined, 'null', '{}', ''])(
    'disables with the body %j, and enables after 30 s',
    async (body) => {
      const id = await aRootKeyIn(rig);
      const disabled = await rig.call('POST', `/keys/${id}/actions/disable`, body);
      expect([disabled.statusCode, disabled.rawPayload.length]).toEqual([204, 0]);
      expect(rig.lastEvent()).toMatchObject({
        action: 'hs-crypto.secrets.disable',
        severity: 'warning',
      });
      expect((await rig.store.findRootKey(id))?.state).toBe('disabled');
      const early = await rig.call('POST', `/keys/${id}/actions/enable`, body);
      expect([early.statusCode, reasonOf(early)]).toEqual([409, 'REQ_TOO_EARLY_ERR']);
      expect(early.json().resources[0].reasons[0].message).toContain('2026-11-22T12:00:30Z');
      rig.advance(30_000);
      expect((await rig.call('POST', `/keys/${id}/actions/enable`, body)).statusCode).toBe(204);
      expect((await rig.store.findRootKey(id))?.state).toBe('enabled');
    },
  );

  it('enables at once what was disabled by a clock that has been set back since', async () => {
    const id = await aRootKeyIn(rig);
    rig.advance(3_600_000);
    await rig.call('POST', `/keys/${id}/actions/disable`);
    rig.advance(-3_600_000);
    expect((await rig.call('POST', `/keys/${id}/actions/enable`)).statusCode).toBe(204);
  });

  it.each(['enable'])('refuses to %s a key that is active', async (action) => {
    const id = await aRootKeyIn(rig);
    const refused = await rig.call('POST', `/keys/${id}/actions/${action}`);
    expect([refused.statusCode, reasonOf(refused)]).toEqual([409, 'KEY_ACTION_INVALID_STATE_ERR']);
  });

  it.each(['disable', 'rotate'])('refuses to %s a key that is disabled', async (action) => {
    const id = await aRootKeyIn(rig);
    await rig.call('POST', `/keys/${id}/actions/disable`);
    const refused = await rig.call('POST', `/keys/${id}/actions/${action}`);
    expect([refused.statusCode, reasonOf(refused)]).toEqual([409, 'KEY_ACTION_INVALID_STATE_ERR']);
  });

  it.each(['disable', 'enable', 'rotate'])(
    'answers 410 to %s of a deleted key, 404 of none',
    async (action) => {
      const id = await aRootKeyIn(rig);
      await rig.call('DELETE', `/keys/${id}`);
      const gone = await rig.call('POST', `/keys/${id}/actions/${action}`);
      expect([gone.statusCode, reasonOf(gone)]).toEqual([410, 'KEY_DELETED_ERR']);
      const none = await rig.call('POST', `/keys/${UNKNOWN_ID}/actions/${action}`);
      expect([none.statusCode, reasonOf(none)]).toEqual([404, 'KEY_NOT_FOUND_ERR']);
    },
  );
});

describe('rotate', () => {
  it('wraps every adapter key anew and leaves the keys themselves as they were', async () => {
    const first = await anAdapterIn(rig, 'a1');
    const before = await rig.store.findAdapter(first);
    const id = before?.rootKeyId ?? '';
    const rotated = await rig.call('POST', `/keys/${id}/actions/rotate`, '{}');
    expect(rotated.statusCode).toBe(204);
    const after = await rig.store.findAdapter(first);
    expect(after?.wrappedKey).not.toEqual(before?.wrappedKey);
    const [oldRoot, newRoot] = [
      ...(await rig.store.pageRootKeyVersions(id, { offset: 0, limit: 9 })).items,
    ].reverse();
    const open = (
      wrappedAdapterKey: Uint8Array | undefined,
      wrappedRootKey: Uint8Array | undefined,
    ) => ({
      adapterId: first,
      rootKeyId: id,
      wrappedAdapterKey: wrappedAdapterKey ?? new Uint8Array(),
      wrappedRootKey: wrappedRootKey ?? new Uint8Array(),
    });
    const context = { objectId: 'o1', materialVersion: 1 };
    const sealed = rig.keys.seal(open(before?.wrappedKey, oldRoot?.wrappedKey), PLAINTEXT, context);
    const opened = rig.keys.open(open(after?.wrappedKey, newRoot?.wrappedKey), sealed, context);
    expect(opened.use((bytes) => bytes.slice())).toEqual(PLAINTEXT);
  });

  it('is possible again after an hour', async () => {
    const id = await aRootKeyIn(rig);
    const rotate = () => rig.call('POST', `/keys/${id}/actions/rotate`);
    expect((await rotate()).statusCode).toBe(204);
    const early = await rotate();
    expect([early.statusCode, reasonOf(early)]).toEqual([409, 'KEY_ROTATION_NOT_PERMITTED']);
    rig.advance(HOUR_MS);
    expect((await rotate()).statusCode).toBe(204);
    const versions = await rig.call('GET', `/keys/${id}/versions?totalCount=true`);
    expect(versions.json().metadata).toMatchObject({ collectionTotal: 3, totalCount: 3 });
    const dates = versions
      .json()
      .resources.map((version: { creationDate: string }) => version.creationDate);
    expect(dates).toEqual([...dates].sort().reverse());
  });

  it('lets one of two that come at once win', async () => {
    const id = await aRootKeyIn(rig);
    const rotate = () => rig.request('POST', `/keys/${id}/actions/rotate`);
    const statuses = (await Promise.all([rotate(), rotate()])).map(({ statusCode }) => statusCode);
    expect(statuses.sort()).toEqual([204, 409]);
  });

  it('asks for material exactly when the key was imported', async () => {
    const imported = await aRootKeyIn(rig, { payload: PAYLOAD });
    const lacking = await rig.call('POST', `/keys/${imported}/actions/rotate`);
    expect([lacking.statusCode, reasonOf(lacking)]).toEqual([400, 'KEY_PAYLOAD_REQ_ERR']);
    const given = await rig.call('POST', `/keys/${imported}/actions/rotate`, {
      payload: PAYLOAD,
    });
    expect(given.statusCode).toBe(204);
    const made = await aRootKeyIn(rig);
    const refused = await rig.call('POST', `/keys/${made}/actions/rotate`, { payload: PAYLOAD });
    expect([refused.statusCode, reasonOf(refused)]).toEqual([400, 'INVALID_QUERY_PARAM_ERR']);
  });
});

describe('DELETE /keys/{key}', () => {
  it('answers 204, or the deleted key when a representation is preferred', async () => {
    const minimal = await rig.call('DELETE', `/keys/${await aRootKeyIn(rig)}`);
    expect([minimal.statusCode, minimal.rawPayload.length]).toEqual([204, 0]);
    const id = await aRootKeyIn(rig);
    const deleted = await rig.call('DELETE', `/keys/${id}?force=false`, undefined, REPRESENTATION);
    expect(deleted.statusCode).toBe(200);
    expect(deleted.json().resources[0]).toMatchObject({
      id,
      state: 5,
      deleted: true,
      deletionDate: '2026-11-22T12:00:00Z',
    });
    expect(rig.lastEvent()).toMatchObject({
      action: 'hs-crypto.secrets.delete',
      severity: 'critical',
      responseData: { keyState: 5 },
    });
    expect((await rig.call('GET', `/keys/${id}`)).json()).toEqual(deleted.json());
    expect((await rig.call('GET', `/keys/${id}/versions`)).statusCode).toBe(404);
    expect((await rig.call('GET', `/keys/${id}/versions?allKeyStates=true`)).statusCode).toBe(200);
    expect((await rig.call('DELETE', `/keys/${id}`)).statusCode).toBe(410);
  });

  it.each(['', '?force=true'])(
    'refuses while an adapter uses the key, with "%s"',
    async (query) => {
      const adapter = await rig.store.findAdapter(await anAdapterIn(rig));
      const path = `/keys/${adapter?.rootKeyId}`;
      const refused = await rig.call('DELETE', path + query);
      expect([refused.statusCode, reasonOf(refused)]).toEqual([409, 'PROTECTED_RESOURCE_ERR']);
      await rig.call('DELETE', `/kmip_adapters/${adapter?.id}`);
      expect((await rig.call('DELETE', path)).statusCode).toBe(204);
    },
  );

  it('lets a deletion and a new adapter at once not both win', async () => {
    const crk_id = await aRootKeyIn(rig);
    const request = envelope({ name: 'a1', profile: 'native_1.0', profile_data: { crk_id } });
    const [adapter, key] = await Promise.all([
      rig.request('POST', '/kmip_adapters', request),
      rig.request('DELETE', `/keys/${crk_id}`),
    ]);
    expect([
      [201, 409],
      [409, 204],
    ]).toContainEqual([adapter.statusCode, key.statusCode]);
  });
});

const PLAINTEXT = new TextEncoder().encode('material of an object');

it.each(['restore', 'setKeyForDeletion', 'nonsense'])(
  'says that the action %s is not offered',
  async (action) => {
    const id = await aRootKeyIn(rig);
    const refused = await rig.call('POST', `/keys/${id}/actions/${action}`, {});
    expect([refused.statusCode, reasonOf(refused)]).toEqual([404, 'OPERATION_NOT_OFFERED_ERR']);
    expect(rig.lastEvent()).toMatchObject({
      action: 'hs-crypto.secrets.default',
      initiator: { id: expect.stringMatching(/^iam-ServiceId-/) },
    });
  },
);
