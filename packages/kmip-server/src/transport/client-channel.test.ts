import { duplexPair } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { aMessage } from '../messages.fixtures.ts';
import { create } from '../requests.fixtures.ts';
import { createClientChannel } from './client-channel.ts';

const MESSAGE = aMessage('1.4', [create()]);
const OTHER = aMessage('2.1', [create()]);

function startChannel(answerTimeoutMs = 60_000) {
  const [server, client] = duplexPair();
  server.on('error', () => {});
  client.on('error', () => {});
  const channel = createClientChannel({ socket: server, maxMessageBytes: 4096, answerTimeoutMs });
  return { channel, server, client };
}

/** Resolves when the client has got the request. */
function request(client: ReturnType<typeof startChannel>['client']): Promise<Uint8Array> {
  return new Promise((resolve) => client.once('data', resolve));
}

describe('a connection on which the server asks', () => {
  it('sends a request and gives back the answer, however it is cut', async () => {
    const { channel, client } = startChannel();
    const answer = channel.exchange(MESSAGE);
    expect(new Uint8Array(await request(client))).toEqual(MESSAGE);
    client.write(OTHER.subarray(0, 20));
    client.write(OTHER.subarray(20));
    expect(new Uint8Array(await answer)).toEqual(OTHER);
  });

  it('has one request under way at a time', async () => {
    const { channel } = startChannel();
    const first = channel.exchange(MESSAGE);
    await expect(channel.exchange(MESSAGE)).rejects.toThrow('another request is under way');
    channel.close();
    await expect(first).rejects.toThrow('the connection was closed');
    await expect(channel.exchange(MESSAGE)).rejects.toThrow('the connection is gone');
  });

  it.each([
    ['ends', (client: ReturnType<typeof startChannel>['client']) => client.end(), 'closed'],
    [
      'answers with what is no KMIP',
      (client: ReturnType<typeof startChannel>['client']) => client.write('HTTP/1.1 200 OK\r\n'),
      'no KMIP message',
    ],
  ] as const)('fails what is under way when the client %s', async (_name, act, why) => {
    const { channel, client, server } = startChannel();
    const answer = channel.exchange(MESSAGE);
    act(client);
    await expect(answer).rejects.toThrow(why);
    await channel.ended;
    expect(server.destroyed).toBe(true);
  });

  it('does not wait for ever', async () => {
    const { channel } = startChannel(10);
    await expect(channel.exchange(MESSAGE)).rejects.toThrow('did not answer within 10 ms');
  });

  it('ends when the client sends without being asked', async () => {
    const { channel, client, server } = startChannel();
    client.write(MESSAGE);
    await channel.ended;
    expect(server.destroyed).toBe(true);
  });

  it('leaves to the next reader what came behind the last answer, and the socket open', async () => {
    const { channel, client, server } = startChannel();
    const answer = channel.exchange(MESSAGE);
    client.write(Buffer.concat([OTHER, MESSAGE]));
    await answer;
    channel.release();
    await channel.ended;
    channel.close();
    expect(server.destroyed).toBe(false);
    const next = new Promise<Uint8Array>((resolve) => server.once('data', resolve));
    server.resume();
    expect(new Uint8Array(await next)).toEqual(MESSAGE);
  });

  it('asks nothing more of a client that sent more than its answer', async () => {
    const { channel, client } = startChannel();
    const answer = channel.exchange(MESSAGE);
    client.write(Buffer.concat([OTHER, MESSAGE]));
    await answer;
    await expect(channel.exchange(MESSAGE)).rejects.toThrow('the connection is gone');
  });
});
