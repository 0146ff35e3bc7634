import { ClavigerError, decodeItem, ResponseMessage, type Version } from '@claviger/kmip-protocol';
import { decodeTtlv } from '@claviger/ttlv-codec';
import { describe, expect, it } from 'vitest';
import { encodeResponse, unreadableItem } from './response.ts';

function headerOf(version: Version, clientCorrelationValue: string | undefined) {
  const header = { version, timeStamp: 1_700_000_000, clientCorrelationValue };
  const item = unreadableItem(
    new ClavigerError('invalid-message', 'not a request'),
    version,
    'an id',
  );
  const bytes = encodeResponse({ ...header, correlationId: 'server-7' }, [item]);
  return decodeItem(ResponseMessage, decodeTtlv(bytes), version).responseHeader;
}

describe('encodeResponse', () => {
  it.each([
    ['1.3', undefined, undefined],
    ['1.4', undefined, undefined],
    ['1.4', 'client-1', 'server-7'],
    ['2.0', undefined, undefined],
    ['2.0', 'client-1', 'server-7'],
    ['2.1', undefined, 'server-7'],
    ['2.1', 'client-1', 'server-7'],
  ] as const)('in KMIP %s, to a client with the correlation value %s, gives %s', (...row) => {
    const [version, client, server] = row;
    const header = headerOf(version, client);
    expect(header.serverCorrelationValue).toBe(server);
    expect(header.clientCorrelationValue).toBeUndefined();
  });
});
