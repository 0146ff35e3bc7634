/** Two clients that do the same at once: one wins, the other is told so. */

import type { KeyStore } from '@claviger/key-store';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aClientCertificate, anAuthority } from '../certificates.fixtures.ts';
import { anObjectIn } from '../managed-objects.fixtures.ts';
import {
  anAdapterIn,
  aRig,
  aRootKeyIn,
  envelope,
  NOW,
  type Rig,
  reasonOf,
  STORES,
} from '../management-api.fixtures.ts';

describe.each(STORES)('at once over the store %s', (_store, openStore) => {
  let rig: Rig;
  beforeEach(async () => {
    rig = aRig({ store: await openStore() });
    await rig.tokenOf('Manager');
  });
  afterEach(() => rig.close());

  type Call = Parameters<Rig['request']>;
  /** Statuses and reason codes, the winner first. */
  async function outcomesOf(...calls: readonly Call[]) {
    const answers = await Promise.all(calls.map((call) => rig.request(...call)));
    return answers
      .map((answer) =>
        answer.statusCode < 300 ? [answer.statusCode] : [answer.statusCode, reasonOf(answer)],
      )
      .sort();
  }

  it('two adapters of one name: one is made', async () => {
    const crk_id = await aRootKeyIn(rig);
    const body = envelope({ name: 'a1', profile: 'native_1.0', profile_data: { crk_id } });
    const call: Call = ['POST', '/kmip_adapters', body];
    expect(await outcomesOf(call, call)).toEqual([[201], [409, 'KMIP_ADAPTER_DUPLICATE_NAME_ERR']]);
  });

  it('one certificate for two adapters: one gets it', async () => {
    await anAdapterIn(rig, 'a1');
    await anAdapterIn(rig, 'a2');
    const body = envelope({ certificate: (await aClientCertificate(NOW)).certificate.pem });
    expect(
      await outcomesOf(
        ['POST', '/kmip_adapters/a1/certificates', body],
        ['POST', '/kmip_adapters/a2/certificates', body],
      ),
    ).toEqual([[201], [409, 'KMIP_CERT_DUPLICATE_ERR']]);
  });

  it('one alias for two keys: one gets it', async () => {
    const call: Call = ['POST', '/keys', envelope({ name: 'crk', aliases: ['mine'] })];
    expect(await outcomesOf(call, call)).toEqual([[201], [409, 'KEY_ALIAS_NOT_UNIQUE_ERR']]);
  });

  it('two deletions of one thing: the second finds it gone', async () => {
    const id = await aRootKeyIn(rig);
    await anAdapterIn(rig, 'a1');
    const key: Call = ['DELETE', `/keys/${id}`, undefined];
    expect(await outcomesOf(key, key)).toEqual([[204], [410, 'KEY_DELETED_ERR']]);
    const adapter: Call = ['DELETE', '/kmip_adapters/a1', undefined];
    expect(await outcomesOf(adapter, adapter)).toEqual([
      [204],
      [404, 'KMIP_ADAPTER_NOT_FOUND_ERR'],
    ]);
  });

  it('two rotations: the second is too early', async () => {
    const id = await aRootKeyIn(rig);
    const call: Call = ['POST', `/keys/${id}/actions/rotate`, undefined];
    expect(await outcomesOf(call, call)).toEqual([[204], [409, 'KEY_ROTATION_NOT_PERMITTED']]);
  });

  it('two disables: the second finds another state', async () => {
    const id = await aRootKeyIn(rig);
    const call: Call = ['POST', `/keys/${id}/actions/disable`, undefined];
    expect(await outcomesOf(call, call)).toEqual([[204], [409, 'KEY_ACTION_INVALID_STATE_ERR']]);
  });

  it('more authorities than an adapter may have: as many as may be are added', async () => {
    await anAdapterIn(rig, 'a1');
    const authorities = await Promise.all(Array.from({ length: 23 }, () => anAuthority(NOW)));
    const calls = authorities.map(
      ({ certificate }): Call => [
        'POST',
        '/kmip_adapters/a1/client_authorities',
        envelope({ certificate: certificate.pem }),
      ],
    );
    const outcomes = await outcomesOf(...calls);
    expect(outcomes.filter(([status]) => status === 201)).toHaveLength(20);
    expect(outcomes.slice(20)).toEqual(
      Array.from({ length: 3 }, () => [409, 'CLIENT_AUTHORITY_QUOTA_ERR']),
    );
  });
});

describe('somebody who is always faster', () => {
  /** Each commit of a change is overtaken. */
  const overtaken = (store: KeyStore): KeyStore => ({
    ...store,
    async commit(unit) {
      const isOvertaken = unit.changes.some(
        ({ kind }) => kind === 'rotate-root-key' || kind === 'update-object',
      );
      return isOvertaken ? { kind: 'conflict', id: 'somebody' } : await store.commit(unit);
    },
  });

  it('makes a rotation end with KEY_CHANGED_ERR', async () => {
    const rig = aRig({ wrapStore: overtaken });
    const id = await aRootKeyIn(rig);
    const refused = await rig.call('POST', `/keys/${id}/actions/rotate`);
    expect([refused.statusCode, reasonOf(refused)]).toEqual([409, 'KEY_CHANGED_ERR']);
    await rig.close();
  });

  it('makes the deletion of an object end with KMIP_OBJECT_CHANGED_ERR', async () => {
    const rig = aRig({ wrapStore: overtaken });
    const adapterId = await anAdapterIn(rig, 'a1');
    const object = anObjectIn(adapterId, 'PreActive', NOW);
    await rig.store.commit({
      guards: [],
      changes: [{ kind: 'insert-object', object, by: { at: NOW, actor: 'somebody' } }],
      events: [],
    });
    const refused = await rig.call('DELETE', `/kmip_adapters/a1/kmip_objects/${object.id}`);
    expect([refused.statusCode, reasonOf(refused)]).toEqual([409, 'KMIP_OBJECT_CHANGED_ERR']);
    await rig.close();
  });
});
