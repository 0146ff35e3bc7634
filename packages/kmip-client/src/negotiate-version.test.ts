import { protocolVersionOf, VERSIONS, type Version } from '@claviger/kmip-protocol';
import { describe, expect, it } from 'vitest';
import { KmipClientError, operationFailed } from './error.ts';
import { negotiateVersion } from './negotiate-version.ts';

const refusedWith = (resultReason: 'InvalidMessage' | 'OperationNotSupported') =>
  operationFailed('DiscoverVersions', {
    resultStatus: 'OperationFailed',
    resultReason,
    resultMessage: undefined,
  });

/** A server that offers versions to those who ask in one that it speaks. */
function aServer(speaks: readonly Version[], offers = speaks) {
  const askedIn: Version[] = [];
  return {
    askedIn,
    discover: async (version: Version) => {
      askedIn.push(version);
      if (!speaks.includes(version)) throw refusedWith('InvalidMessage');
      return { protocolVersion: offers.map(protocolVersionOf) };
    },
  };
}

describe('negotiateVersion', () => {
  it('takes the newest common version, whatever order the server prefers', async () => {
    const server = aServer(VERSIONS, ['1.2', '1.4', '1.1']);
    await expect(negotiateVersion(server.discover)).resolves.toBe('1.4');
    expect(server.askedIn).toEqual(['1.1']);
  });

  it('asks in 2.0 when the server has left 1.x behind', async () => {
    const server = aServer(['2.0', '2.1']);
    await expect(negotiateVersion(server.discover)).resolves.toBe('2.1');
    expect(server.askedIn).toEqual(['1.1', '2.0']);
  });

  it('passes over versions that it does not know', async () => {
    const protocolVersion = [
      { protocolVersionMajor: 3, protocolVersionMinor: 0 },
      protocolVersionOf('1.3'),
    ];
    await expect(negotiateVersion(async () => ({ protocolVersion }))).resolves.toBe('1.3');
  });

  it('tells the server all versions of the client, the newest first', async () => {
    await negotiateVersion(async (_version, known) => {
      expect(known).toEqual([...VERSIONS].reverse().map(protocolVersionOf));
      return { protocolVersion: known };
    });
  });

  it('takes a server without Discover Versions for one of 1.0', async () => {
    const discover = () => Promise.reject(refusedWith('OperationNotSupported'));
    await expect(negotiateVersion(discover)).resolves.toBe('1.0');
  });

  it('fails when there is no common version', async () => {
    const server = aServer(VERSIONS, []);
    await expect(negotiateVersion(server.discover)).rejects.toThrow(/none of the versions/);
  });

  it('fails with the refusal when the server accepts neither generation', async () => {
    const server = aServer(['1.0']);
    await expect(negotiateVersion(server.discover)).rejects.toMatchObject({
      resultReason: 'InvalidMessage',
    });
  });

  it('does not ask again when the connection failed', async () => {
    let attempts = 0;
    const discover = () => {
      attempts++;
      return Promise.reject(new KmipClientError('connect-failed', 'down'));
    };
    await expect(negotiateVersion(discover)).rejects.toMatchObject({ code: 'connect-failed' });
    expect(attempts).toBe(1);
  });
});
