import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { anObjectIn } from '../managed-objects.fixtures.ts';
import {
  anAdapterIn,
  aRig,
  aRootKeyIn,
  envelope,
  type Rig,
  reasonOf,
  STORES,
} from '../management-api.fixtures.ts';

const UNKNOWN_ID = '00000000-0000-4000-8000-000000000000';

describe.each(STORES)('over the store %s', (_store, openStore) => {
  let rig: Rig;
  beforeEach(async () => {
    rig = aRig({ store: await openStore() });
  });
  afterEach(() => rig.close());

  async function aRequest(overrides: object = {}) {
    const crk_id = await aRootKeyIn(rig);
    return envelope({ name: 'a1', profile: 'native_1.0', profile_data: { crk_id }, ...overrides });
  }

  describe('POST /kmip_adapters', () => {
    it('answers 201 with the adapter, which a GET by id or name repeats field for field', async () => {
      const created = await rig.call('POST', '/kmip_adapters', await aRequest());
      expect(created.statusCode).toBe(201);
      const { id } = created.json().resources[0];
      expect(created.json()).toEqual({
        metadata: {
          collectionType: 'application/vnd.ibm.kms.kmip_adapter+json',
          collectionTotal: 1,
        },
        resources: [
          {
            id: expect.stringMatching(/^[0-9a-f-]{36}$/),
            name: 'a1',
            description: '',
            profile: 'native_1.0',
            profile_data: { crk_id: expect.any(String) },
            created_by: expect.stringMatching(/^iam-ServiceId-/),
            created_at: '2026-11-22T12:00:00Z',
            updated_by: expect.stringMatching(/^iam-ServiceId-/),
            updated_at: '2026-11-22T12:00:00Z',
          },
        ],
      });
      expect((await rig.call('GET', '/kmip_adapters/a1')).json()).toEqual(created.json());
      expect((await rig.call('GET', `/kmip_adapters/${id}`)).json()).toEqual(created.json());
    });

    it('tells in its event who made which adapter', async () => {
      const created = await rig.call('POST', '/kmip_adapters', await aRequest());
      const { id, created_by } = created.json().resources[0];
      expect(rig.lastEvent()).toMatchObject({
        action: 'hs-crypto.kmip-management.create',
        outcome: 'success',
        severity: 'normal',
        reason: { reasonCode: 201 },
        initiator: {
          id: created_by,
          typeURI: 'service/security/account/serviceid',
          credential: { type: 'apikey' },
        },
        target: { id: expect.stringMatching(`:kmip_adapter:${id}$`), name: 'a1' },
        requestData: {
          resourceType: 'kmip_adapter',
          adapterId: id,
          requestURI: '/api/v2/kmip_adapters',
        },
        responseData: { adapterId: id },
      });
    });

    it('gives an adapter without a name one', async () => {
      const created = await rig.call('POST', '/kmip_adapters', await aRequest({ name: undefined }));
      expect(created.json().resources[0].name).toMatch(/^kmip_adapter_[0-9a-f]{8}$/);
    });

    it('takes the alias of a root key and answers its id', async () => {
      const id = await aRootKeyIn(rig, { aliases: ['my-crk'] });
      const request = await aRequest({ profile_data: { crk_id: 'my-crk' } });
      const created = await rig.call('POST', '/kmip_adapters', request);
      expect(created.json().resources[0].profile_data).toEqual({ crk_id: id });
    });

    it('matches the names of fields whatever their case', async () => {
      const crk_id = await aRootKeyIn(rig);
      const created = await rig.call('POST', '/kmip_adapters', {
        Metadata: { CollectionType: 'x', collectiontotal: 1 },
        RESOURCES: [{ NAME: 'a1', Profile: 'native_1.0', Profile_Data: { crk_id } }],
      });
      expect(created.statusCode).toBe(201);
    });

    it.each([
      ['a name that is a UUID', 'INVALID_FIELD_ERR', { name: UNKNOWN_ID }],
      ['a name with a space', 'INVALID_FIELD_ERR', { name: 'a b' }],
      ['a name of one character', 'INVALID_FIELD_ERR', { name: 'a' }],
      ['a name of 41 characters', 'INVALID_FIELD_ERR', { name: 'a'.repeat(41) }],
      ['a description of 241 characters', 'INVALID_FIELD_ERR', { description: 'a'.repeat(241) }],
      ['a description that is a number', 'INVALID_FIELD_ERR', { description: 7 }],
      ['another profile', 'INVALID_FIELD_ERR', { profile: 'native_2.0' }],
      ['no profile data', 'INVALID_FIELD_ERR', { profile_data: undefined }],
      ['a crk_id that is a number', 'INVALID_FIELD_ERR', { profile_data: { crk_id: 1 } }],
      ['an unknown field', 'BAD_BODY_ERR', { colour: 'red' }],
    ])('refuses %s as %s', async (_what, code, overrides) => {
      const refused = await rig.call('POST', '/kmip_adapters', await aRequest(overrides));
      expect([refused.statusCode, reasonOf(refused)]).toEqual([400, code]);
      expect(rig.lastEvent().action).toBe('hs-crypto.kmip-management.default');
    });

    it('refuses a root key that is not there with NATIVE_CRK_ID_NOT_FOUND_ERR', async () => {
      const request = await aRequest({ profile_data: { crk_id: UNKNOWN_ID } });
      const refused = await rig.call('POST', '/kmip_adapters', request);
      expect([refused.statusCode, reasonOf(refused)]).toEqual([404, 'NATIVE_CRK_ID_NOT_FOUND_ERR']);
    });

    it('refuses a root key that is disabled with NATIVE_INVALID_CRK_ERR', async () => {
      const crk_id = await aRootKeyIn(rig);
      await rig.call('POST', `/keys/${crk_id}/actions/disable`);
      const request = await aRequest({ profile_data: { crk_id } });
      const refused = await rig.call('POST', '/kmip_adapters', request);
      expect([refused.statusCode, reasonOf(refused)]).toEqual([409, 'NATIVE_INVALID_CRK_ERR']);
    });

    it('refuses a name that is taken with KMIP_ADAPTER_DUPLICATE_NAME_ERR', async () => {
      await anAdapterIn(rig, 'a1');
      const refused = await rig.call('POST', '/kmip_adapters', await aRequest());
      expect([refused.statusCode, reasonOf(refused)]).toEqual([
        409,
        'KMIP_ADAPTER_DUPLICATE_NAME_ERR',
      ]);
      expect(rig.lastEvent().action).toBe('hs-crypto.kmip-management.create');
    });

    it('lets one of two that come at once win', async () => {
      const request = await aRequest();
      const answers = await Promise.all([
        rig.request('POST', '/kmip_adapters', request),
        rig.request('POST', '/kmip_adapters', request),
      ]);
      expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([201, 409]);
      expect((await rig.call('GET', '/kmip_adapters')).json().resources).toHaveLength(1);
    });

    it('refuses the 201st adapter with KMIP_ADAPTER_QUOTA_ERR', async () => {
      const request = await aRequest({ name: undefined });
      for (let count = 0; count < 200; count++)
        await rig.request('POST', '/kmip_adapters', request);
      const refused = await rig.call('POST', '/kmip_adapters', request);
      expect([refused.statusCode, reasonOf(refused)]).toEqual([409, 'KMIP_ADAPTER_QUOTA_ERR']);
    });
  });

  describe('GET /kmip_adapters', () => {
    it('answers an empty list as a list', async () => {
      const listed = await rig.call('GET', '/kmip_adapters');
      expect(listed.json()).toEqual({
        metadata: {
          collectionType: 'application/vnd.ibm.kms.kmip_adapter+json',
          collectionTotal: 0,
        },
        resources: [],
      });
      expect(rig.lastEvent()).toMatchObject({
        action: 'hs-crypto.kmip-management.list',
        responseData: { totalResources: 0 },
      });
    });

    it.each(['true', 'True', 'TRUE'])('tells the total when totalCount is %s', async (asked) => {
      await anAdapterIn(rig, 'a1');
      rig.advance(1);
      await anAdapterIn(rig, 'a2');
      const listed = await rig.call('GET', `/kmip_adapters?limit=1&offset=1&totalCount=${asked}`);
      expect(listed.json().metadata).toMatchObject({ collectionTotal: 1, totalCount: 2 });
      expect(listed.json().resources[0].name).toBe('a2');
    });

    it('lists only the adapters of a root key', async () => {
      const id = await anAdapterIn(rig, 'a1');
      await anAdapterIn(rig, 'a2');
      const { crk_id } = (await rig.call('GET', `/kmip_adapters/${id}`)).json().resources[0]
        .profile_data;
      const listed = await rig.call('GET', `/kmip_adapters?crk_id=${crk_id}`);
      expect(listed.json().resources).toEqual([expect.objectContaining({ id })]);
      const none = await rig.call('GET', `/kmip_adapters?crk_id=${UNKNOWN_ID}`);
      expect(none.json().resources).toEqual([]);
    });

    it.each([
      ['limit=0', 'limit'],
      ['limit=201', 'limit'],
      ['limit=ten', 'limit'],
      ['limit=1&limit=2', 'limit'],
      ['offset=-1', 'offset'],
      ['totalCount=maybe', 'totalCount'],
    ])('refuses ?%s with INVALID_QUERY_PARAM_ERR', async (query, name) => {
      const refused = await rig.call('GET', `/kmip_adapters?${query}`);
      expect([refused.statusCode, reasonOf(refused)]).toEqual([400, 'INVALID_QUERY_PARAM_ERR']);
      expect(refused.json().resources[0].reasons[0].target).toEqual({ type: 'query_param', name });
      expect(rig.lastEvent().action).toBe('hs-crypto.kmip-management.default');
    });

    it('says what a limit may be', async () => {
      const refused = await rig.call('GET', '/kmip_adapters?limit=201');
      expect(refused.json().resources[0].reasons[0].message).toBe(
        "'limit' must be: an integer between 1 and 200 (inclusive)",
      );
    });
  });

  describe('GET /kmip_adapters/{adapter}', () => {
    it('answers 404 for what is not there, and says so in the event', async () => {
      const refused = await rig.call('GET', '/kmip_adapters/none');
      expect([refused.statusCode, reasonOf(refused)]).toEqual([404, 'KMIP_ADAPTER_NOT_FOUND_ERR']);
      expect(rig.lastEvent()).toMatchObject({
        action: 'hs-crypto.kmip-management.read',
        outcome: 'failure',
        reason: { reasonCode: 404 },
      });
    });
  });

  describe('DELETE /kmip_adapters/{adapter}', () => {
    it('answers 204 without a body, and the adapter is gone', async () => {
      const id = await anAdapterIn(rig, 'a1');
      const deleted = await rig.call('DELETE', '/kmip_adapters/a1');
      expect([deleted.statusCode, deleted.rawPayload.length]).toEqual([204, 0]);
      expect(rig.lastEvent()).toMatchObject({
        action: 'hs-crypto.kmip-management.delete',
        severity: 'critical',
        reason: { reasonCode: 204 },
        responseData: { adapterId: id },
      });
      expect((await rig.call('GET', '/kmip_adapters/a1')).statusCode).toBe(404);
      expect((await rig.call('DELETE', '/kmip_adapters/a1')).statusCode).toBe(404);
    });

    it.each(['PreActive', 'Active', 'Deactivated', 'Compromised'] as const)(
      'refuses while an object is %s',
      async (state) => {
        const id = await anAdapterIn(rig);
        const object = anObjectIn(id, state, rig.now());
        await rig.store.commit({
          guards: [],
          changes: [{ kind: 'insert-object', object }],
          events: [],
        });
        const refused = await rig.call('DELETE', `/kmip_adapters/${id}`);
        expect([refused.statusCode, reasonOf(refused)]).toEqual([
          409,
          'KMIP_ADAPTER_NOT_EMPTY_ERR',
        ]);
      },
    );

    it('deletes an adapter of which only destroyed objects are left', async () => {
      const id = await anAdapterIn(rig);
      const object = anObjectIn(id, 'Destroyed', rig.now());
      await rig.store.commit({
        guards: [],
        changes: [{ kind: 'insert-object', object }],
        events: [],
      });
      expect((await rig.call('DELETE', `/kmip_adapters/${id}`)).statusCode).toBe(204);
    });
  });
});
