import { describe, expect, it } from 'vitest';
import { loadSettings } from './config/load-settings.ts';
import { namesForCertificate, statedNames } from './server-names.ts';

async function settings(environment: Record<string, string>) {
  return await loadSettings({ environment, overrides: [], workingDirectory: '/' });
}

describe('the names of the servers', () => {
  it('are those by which the configuration says that they are reached', async () => {
    const stated = statedNames(
      await settings({
        CLAVIGER_KMIP__LISTENERS__0__HOST: '10.0.0.5',
        CLAVIGER_KMIP__LISTENERS__0__PUBLIC_NAME: 'kmip.example.com:5696',
        CLAVIGER_KMIP__LISTENERS__1__HOST: '::',
        CLAVIGER_KMIP__LISTENERS__1__PUBLIC_NAME: '[2001:db8::1]:5696',
        CLAVIGER_API__HOST: 'api.example.com',
        CLAVIGER_TLS__DNS_NAMES: 'vip.example.com, api.example.com',
        CLAVIGER_TLS__IP_ADDRESSES: '192.0.2.9',
      }),
    );
    expect(stated).toEqual({
      dns: ['vip.example.com', 'api.example.com', 'kmip.example.com'],
      ips: ['192.0.2.9', '10.0.0.5', '2001:db8::1'],
    });
  });

  it('are none for addresses that stand for all', async () => {
    const stated = statedNames(
      await settings({ CLAVIGER_KMIP__LISTENERS__0__HOST: '0.0.0.0', CLAVIGER_API__HOST: '::' }),
    );
    expect(stated).toEqual({ dns: [], ips: [] });
  });

  it('are those of this machine as well in a new certificate, unless others are given', async () => {
    const own = namesForCertificate(await settings({ CLAVIGER_API__HOST: '192.0.2.7' }));
    expect(own.dns).toContain('localhost');
    expect(own.ips).toEqual(expect.arrayContaining(['127.0.0.1', '192.0.2.7']));
    const given = namesForCertificate(
      await settings({
        CLAVIGER_API__HOST: '192.0.2.7',
        CLAVIGER_TLS__DNS_NAMES: 'kmip.example.com',
        CLAVIGER_TLS__IP_ADDRESSES: '',
      }),
    );
    expect(given).toEqual({ dns: ['kmip.example.com'], ips: ['192.0.2.7'] });
  });
});
