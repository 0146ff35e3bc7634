import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeItem, OPERATION_SCHEMAS, RequestMessage } from '@claviger/kmip-protocol';
import { decodeTtlv } from '@claviger/ttlv-codec';
import { describe, expect, it } from 'vitest';
import { type VcenterEntity, vcenterRequests } from './vcenter-requests.ts';
import { VCENTER_SCENARIOS, type VcenterScenario } from './vcenter-scenarios.ts';

// The keys of the table are its scenarios.
const SCENARIOS = Object.keys(VCENTER_SCENARIOS) as VcenterScenario[];

const decode = (bytes: Uint8Array) => decodeItem(RequestMessage, decodeTtlv(bytes), '1.1');

describe('the requests of vCenter', () => {
  const requests = vcenterRequests();

  it('are 26, each with a label of its own', () => {
    expect(requests).toHaveLength(26);
    expect(new Set(requests.map(({ label }) => label)).size).toBe(26);
  });

  it.each(requests)(
    '$label has a header of KMIP 1.1 and a batch count, and nothing else',
    ({ bytes }) => {
      const { requestHeader, batchItem } = decode(bytes);
      expect(requestHeader).toEqual({
        protocolVersion: { protocolVersionMajor: 1, protocolVersionMinor: 1 },
        attestationType: [],
        batchCount: batchItem.length,
      });
    },
  );

  it('number batch items from 1 in each message, but for the first Discover Versions', () => {
    for (const { label, bytes } of requests) {
      const ids = decode(bytes).batchItem.map(({ uniqueBatchItemID: id }) => id && [...id]);
      const numbered = ids.map((_, i) => [...Buffer.from('QLKC'), i + 1, 0, 0, 0]);
      expect([label, ids]).toEqual([
        label,
        label === 'first Discover Versions' ? [undefined] : numbered,
      ]);
    }
  });

  it('name the keys by the identifiers that a server gave out', () => {
    const named = vcenterRequests({ keyIds: ['the-vm-key', 'the-host-key'] });
    for (const { label, bytes } of named) {
      const text = Buffer.from(bytes).toString('latin1');
      expect([label, text.includes('the-vm-key'), text.includes('the-host-key')]).toEqual([
        label,
        label.endsWith('key 1'),
        label.endsWith('key 2'),
      ]);
    }
  });

  it('add three custom attributes in one batch', () => {
    const { request } = OPERATION_SCHEMAS.AddAttribute;
    const batches = requests.filter(({ label }) => label.startsWith('Add Attribute'));
    expect(batches).toHaveLength(4);
    for (const { bytes } of batches) {
      const added = decode(bytes).batchItem.map(({ requestPayload }) =>
        decodeItem(request, requestPayload, '1.1'),
      );
      expect(added).toHaveLength(3);
      expect(added.every(({ attribute }) => attribute.kind === 'vendor')).toBe(true);
    }
  });
});

describe('the scenarios of vCenter', () => {
  it.each(SCENARIOS)('%s sends requests that there are', (scenario) => {
    const labels = vcenterRequests().map(({ label }) => label);
    const sent = VCENTER_SCENARIOS[scenario].flatMap(({ messages }) => messages);
    expect(sent.map(({ label }) => label).filter((label) => !labels.includes(label))).toEqual([]);
  });

  it('send every request there is', () => {
    const sent = new Set(
      SCENARIOS.flatMap((scenario) => VCENTER_SCENARIOS[scenario])
        .flatMap(({ messages }) => messages)
        .map(({ label }) => label),
    );
    expect([...sent].sort()).toEqual(
      vcenterRequests()
        .map(({ label }) => label)
        .sort(),
    );
  });

  it.each(SCENARIOS)(
    '%s opens each connection that is not silent with Discover Versions',
    (scenario) => {
      for (const { openedMs, openForMs, messages } of VCENTER_SCENARIOS[scenario]) {
        const [first, ...others] = messages;
        expect(first?.label ?? 'first Discover Versions').toBe('first Discover Versions');
        expect(others.map(({ label }) => label)).not.toContain('first Discover Versions');
        const times = [openedMs, ...messages.map(({ atMs }) => atMs), openedMs + openForMs];
        expect(times).toEqual(times.toSorted((a, b) => a - b));
      }
    },
  );
});

interface Recording {
  readonly requests: readonly { readonly request_hex: string }[];
  readonly scenarios: readonly {
    readonly id: string;
    readonly connections: readonly {
      readonly opened_ms: number;
      readonly open_for_ms: number;
      readonly messages?: readonly { readonly at_ms: number; readonly request_hex: string }[];
    }[];
  }[];
}

const RECORDING = join(import.meta.dirname, '../../../shared/kmip/captures/vcenter-7.0.3.json');
const isThere = existsSync(RECORDING);

describe.skipIf(!isThere)('a recording of vCenter 7.0.3 (needs ../shared/kmip/captures)', () => {
  // The form of the file is stated beside it.
  const recording: Recording = isThere
    ? (JSON.parse(readFileSync(RECORDING, 'utf8')) as Recording)
    : { requests: [], scenarios: [] };
  const recorded = recording.requests.map(({ request_hex }) => request_hex);
  const requests = vcenterRequests(
    isThere ? { vm: entityIn(recorded[25]), host: entityIn(recorded[18]) } : {},
  );
  const hexOf = new Map(
    requests.map(({ label, bytes }) => [label, Buffer.from(bytes).toString('hex')]),
  );

  it('holds the same requests in the same order, byte for byte', () => {
    expect([...hexOf.values()]).toEqual(recorded);
  });

  it.each(SCENARIOS)('opens and uses the connections of %s in the same way', (scenario) => {
    const stated = recording.scenarios.find(({ id }) => id === scenario)?.connections;
    expect(
      VCENTER_SCENARIOS[scenario].map(({ openedMs, openForMs, messages }) => ({
        openedMs,
        openForMs,
        messages: messages.map(({ atMs, label }) => [atMs, hexOf.get(label)]),
      })),
    ).toEqual(
      stated?.map(({ opened_ms, open_for_ms, messages = [] }) => ({
        openedMs: opened_ms,
        openForMs: open_for_ms,
        messages: messages.map(({ at_ms, request_hex }) => [at_ms, request_hex]),
      })),
    );
  });
});

/** x-Identifier and x-Name of a recorded batch of Add Attribute. */
function entityIn(hex = ''): VcenterEntity {
  const values = decode(Buffer.from(hex, 'hex')).batchItem.map(({ requestPayload }) => {
    const { attribute } = decodeItem(OPERATION_SCHEMAS.AddAttribute.request, requestPayload, '1.1');
    const item = attribute.kind === 'vendor' ? attribute.value : undefined;
    return item?.type === 'TextString' ? item.value : '';
  });
  return { identifier: values[0] ?? '', name: values[2] ?? '' };
}
