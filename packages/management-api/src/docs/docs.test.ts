import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { anAuthority, CLIENT_PROFILE } from '../certificates.fixtures.ts';
import { API_ERRORS } from '../errors/api-errors.ts';
import { aRig, NOW, type Rig } from '../management-api.fixtures.ts';

interface OpenApi {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>;
}
interface OpenApiOperation {
  readonly operationId?: string;
  readonly tags: readonly string[];
  readonly responses: Readonly<Record<string, { readonly description: string }>>;
}

const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

let rig: Rig;
beforeEach(() => {
  const authority = () => anAuthority(NOW);
  rig = aRig({ clientCertificates: { authority, profile: CLIENT_PROFILE } });
});
afterEach(() => rig.close());

async function theDocument(): Promise<OpenApi> {
  return (await rig.api.inject({ url: '/openapi.json' })).json();
}

async function theOperations() {
  const { paths } = await theDocument();
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      operation,
    })),
  );
}

describe('/openapi.json', () => {
  it('is OpenAPI 3.1 in which every reference leads somewhere', async () => {
    const document = await theDocument();
    expect(document.openapi).toBe('3.1.0');
    const references = JSON.stringify(document).matchAll(
      /"\$ref":"#\/components\/schemas\/(\w+)"/g,
    );
    for (const [, name] of references) {
      expect(document).toHaveProperty(['components', 'schemas', name ?? '']);
    }
  });

  it('names every operation under /api/v2 once, and marks extensions of ours', async () => {
    const operations = (await theOperations()).filter(({ name }) => name.includes('/api/v2'));
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(operations.length);
    const ours = operations.filter(({ operation }) =>
      operation.tags.includes('Extensions of Claviger'),
    );
    expect(ours.map(({ name }) => name.replace('/api/v2', '')).sort()).toEqual([
      'DELETE /kmip_adapters/{adapter}/client_authorities/{authority}',
      'DELETE /kmip_adapters/{adapter}/credentials/{credential}',
      'GET /events',
      'GET /kmip_adapters/{adapter}/client_authorities',
      'GET /kmip_adapters/{adapter}/client_endpoints',
      'GET /kmip_adapters/{adapter}/credentials',
      'GET /refused_certificates',
      'POST /kmip_adapters/{adapter}/certificate_requests',
      'POST /kmip_adapters/{adapter}/client_authorities',
      'POST /kmip_adapters/{adapter}/client_endpoints/{endpoint}/actions/discover_versions',
      'POST /kmip_adapters/{adapter}/client_endpoints/{endpoint}/actions/put',
      'POST /kmip_adapters/{adapter}/client_endpoints/{endpoint}/actions/query',
      'POST /kmip_adapters/{adapter}/client_identities',
      'POST /kmip_adapters/{adapter}/credentials',
      'POST /refused_certificates/{fingerprint}/trust',
    ]);
  });

  it('gives every reason code with its status', async () => {
    const told = new Set(
      (await theOperations()).flatMap(({ operation }) =>
        Object.entries(operation.responses).flatMap(([status, { description }]) =>
          description.split(', ').map((code) => `${status} ${code}`),
        ),
      ),
    );
    // These are told where there is no operation, and where the server is busy.
    const untold = new Set([
      'OPERATION_NOT_OFFERED_ERR',
      'METHOD_NOT_ALLOWED_ERR',
      'OVERLOADED_ERR',
    ]);
    for (const [code, { status }] of Object.entries(API_ERRORS)) {
      if (!untold.has(code)) expect(told).toContain(`${status} ${code}`);
    }
  });
});

describe('/docs', () => {
  it('shows every operation in a page that loads and runs nothing', async () => {
    const page = await rig.api.inject({ url: '/docs' });
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.headers['content-security-policy']).toContain("default-src 'none'");
    expect(page.body).not.toMatch(
      /<script|<img|<link|src=|https?:\/\/(?!cloud\.ibm)[^"]*\.(?:js|css)/,
    );
    for (const { name } of await theOperations()) {
      expect(page.body).toContain(`<code>${name.split(' ')[1]}</code>`);
    }
  });
});

describe('the README', () => {
  it('has exactly the endpoints that there are', async () => {
    const rows = [...README.matchAll(/^\| `(?<name>[A-Z]+ \/\S+)`/gm)].map(
      ({ groups }) => groups?.['name'],
    );
    const served = (await theOperations()).map(({ name }) => name);
    expect(rows.sort()).toEqual([...served].sort());
  });

  it('has exactly the reason codes that there are, with their statuses', () => {
    const rows = [...README.matchAll(/^\| (?<row>\d{3} +\| `[A-Z_]+` +\| \S+)/gm)].map(
      ({ groups }) => groups?.['row']?.replaceAll(/[ `]+/g, ''),
    );
    const codes = Object.entries(API_ERRORS).map(
      ([code, { status, origin }]) => `${status}|${code}|${origin}`,
    );
    expect(rows.sort()).toEqual(codes.sort());
  });
});
