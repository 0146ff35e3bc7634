import { describe, expect, it } from 'vitest';
import { encodeKey, signRequest } from './sign-request.ts';

// The worked examples of the Amazon S3 API Reference; their keys are published there and open nothing.
const CREDENTIALS = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};
const BUCKET = 'https://examplebucket.s3.amazonaws.com';

describe('the examples of the Amazon S3 API Reference', () => {
  it.each([
    {
      name: 'GET an object',
      method: 'GET',
      url: `${BUCKET}/test.txt`,
      headers: { Range: 'bytes=0-9' },
      body: '',
      signature: 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    },
    {
      name: 'PUT an object',
      method: 'PUT',
      url: `${BUCKET}/${encodeKey('test$file.text')}`,
      headers: {
        Date: 'Fri, 24 May 2013 00:00:00 GMT',
        'x-amz-storage-class': 'REDUCED_REDUNDANCY',
      },
      body: 'Welcome to Amazon S3.',
      signature: '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
    },
    {
      name: 'GET a sub-resource without a value',
      method: 'GET',
      url: `${BUCKET}/?lifecycle`,
      headers: {},
      body: '',
      signature: 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
    },
    {
      name: 'GET a list with a query',
      method: 'GET',
      url: `${BUCKET}/?max-keys=2&prefix=J`,
      headers: {},
      body: '',
      signature: '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
    },
  ])('$name', ({ method, url, headers, body, signature }) => {
    const signed = signRequest(
      {
        method,
        url: new URL(url),
        headers,
        body: Buffer.from(body),
        region: 'us-east-1',
        time: Date.UTC(2013, 4, 24),
      },
      CREDENTIALS,
    );
    expect(signed['authorization']).toContain(`Signature=${signature}`);
  });
});

it('a session token is sent and signed', () => {
  const request = {
    method: 'PUT',
    url: new URL(`${BUCKET}/a`),
    headers: {},
    body: new Uint8Array(),
    region: 'us-east-1',
    time: 0,
  };
  const signed = signRequest(request, { ...CREDENTIALS, sessionToken: 'token' });
  expect(signed['x-amz-security-token']).toBe('token');
  expect(signed['authorization']).toContain('x-amz-date;x-amz-security-token,');
});

it('a key is encoded octet by octet, slashes left', () => {
  expect(encodeKey("a b/ü!'()*~-_.=")).toBe('a%20b/%C3%BC%21%27%28%29%2A~-_.%3D');
});
