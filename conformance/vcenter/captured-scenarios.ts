/** The recorded conversation of a real vCenter, where it lies beside the checkout. */

import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { TAGS } from '@claviger/kmip-protocol';
import { decodeTtlv, encodeTtlv, type TtlvItem } from '@claviger/ttlv-codec';

export interface CapturedMessage {
  readonly at_ms: number;
  /** Names the key that it is about, as `key 1` or `key 2`, if any. */
  readonly label: string;
  readonly request_hex: string;
  /** Null where the recorded server did not answer as it should have. */
  readonly response_hex: string | null;
  readonly response_note?: string;
}

export interface CapturedConnection {
  readonly opened_ms: number;
  readonly open_for_ms: number;
  /** Absent where nothing was said. */
  readonly messages?: readonly CapturedMessage[];
}

export interface CapturedScenario {
  readonly id: string;
  readonly connections: readonly CapturedConnection[];
}

const CAPTURE = fileURLToPath(
  new URL('../../../shared/kmip/captures/vcenter-7.0.3.json', import.meta.url),
);

/** The scenarios in which TLS was agreed on; none where there is no recording. */
export function capturedScenarios(): readonly CapturedScenario[] {
  if (!existsSync(CAPTURE)) return [];
  const { scenarios }: { scenarios: CapturedScenario[] } = JSON.parse(
    readFileSync(CAPTURE, 'utf8'),
  );
  return scenarios.filter(({ id }) => id !== 'trust-missing');
}

/** Puts another identifier into a message; every other byte stays. */
export function withIdentifier(message: Uint8Array, identifier: string): Uint8Array {
  return encodeTtlv(replaced(decodeTtlv(message), identifier));
}

function replaced(item: TtlvItem, identifier: string): TtlvItem {
  if (item.tag === TAGS.UniqueIdentifier) return { ...item, type: 'TextString', value: identifier };
  if (item.type !== 'Structure') return item;
  return { ...item, value: item.value.map((part) => replaced(part, identifier)) };
}
