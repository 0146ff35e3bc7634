import { expect, it } from 'vitest';
import { listenFailure } from './listen-failure.ts';

it.each([
  ['EADDRINUSE', /^KMIP cannot listen on \[::\]:443: port 443 is in use.*choose another port with/],
  ['EACCES', /this user may not listen on port 443\. Choose a port from 1024, with --kmip\.$/],
  ['EADDRNOTAVAIL', /:: is no address of this machine/],
  ['ENOTFOUND', /the name :: is not known/],
  ['EAI_AGAIN', /cannot be looked up now/],
  ['EWHATEVER', /the system refused it \(EWHATEVER\)\.$/],
])('says what to do about %s', (code, message) => {
  const cause = Object.assign(new Error('no'), { code });
  const failure = listenFailure('KMIP', '--kmip', { host: '::', port: 443 }, cause);
  expect(failure.reason).toBe('address');
  expect(failure.message).toMatch(message);
});
