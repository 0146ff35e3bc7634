import { describe, expect, it } from 'vitest';
import { A_FINGERPRINT } from './emitter.fixtures.ts';
import { type Initiator, toEventInitiator } from './initiator.ts';

const COLONS = (A_FINGERPRINT.match(/../g) ?? []).join(':').toUpperCase();
const certificate = {
  kind: 'certificate',
  fingerprint: A_FINGERPRINT,
  name: 'vcenter-01',
} as const;

describe('an initiator', () => {
  it.each<readonly [string, Initiator, object]>([
    [
      'a certificate',
      certificate,
      {
        id: `CertificateID-${A_FINGERPRINT}`,
        name: 'vcenter-01',
        typeURI: 'service/security/client/certificateid',
        credential: { type: 'certificate' },
      },
    ],
    [
      'a certificate with colons and without a name',
      { kind: 'certificate', fingerprint: COLONS },
      {
        id: `CertificateID-${A_FINGERPRINT}`,
        name: `CertificateID-${A_FINGERPRINT}`,
        typeURI: 'service/security/client/certificateid',
        credential: { type: 'certificate' },
      },
    ],
    [
      'a user',
      { kind: 'user', id: 'IBMid-1', name: 'officer@example.com', credential: 'apikey' },
      {
        id: 'IBMid-1',
        name: 'officer@example.com',
        typeURI: 'service/security/account/user',
        credential: { type: 'apikey' },
      },
    ],
    [
      'a service',
      { kind: 'service-id', id: 'iam-ServiceId-1', name: 'backup', credential: 'token' },
      {
        id: 'iam-ServiceId-1',
        name: 'backup',
        typeURI: 'service/security/account/serviceid',
        credential: { type: 'token' },
      },
    ],
    [
      'an account of the machine',
      { kind: 'local-user', account: 'operator' },
      {
        id: 'LocalUser-operator',
        name: 'operator',
        typeURI: 'service/security/account/user',
        credential: { type: 'user' },
      },
    ],
    [
      'the gateway',
      { kind: 'system' },
      {
        id: 'claviger',
        name: 'claviger',
        typeURI: 'service/security/account/serviceid',
        credential: { type: 's2s-authorization' },
      },
    ],
    [
      'a peer without a certificate',
      { kind: 'anonymous' },
      {
        id: 'anonymous',
        name: 'anonymous',
        typeURI: 'service/security/clientid',
        credential: { type: 'public-access' },
      },
    ],
  ])('may be %s', (_name, initiator, expected) => {
    expect(JSON.stringify(toEventInitiator(initiator))).toBe(JSON.stringify(expected));
  });

  it('may have a SHA-1 fingerprint', () => {
    const fingerprint = 'B2'.repeat(20);
    expect(toEventInitiator({ kind: 'certificate', fingerprint }).id).toBe(
      `CertificateID-${'b2'.repeat(20)}`,
    );
  });

  it.each<readonly [object, object | undefined]>([
    [{}, undefined],
    [{ hostAddress: undefined, agent: undefined }, undefined],
    [{ agent: 'curl/8' }, { agent: 'curl/8' }],
    [{ hostAddress: '203.0.113.24' }, { address: '203.0.113.24', addressType: 'IPv4' }],
    [{ hostAddress: '2001:db8::1' }, { address: '2001:db8::1', addressType: 'IPv6' }],
    [{ hostAddress: '::ffff:203.0.113.24' }, { address: '203.0.113.24', addressType: 'IPv4' }],
    [
      { hostAddress: '203.0.113.24', agent: 'curl/8' },
      { agent: 'curl/8', address: '203.0.113.24', addressType: 'IPv4' },
    ],
  ])('with %j has the host %j', (origin, host) => {
    const initiator = toEventInitiator({ ...certificate, ...origin });
    expect(JSON.stringify(initiator.host)).toBe(JSON.stringify(host));
    expect('host' in initiator).toBe(host !== undefined);
  });

  it('shows at most 256 characters of an agent, which the peer may choose', () => {
    const { host } = toEventInitiator({ ...certificate, agent: 'x'.repeat(10_000) });
    expect(host?.agent).toHaveLength(256);
  });

  it.each<Initiator>([
    { kind: 'certificate', fingerprint: '' },
    { kind: 'certificate', fingerprint: A_FINGERPRINT.slice(1) },
    { kind: 'certificate', fingerprint: A_FINGERPRINT.replace('a', 'g') },
    { kind: 'user', id: 'iam-ServiceId-1', name: 'n', credential: 'token' },
    { kind: 'service-id', id: 'IBMid-1', name: 'n', credential: 'token' },
    { ...certificate, hostAddress: 'kmip.example.com' },
    { ...certificate, hostAddress: '' },
  ])('cannot be %j', (initiator) => {
    expect(() => toEventInitiator(initiator)).toThrow(TypeError);
  });
});
