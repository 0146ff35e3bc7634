/** Every reason code of the table is answered by some endpoint, with its status. */

import { StoreError } from '@claviger/key-store';
import { aCredential } from '@claviger/key-store/testing';
import { ClavigerError } from '@claviger/kmip-protocol';
import { expect, it } from 'vitest';
import {
  aClientCertificate,
  anAuthority,
  CERTIFICATE_REQUEST,
  CLIENT_PROFILE,
} from '../certificates.fixtures.ts';
import { anObjectIn } from '../managed-objects.fixtures.ts';
import {
  anAdapterIn,
  aRig,
  aRootKeyIn,
  envelope,
  NOW,
  type Rig,
  type RigOptions,
  reasonOf,
} from '../management-api.fixtures.ts';
import { API_ERRORS, type ApiErrorCode } from './api-errors.ts';

type Answer = Awaited<ReturnType<Rig['call']>>;
const ASK = '/kmip_adapters/a1/client_endpoints/client.example:5696/actions';
type Scenario = (rig: Rig) => Promise<Answer>;

const ADAPTERS = '/kmip_adapters';
const CERTIFICATES = '/kmip_adapters/a1/certificates';
const AUTHORITIES = '/kmip_adapters/a1/client_authorities';
const CREDENTIALS = '/kmip_adapters/a1/credentials';
const PAYLOAD = Buffer.alloc(32, 7).toString('base64');
const AUTHORITY = await anAuthority(NOW);

const adapterOver = (crk_id: string, name = 'a1') =>
  envelope({ name, profile: 'native_1.0', profile_data: { crk_id } });
const act = async (rig: Rig, action: string, body?: unknown, fields?: object) =>
  rig.call('POST', `/keys/${await aRootKeyIn(rig, fields)}/actions/${action}`, body);
const twice = async (attempt: () => Promise<Answer>) => {
  await attempt();
  return await attempt();
};
async function objectIn(rig: Rig, state: 'Active' | 'PreActive' | 'Destroyed') {
  const object = anObjectIn(await anAdapterIn(rig, 'a1'), state, NOW);
  const changes = [{ kind: 'insert-object', object } as const];
  await rig.store.commit({ guards: [], changes, events: [] });
  return `/kmip_adapters/a1/kmip_objects/${object.id}`;
}
async function certificate(): Promise<string> {
  return (await aClientCertificate(NOW)).certificate.pem;
}

/** A store that fails or is overtaken where a scenario needs it. */
const STORE: Partial<Record<ApiErrorCode, RigOptions['wrapStore']>> = {
  INTERNAL_ERR: failing('invalid'),
  UNAVAILABLE_ERR: failing('unavailable'),
  OVERLOADED_ERR: failing('overloaded'),
  KEY_CHANGED_ERR: overtaken,
  KMIP_OBJECT_CHANGED_ERR: overtaken,
};
function failing(code: 'invalid' | 'unavailable' | 'overloaded'): RigOptions['wrapStore'] {
  return (store) => ({
    ...store,
    pageAdapters: async () => {
      throw new StoreError(code, 'not today');
    },
  });
}
function overtaken(store: Rig['store']): Rig['store'] {
  return {
    ...store,
    async commit(unit) {
      const kinds = unit.changes.map(({ kind }) => kind);
      const isLate = kinds.includes('set-root-key-state') || kinds.includes('update-object');
      return isLate ? { kind: 'conflict', id: 'another' } : await store.commit(unit);
    },
  };
}

const SCENARIOS = {
  BAD_BODY_ERR: (rig) => rig.call('POST', '/keys', '{'),
  NO_BODY_ERR: (rig) => rig.call('POST', '/keys'),
  COLLECTION_TOTAL_MISMATCH_ERR: (rig) =>
    rig.call('POST', '/keys', { ...envelope({ name: 'k1' }), resources: [] }),
  NUM_COLLECTION_RESOURCE_ERR: (rig) =>
    rig.call('POST', '/keys', {
      metadata: { collectionType: 'x', collectionTotal: 0 },
      resources: [],
    }),
  INVALID_FIELD_ERR: (rig) => rig.call('POST', '/keys', envelope({ name: '' })),
  INVALID_QUERY_PARAM_ERR: (rig) => rig.call('GET', '/keys?limit=0'),
  INVALID_HEADER_ERR: (rig) =>
    rig.call('GET', '/keys', undefined, { headers: { 'bluemix-instance': undefined } }),
  BEARER_SUB_EXTRACTION_ERR: (rig) =>
    rig.call('GET', '/keys', undefined, { headers: { authorization: 'Bearer x' } }),
  KEY_ROOT_REQ_ERR: (rig) => act(rig, 'disable', undefined, { extractable: true }),
  KEY_PAYLOAD_REQ_ERR: (rig) => act(rig, 'rotate', undefined, { payload: PAYLOAD }),
  UNAUTHORIZED_ERR: (rig) => rig.call('GET', ADAPTERS, undefined, { role: 'Reader' }),
  KMIP_ADAPTER_NOT_FOUND_ERR: (rig) => rig.call('GET', `${ADAPTERS}/none`),
  KMIP_CERT_NOT_FOUND_ERR: async (rig) => {
    await anAdapterIn(rig, 'a1');
    return await rig.call('DELETE', `${CERTIFICATES}/none`);
  },
  KMIP_OBJECT_NOT_FOUND_ERR: async (rig) => {
    await anAdapterIn(rig, 'a1');
    return await rig.call('GET', '/kmip_adapters/a1/kmip_objects/none');
  },
  NATIVE_CRK_ID_NOT_FOUND_ERR: (rig) => rig.call('POST', ADAPTERS, adapterOver('none')),
  KEY_NOT_FOUND_ERR: (rig) => rig.call('GET', '/keys/none'),
  KEY_RING_NOT_FOUND_ERR: (rig) =>
    rig.call('GET', '/keys', undefined, { headers: { 'x-kms-key-ring': 'another' } }),
  REFUSED_CERT_NOT_FOUND_ERR: (rig) =>
    rig.call('POST', '/refused_certificates/none/trust', envelope({ adapter: 'a1' })),
  CLIENT_AUTHORITY_NOT_FOUND_ERR: async (rig) => {
    await anAdapterIn(rig, 'a1');
    return await rig.call('DELETE', `${AUTHORITIES}/none`);
  },
  OPERATION_NOT_OFFERED_ERR: (rig) => rig.call('GET', '/nothing'),
  METHOD_NOT_ALLOWED_ERR: (rig) => rig.call('DELETE', '/keys'),
  KMIP_ADAPTER_DUPLICATE_NAME_ERR: async (rig) => {
    const id = await aRootKeyIn(rig);
    return await twice(() => rig.call('POST', ADAPTERS, adapterOver(id)));
  },
  KMIP_ADAPTER_QUOTA_ERR: async (rig) => {
    const id = await aRootKeyIn(rig);
    for (let count = 0; count < 200; count++) {
      await rig.request('POST', ADAPTERS, adapterOver(id, `adapter-${count}`));
    }
    return await rig.call('POST', ADAPTERS, adapterOver(id, 'one-more'));
  },
  KMIP_ADAPTER_NOT_EMPTY_ERR: async (rig) => {
    await objectIn(rig, 'Active');
    return await rig.call('DELETE', '/kmip_adapters/a1');
  },
  NATIVE_INVALID_CRK_ERR: async (rig) =>
    rig.call('POST', ADAPTERS, adapterOver(await aRootKeyIn(rig, { extractable: true }))),
  KMIP_CERT_DUPLICATE_ERR: async (rig) => {
    await anAdapterIn(rig, 'a1');
    const body = envelope({ certificate: await certificate() });
    return await twice(() => rig.call('POST', CERTIFICATES, body));
  },
  KMIP_CERT_DUPLICATE_NAME_ERR: async (rig) => {
    await anAdapterIn(rig, 'a1');
    return await twice(async () =>
      rig.call('POST', CERTIFICATES, envelope({ name: 'vc', certificate: await certificate() })),
    );
  },
  KEY_ALIAS_NOT_UNIQUE_ERR: (rig) =>
    twice(() => rig.call('POST', '/keys', envelope({ name: 'crk', aliases: ['mine'] }))),
  KMIP_CERT_QUOTA_ERR: async (rig) => {
    await anAdapterIn(rig, 'a1');
    const path = '/kmip_adapters/a1/certificate_requests';
    const body = envelope({ certificate_request: CERTIFICATE_REQUEST });
    for (let count = 0; count < 200; count++) await rig.request('POST', path, body);
    return await rig.call('POST', path, body);
  },
  CLIENT_AUTHORITY_DUPLICATE_ERR: async (rig) => {
    await anAdapterIn(rig, 'a1');
    const body = envelope({ certificate: AUTHORITY.certificate.pem });
    return await twice(() => rig.call('POST', AUTHORITIES, body));
  },
  CLIENT_AUTHORITY_QUOTA_ERR: async (rig) => {
    await anAdapterIn(rig, 'a1');
    const add = async () => {
      const body = envelope({ certificate: (await anAuthority(NOW)).certificate.pem });
      return await rig.call('POST', AUTHORITIES, body);
    };
    for (let count = 0; count < 20; count++) await add();
    return await add();
  },
  CREDENTIAL_NOT_FOUND_ERR: async (rig) => {
    await anAdapterIn(rig, 'a1');
    return await rig.call('DELETE', `${CREDENTIALS}/nobody`);
  },
  CREDENTIAL_DUPLICATE_ERR: async (rig) => {
    await anAdapterIn(rig, 'a1');
    const body = envelope({ name: 'anna', username: 'anna', password: 'correct horse' });
    return await twice(() => rig.call('POST', CREDENTIALS, body));
  },
  CREDENTIAL_QUOTA_ERR: async (rig) => {
    const adapterId = await anAdapterIn(rig, 'a1');
    const changes = Array.from({ length: 200 }, () => ({
      kind: 'insert-credential' as const,
      credential: aCredential({ adapterId }),
    }));
    await rig.store.commit({ guards: [], changes, events: [] });
    const body = envelope({ name: 'one-more', device: { identifier: 'd1' } });
    return await rig.call('POST', CREDENTIALS, body);
  },
  CLIENT_ENDPOINT_NOT_FOUND_ERR: async (rig) => {
    await anAdapterIn(rig, 'a1');
    const nobody = ASK.replace('5696', '5697');
    return await rig.call('POST', `${nobody}/query`, envelope({}));
  },
  CLIENT_ENDPOINT_FAILED_ERR: async (rig) => {
    await anAdapterIn(rig, 'a1');
    return await rig.call('POST', `${ASK}/query`, envelope({}));
  },
  KMIP_OBJECT_NOT_PUT_ERR: async (rig) => {
    const object = (await objectIn(rig, 'Active')).split('/').at(-1);
    return await rig.call('POST', `${ASK}/put`, envelope({ object }));
  },
  KMIP_OBJECT_ACTIVE_ERR: async (rig) => rig.call('DELETE', await objectIn(rig, 'Active')),
  KMIP_OBJECT_CHANGED_ERR: async (rig) => rig.call('DELETE', await objectIn(rig, 'PreActive')),
  KEY_ACTION_INVALID_STATE_ERR: (rig) => act(rig, 'enable'),
  KEY_ROTATION_NOT_PERMITTED: async (rig) => {
    const id = await aRootKeyIn(rig);
    return await twice(() => rig.call('POST', `/keys/${id}/actions/rotate`));
  },
  REQ_TOO_EARLY_ERR: async (rig) => {
    const id = await aRootKeyIn(rig);
    await rig.call('POST', `/keys/${id}/actions/disable`);
    return await rig.call('POST', `/keys/${id}/actions/enable`);
  },
  PROTECTED_RESOURCE_ERR: async (rig) => {
    const id = await aRootKeyIn(rig);
    await rig.call('POST', ADAPTERS, adapterOver(id));
    return await rig.call('DELETE', `/keys/${id}`);
  },
  KEY_CHANGED_ERR: (rig) => act(rig, 'disable'),
  KMIP_OBJECT_DELETED_ERR: async (rig) => rig.call('DELETE', await objectIn(rig, 'Destroyed')),
  KEY_DELETED_ERR: async (rig) => {
    const id = await aRootKeyIn(rig);
    return await twice(() => rig.call('DELETE', `/keys/${id}`));
  },
  UNPROCESSABLE_CIPHERTEXT_ERR: (rig) => act(rig, 'unwrap', { ciphertext: 'AAAA' }),
  INTERNAL_ERR: (rig) => rig.call('GET', ADAPTERS),
  UNAVAILABLE_ERR: (rig) => rig.call('GET', ADAPTERS),
  OVERLOADED_ERR: (rig) => rig.call('GET', ADAPTERS),
  // A code without a scenario does not compile.
} as const satisfies Record<ApiErrorCode, Scenario>;

// The keys of a table whose type names them.
const CODES = Object.keys(SCENARIOS) as ApiErrorCode[];

it.each(CODES)(
  '%s is answered with its status, and its event',
  async (code) => {
    const wrapStore = STORE[code];
    const rig = aRig({
      clientEndpoints: {
        endpointsOf: () => [
          { requestURI: 'kmip://client.example:5696', putsNewObjects: false, notifies: 'all' },
        ],
        put: async () => {
          throw new ClavigerError('permission-denied', 'the object is sensitive');
        },
      },
      clientCertificates: { authority: async () => AUTHORITY, profile: CLIENT_PROFILE },
      ...(wrapStore === undefined ? {} : { wrapStore }),
    });
    const answer = await SCENARIOS[code](rig);
    const { status } = API_ERRORS[code];
    // Key Protect's 401 has no reasons.
    const expected = code === 'UNAUTHORIZED_ERR' ? undefined : code;
    expect([answer.statusCode, reasonOf(answer)]).toEqual([status, expected]);
    expect(rig.lastEvent().reason.reasonCode).toBe(status);
    await rig.close();
  },
  60_000,
);
