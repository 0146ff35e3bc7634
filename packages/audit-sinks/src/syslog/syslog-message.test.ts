import { expect, it } from 'vitest';
import { anEvent } from '../delivery.fixtures.ts';
import { toCef } from './cef.ts';
import { frameMessages, type SyslogHeader, syslogMessage } from './syslog-message.ts';

const HEADER: SyslogHeader = {
  facility: 13,
  hostname: 'keys-1.example.com',
  appName: 'claviger',
  enterpriseNumber: 32_473,
};
const PRODUCT = { vendor: 'Claviger', product: 'Claviger', version: '1.0' };

it('a message has the header of RFC 5424, structured data, and the event as it is stored', () => {
  const event = anEvent(7);
  expect(syslogMessage(event, HEADER, event.body)).toBe(
    '<110>1 2026-03-02T09:14:07.310Z keys-1.example.com claviger - CADF ' +
      `[claviger@32473 id="${event.id}" sequence="7" action="hs-crypto.kmip-key.create" ` +
      'outcome="success" severity="normal" initiator="CertificateID-a1" ' +
      `target="${event.targetId}" correlationId="c-1"] ${event.body}`,
  );
});

it.each([
  ['normal', '<110>'],
  ['warning', '<108>'],
  ['critical', '<106>'],
  ['unheard of', '<110>'],
])('an event of severity %s has the priority %s', (severity, priority) => {
  expect(syslogMessage(anEvent(1, { severity }), HEADER, '')).toMatch(new RegExp(`^${priority}1 `));
});

it('what a value holds does not end it', () => {
  const event = anEvent(1, { initiatorId: 'a"b\\c]d\ne', correlationId: null });
  const message = syslogMessage(event, HEADER, '');
  expect(message).toContain('initiator="a\\"b\\\\c\\]d e"');
  expect(message).not.toContain('correlationId');
});

it.each([
  ['keys 1\n', 'keys1'],
  ['', '-'],
  ['ü', '-'],
  ['x'.repeat(300), 'x'.repeat(255)],
])('a host name of %j is written %j', (hostname, written) => {
  expect(syslogMessage(anEvent(1), { ...HEADER, hostname }, '').split(' ')[2]).toBe(written);
});

it('a frame begins with the length in bytes', () => {
  expect(Buffer.from(frameMessages(['<110>1 ü', 'b'])).toString()).toBe('9 <110>1 ü1 b');
});

it('CEF has what security tools look for', () => {
  const event = anEvent(7, { severity: 'critical' });
  expect(toCef(event, PRODUCT)).toBe(
    'CEF:0|Claviger|Claviger|1.0|hs-crypto.kmip-key.create|' +
      'Hyper Protect Crypto Services: create kmip-key k1|9|' +
      `rt=1772442847310 externalId=${event.id} act=hs-crypto.kmip-key.create outcome=success ` +
      'suid=CertificateID-a1 suser=vcenter "01" src=192.0.2.7 cn1=7 cn1Label=sequence ' +
      `cs1=${event.targetId} cs1Label=target cs2=c-1 cs2Label=correlationId ` +
      'cs3=200 cs3Label=reasonCode',
  );
});

it('what an event holds does not end a field of CEF', () => {
  const body = JSON.stringify({
    message: 'a|b\\c\nd=e',
    reason: { reasonForFailure: 'x=y\\z\r\nsrc=10.0.0.1' },
  });
  const text = toCef(anEvent(1, { body }), PRODUCT);
  expect(text).toContain('|a\\|b\\\\c d=e|');
  expect(text).toContain('reason=x\\=y\\\\z\\r\\nsrc\\=10.0.0.1 ');
  expect(text).not.toContain('\n');
});

it('CEF of a text that is no event has what the store knows', () => {
  expect(toCef(anEvent(1, { body: 'no JSON' }), PRODUCT)).toMatch(
    /^CEF:0\|Claviger\|Claviger\|1\.0\|hs-crypto\.kmip-key\.create\|hs-crypto\.kmip-key\.create\|3\|rt=/,
  );
});
