/** An auditor who follows the log by the stream of the REST API, and counts what is missing in it. */

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import type { GatewayProcess } from '../gateway-process.ts';
import { connectManagement } from '../management-client.ts';

export interface Auditor {
  /** The place in the log of the newest event that was read; undefined before the first. */
  readonly place: number | undefined;
  readonly events: number;
  /** Events that were left out, or came twice or out of order. */
  readonly gaps: number;
  /** How often it had to come back without having gone. */
  readonly drops: number;
  close(): Promise<void>;
}

/** Tokens are good for an hour; whoever follows for longer comes back with another one. */
const RENEW_MS = 20 * 60_000;

/** Begins to follow; resolves when the stream is open. */
export async function startAuditor(gateway: GatewayProcess): Promise<Auditor> {
  const ca = readFileSync(gateway.pki.ca, 'utf8');
  let place: number | undefined;
  let [events, gaps, drops] = [0, 0, 0];
  let isClosing = false;
  let isRenewing = false;
  let stream: IncomingMessage;

  async function open(): Promise<IncomingMessage> {
    const { authorization } = await connectManagement(gateway, 'AuditReader');
    const sent = request({
      ...gateway.api,
      ca,
      agent: false,
      path: '/api/v2/events',
      headers: {
        accept: 'text/event-stream',
        authorization,
        'bluemix-instance': gateway.instanceId ?? '',
        ...(place !== undefined && { 'last-event-id': String(place) }),
      },
    });
    sent.end();
    const response: IncomingMessage = (await once(sent, 'response'))[0];
    if (response.statusCode !== 200) {
      throw new Error(`The auditor was answered with ${response.statusCode}.`);
    }
    return response.setEncoding('utf8');
  }

  function take(id: number): void {
    if (place !== undefined && id !== place + 1) gaps += 1;
    place = id;
    events += 1;
  }

  async function read(): Promise<void> {
    let rest = '';
    for await (const piece of stream) {
      const blocks = (rest + String(piece)).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) {
        // Heartbeats have an id, too, and are no event.
        const [, id] = /^id: (\d+)\nevent: audit$/m.exec(block) ?? [];
        if (id !== undefined) take(Number(id));
      }
    }
  }

  async function follow(): Promise<void> {
    while (!isClosing) {
      await read().catch(() => {}); // cut off is ended
      if (isClosing) return;
      if (!isRenewing) drops += 1;
      isRenewing = false;
      stream = await open();
    }
  }

  stream = await open();
  const renewing = setInterval(() => {
    isRenewing = true;
    stream.destroy();
  }, RENEW_MS);
  const followed = follow();
  followed.catch(() => {
    drops += 1; // it could not come back: its lag will show it
  });
  return {
    get place() {
      return place;
    },
    get events() {
      return events;
    },
    get gaps() {
      return gaps;
    },
    get drops() {
      return drops;
    },
    async close() {
      isClosing = true;
      clearInterval(renewing);
      stream.destroy();
      await followed.catch(() => {});
    },
  };
}
