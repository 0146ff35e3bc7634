import type { KmipStateName } from '@claviger/audit-emitter';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { anObjectIn } from '../managed-objects.fixtures.ts';
import { anAdapterIn, aRig, type Rig, reasonOf, STORES } from '../management-api.fixtures.ts';
import { STATE_NUMBERS } from './object-resource.ts';

const PATH = '/kmip_adapters/a1/kmip_objects';
const AUTHORITY_ID = '7d1b2f3a-0000-4000-8000-0000000000bb';
const FINGERPRINT = 'ab'.repeat(32);
const CERTIFICATE_ID = '7d1b2f3a-0000-4000-8000-0000000000aa';

describe.each(STORES)('over the store %s', (_store, openStore) => {
  let rig: Rig;
  let adapterId: string;
  beforeEach(async () => {
    rig = aRig({ store: await openStore() });
    adapterId = await anAdapterIn(rig, 'a1');
  });
  afterEach(() => rig.close());

  async function anObjectThatIs(state: KmipStateName, createdAt = rig.now()): Promise<string> {
    const object = anObjectIn(adapterId, state, createdAt);
    const by = { at: createdAt, actor: 'IBMid-1', certificateId: CERTIFICATE_ID };
    const changes = [{ kind: 'insert-object', object, by } as const];
    await rig.store.commit({ guards: [], changes, events: [] });
    return object.id;
  }

  async function allStates(): Promise<void> {
    for (const state of Object.keys(STATE_NUMBERS)) {
      await anObjectThatIs(state as KmipStateName); // the keys of the table
    }
  }

  async function listedStates(query: string): Promise<readonly number[]> {
    const listed = await rig.call('GET', PATH + query);
    expect(listed.statusCode).toBe(200);
    const { resources }: { readonly resources: readonly { readonly state: number }[] } =
      listed.json();
    return resources.map(({ state }) => state).sort();
  }

  describe('GET .../kmip_objects', () => {
    it.each([
      ['', [1, 2, 3, 4]],
      ['?state=', [1, 2, 3, 4]],
      ['?state=2', [2]],
      ['?state=1%2C2%2C5', [1, 2, 5]],
      ['?state=5,6', [5, 6]],
      ['?state=1&state=2', [1, 2]],
    ])('lists with "%s" the states %j', async (query, states) => {
      await allStates();
      expect(await listedStates(query)).toEqual(states);
    });

    it('counts the total after the filter', async () => {
      await allStates();
      const listed = await rig.call('GET', `${PATH}?state=1,2&limit=1&totalCount=True`);
      expect(listed.json().metadata).toMatchObject({ collectionTotal: 1, totalCount: 2 });
      expect(rig.lastEvent()).toMatchObject({
        action: 'hs-crypto.kmip-management.list',
        requestData: { resourceType: 'kmip_object', adapterId },
        responseData: { totalResources: 1 },
      });
    });

    it('has the store count only for who asks for the total', async () => {
      const asked: unknown[] = [];
      const watched = aRig({
        wrapStore: (store) => ({
          ...store,
          listObjectSummaries(id, query) {
            asked.push(query.countUpTo);
            return store.listObjectSummaries(id, query);
          },
        }),
      });
      onTestFinished(() => watched.close());
      await anAdapterIn(watched, 'a1');
      for (const query of ['', '?totalCount=false', '?totalCount=true']) {
        expect((await watched.call('GET', PATH + query)).statusCode).toBe(200);
      }
      expect(asked).toEqual([0, 0, undefined]);
    });

    it.each(['limit=0', 'limit=5001', 'state=0', 'state=7', 'state=Active', 'state=1;2'])(
      'refuses ?%s with INVALID_QUERY_PARAM_ERR',
      async (query) => {
        const refused = await rig.call('GET', `${PATH}?${query}`);
        expect([refused.statusCode, reasonOf(refused)]).toEqual([400, 'INVALID_QUERY_PARAM_ERR']);
      },
    );

    it('says more with details, and nothing more without', async () => {
      const id = await anObjectThatIs('Active');
      const listed = await rig.call('GET', `${PATH}?details=true`);
      const read = await rig.call('GET', `${PATH}/${id}?details=true`);
      const [object] = listed.json().resources;
      expect(object).toMatchObject({
        id,
        version: 1,
        has_material: true,
        attributes: [
          { name: 'State', value: 'Active' },
          { name: 'x-Name', index: 1, value: 'vm-12' },
        ],
      });
      expect(read.json().resources).toEqual([object]);
      const plain = (await rig.call('GET', `${PATH}/${id}`)).json().resources[0];
      expect({
        ...object,
        version: undefined,
        has_material: undefined,
        attributes: undefined,
      }).toEqual(plain);
      expect(plain).not.toHaveProperty('attributes');
    });

    it('takes a limit of 5000', async () => {
      expect((await rig.call('GET', `${PATH}?limit=5000`)).statusCode).toBe(200);
    });
  });

  describe('GET .../kmip_objects/{id}', () => {
    it('answers numbers, dates, and whoever registered the certificate', async () => {
      const id = await anObjectThatIs('Active');
      const read = await rig.call('GET', `${PATH}/${id}`);
      expect(read.json()).toEqual({
        metadata: {
          collectionType: 'application/vnd.ibm.kms.kmip_object+json',
          collectionTotal: 1,
        },
        resources: [
          {
            id,
            kmip_object_type: 2,
            state: 2,
            created_at: '2026-11-22T12:00:00Z',
            created_by: 'IBMid-1',
            created_by_kmip_client_cert_id: CERTIFICATE_ID,
            updated_at: '2026-11-22T12:00:00Z',
            updated_by: 'IBMid-1',
            updated_by_kmip_client_cert_id: CERTIFICATE_ID,
          },
        ],
      });
      expect(rig.lastEvent()).toMatchObject({
        action: 'hs-crypto.kmip-management.read',
        target: { id: expect.stringMatching(`:kmip_object:${id}$`) },
        responseData: { kmipObjectId: id },
      });
    });

    it('names the authority and the fingerprint of a client that was issued', async () => {
      const object = anObjectIn(adapterId, 'PreActive', rig.now());
      const client = {
        at: rig.now(),
        actor: 'IBMid-1',
        authorityId: AUTHORITY_ID,
        fingerprintSha256: FINGERPRINT,
      };
      const changes = [{ kind: 'insert-object', object, by: client } as const];
      await rig.store.commit({ guards: [], changes, events: [] });
      const destroyed = await rig.call('DELETE', `${PATH}/${object.id}`);
      expect(destroyed.statusCode).toBe(204);
      const [shown] = (await rig.call('GET', `${PATH}/${object.id}`)).json().resources;
      expect(shown).toMatchObject({
        created_by_kmip_client_cert_id: AUTHORITY_ID,
        created_by_client_authority_id: AUTHORITY_ID,
        created_by_fingerprint_sha256: FINGERPRINT,
      });
      expect(Object.keys(shown).filter((name) => name.startsWith('destroyed'))).toEqual([
        'destroyed_at',
        'destroyed_by',
      ]);
    });

    it('finds no object of another adapter', async () => {
      const id = await anObjectThatIs('Active');
      await anAdapterIn(rig, 'a2');
      const refused = await rig.call('GET', `/kmip_adapters/a2/kmip_objects/${id}`);
      expect([refused.statusCode, reasonOf(refused)]).toEqual([404, 'KMIP_OBJECT_NOT_FOUND_ERR']);
    });
  });

  describe('DELETE .../kmip_objects/{id}', () => {
    it.each([
      ['PreActive', 5],
      ['Deactivated', 5],
      ['Compromised', 6],
    ] as const)('destroys what is %s: state %i', async (state, after) => {
      const id = await anObjectThatIs(state);
      const deleted = await rig.call('DELETE', `${PATH}/${id}`);
      expect([deleted.statusCode, deleted.rawPayload.length]).toEqual([204, 0]);
      expect(rig.lastEvent()).toMatchObject({
        action: 'hs-crypto.kmip-management.delete',
        severity: 'critical',
      });
      const read = await rig.call('GET', `${PATH}/${id}`);
      expect(read.json().resources[0]).toMatchObject({
        state: after,
        destroyed_at: '2026-11-22T12:00:00Z',
        destroyed_by: expect.stringMatching(/^iam-ServiceId-/),
      });
      expect(read.json().resources[0]).not.toHaveProperty('destroyed_by_kmip_client_cert_id');
      expect((await rig.store.readObject(adapterId, id))?.material).toBeNull();
    });

    it.each(['', '?force=false'])('refuses an active object with "%s"', async (query) => {
      const id = await anObjectThatIs('Active');
      const refused = await rig.call('DELETE', `${PATH}/${id}${query}`);
      expect([refused.statusCode, reasonOf(refused)]).toEqual([409, 'KMIP_OBJECT_ACTIVE_ERR']);
    });

    it('destroys an active object with force', async () => {
      const id = await anObjectThatIs('Active');
      expect((await rig.call('DELETE', `${PATH}/${id}?force=true`)).statusCode).toBe(204);
    });

    it.each(['', '?force=true'])('answers 410 for what is destroyed, with "%s"', async (query) => {
      const id = await anObjectThatIs('Destroyed');
      const refused = await rig.call('DELETE', `${PATH}/${id}${query}`);
      expect([refused.statusCode, reasonOf(refused)]).toEqual([410, 'KMIP_OBJECT_DELETED_ERR']);
    });

    it('lets one of two that come at once win', async () => {
      const id = await anObjectThatIs('PreActive');
      const answers = await Promise.all([
        rig.request('DELETE', `${PATH}/${id}`),
        rig.request('DELETE', `${PATH}/${id}`),
      ]);
      expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([204, 410]);
    });

    it('answers 404 for what is not there', async () => {
      for (const id of ['none', CERTIFICATE_ID]) {
        const refused = await rig.call('DELETE', `${PATH}/${id}`);
        expect([refused.statusCode, reasonOf(refused)]).toEqual([404, 'KMIP_OBJECT_NOT_FOUND_ERR']);
      }
    });
  });

  describe('GET /kmip_adapters?object=', () => {
    it('finds the adapter that holds an object', async () => {
      await anAdapterIn(rig, 'a2');
      const id = await anObjectThatIs('Active');
      const found = await rig.call('GET', `/kmip_adapters?object=${id.toUpperCase()}`);
      expect(found.json().resources).toMatchObject([{ id: adapterId }]);
      const none = await rig.call('GET', '/kmip_adapters?object=nothing&totalCount=true');
      expect(none.json()).toMatchObject({ metadata: { totalCount: 0 }, resources: [] });
    });
  });
});
