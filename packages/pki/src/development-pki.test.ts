import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer, type SecureVersion, type TLSSocket } from 'node:tls';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { certificateValidityAt } from './certificate-validity.ts';
import { aTemporaryDirectory, DAY_MS, NOW, PROFILES } from './certificates.fixtures.ts';
import {
  type DevelopmentPki,
  ensureCertificateAuthority,
  ensureDevelopmentPki,
} from './development-pki.ts';

const ALL = ['ca.crt', 'ca.key', 'client.crt', 'client.key', 'server.crt', 'server.key'];

const ensure = (directory: string, now: () => number = () => NOW): Promise<DevelopmentPki> =>
  ensureDevelopmentPki({
    directory,
    profiles: PROFILES,
    serverNames: { dns: ['localhost'], ips: ['127.0.0.1'] },
    now,
  });

/** The files of one PKI, made once, since key pairs take time; for the time of today: TLS judges it. */
let files: ReadonlyMap<string, string>;
let otherServer: { readonly crt: string; readonly key: string };
beforeAll(async () => {
  const directory = mkdtempSync(join(tmpdir(), 'claviger-pki-'));
  try {
    await ensure(directory, Date.now);
    files = readAll(directory);
    for (const name of ALL) {
      rmSync(join(directory, name));
    }
    await ensure(directory, Date.now);
    const others = readAll(directory);
    otherServer = { crt: others.get('server.crt') ?? '', key: others.get('server.key') ?? '' };
  } finally {
    rmSync(directory, { recursive: true });
  }
});

function readAll(directory: string): ReadonlyMap<string, string> {
  return new Map(ALL.map((name) => [name, readFileSync(join(directory, name), 'utf8')]));
}

/** A directory with the whole PKI, but for the files named. */
function aDirectoryWithout(...missing: readonly string[]): string {
  const directory = aTemporaryDirectory();
  for (const [name, text] of files) {
    if (!missing.includes(name)) {
      writeFileSync(join(directory, name), text);
    }
  }
  return directory;
}

const failing = (code: string, message: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) });

describe('ensureCertificateAuthority', () => {
  const ensureOnly = (directory: string) =>
    ensureCertificateAuthority({ directory, profiles: PROFILES, now: () => NOW });

  it('makes the authority alone, once, which then signs what else is made', async () => {
    const directory = join(aTemporaryDirectory(), 'certs');
    const made = await ensureOnly(directory);
    expect(readdirSync(directory).sort()).toEqual(['ca.crt', 'ca.key']);
    expect(made).toMatchObject({ created: true, certificate: { isCa: true } });
    expect(await ensureOnly(directory)).toMatchObject({
      created: false,
      certificate: { pem: made.certificate.pem },
    });
    expect((await ensure(directory)).ca.certificate.pem).toBe(made.certificate.pem);
  });

  it('is not troubled by damage of the other pairs', async () => {
    const directory = aDirectoryWithout();
    writeFileSync(join(directory, 'server.crt'), 'damaged');
    expect(await ensureOnly(directory)).toMatchObject({ created: false });
  });

  it('makes no other one for a pair whose authority is missing', async () => {
    const directory = aDirectoryWithout('ca.crt', 'ca.key');
    await expect(ensureOnly(directory)).rejects.toEqual(failing('incomplete-pair', /ca\.crt/));
  });
});

describe('ensureDevelopmentPki', () => {
  it('makes three pairs, the keys for the owner only, and leaves nothing else behind', async () => {
    const directory = join(aTemporaryDirectory(), 'new', 'certs');
    const pki = await ensure(directory);
    expect(readdirSync(directory).sort()).toEqual(ALL);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    for (const pair of [pki.ca, pki.server, pki.client]) {
      expect(pair.created).toBe(true);
      expect(statSync(pair.keyPath).mode & 0o777).toBe(0o600);
      expect(readFileSync(pair.certificatePath, 'utf8')).toBe(pair.certificate.pem);
      expect(certificateValidityAt(pair.certificate, NOW)).toBe('valid');
    }
    expect(pki.server.certificate.subjectAlternativeNames).toEqual([
      { kind: 'dns', value: 'localhost' },
      { kind: 'ip', value: '127.0.0.1' },
    ]);
  });

  it('reads what is there, and changes not a byte of it', async () => {
    const directory = aDirectoryWithout();
    const pki = await ensure(directory);
    expect([pki.ca.created, pki.server.created, pki.client.created]).toEqual([false, false, false]);
    expect(readAll(directory)).toEqual(files);
  });

  it('makes a missing server or client pair with the CA that is there', async () => {
    const directory = aDirectoryWithout('client.crt', 'client.key');
    const pki = await ensure(directory, Date.now);
    expect([pki.ca.created, pki.server.created, pki.client.created]).toEqual([false, false, true]);
    expect(pki.client.certificate.issuer).toBe(pki.ca.certificate.subject);
    await expect(ensure(directory)).resolves.toBeDefined();
  });

  it('reads expired certificates too: whether to go on is for the caller to say', async () => {
    const later = Date.now() + 1000 * DAY_MS;
    const pki = await ensure(aDirectoryWithout(), () => later);
    expect(certificateValidityAt(pki.server.certificate, later)).toBe('expired');
  });

  it.each(ALL)('refuses to go on when only %s is missing, and makes nothing', async (missing) => {
    const directory = aDirectoryWithout(missing);
    await expect(ensure(directory)).rejects.toThrow(
      failing('incomplete-pair', new RegExp(`${missing} is missing; restore`)),
    );
    expect(readdirSync(directory)).toEqual(ALL.filter((name) => name !== missing));
  });

  it('refuses to make a new CA beside certificates of the old one', async () => {
    const directory = aDirectoryWithout('ca.crt', 'ca.key');
    await expect(ensure(directory)).rejects.toThrow(
      failing('incomplete-pair', /server\.crt is there but .*ca\.crt and .*ca\.key/),
    );
  });

  it('refuses a key that is not the one of the certificate', async () => {
    const directory = aDirectoryWithout();
    writeFileSync(join(directory, 'server.key'), otherServer.key);
    await expect(ensure(directory)).rejects.toThrow(
      failing('mismatched-pair', /server\.key is not the key of .*server\.crt/),
    );
  });

  it('refuses a server that another CA of the same name has signed', async () => {
    const directory = aDirectoryWithout();
    writeFileSync(join(directory, 'server.crt'), otherServer.crt);
    writeFileSync(join(directory, 'server.key'), otherServer.key);
    await expect(ensure(directory)).rejects.toThrow(
      failing('mismatched-pair', /server\.crt was not signed by .*ca\.crt/),
    );
  });

  it.each([
    ['ca.crt', 'garbage', 'not-a-certificate'],
    ['client.key', 'garbage', 'malformed'],
    ['server.crt', '', 'not-a-certificate'],
    ['server.key', 'x'.repeat(100_000), 'too-large'],
  ])('names %s when it cannot be used', async (name, text, code) => {
    const directory = aDirectoryWithout();
    writeFileSync(join(directory, name), text);
    await expect(ensure(directory)).rejects.toThrow(failing(code, new RegExp(name)));
  });

  it('says so when a key stands in the file of a certificate', async () => {
    const directory = aDirectoryWithout();
    writeFileSync(join(directory, 'client.crt'), files.get('client.key') ?? '');
    await expect(ensure(directory)).rejects.toThrow(failing('is-a-private-key', /client\.crt/));
  });

  it('is not disturbed by what an interrupted start left', async () => {
    const directory = aDirectoryWithout('client.crt', 'client.key');
    mkdirSync(join(directory, '.new-abcdef'));
    writeFileSync(join(directory, '.new-abcdef', 'client.key'), 'half a k');
    await ensure(directory, Date.now);
    expect(readdirSync(directory).sort()).toEqual(['.new-abcdef', ...ALL]);
  });

  it('never mixes the files of two starts at once', async () => {
    const directory = aTemporaryDirectory();
    const starts = await Promise.allSettled([ensure(directory), ensure(directory)]);
    expect(starts.map(({ status }) => status)).toContain('fulfilled');
    const pki = await ensure(directory);
    expect([pki.ca.created, pki.server.created, pki.client.created]).toEqual([false, false, false]);
    expect(readdirSync(directory).sort()).toEqual(ALL);
  });

  it('names the directory that it cannot make', async () => {
    const file = join(aTemporaryDirectory(), 'file');
    writeFileSync(file, '');
    await expect(ensure(join(file, 'certs'))).rejects.toThrow(
      failing('inaccessible', /cannot write .*certs: ENOTDIR/),
    );
  });

  it.skipIf(process.getuid?.() === 0)(
    'names a file that it may not read (not as root)',
    async () => {
      const directory = aDirectoryWithout();
      chmodSync(join(directory, 'ca.key'), 0);
      await expect(ensure(directory)).rejects.toThrow(
        failing('inaccessible', /cannot read .*ca\.key: EACCES/),
      );
    },
  );

  it('refuses a wrong server name before it has made a server pair', async () => {
    const directory = aTemporaryDirectory();
    await expect(
      ensureDevelopmentPki({
        directory,
        profiles: PROFILES,
        serverNames: { dns: ['no name'], ips: [] },
        now: () => NOW,
      }),
    ).rejects.toThrow(failing('invalid-request', /"no name" is not a DNS name/));
    expect(readdirSync(directory).sort()).toEqual(['ca.crt', 'ca.key']);
  });
});

describe('the files, used for mutual TLS', () => {
  const text = (name: string): string => files.get(name) ?? '';

  async function handshake(version: SecureVersion, ciphers?: string) {
    const server = createServer({
      key: text('server.key'),
      cert: text('server.crt'),
      ca: text('ca.crt'),
      requestCert: true,
      rejectUnauthorized: true,
      minVersion: version,
      maxVersion: version,
      ...(ciphers === undefined ? {} : { ciphers }),
    });
    onTestFinished(() => {
      server.close();
    });
    const accepted = new Promise<TLSSocket>((resolve, reject) => {
      server.once('secureConnection', resolve).once('tlsClientError', reject);
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const address = server.address();
    const client = connect({
      port: typeof address === 'object' && address !== null ? address.port : 0,
      host: '127.0.0.1',
      key: text('client.key'),
      cert: text('client.crt'),
      ca: text('ca.crt'),
      ...(ciphers === undefined ? {} : { ciphers }),
    });
    onTestFinished(() => {
      client.destroy();
    });
    const connected = new Promise<void>((resolve, reject) => {
      client.once('secureConnect', resolve).once('error', reject);
    });
    const [socket] = await Promise.all([accepted, connected]);
    return {
      protocol: client.getProtocol(),
      cipher: client.getCipher().name,
      clientName: socket.getPeerCertificate().subject.CN,
      serverName: client.getPeerCertificate().subject.CN,
    };
  }

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'agree on %s, name and chain checked',
    async (version) => {
      expect(await handshake(version)).toMatchObject({
        protocol: version,
        clientName: 'Test client',
        serverName: 'Test server',
      });
    },
  );

  it('let old clients exchange keys by RSA (TLS_RSA_WITH_AES_128_CBC_SHA256)', async () => {
    expect(await handshake('TLSv1.2', 'AES128-SHA256')).toMatchObject({ cipher: 'AES128-SHA256' });
  });
});
