/** `[[kmip.client_endpoints]]`: clients that the gateway connects to, to tell them of objects (Put and Notify). */
import { VERSIONS } from '@claviger/kmip-protocol';
import type { z } from 'zod';
import { listOf, oneOf, PORT, section, text, wholeNumber, yesOrNo } from './setting-types.ts';

const DAY_SECONDS = 24 * 60 * 60;

const clientEndpoint = section({
  adapter: text().describe('Id or name of the adapter whose objects it is told of.'),
  host: text().describe('Name or address of the client, which takes KMIP requests there.'),
  port: PORT.default(5696).describe('Its port.'),
  server_name: text().optional().describe('Name in its certificate, when it is not the host.'),
  ca_file: text().describe('What its certificate must lead to (PEM).'),
  certificate_file: text().describe(
    'Certificate that the gateway shows to it (PEM, chain after it).',
  ),
  key_file: text().describe('Its private key (PEM), mode 0600.'),
  version: oneOf(...VERSIONS)
    .optional()
    .describe('Version of KMIP. Default: that of the request which made or changed the object.'),
  put_new_objects: yesOrNo()
    .default(false)
    .describe(
      'Whether each object that a client makes is sent to it, with its key: whoever has that certificate gets the keys.',
    ),
  notify: oneOf('all', 'state', 'none')
    .default('all')
    .describe('Which changes by clients it is told of: of all attributes, of the State, or none.'),
  max_waiting: wholeNumber(1, 100_000)
    .default(1_000)
    .describe('Messages that wait for it in memory, at most; what comes on top is not sent.'),
  give_up_seconds: wholeNumber(1, 30 * DAY_SECONDS)
    .default(3_600)
    .describe('A message that cannot be delivered for so long is given up.'),
});

export const clientEndpointSettings = listOf(clientEndpoint).max(64, {
  error: 'must have at most 64 endpoints',
});

export type ClientEndpointSettings = z.output<typeof clientEndpoint>;
