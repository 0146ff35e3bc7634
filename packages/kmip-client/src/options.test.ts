import { describe, expect, it } from 'vitest';
import { resolveOptions } from './options.ts';

const OPTIONS = { host: 'kms.example', tls: { ca: '', cert: '', key: '' } };

describe('resolveOptions', () => {
  it('fills in the defaults', () => {
    expect(resolveOptions(OPTIONS)).toMatchObject({
      port: 5696,
      protocolVersion: '1.4',
      requestTimeoutMs: 30_000,
      connectTimeoutMs: 10_000,
      maximumMessageBytes: 1024 * 1024,
      maxConnections: 1,
      pipelining: 1,
    });
  });

  it.each([
    ['port', 65_536],
    ['requestTimeoutMs', 0],
    ['connectTimeoutMs', 2 ** 31],
    ['maximumMessageBytes', -1],
    ['maxConnections', 1.5],
    ['pipelining', Number.NaN],
  ])('refuses %s of %d by name', (name, value) => {
    expect(() => resolveOptions({ ...OPTIONS, [name]: value })).toThrow(name);
  });
});
