/** Discover Versions (1.4 §4.26, 2.1 §6.1.16). */

import { OPERATION_SCHEMAS, protocolVersionOf, VERSIONS, versionOf } from '@claviger/kmip-protocol';
import { handler } from './operation-handler.ts';

/** Newest first: the order in which the server prefers them. */
const SUPPORTED = VERSIONS.toReversed();

export const discoverVersions = handler<'DiscoverVersions'>(
  OPERATION_SCHEMAS.DiscoverVersions,
  async (_context, request) => {
    const asked = request.protocolVersion.map(versionOf);
    const common =
      asked.length === 0 ? SUPPORTED : SUPPORTED.filter((version) => asked.includes(version));
    return { response: { protocolVersion: common.map(protocolVersionOf) }, audit: {} };
  },
);
