import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aRig, envelope, type Rig, reasonOf } from '../management-api.fixtures.ts';

const PAYLOAD = Buffer.from('a secret of some program').toString('base64');
const REPRESENTATION = { headers: { prefer: 'return=representation' } };
const MANAGER = { role: 'Manager' } as const;

describe('standard keys', () => {
  let rig: Rig;
  beforeEach(async () => {
    rig = aRig();
  });
  afterEach(() => rig.close());

  const create = (fields: object = {}, asked: object = MANAGER) =>
    rig.call('POST', '/keys', envelope({ name: 'standard', extractable: true, ...fields }), asked);
  const createdId = async (fields: object = {}): Promise<string> => {
    const created = await create(fields);
    return created.json().resources[0].id;
  };

  it('are imported, and read with the payload that was brought', async () => {
    const created = await create({ payload: PAYLOAD });
    expect(created.statusCode).toBe(201);
    const [key] = created.json().resources;
    expect(key).toMatchObject({ extractable: true, state: 1 });
    expect(key).not.toHaveProperty('payload');
    expect(rig.lastEvent().requestData).toMatchObject({ keyType: 'standard_key' });
    const read = (await rig.call('GET', `/keys/${key.id}`)).json().resources[0];
    expect(read).toMatchObject({ payload: PAYLOAD, imported: true, deleted: false });
    expect(read).not.toHaveProperty('keyVersion');
  });

  it('are made of 256 random bits, another for each', async () => {
    const payloads = await Promise.all(
      [await createdId(), await createdId()].map(async (id) => {
        const read = await rig.request('GET', `/keys/${id}`);
        return Buffer.from(read.json().resources[0].payload, 'base64');
      }),
    );
    expect(payloads.map(({ length }) => length)).toEqual([32, 32]);
    expect(payloads[0]?.equals(payloads[1] ?? Buffer.of())).toBe(false);
  });

  it('come with their payload at once when a representation is preferred', async () => {
    const created = await create({ payload: PAYLOAD }, REPRESENTATION);
    expect(created.json().resources[0].payload).toBe(PAYLOAD);
  });

  it('show the payload to roles that may read keys, and in no list, metadata or event', async () => {
    const id = await createdId({ payload: PAYLOAD });
    for (const role of ['ReaderPlus', 'Writer', 'Manager'] as const) {
      const read = await rig.call('GET', `/keys/${id}`, undefined, { role });
      expect(read.json().resources[0].payload).toBe(PAYLOAD);
    }
    const asReader = { role: 'Reader' } as const;
    expect((await rig.call('GET', `/keys/${id}`, undefined, asReader)).statusCode).toBe(401);
    for (const path of ['/keys', `/keys/${id}/metadata`]) {
      expect((await rig.call('GET', path, undefined, asReader)).body).not.toContain('payload');
    }
    const events = await rig.store.listEvents({ afterSequence: 0, limit: 100 });
    expect(events.map(({ body }) => body).join()).not.toContain(PAYLOAD);
  });

  it('are listed and counted beside root keys, or apart', async () => {
    const id = await createdId();
    await rig.call('POST', '/keys', envelope({ name: 'a root key', extractable: false }));
    const listed = await rig.call('GET', '/keys?extractable=true&totalCount=true');
    expect(listed.json()).toMatchObject({ metadata: { totalCount: 1 }, resources: [{ id }] });
    const counted = await rig.call('HEAD', '/keys?extractable=false');
    expect(counted.headers['key-total']).toBe('1');
  });

  it('are deleted, and have no payload then', async () => {
    const id = await createdId({ payload: PAYLOAD });
    expect((await rig.call('DELETE', `/keys/${id}`)).statusCode).toBe(204);
    const read = (await rig.call('GET', `/keys/${id}`)).json().resources[0];
    expect(read).toMatchObject({ state: 5, deleted: true });
    expect(read).not.toHaveProperty('payload');
  });

  it('carry no adapter', async () => {
    const crk_id = await createdId();
    const adapter = { name: 'a1', profile: 'native_1.0', profile_data: { crk_id } };
    const refused = await rig.call('POST', '/kmip_adapters', envelope(adapter));
    expect([refused.statusCode, reasonOf(refused)]).toEqual([409, 'NATIVE_INVALID_CRK_ERR']);
  });

  it.each(['disable', 'enable', 'rotate', 'wrap'])('refuse to %s', async (action) => {
    const id = await createdId();
    const refused = await rig.call('POST', `/keys/${id}/actions/${action}`);
    expect([refused.statusCode, reasonOf(refused)]).toEqual([400, 'KEY_ROOT_REQ_ERR']);
  });

  it.each([
    ['that is empty', ''],
    ['that is no base64', 'AAA'],
    ['of more than 7500 bytes', Buffer.alloc(7501).toString('base64')],
  ])('refuse a payload %s', async (_what, payload) => {
    const refused = await create({ payload });
    expect([refused.statusCode, reasonOf(refused)]).toEqual([400, 'INVALID_FIELD_ERR']);
  });

  it('take a payload of 7500 bytes', async () => {
    const payload = Buffer.alloc(7500, 5).toString('base64');
    const id = await createdId({ payload });
    expect((await rig.call('GET', `/keys/${id}`)).json().resources[0].payload).toBe(payload);
  });

  it('have no registrations, like all keys', async () => {
    const id = await createdId();
    const empty = {
      metadata: {
        collectionType: 'application/vnd.ibm.kms.registration+json',
        collectionTotal: 0,
        totalCount: 0,
      },
      resources: [],
    };
    for (const path of [`/keys/${id}/registrations`, '/keys/registrations']) {
      const listed = await rig.call('GET', `${path}?totalCount=true`);
      expect([listed.statusCode, listed.json()]).toEqual([200, empty]);
      expect(rig.lastEvent().action).toBe('hs-crypto.registrations.list');
    }
    expect((await rig.call('GET', '/keys/none/registrations')).statusCode).toBe(404);
    await rig.call('GET', '/keys/registrations?limit=0');
    expect(rig.lastEvent().action).toBe('hs-crypto.registrations.default');
  });
});
