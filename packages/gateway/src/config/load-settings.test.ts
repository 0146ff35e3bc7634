import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigError } from './config-error.ts';
import { loadSettings, type SettingsSources } from './load-settings.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'claviger-settings-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function load(toml: string | undefined, sources: Partial<SettingsSources> = {}) {
  const configFile = join(folder, 'claviger.toml');
  if (toml !== undefined) await writeFile(configFile, toml);
  return await loadSettings({
    ...(toml !== undefined && { configFile }),
    environment: {},
    overrides: [],
    workingDirectory: '/work-here',
    ...sources,
  });
}

async function problemsOf(toml: string, environment: Record<string, string> = {}) {
  try {
    await load(toml, { environment });
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

/** An issuer as it stands in a file. */
function oidc(different: Record<string, unknown>): string {
  const values = {
    issuer: 'https://login.example',
    jwks_url: 'https://login.example/keys',
    audience: 'claviger',
    roles: ['admins=Manager'],
    ...different,
  };
  const lines = Object.entries(values).map(([name, value]) => `${name} = ${JSON.stringify(value)}`);
  return `[[api.oidc]]\n${lines.join('\n')}\n`;
}

describe('loadSettings', () => {
  it('has a default for everything', async () => {
    const settings = await load(undefined);
    expect(settings).toMatchObject({
      data_dir: '/work-here/data',
      kmip: { listeners: [{ host: '0.0.0.0', port: 5696, network: 'private' }] },
      api: { host: '127.0.0.1', port: 8443 },
      master_key: { provider: 'file' },
      audit: { extension_actions: true, fingerprint_algorithm: 'sha256' },
    });
  });

  it('lets the command line count more than the environment, and that more than the file', async () => {
    const toml =
      'data_dir = "from-file"\n[api]\nhost = "10.0.0.1"\nport = 1\n[log]\nlevel = "warn"';
    const settings = await load(toml, {
      environment: { CLAVIGER_API__PORT: '2', CLAVIGER_API__HOST: '10.0.0.2' },
      overrides: [{ path: ['api', 'host'], value: '10.0.0.3' }],
    });
    expect(settings.api).toMatchObject({ host: '10.0.0.3', port: 2 });
    expect(settings.log.level).toBe('warn');
  });

  it('takes paths in a file as relative to the file, others to where the command runs', async () => {
    const toml = '[tls]\ncertificate_file = "server.crt"\nkey_file = "/etc/server.key"';
    const settings = await load(toml, { environment: { CLAVIGER_DATA_DIR: 'there' } });
    expect(settings.tls.certificate_file).toBe(join(folder, 'server.crt'));
    expect(settings.tls.key_file).toBe('/etc/server.key');
    expect(settings.data_dir).toBe('/work-here/there');
  });

  it('reads lists, numbers and truth values from the environment', async () => {
    const settings = await load('[[kmip.listeners]]\nport = 1\n[[kmip.listeners]]\nport = 2', {
      environment: {
        CLAVIGER_KMIP__LISTENERS__1__PORT: '15696',
        CLAVIGER_TLS__DNS_NAMES: 'a.example, b.example',
        CLAVIGER_AUDIT__EXTENSION_ACTIONS: 'false',
      },
    });
    expect(settings.kmip.listeners.map(({ port }) => port)).toEqual([1, 15_696]);
    expect(settings.tls.dns_names).toEqual(['a.example', 'b.example']);
    expect(settings.audit.extension_actions).toBe(false);
  });

  it('reads lists of numbers and tables in lists from the environment', async () => {
    const settings = await load(undefined, {
      environment: {
        CLAVIGER_CERTIFICATES__WARN_DAYS: '60, 10',
        CLAVIGER_API__OIDC__0__ISSUER: 'https://login.example',
        CLAVIGER_API__OIDC__0__JWKS_URL: 'https://login.example/keys',
        CLAVIGER_API__OIDC__0__AUDIENCE: 'claviger',
        CLAVIGER_API__OIDC__0__ROLES: 'kmip=admins=Manager, auditors=Reader',
      },
    });
    expect(settings.certificates.warn_days).toEqual([60, 10]);
    expect(settings.api.oidc).toEqual([
      {
        issuer: 'https://login.example',
        jwks_url: 'https://login.example/keys',
        audience: 'claviger',
        role_claim: 'roles',
        roles: ['kmip=admins=Manager', 'auditors=Reader'],
      },
    ]);
  });

  it('passes over what Kubernetes sets for a service that is named claviger', async () => {
    const environment = {
      CLAVIGER_SERVICE_HOST: '10.0.0.1',
      CLAVIGER_PORT: 'tcp://10.0.0.1:5696',
      CLAVIGER_API_SERVICE_PORT_HTTPS: '8443',
      CLAVIGER_API_PORT_8443_TCP_ADDR: '10.0.0.1',
    };
    await expect(load(undefined, { environment })).resolves.toMatchObject({ api: { port: 8443 } });
  });

  it.each<[name: string, toml: string, environment: Record<string, string>, problem: string]>([
    [
      'a port out of range',
      '[[kmip.listeners]]\nport = 70000',
      {},
      'kmip.listeners[0].port: must be a whole number from 0 to 65535',
    ],
    [
      'a port that is text',
      '[api]\nport = "8443"',
      {},
      'api.port: must be a whole number from 0 to 65535',
    ],
    [
      'a port with a fraction',
      '[api]\nport = 1.5',
      {},
      'api.port: must be a whole number from 0 to 65535',
    ],
    [
      'a word that is none of those possible',
      '[[kmip.listeners]]\nnetwork = "internal"',
      {},
      'kmip.listeners[0].network: must be one of: private, public',
    ],
    [
      'a misspelt key',
      '[audit]\ndisplay_nam = "x"',
      {},
      'audit.display_nam: is no setting; did you mean display_name?',
    ],
    ['a misspelt table', '[kmpi]\nport = 1', {}, 'kmpi: is no setting; did you mean kmip?'],
    [
      'a key that is like none',
      '[log]\nbanana = 1',
      {},
      'log.banana: is no setting; possible here: level, format',
    ],
    [
      'a misspelt key in a list',
      '[[kmip.listeners]]\nprot = 1',
      {},
      'kmip.listeners[0].prot: is no setting; did you mean port?',
    ],
    ['a table that is none', 'api = 3', {}, 'api: must be a table'],
    [
      'no listener',
      '[kmip]\nlisteners = []',
      {},
      'kmip.listeners: must have at least one listener',
    ],
    [
      'half of a certificate',
      '[tls]\nkey_file = "a"',
      {},
      'tls: certificate_file and key_file must be given together',
    ],
    [
      'half of an authority',
      '[clients]\nauthority_key_file = "a"',
      {},
      'clients: authority_certificate_file and authority_key_file must be given together',
    ],
    [
      'a token for metrics without its file',
      '[api]\nmetrics = "token"',
      {},
      'api.metrics_token_file: is needed when api.metrics is token',
    ],
    [
      'a token file that counts for nothing',
      '[api]\nmetrics_token_file = "t"',
      {},
      'api.metrics_token_file: counts for nothing unless api.metrics is token',
    ],
    [
      'keys of an issuer that come in the clear',
      oidc({ jwks_url: 'http://login.example/keys' }),
      {},
      'api.oidc[0].jwks_url: must be an https URL; http is for this machine (localhost) only',
    ],
    [
      'a role that is none',
      oidc({ roles: ['admins=Root'] }),
      {},
      'api.oidc[0].roles[0]: must be TEXT=ROLE, with a role of: Reader, ReaderPlus, Writer, Manager, KmipAdapterManager, AuditReader',
    ],
    ['one issuer twice', oidc({}) + oidc({}), {}, 'api.oidc: must have one entry for each issuer'],
    [
      'days that are none',
      '[certificates]\nwarn_days = [30, 0]',
      {},
      'certificates.warn_days[1]: must be a whole number from 1 to 36500',
    ],
    [
      'a passphrase provider without its file',
      '[master_key]\nprovider = "passphrase"',
      {},
      'master_key.passphrase_file: is needed when master_key.provider is passphrase',
    ],
    [
      'a passphrase file that counts for nothing',
      '[master_key]\npassphrase_file = "p"',
      {},
      'master_key.passphrase_file: counts for nothing unless master_key.provider is passphrase',
    ],
    [
      'an account id of another form',
      '[audit]\naccount_id = "me"',
      {},
      'audit.account_id: must be 32 hexadecimal digits in lower case',
    ],
    [
      'a variable with a wrong value, by its name',
      '',
      { CLAVIGER_API__PORT: 'http' },
      'api.port (from CLAVIGER_API__PORT): must be a whole number from 0 to 65535',
    ],
    [
      'a variable that is no setting',
      '',
      { CLAVIGER_API__PROT: '1' },
      'CLAVIGER_API__PROT: is no setting; did you mean CLAVIGER_API__PORT?',
    ],
    [
      'a variable with one underscore too few',
      '',
      { CLAVIGER_LOG_LEVEL: 'debug' },
      'CLAVIGER_LOG_LEVEL: is no setting; did you mean CLAVIGER_LOG__LEVEL?',
    ],
  ])('refuses %s', async (_name, toml, environment, problem) => {
    expect(await problemsOf(toml, environment)).toEqual([problem]);
  });

  it('tells every problem at once', async () => {
    expect(await problemsOf('[api]\nport = -1\n[log]\nlevel = "loud"')).toEqual([
      'api.port: must be a whole number from 0 to 65535',
      'log.level: must be one of: debug, info, warn, error, silent',
    ]);
  });

  it('names line and column of what is no TOML', async () => {
    const [problem] = await problemsOf('[api]\nport = = 1');
    expect(problem).toMatch(/claviger\.toml:2:\d+: Invalid TOML document/);
  });

  it('says that the file cannot be read', async () => {
    const configFile = join(folder, 'nowhere.toml');
    await expect(load(undefined, { configFile })).rejects.toThrow(
      `The configuration file ${configFile} cannot be read (ENOENT).`,
    );
  });
});
