import { describe, expect, it } from 'vitest';
import { formatEndpoint, parseEndpoint } from './endpoint.ts';

describe('endpoints', () => {
  it.each([
    ['127.0.0.1:5696', { host: '127.0.0.1', port: 5696 }],
    ['kmip.example.com:0', { host: 'kmip.example.com', port: 0 }],
    ['[::1]:65535', { host: '::1', port: 65_535 }],
  ])('reads %s and writes it again', (text, endpoint) => {
    expect(parseEndpoint(text)).toEqual(endpoint);
    expect(formatEndpoint(endpoint)).toBe(text);
  });

  it.each(['', '5696', ':5696', 'host', 'host:', 'host:65536', 'host:http', '::1:5696', 'a b:1'])(
    'refuses "%s"',
    (text) => {
      expect(parseEndpoint(text)).toBeUndefined();
    },
  );
});
