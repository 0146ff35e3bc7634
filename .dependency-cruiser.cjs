// Which room may import which: the one table. `pnpm lint` enforces it (scripts/check-architecture.mjs).
const MAY_IMPORT = {
  'ttlv-codec': [],
  'kmip-protocol': ['ttlv-codec'],
  'kmip-client': ['kmip-protocol', 'ttlv-codec'],
  'key-store': [],
  'key-hierarchy': [],
  pki: [],
  'audit-emitter': ['kmip-protocol'],
  'audit-log': [],
  'audit-sinks': [],
  'audit-alerts': ['audit-emitter', 'audit-sinks'],
  'audit-report': ['audit-emitter'],
  'kmip-server': [
    'audit-emitter',
    'key-hierarchy',
    'key-store',
    'kmip-protocol',
    'pki',
    'ttlv-codec',
  ],
  'management-api': ['audit-emitter', 'key-hierarchy', 'key-store', 'kmip-protocol', 'pki'],
  gateway: [
    'audit-alerts',
    'audit-emitter',
    'audit-log',
    'audit-report',
    'audit-sinks',
    'key-hierarchy',
    'key-store',
    'kmip-client',
    'kmip-protocol',
    'kmip-server',
    'management-api',
    'pki',
    'ttlv-codec',
  ],
  benchmarks: ['key-hierarchy', 'key-store', 'kmip-protocol', 'kmip-server', 'ttlv-codec'],
};

const TEST_ONLY = '\\.(test|bench|fixtures|contract)\\.ts$|/contract/|/testing\\.ts$';

const directions = Object.entries(MAY_IMPORT).map(([room, allowed]) => ({
  name: `${room}-imports-only-what-it-may`,
  comment: `${room} may import ${allowed.length === 0 ? 'no other room' : allowed.join(', ')}.`,
  severity: 'error',
  from: { path: `^packages/${room}/src/`, pathNot: TEST_ONLY },
  to: { path: '^packages/', pathNot: `^packages/(${[room, ...allowed].join('|')})/` },
}));

module.exports = {
  forbidden: [
    ...directions,
    {
      name: 'nothing-imports-the-gateway',
      comment: 'The composition root is the end of every arrow.',
      severity: 'error',
      from: { pathNot: '^packages/gateway/' },
      to: { path: '^packages/gateway/' },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-test-code-in-the-product',
      severity: 'error',
      from: { path: '^packages/[^/]+/src/', pathNot: TEST_ONLY },
      to: { path: TEST_ONLY },
    },
    {
      name: 'handlers-know-no-transport',
      comment: 'A handler computes; sockets, SQL and clocks are the business of others.',
      severity: 'error',
      from: { path: '^packages/kmip-server/src/(operations|lifecycle|locate|objects)/' },
      to: { path: '^packages/kmip-server/src/(transport|server)|^node:(net|tls|fs|http)' },
    },
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules|/dist/' },
    exclude: { path: 'node_modules|/dist/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      conditionNames: ['@claviger/source', 'import', 'node', 'default'],
      exportsFields: ['exports'],
    },
  },
};
