import { afterEach, beforeEach, expect, it } from 'vitest';
import { anEvent, START_TIME, someEvents } from '../delivery.fixtures.ts';
import { type HttpReceiver, startHttpReceiver } from '../http/http-receiver.fixtures.ts';
import type { Sink } from '../sink.ts';
import { createOtlpSink } from './otlp-sink.ts';

const signal = new AbortController().signal;
let receiver: HttpReceiver;
let sink: Sink;
beforeEach(async () => {
  receiver = await startHttpReceiver();
  sink = createOtlpSink({ now: () => START_TIME + 5 }, { url: receiver.url });
});
afterEach(async () => {
  await sink.close();
  await receiver.close();
});

it('an event is a log record with its text as body', async () => {
  const event = anEvent(7, { severity: 'critical' });
  await sink.deliver([event], signal);
  expect(JSON.parse(receiver.received[0]?.text ?? '')).toEqual({
    resourceLogs: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'claviger' } }] },
        scopeLogs: [
          {
            scope: { name: 'claviger.audit' },
            logRecords: [
              {
                timeUnixNano: `${START_TIME}000000`,
                observedTimeUnixNano: `${START_TIME + 5}000000`,
                severityNumber: 18,
                severityText: 'critical',
                eventName: event.action,
                body: { stringValue: event.body },
                attributes: expect.arrayContaining([
                  { key: 'log.record.uid', value: { stringValue: event.id } },
                  { key: 'claviger.sequence', value: { stringValue: '7' } },
                ]),
              },
            ],
          },
        ],
      },
    ],
  });
});

it('a collector that takes a part only has not taken the batch', async () => {
  receiver.behave = (response) =>
    response.writeHead(200).end('{"partialSuccess":{"rejectedLogRecords":"2"}}');
  await expect(sink.deliver(someEvents(3), signal)).rejects.toMatchObject({
    kind: 'refused',
    message: expect.stringContaining('rejected 2 of the records'),
  });
});

it.each(['', '{}', '{"partialSuccess":{}}', '{"partialSuccess":{"rejectedLogRecords":0}}', '\x00'])(
  'a collector that answers 200 with %j has taken it',
  async (body) => {
    receiver.behave = (response) => response.writeHead(200).end(body);
    await sink.deliver(someEvents(3), signal);
    expect(receiver.received).toHaveLength(1);
  },
);
