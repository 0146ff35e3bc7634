import { actionDefinition, HPCS_ACTIONS } from '@claviger/audit-emitter';
import { anEvent } from '@claviger/key-store/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aRig, aRootKeyIn, type Rig, reasonOf, STORES } from '../management-api.fixtures.ts';
import { actionsNamed } from './action-names.ts';

interface Page {
  readonly metadata: { readonly collectionTotal: number; readonly nextCursor?: string };
  readonly resources: readonly {
    readonly action: string;
    readonly log: { readonly sequence: number };
  }[];
}

describe.each(STORES)('the log, kept %s,', (_name, openStore) => {
  let rig: Rig;
  let key: string;
  beforeEach(async () => {
    rig = aRig({ store: await openStore() });
    key = await aRootKeyIn(rig);
    await rig.call('GET', '/keys/none');
    await rig.call('GET', '/kmip_adapters');
  });
  afterEach(() => rig.close());

  const search = async (query: string): Promise<Page> =>
    (await rig.call('GET', `/events?${query}`)).json();
  const actionsOf = async (query: string) =>
    (await search(query)).resources.map(({ action }) => action);

  it('is answered newest first, each event as it stands there', async () => {
    const answer = await rig.call('GET', '/events');
    const stored = await rig.store.listEvents({ afterSequence: 0, limit: 100 });
    const page: Page = answer.json();
    // The event of this call is not in its own answer.
    const bodies = stored.slice(0, -1).map(({ body }) => body);
    expect(page.resources.map((event) => JSON.stringify(event))).toEqual(bodies.toReversed());
    expect(page.metadata.nextCursor).toBeUndefined();
  });

  it('is answered page by page, in both orders', async () => {
    const { resources } = await search('limit=1000');
    const last = resources[0]?.log.sequence;
    for (const order of ['newest-first', 'oldest-first']) {
      const seen: number[] = [];
      let cursor = '';
      do {
        const page = await search(`limit=2&order=${order}&until=2100-01-01${cursor}`);
        seen.push(...page.resources.map(({ log }) => log.sequence));
        const next = page.metadata.nextCursor;
        cursor = next === undefined ? '' : `&cursor=${next}`;
      } while (cursor !== '' && seen.length < 50);
      expect(new Set(seen).size).toBe(seen.length);
      const sorted = seen.toSorted((a, b) => (order === 'newest-first' ? b - a : a - b));
      expect(seen).toEqual(sorted);
      expect(seen).toEqual(expect.arrayContaining([1, last]));
    }
  });

  it('is searched by each filter', async () => {
    expect(await actionsOf('outcome=failure')).toEqual(['hs-crypto.secrets.read']);
    expect(await actionsOf('action=hs-crypto.secrets.*')).toEqual([
      'hs-crypto.secrets.read',
      'hs-crypto.secrets.create',
    ]);
    expect(
      await actionsOf('action=hs-crypto.secrets.create,hs-crypto.kmip-management.list'),
    ).toEqual(['hs-crypto.kmip-management.list', 'hs-crypto.secrets.create']);
    expect(await actionsOf('severity=warning')).toEqual(['hs-crypto.secrets.read']);
    expect(await actionsOf('text=COULD%20NOT&since=2000-01-01')).toEqual([]);
    expect(await actionsOf('text=%22keyState%22')).toContain('hs-crypto.secrets.create');
    expect(await actionsOf(`target=${key}`)).toEqual(['hs-crypto.secrets.create']);
    expect(await actionsOf('initiator=nobody')).toEqual([]);
    expect(await actionsOf('adapter=nothing')).toEqual([]);
    expect(await actionsOf('since=2100-01-01T00:00:00%2B02:00')).toEqual([]);
    const first = (await rig.store.listEvents({ afterSequence: 1, limit: 1 }))[0];
    expect(await actionsOf(`correlation_id=${first?.correlationId}`)).toEqual([first?.action]);
  });

  it('is streamed as a whole, byte for byte, by one call with one event', async () => {
    const stored = await rig.store.listEvents({ afterSequence: 0, limit: 100 });
    const headers = { accept: 'application/x-ndjson' };
    const answer = await rig.call('GET', '/events?last=2', undefined, { headers });
    expect(answer.headers['content-type']).toBe('application/x-ndjson');
    expect(answer.body).toBe(
      stored
        .slice(-2)
        .map(({ body }) => `${body}\n`)
        .join(''),
    );
    expect(rig.lastEvent()).toMatchObject({
      action: 'claviger.audit-events.read',
      requestData: { stream: 'application/x-ndjson' },
    });
  });

  it('tells in its event what was asked, but no text that the caller chose', async () => {
    await search('severity=warning&text=hunter2&until=2100-01-01&initiator=hunter2');
    const { action, requestData, responseData } = rig.lastEvent();
    expect({ action, requestData, responseData }).toMatchObject({
      action: 'claviger.audit-events.read',
      requestData: {
        severities: ['warning'],
        until: '2100-01-01T00:00:00.000Z',
        filteredBy: ['initiator', 'text'],
      },
      responseData: { totalResources: 0 },
    });
    expect(JSON.stringify(rig.lastEvent())).not.toContain('hunter2');
  });

  it('is read by Manager and AuditReader, and by nobody else', async () => {
    const statusFor = async (role: Parameters<Rig['tokenOf']>[0]) =>
      (await rig.call('GET', '/events', undefined, { role })).statusCode;
    expect(await statusFor('AuditReader')).toBe(200);
    for (const role of ['Reader', 'ReaderPlus', 'Writer', 'KmipAdapterManager'] as const) {
      expect(await statusFor(role)).toBe(401);
    }
    const asked = { role: 'AuditReader' } as const;
    expect((await rig.call('GET', '/keys', undefined, asked)).statusCode).toBe(401);
  });
});

describe('a search that cannot be made', () => {
  let rig: Rig;
  beforeEach(() => {
    rig = aRig();
  });
  afterEach(() => rig.close());

  it('finds nothing before a time that is long past', async () => {
    const answer = await rig.call('GET', '/events?since=0001-01-01&until=0020-02-29T00:00:00Z');
    expect([answer.statusCode, answer.json().resources]).toEqual([200, []]);
  });

  it.each([
    ['since=yesterday', 'since'],
    ['until=2026-13-01', 'until'],
    ['action=hs-crypto.kmip-key.invented', 'action'],
    ['action=*.kmip-*', 'action'],
    ['severity=grave', 'severity'],
    ['outcome=success,maybe', 'outcome'],
    ['limit=0', 'limit'],
    ['limit=1001', 'limit'],
    ['cursor=-1', 'cursor'],
    ['order=up', 'order'],
    ['last=5', 'last'],
    ['text=', 'text'],
    [`text=${'x'.repeat(257)}`, 'text'],
    ['severty=critical', 'severty'],
  ])('refuses %s with 400, and names the parameter', async (query, name) => {
    const answer = await rig.call('GET', `/events?${query}`);
    expect([answer.statusCode, reasonOf(answer)]).toEqual([400, 'INVALID_QUERY_PARAM_ERR']);
    expect(answer.json()).toMatchObject({
      resources: [{ reasons: [{ target: { type: 'query_param', name } }] }],
    });
  });
});

it('finds events of an action by its historical name, today and as it was recorded then', async () => {
  const rig = aRig({ wrapStore: (store) => store });
  const old = anEvent({ action: 'hs-crypto.secrets.createalias', body: OLD_BODY });
  await rig.store.commit({ guards: [], changes: [], events: [old] });
  const answer = await rig.call('GET', '/events?action=hs-crypto.secrets.createalias');
  const page: Page = answer.json();
  expect(page.resources.map(({ action }) => action)).toEqual(['hs-crypto.secrets.createalias']);
  await rig.api.close();
});

/** Of an archive that was taken over. */
const OLD_BODY = JSON.stringify({
  eventTime: '2024-03-02T09:14:07.31+0000',
  action: 'hs-crypto.secrets.createalias',
  outcome: 'success',
  severity: 'normal',
  message: 'an old one',
  id: 'an-old-one',
  dataEvent: false,
  logSourceCRN: 'crn:v1:bluemix:public:hs-crypto:eu-de:a/1:2::',
  saveServiceCopy: true,
  initiator: { id: 'IBMid-1', name: 'one', typeURI: 'service/security/account/user' },
  target: { id: 'crn', name: '', typeURI: 'hs-crypto/secrets/alias' },
  observer: { name: 'ActivityTracker' },
  reason: { reasonCode: 200, reasonType: 'OK' },
  requestData: {},
  responseData: {},
});

describe('the actions that a name stands for', () => {
  it('are itself, what its wildcard fits, or the one that replaced it', () => {
    expect(actionsNamed('hs-crypto.kmip-key.create')).toEqual(['hs-crypto.kmip-key.create']);
    expect(actionsNamed('*.kmip-key.destroy')).toEqual(['hs-crypto.kmip-key.destroy']);
    expect(actionsNamed('claviger.alert.*')).toEqual(['claviger.alert.fire']);
    expect(actionsNamed('hs-crypto.secrets.createalias')).toEqual([
      'hs-crypto.secrets-alias.create',
      'hs-crypto.secrets.createalias',
    ]);
    expect(actionsNamed('*').length).toBeGreaterThan(90);
    expect(actionsNamed('a*b*c')).toEqual([]);
    expect(actionsNamed('constructor')).toEqual([]);
  });

  it('include every historical name of the catalogue', () => {
    for (const [action, { historicalNames }] of Object.entries(HPCS_ACTIONS)) {
      for (const name of historicalNames) expect(actionsNamed(name)).toContain(action);
    }
    expect(actionDefinition('claviger.audit-events.read').severity).toBe('normal');
  });
});
