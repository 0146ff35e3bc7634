/** Discover Versions (1.4 §4.26, 2.1 §6.1.16). */

import { ProtocolVersion } from '../messages/header.ts';
import { repeated } from '../schema/declare.ts';
import { operation } from './operation.ts';

export const DiscoverVersions = operation('DiscoverVersions', {
  /** What the client supports, in the order of preference; none: tell all. */
  request: { protocolVersion: repeated(ProtocolVersion) },
  /** Newest first. */
  response: { protocolVersion: repeated(ProtocolVersion) },
});
