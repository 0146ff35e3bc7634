import { expect, it } from 'vitest';
import {
  createReplyPack,
  type FoundObject,
  packRequests,
  unpackReplies,
  unpackRequests,
} from './thread-messages.ts';
import type { WorkerReply, WorkerRequest } from './worker-messages.ts';

/** What another thread would be given of it. */
function sent(replies: readonly WorkerReply[], objects: ReadonlyMap<number, FoundObject>) {
  const pack = createReplyPack();
  for (const reply of replies) {
    const object = objects.get(reply.id);
    if (object === undefined) pack.add(reply);
    else pack.addObject(reply.id, object);
  }
  expect(pack.size).toBe(replies.length);
  const { message, buffers } = pack.seal();
  return unpackReplies(structuredClone(message, { transfer: [...buffers] }));
}

const anObject = (more: Partial<FoundObject>): FoundObject => ({
  version: 3,
  objectType: 'SymmetricKey',
  createdAt: 1_700_000_000_000,
  attributes: new Uint8Array([1, 2, 3]),
  material: new Uint8Array([4, 5]),
  ...more,
});

it('takes replies to the other thread in their order, whatever they are', () => {
  const objects = new Map([
    [2, anObject({})],
    [4, anObject({ owner: 'who made it', material: null })],
    [5, anObject({ attributes: new Uint8Array(), material: new Uint8Array([6]) })],
  ]);
  const replies: WorkerReply[] = [
    { id: 1, ok: true, value: { items: [{ bytes: new Uint8Array([9]) }], total: 1 } },
    { id: 2, ok: true, value: objects.get(2) },
    { id: 3, ok: false, error: { code: 'invalid', message: 'That is no page.' } },
    { id: 4, ok: true, value: objects.get(4) },
    { id: 5, ok: true, value: objects.get(5) },
    { id: 6, ok: true, value: undefined },
    { id: 7, ok: true, value: null },
  ];
  expect(sent(replies, objects)).toStrictEqual(replies);
});

it('takes an object without a byte', () => {
  const object = anObject({ attributes: new Uint8Array(), material: null });
  const replies: WorkerReply[] = [{ id: 1, ok: true, value: object }];
  expect(sent(replies, new Map([[1, object]]))).toStrictEqual(replies);
});

it('hands nothing over where there is nothing to hand over', () => {
  const pack = createReplyPack();
  pack.add({ id: 1, ok: true, value: 7 });
  expect(pack.seal().buffers).toEqual([]);
});

it('takes calls to the other thread in their order, whatever they are', () => {
  const requests: WorkerRequest[] = [
    { id: 1, call: { kind: 'open' } },
    { id: 2, call: { kind: 'read', name: 'readObject', args: ['adapter', 'object'] } },
    { id: 3, call: { kind: 'read', name: 'listAdapters', args: [] } },
    { id: 4, call: { kind: 'initialise-setting', name: 'a', value: 'b' } },
    { id: 0, call: { kind: 'close' } },
  ];
  expect(unpackRequests(structuredClone(packRequests(requests)))).toStrictEqual(requests);
});
