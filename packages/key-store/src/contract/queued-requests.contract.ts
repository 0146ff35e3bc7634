import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { MAX_ENDED_REQUESTS, type NewQueuedRequest } from '../queued-requests.ts';
import type { Change } from '../unit-of-work.ts';
import type { ContractContext } from './context.ts';

const REQUEST = Uint8Array.of(1, 2, 3);
const ANSWER = Uint8Array.of(4, 5);

export function describeQueuedRequests(context: ContractContext): void {
  const { commit, given, givenAdapter, store } = context;

  /** A request that waits, of an adapter of its own unless one is named. */
  async function givenRequest(adapterId?: string): Promise<NewQueuedRequest> {
    const request = {
      id: randomUUID(),
      adapterId: adapterId ?? (await givenAdapter()).id,
      owner: 'somebody',
      operation: 'Archive',
      submittedAt: 1_000,
      request: REQUEST,
    };
    await given({ kind: 'enqueue-request', request });
    return request;
  }

  const end = ({ id, adapterId }: NewQueuedRequest, endedAt = 2_000): Change => ({
    kind: 'end-request',
    id,
    adapterId,
    stage: 'completed',
    answer: ANSWER,
    endedAt,
  });

  describe('queued requests', () => {
    it('wait as they were accepted, for their own adapter', async () => {
      const first = await givenRequest();
      const second = await givenRequest(first.adapterId);
      const other = await givenRequest();
      const waiting = { stage: 'waiting', endedAt: null, collectedAt: null };
      expect(await store().readQueuedRequest(first.adapterId, first.id)).toEqual({
        ...first,
        ...waiting,
        answer: null,
      });
      expect(await store().readQueuedRequest(other.adapterId, first.id)).toBeUndefined();
      const { request: _, ...summary } = first;
      const listed = await store().listQueuedRequests(first.adapterId);
      expect(listed).toStrictEqual([
        { ...summary, ...waiting },
        { ...summary, ...waiting, id: second.id },
      ]);
      const all = (await store().listWaitingRequests()).map(({ id }) => id);
      expect(all.filter((id) => [first.id, second.id, other.id].includes(id))).toEqual([
        first.id,
        second.id,
        other.id,
      ]);
    });

    it('end once, with their answer and without what was asked', async () => {
      const request = await givenRequest();
      await given(end(request));
      expect(await commit({ changes: [end(request)] })).toEqual({
        kind: 'conflict',
        id: request.id,
      });
      expect(await store().readQueuedRequest(request.adapterId, request.id)).toMatchObject({
        stage: 'completed',
        request: null,
        answer: ANSWER,
        endedAt: 2_000,
      });
      expect((await store().listWaitingRequests()).map(({ id }) => id)).not.toContain(request.id);
    });

    it('are ended by their own adapter only', async () => {
      const request = await givenRequest();
      const { id: adapterId } = await givenAdapter();
      const change = end({ ...request, adapterId });
      expect(await commit({ changes: [change] })).toMatchObject({ kind: 'conflict' });
    });

    it('are collected when they are first asked for', async () => {
      const { id, adapterId } = await givenRequest();
      const collect = (at: number): Change => ({ kind: 'collect-request', id, adapterId, at });
      await given(collect(5), collect(6));
      expect(await store().readQueuedRequest(adapterId, id)).toMatchObject({ collectedAt: 5 });
    });

    it('are forgotten when they ended long ago', async () => {
      const old = await givenRequest();
      const recent = await givenRequest(old.adapterId);
      const waiting = await givenRequest(old.adapterId);
      await given(end(old, 2), end(recent, 3), { kind: 'forget-requests', endedBefore: 3 });
      const listed = await store().listQueuedRequests(old.adapterId);
      expect(listed.map(({ id }) => id)).toEqual([recent.id, waiting.id]);
    });

    it(`are kept while fewer than ${MAX_ENDED_REQUESTS} newer ones have ended`, async () => {
      const { id: adapterId } = await givenAdapter();
      const waiting = await givenRequest(adapterId);
      const ended: NewQueuedRequest[] = [];
      for (let count = 0; count <= MAX_ENDED_REQUESTS; count++) {
        const request = await givenRequest(adapterId);
        ended.push(request);
        await given(end(request));
      }
      const listed = await store().listQueuedRequests(adapterId);
      expect(listed.map(({ id }) => id)).toEqual([waiting, ...ended.slice(1)].map(({ id }) => id));
    }, 60_000);

    it('need an adapter, an id of their own, and go with the adapter', async () => {
      const request = await givenRequest();
      const enqueue: Change = { kind: 'enqueue-request', request };
      expect(await commit({ changes: [enqueue] })).toMatchObject({ kind: 'conflict' });
      const nowhere = { ...request, adapterId: randomUUID() };
      expect(await commit({ changes: [{ ...enqueue, request: nowhere }] })).toEqual({
        kind: 'not-found',
        what: 'adapter',
      });
      const { adapterId } = request;
      await given({ kind: 'delete-adapter', id: adapterId, withCertificates: true });
      expect(await store().listQueuedRequests(adapterId)).toEqual([]);
    });
  });
}
