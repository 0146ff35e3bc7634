import { ClavigerError, decodeItem, ResponseMessage, type Version } from '@claviger/kmip-protocol';
import { decodeTtlv } from '@claviger/ttlv-codec';
import { describe, expect, it } from 'vitest';
import { encodeResponse, unreadableItem } from './response.ts';

function headerOf(version: Version, clientCorrelationValue: string | undefined) {
  const header = { version, timeStamp: 1_700_000_000, clientCorrelationValue };
  const item = unreadableItem(new ClavigerError('invalid-message', 'not a request'), version);
  const bytes = encodeResponse({ ...header, correlationId: 'of-the-server' }, [item]);
  return decodeItem(ResponseMessage, decodeTtlv(bytes), version).responseHeader;
}

describe('encodeResponse', () => {
  it.each([
    ['1.3', undefined, undefined],
    ['1.4', undefined, undefined],
    ['1.4', 'of-the-client', 'of-the-server'],
    ['2.0', undefined, undefined],
    ['2.0', 'of-the-client', 'of-the-server'],
    ['2.1', undefined, 'of-the-server'],
    ['2.1', 'of-the-client', 'of-the-server'],
  ] as const)('in KMIP %s, for the client correlation value %s, gives the value %s', (...row) => {
    const [version, client, server] = row;
    expect(headerOf(version, client)).toMatchObject({
      clientCorrelationValue: client,
      serverCorrelationValue: server,
    });
  });
});
