/** Which version to speak, by asking (1.4 §4.26). */

import { protocolVersionOf, VERSIONS, type Version, versionOf } from '@claviger/kmip-protocol';
import { KmipClientError } from './error.ts';
import type { ResponsePayload } from './payloads.ts';

/**
 * The versions in which to ask: 1.1 is the first that has Discover Versions, so every server of 1.x
 * understands it; 2.0 is for those that have left 1.x behind.
 */
const ASKING_VERSIONS = ['1.1', '2.0'] as const satisfies readonly Version[];

/**
 * Finds the newest version that client and server know.
 * @param discover - Sends Discover Versions in the given version.
 * @throws KmipClientError `operation-failed` when there is none, and what `discover` throws.
 */
export async function negotiateVersion(
  discover: (
    version: Version,
    known: ResponsePayload<'DiscoverVersions'>['protocolVersion'],
  ) => Promise<ResponsePayload<'DiscoverVersions'>>,
): Promise<Version> {
  const known = [...VERSIONS].reverse().map(protocolVersionOf);
  let refusal: unknown;
  for (const version of ASKING_VERSIONS) {
    try {
      return newestIn(await discover(version, known));
    } catch (error) {
      if (!(error instanceof KmipClientError) || error.resultStatus === undefined) throw error;
      // The operation came with 1.1; who lacks it is at least a server of 1.0.
      if (error.resultReason === 'OperationNotSupported') return '1.0';
      refusal = error;
    }
  }
  throw refusal;
}

function newestIn({ protocolVersion }: ResponsePayload<'DiscoverVersions'>): Version {
  const offered = new Set(protocolVersion.map(versionOf));
  const newest = VERSIONS.findLast((version) => offered.has(version));
  if (newest !== undefined) return newest;
  throw new KmipClientError(
    'operation-failed',
    `The server knows none of the versions of this client: ${VERSIONS.join(', ')}`,
    { operation: 'DiscoverVersions' },
  );
}
