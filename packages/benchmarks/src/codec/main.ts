/** What the codec costs, in a process of its own: writes nanoseconds a message as JSON. */

import { decodeItem, encodeItem, RequestMessage, tagLabel } from '@claviger/kmip-protocol';
import { decodeTtlv, encodeTtlv } from '@claviger/ttlv-codec';
import { createRequest } from '../request-bytes.ts';
import { walk } from './walk.ts';

const bytes = createRequest();
const WARM_UP = 20_000;
const MESSAGES = 50_000;
const VERSION = '1.1';

let kept: unknown;

const nanoseconds = {
  walk: measure(() => walk(bytes)),
  ttlv: measure(() => encodeTtlv(decodeTtlv(bytes))),
  message: measure(() => {
    const message = decodeItem(RequestMessage, decodeTtlv(bytes), VERSION);
    return encodeTtlv(encodeItem(RequestMessage, message, VERSION), tagLabel);
  }),
};
if (kept === undefined) throw new Error('Nothing was measured.');
process.stdout.write(`${JSON.stringify(nanoseconds)}\n`);

/** By CPU time: the machine may do other things meanwhile. */
function measure(work: () => unknown): number {
  for (let count = 0; count < WARM_UP; count++) kept = work();
  const before = process.cpuUsage();
  for (let count = 0; count < MESSAGES; count++) kept = work();
  const { user, system } = process.cpuUsage(before);
  return ((user + system) * 1000) / MESSAGES;
}
