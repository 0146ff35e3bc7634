import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { anAdapterIn, aRig, envelope, type Rig, reasonOf } from '../management-api.fixtures.ts';

const TYPE = 'application/vnd.claviger.credential+json';
const PATH = '/kmip_adapters/a1/credentials';
const ANNA = { name: 'anna', username: 'Anna', password: 'correct horse' };

let rig: Rig;
let adapterId: string;
beforeEach(async () => {
  rig = aRig();
  adapterId = await anAdapterIn(rig, 'a1');
});
afterEach(() => rig.close());

const add = (fields: object) => rig.call('POST', PATH, envelope(fields, TYPE));

describe('POST .../credentials', () => {
  it('answers what clients show, and never a secret', async () => {
    const added = await add(ANNA);
    expect(added.statusCode).toBe(201);
    expect(added.json()).toEqual({
      metadata: { collectionType: TYPE, collectionTotal: 1 },
      resources: [
        {
          id: expect.any(String),
          name: 'anna',
          kind: 'user',
          identity: 'Anna',
          created_by: expect.any(String),
          created_at: '2026-11-22T12:00:00Z',
        },
      ],
    });
    expect(added.body + JSON.stringify(rig.logged)).not.toMatch(/correct horse|verifier/);
  });

  it('leaves an event with its name, and not with what clients show', async () => {
    const { id } = (await add(ANNA)).json().resources[0];
    expect(rig.lastEvent()).toMatchObject({
      action: 'hs-crypto.kmip-management.create',
      target: { id: expect.stringMatching(`:credential:${id}$`), name: 'anna' },
      requestData: { resourceType: 'credential', adapterId },
      responseData: { credentialId: id, credentialKind: 'user' },
    });
    expect(JSON.stringify(rig.lastEvent())).not.toMatch(/Anna|correct horse/);
  });

  it('tells the secret of one-time passwords once', async () => {
    const added = await add({ ...ANNA, one_time_password: true });
    expect(added.json().resources[0]).toMatchObject({ one_time_secret: 'ORSXG5A' });
    expect((await rig.call('GET', PATH)).body).not.toContain('ORSXG5A');
  });

  it.each<[string, object]>([
    ['a user without password', { name: 'anna', username: 'Anna' }],
    ['neither user nor device', { name: 'anna', password: 'p' }],
    ['both', { ...ANNA, device: { identifier: 'd' } }],
    ['a device that tells nothing', { name: 'tape', device: {} }],
    [
      'a device with one-time passwords',
      { name: 'tape', device: { identifier: 'd' }, hashed: true },
    ],
    ['no name', { username: 'Anna', password: 'p' }],
    ['a zero character', { ...ANNA, username: 'a\0' }],
    ['a field that there is not', { ...ANNA, role: 'Manager' }],
  ])('refuses %s', async (_, fields) => {
    const refused = await add(fields);
    expect([refused.statusCode, rig.lastEvent().outcome]).toEqual([400, 'failure']);
  });

  it('refuses a name, a user and a device that the adapter has', async () => {
    await add(ANNA);
    await add({ name: 'tape', device: { identifier: 'd1' } });
    for (const same of [
      { ...ANNA, username: 'Bert' },
      { ...ANNA, name: 'bert' },
      { name: 'disk', device: { identifier: 'd1' } },
    ]) {
      const refused = await add(same);
      expect([refused.statusCode, reasonOf(refused)]).toEqual([409, 'CREDENTIAL_DUPLICATE_ERR']);
    }
  });
});

describe('GET and DELETE .../credentials', () => {
  it('list and delete, by id or by name', async () => {
    await add(ANNA);
    await add({ name: 'tape', device: { identifier: 'd1' } });
    const listed = await rig.call('GET', PATH);
    const names = listed.json().resources.map(({ name }: { name: string }) => name);
    expect(names.toSorted()).toEqual(['anna', 'tape']);
    expect((await rig.call('DELETE', `${PATH}/anna`)).statusCode).toBe(204);
    expect(rig.lastEvent()).toMatchObject({
      action: 'hs-crypto.kmip-management.delete',
      target: { name: 'anna' },
    });
    expect(reasonOf(await rig.call('DELETE', `${PATH}/anna`))).toBe('CREDENTIAL_NOT_FOUND_ERR');
    expect((await rig.call('GET', PATH)).json().resources).toHaveLength(1);
  });
});
