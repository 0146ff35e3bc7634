import { readFileSync } from 'node:fs';
import { ERROR_REASONS } from '@claviger/audit-emitter';
import {
  ENUMERATION_VALUE_VERSIONS,
  ERROR_CODES,
  type ErrorCode,
  GENERAL_RESULT_REASONS,
  isAtLeast,
  isWithin,
  RESULT_REASONS_OF_OPERATION,
  VERSIONS,
  type Version,
  type VersionRange,
} from '@claviger/kmip-protocol';
import { describe, expect, it } from 'vitest';
import { HANDLED_OPERATIONS, type HandledOperation } from './operations/index.ts';
import { RESULT_REASONS, resultReason } from './result-reason.ts';

/** What any item can fail with: its message, its version, the store. */
const ANY = [
  'invalid-message',
  'invalid-field',
  'operation-not-supported',
  'feature-not-supported',
  'response-too-large',
  'overloaded',
  'unavailable',
  'internal',
] as const;
/** What `OperationContext.find` throws. */
const FIND = ['item-not-found', 'missing-data'] as const;

/** What `newObject` and `resolveTemplates` throw. */
const NEW_OBJECT = [
  'attribute-not-applicable',
  'attribute-read-only',
  'attribute-single-valued',
  'constraint-violation',
  'index-out-of-bounds',
  'invalid-attribute',
  'item-not-found',
  'name-already-exists',
  'protection-not-available',
  'root-key-unusable',
] as const;

/** What Cryptographic Parameters can be refused for. */
const PARAMETERS = [
  'bad-cryptographic-parameters',
  'unsupported-cryptographic-parameters',
] as const;

/** What `unwrapKeyValue` throws. */
const UNWRAP = [
  ...PARAMETERS,
  'cryptographic-failure',
  'illegal-operation',
  'key-format-not-supported',
  'key-value-not-present',
  'key-wrap-not-supported',
  'parameters-not-found',
  'unsuitable-key',
  'usage-not-permitted',
  'wrapping-key-archived',
  'wrapping-key-destroyed',
  'wrapping-key-not-found',
  'wrong-state',
] as const;

/** What `givenObject` throws: for the object, its format, its wrapping. */
const GIVE = [
  ...PARAMETERS,
  'cryptographic-failure',
  'encoding-option-not-supported',
  'illegal-operation',
  'key-compression-not-supported',
  'key-format-not-supported',
  'key-value-not-present',
  'key-wrap-not-supported',
  'material-destroyed',
  'not-extractable',
  'object-archived',
  'parameters-not-found',
  'root-key-unusable',
  'sensitive',
  'unsuitable-key',
  'usage-not-permitted',
  'wrapping-key-archived',
  'wrapping-key-destroyed',
  'wrapping-key-not-found',
  'wrong-state',
] as const;

/** What making a certificate can fail with. */
const CERTIFY = [
  'invalid-certificate-request',
  'key-format-not-supported',
  'material-destroyed',
  'object-archived',
  'unsuitable-key',
] as const;

/** What giving an attribute another value can fail with. */
const CHANGE = [
  'attribute-not-applicable',
  'attribute-read-only',
  'index-out-of-bounds',
  'invalid-attribute',
  'wrong-state',
] as const;

/** What computing with a key of the server can fail with. */
const USE_KEY = [
  ...PARAMETERS,
  'key-value-not-present',
  ...FIND,
  'cryptographic-failure',
  'key-format-not-supported',
  'root-key-unusable',
  'unsuitable-key',
  'usage-not-permitted',
  'wrong-state',
] as const;

/** What each operation can fail with beyond `ANY`. */
const CODES_OF_OPERATION: Readonly<Record<HandledOperation, readonly ErrorCode[]>> = {
  Activate: [...FIND, 'illegal-operation', 'object-archived', 'wrong-state'],
  Archive: [...FIND, 'object-archived'],
  Certify: [...FIND, ...NEW_OBJECT, ...CERTIFY, 'wrong-state'],
  ReCertify: [...FIND, ...NEW_OBJECT, ...CERTIFY, 'illegal-operation'],
  ReProvision: [
    'constraint-violation',
    'invalid-certificate-request',
    'permission-denied',
    'root-key-unusable',
    'unsuitable-key',
  ],
  Validate: [
    ...FIND,
    'invalid-object-type',
    'material-destroyed',
    'object-archived',
    'root-key-unusable',
  ],
  Check: [...FIND, 'illegal-operation', 'object-archived', 'usage-not-permitted'],
  Export: [...FIND, ...GIVE],
  GetUsageAllocation: [
    ...FIND,
    'attribute-not-found',
    'illegal-operation',
    'object-archived',
    'usage-limit-exceeded',
    'wrong-state',
  ],
  ObtainLease: [...FIND, 'illegal-operation', 'object-archived', 'wrong-state'],
  Import: [...NEW_OBJECT, ...UNWRAP, 'invalid-object-type', 'object-already-exists'],
  ReKey: [
    ...FIND,
    ...NEW_OBJECT,
    'illegal-operation',
    'key-value-not-present',
    'object-archived',
    'unsuitable-key',
  ],
  ReKeyKeyPair: [
    ...FIND,
    ...NEW_OBJECT,
    'illegal-operation',
    'key-value-not-present',
    'object-archived',
    'unsuitable-key',
  ],
  Recover: [...FIND],
  AddAttribute: [
    ...FIND,
    'attribute-already-exists',
    'attribute-not-applicable',
    'attribute-read-only',
    'index-out-of-bounds',
    'invalid-attribute',
    'name-in-use',
    'object-archived',
    'wrong-state',
  ],
  AdjustAttribute: [
    ...FIND,
    ...CHANGE,
    'attribute-multi-valued',
    'invalid-data-type',
    'numeric-range',
    'object-archived',
  ],
  DeleteAttribute: [
    ...FIND,
    'attribute-instance-not-found',
    'attribute-not-found',
    'attribute-not-modifiable',
    'object-archived',
    'wrong-state',
  ],
  ModifyAttribute: [
    ...FIND,
    ...CHANGE,
    'attribute-absent',
    'attribute-instance-not-found',
    'attribute-multi-valued',
    'attribute-not-modifiable',
    'name-in-use',
    'object-archived',
  ],
  SetAttribute: [...FIND, ...CHANGE, 'attribute-multi-valued', 'name-in-use', 'object-archived'],
  Create: [...NEW_OBJECT, 'invalid-object-type'],
  CreateKeyPair: [...NEW_OBJECT],
  CreateSplitKey: [
    ...NEW_OBJECT,
    'invalid-object-type',
    'material-destroyed',
    'missing-data',
    'unsuitable-key',
  ],
  DelegatedLogin: ['permission-denied'],
  Decrypt: [...USE_KEY, 'unknown-stream', 'tag-length-not-supported'],
  DeriveKey: [
    ...NEW_OBJECT,
    ...USE_KEY,
    'invalid-object-type',
    'tag-length-not-supported',
    'usage-limit-exceeded',
  ],
  Destroy: [...FIND, 'already-destroyed', 'object-archived', 'wrong-state'],
  DiscoverVersions: [],
  Encrypt: [...USE_KEY, 'unknown-stream', 'tag-length-not-supported', 'usage-limit-exceeded'],
  Get: [...FIND, ...GIVE, 'bad-password', 'inactive-password'],
  GetAttributeList: [...FIND],
  GetAttributes: [...FIND],
  GetConstraints: [],
  SetConstraints: ['invalid-object-type'],
  SetDefaults: ['invalid-object-type'],
  Hash: ['unknown-stream', 'unsupported-cryptographic-parameters'],
  Interop: [],
  JoinSplitKey: [
    ...NEW_OBJECT,
    ...FIND,
    'cryptographic-failure',
    'invalid-object-type',
    'material-destroyed',
  ],
  Locate: ['invalid-attribute'],
  Log: [],
  Login: ['permission-denied'],
  Logout: ['invalid-ticket'],
  MAC: [...USE_KEY, 'unknown-stream', 'usage-limit-exceeded'],
  MACVerify: [...USE_KEY, 'unknown-stream'],
  Ping: [],
  PKCS_11: ['pkcs11-codec-error', 'pkcs11-invalid-function', 'pkcs11-invalid-interface'],
  Cancel: [],
  Poll: ['invalid-correlation-value', 'permission-denied', 'root-key-unusable'],
  Process: ['invalid-correlation-value'],
  Query: [],
  QueryAsynchronousRequests: [],
  Register: [...NEW_OBJECT, 'bad-password', 'inactive-password', 'invalid-object-type'],
  RNGRetrieve: [],
  RNGSeed: ['permission-denied'],
  Revoke: [...FIND, 'illegal-operation', 'not-revocable', 'object-archived'],
  SetEndpointRole: ['invalid-field'],
  Sign: [...USE_KEY, 'unknown-stream', 'usage-limit-exceeded'],
  SignatureVerify: [...USE_KEY, 'unknown-stream'],
};

interface Exception extends VersionRange {
  readonly code: ErrorCode;
  /** Every operation unless told. */
  readonly operation?: HandledOperation;
  readonly why: string;
}

/** Reasons that the specification does not list for an operation, and that are given all the same. */
const EXCEPTIONS: readonly Exception[] = [
  {
    code: 'invalid-field',
    operation: 'QueryAsynchronousRequests',
    since: '2.1',
    why: 'its list lacks what every item gets that has a value out of range',
  },
  ...(['overloaded', 'unavailable', 'internal'] as const).map((code) => ({
    code,
    why: 'General Failure is in no list of any operation, and is meant for what is in none',
  })),
  {
    code: 'missing-data',
    until: '1.4',
    why: 'no list of 1.x says what a request without identifier and ID Placeholder is',
  },
  ...(['Create', 'CreateKeyPair', 'Register'] as const).map((operation) => ({
    code: 'item-not-found' as const,
    operation,
    since: '2.0' as const,
    why: 'it is for Templates, which a request of 2.x cannot name',
  })),
  {
    code: 'item-not-found',
    operation: 'CreateSplitKey',
    since: '2.0',
    why: 'its list has Item Not Found still, where all others have Object Not Found',
  },
  {
    code: 'item-not-found',
    operation: 'AdjustAttribute',
    since: '2.0',
    why: 'its list has Item Not Found still, where all others have Object Not Found',
  },
  {
    code: 'object-archived',
    since: '1.4',
    why: 'few lists of 2.x, and not that of Export, have Object Archived, which is what happened',
  },
  ...(['not-extractable', 'sensitive'] as const).map((code) => ({
    code,
    operation: 'Export' as const,
    since: '1.4' as const,
    why: 'its list lacks what that of Get has',
  })),
  ...(['bad-password', 'inactive-password'] as const).map((code) => ({
    code,
    operation: 'Get' as const,
    since: '2.0' as const,
    why: 'its list lacks the reason that is there for a container, and that of Register has',
  })),
  ...(['attribute-not-applicable', 'invalid-attribute'] as const).map((code) => ({
    code,
    since: '2.0' as const,
    why: 'the lists of the operations that set attributes lack what that of Add Attribute has',
  })),
  ...(
    [
      ['AdjustAttribute', '2.0'],
      ['ModifyAttribute', '1.0'],
      ['ReKey', '1.0'],
      ['ReKeyKeyPair', '1.1'],
      ['SetAttribute', '2.0'],
    ] as const
  ).map(([operation, since]) => ({
    code: 'index-out-of-bounds' as const,
    operation,
    since,
    why: 'the limits of an object hold for whatever changes it',
  })),
  ...(['ModifyAttribute', 'ReKey', 'ReKeyKeyPair'] as const).map((operation) => ({
    code: 'attribute-read-only' as const,
    operation,
    since: '2.0' as const,
    why: 'the list has Attribute Read Only, other lists have Read Only Attribute: one is given for both',
  })),
  {
    code: 'attribute-multi-valued',
    operation: 'ModifyAttribute',
    since: '2.0',
    why: 'its list lacks what that of Set Attribute has',
  },
  ...(['attribute-single-valued', 'name-already-exists'] as const).flatMap((code) =>
    (['ReKey', 'ReKeyKeyPair'] as const).map((operation) => ({
      code,
      operation,
      since: '2.0' as const,
      why: 'its list lacks what that of Create has',
    })),
  ),
  {
    code: 'illegal-operation',
    operation: 'Check',
    since: '2.0',
    why: 'its list of 2.x has no reason for an object that is not used at all',
  },
  {
    code: 'illegal-operation',
    operation: 'ObtainLease',
    why: 'its lists have no reason for an object for which there is no lease',
  },
  ...(['ObtainLease', 'GetUsageAllocation', 'Get', 'Export'] as const).map((operation) => ({
    code: 'wrong-state' as const,
    operation,
    since: '2.0' as const,
    why: 'the list of 2.x lacks Wrong Key Lifecycle State, which is what happened',
  })),
  ...(['AdjustAttribute', 'DeleteAttribute', 'ModifyAttribute', 'SetAttribute'] as const).map(
    (operation) => ({
      code: 'wrong-state' as const,
      operation,
      since: '2.0' as const,
      until: '2.0' as const,
      why: 'the list of 2.0 lacks what that of 2.1 has',
    }),
  ),
  {
    code: 'cryptographic-failure',
    operation: 'Get',
    why: 'its list has no reason for a wrapping that does not come off',
  },
  {
    code: 'cryptographic-failure',
    operation: 'Export',
    since: '1.4',
    why: 'its list has no reason for a wrapping that does not come off',
  },
  {
    code: 'material-destroyed',
    operation: 'Export',
    since: '2.0',
    why: 'no reason in the list of Export says what Object Destroyed says',
  },
  ...(
    [
      'cryptographic-failure',
      'illegal-operation',
      'item-not-found',
      'key-format-not-supported',
      'key-value-not-present',
      'parameters-not-found',
      'wrapping-key-not-found',
    ] as const
  ).map((code) => ({
    code,
    operation: 'Import' as const,
    since: '1.4' as const,
    why: 'its lists have no reason for a wrapping that does not come off',
  })),
  ...(
    [
      'attribute-read-only',
      'invalid-object-type',
      'key-wrap-not-supported',
      'unsuitable-key',
      'usage-not-permitted',
      'wrapping-key-destroyed',
      'wrong-state',
    ] as const
  ).map((code) => ({
    code,
    operation: 'Import' as const,
    since: '2.0' as const,
    why: 'its lists have no reason for a wrapping that does not come off, nor what that of Register has',
  })),
  ...(
    [
      'attribute-read-only',
      'attribute-single-valued',
      'material-destroyed',
      'name-already-exists',
    ] as const
  ).flatMap((code) =>
    (['Certify', 'ReCertify'] as const).map((operation) => ({
      code,
      operation,
      since: '2.0' as const,
      why: 'its lists lack what those of the other operations that make objects have',
    })),
  ),
  ...(['index-out-of-bounds', 'key-format-not-supported'] as const).flatMap((code) =>
    (['Certify', 'ReCertify'] as const).map((operation) => ({
      code,
      operation,
      why: 'its lists lack what those of the other operations that make objects have',
    })),
  ),
  ...(['item-not-found', 'wrong-state'] as const).map((code) => ({
    code,
    operation: 'Certify' as const,
    since: '2.0' as const,
    why: 'its list has Item Not Found still, and no reason for a key that is compromised',
  })),
  {
    code: 'illegal-operation',
    operation: 'ReCertify',
    until: '1.4',
    why: 'its list has no reason for an Offset that the dates cannot follow',
  },
  {
    code: 'item-not-found',
    operation: 'Validate',
    until: '1.4',
    why: 'its list of 1.x has no reason for a certificate that is not there',
  },
  {
    code: 'material-destroyed',
    operation: 'Validate',
    why: 'its lists have no reason for a certificate that is not there any longer',
  },
  {
    code: 'invalid-certificate-request',
    operation: 'ReProvision',
    since: '2.0',
    why: 'its list has Invalid Field, and lacks Invalid CSR, which says what is wrong',
  },
  {
    code: 'unsuitable-key',
    operation: 'ReProvision',
    since: '2.0',
    why: 'its list has no reason for a key that is too weak',
  },
  ...(['Export', 'Get', 'Hash', 'Import', 'MAC', 'MACVerify'] as const).map((operation) => ({
    code: 'unsupported-cryptographic-parameters' as const,
    operation,
    since: '2.0' as const,
    why: 'its list lacks what those of the other operations that compute have',
  })),
  {
    code: 'wrapping-key-archived',
    operation: 'Export',
    since: '1.4',
    until: '1.4',
    why: 'its list of 1.4 lacks Object Archived',
  },
  {
    code: 'wrapping-key-archived',
    operation: 'Import',
    since: '1.4',
    why: 'its lists have no reason for a wrapping that does not come off',
  },
  {
    code: 'key-value-not-present',
    operation: 'DeriveKey',
    until: '1.1',
    why: 'Key Value Not Present came with 1.2',
  },
  {
    code: 'bad-cryptographic-parameters',
    operation: 'Import',
    since: '2.0',
    why: 'its lists have no reason for a wrapping that does not come off',
  },
  ...(['Export', 'Get'] as const).map((operation) => ({
    code: 'key-value-not-present' as const,
    operation,
    since: operation === 'Get' ? ('1.2' as const) : ('1.4' as const),
    until: '1.4' as const,
    why: 'its list of 1.x has no reason for a wrapping key that is held elsewhere',
  })),
  {
    code: 'constraint-violation',
    since: '2.1',
    why: 'it is in no list, and is what 2.1 has for a request that constraints forbid',
  },
  {
    code: 'protection-not-available',
    why: 'the test case QS-M-2 wants General Failure',
  },
  {
    code: 'tag-length-not-supported',
    why: 'the test case CS-BC-M-GCM-1 wants General Failure',
  },
  ...(['CreateSplitKey', 'DeriveKey'] as const).map((operation) => ({
    code: 'attribute-single-valued' as const,
    operation,
    since: '2.0' as const,
    why: 'its list lacks what that of Create has',
  })),
  {
    code: 'index-out-of-bounds',
    operation: 'DeriveKey',
    why: 'its list lacks what those of the other operations that make objects have',
  },
  ...(['CreateSplitKey', 'JoinSplitKey'] as const).map((operation) => ({
    code: 'material-destroyed' as const,
    operation,
    since: '2.0' as const,
    why: 'no reason in its list says that a key is there no longer',
  })),
  {
    code: 'key-format-not-supported',
    operation: 'DeriveKey',
    why: 'no reason in the list says that a key was registered in a format that nobody can compute with',
  },
  ...(['CreateKeyPair', 'CreateSplitKey', 'DeriveKey', 'JoinSplitKey', 'Register'] as const).map(
    (operation) => ({
      code: 'attribute-read-only' as const,
      operation,
      since: '2.0' as const,
      why: 'the list has Attribute Read Only, other lists have Read Only Attribute: one is given for both',
    }),
  ),
  {
    code: 'wrong-state',
    operation: 'AddAttribute',
    since: '2.0',
    until: '2.0',
    why: 'the list of 2.0 lacks what that of 2.1 has',
  },
  ...(['Decrypt', 'Encrypt', 'MAC', 'MACVerify', 'Sign', 'SignatureVerify'] as const).map(
    (operation) => ({
      code: 'key-format-not-supported' as const,
      operation,
      since: '1.3' as const,
      why: 'no reason in the list says that a key was registered in a format that nobody can compute with',
    }),
  ),
  {
    code: 'material-destroyed',
    operation: 'Get',
    since: '2.0',
    why: 'no reason in the list of Get says what Object Destroyed says',
  },
];

const isExcepted = (operation: HandledOperation, code: ErrorCode, version: Version) =>
  EXCEPTIONS.some(
    (exception) =>
      exception.code === code &&
      (exception.operation ?? operation) === operation &&
      isWithin(version, exception),
  );

const REASON_VERSIONS: Readonly<Record<string, VersionRange | undefined>> =
  ENUMERATION_VALUE_VERSIONS.ResultReason ?? {};

describe('resultReason', () => {
  it.each(ERROR_CODES)('%s: each version knows the reason that it is given', (code) => {
    for (const version of VERSIONS) {
      expect(isWithin(version, REASON_VERSIONS[resultReason(code, version)])).toBe(true);
    }
  });

  it('takes the newest reason that the version knows', () => {
    expect(VERSIONS.map((version) => resultReason('wrong-state', version))).toEqual([
      ...Array(5).fill('PermissionDenied'),
      ...Array(2).fill('WrongKeyLifecycleState'),
    ]);
  });

  it.each(Object.entries(CODES_OF_OPERATION))(
    '%s fails with reasons that the specification lists for it, or that are excepted',
    (name, codes) => {
      const operation = name as HandledOperation; // a key of the table
      for (const version of VERSIONS) {
        const own = RESULT_REASONS_OF_OPERATION[version][operation];
        if (own === undefined) continue; // the version lists nothing for it
        const listed = [...own, ...(GENERAL_RESULT_REASONS[version] ?? [])];
        for (const code of [...ANY, ...codes]) {
          const isListed = listed.includes(resultReason(code, version));
          expect([version, code, isListed || isExcepted(operation, code, version)]).toEqual([
            version,
            code,
            true,
          ]);
        }
      }
    },
  );

  it.each(EXCEPTIONS)('$code needs its exception: $why', (exception) => {
    const operations = Object.entries(CODES_OF_OPERATION).flatMap(([name, codes]) => {
      const operation = name as HandledOperation; // a key of the table
      const all: readonly ErrorCode[] = [...ANY, ...codes];
      const isMeant = all.includes(exception.code) && (exception.operation ?? name) === name;
      return isMeant ? [operation] : [];
    });
    const unlisted = operations.flatMap((operation) =>
      VERSIONS.filter((version) => {
        const own = RESULT_REASONS_OF_OPERATION[version][operation];
        const general = GENERAL_RESULT_REASONS[version] ?? [];
        const reason = resultReason(exception.code, version);
        return own !== undefined && ![...own, ...general].includes(reason);
      }),
    );
    const versions = VERSIONS.filter((version) => isWithin(version, exception));
    expect([...new Set(unlisted)].toSorted()).toEqual(versions);
  });
});

describe('the codes of each operation', () => {
  const source = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
  const fileOf = (operation: string) =>
    `./operations/${operation
      .replaceAll(/(?<=[a-z])[A-Z]|(?<=[A-Z])[A-Z](?=[a-z])/g, (letter) => `-${letter}`)
      .replaceAll('_', '-')
      .toLowerCase()}.ts`;

  it.each(HANDLED_OPERATIONS)('%s throws none that are not in its row', (name) => {
    const thrown = [...source(fileOf(name)).matchAll(/ClavigerError\(\s*'([a-z-]+)'/g)];
    const row: readonly string[] = [...ANY, ...CODES_OF_OPERATION[name as HandledOperation]];
    for (const [, code] of thrown) expect(row).toContain(code);
  });
});

describe('the README', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const section = readme.split('\n## ').find((text) => text.startsWith('Reasons\n')) ?? '';
  const rows = section
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.replaceAll('`', '').trim()),
    );

  /** `A; since 2.0 B`. */
  function wordsOf(code: ErrorCode): string {
    return RESULT_REASONS[code]
      .map(({ since, reason }) => (since === '1.0' ? reason : `since ${since} ${reason}`))
      .join('; ');
  }

  it('has the words of KMIP and of the audit log for every code, and no others', () => {
    const table = ERROR_CODES.map((code) => {
      const { reasonCode, reasonType } = ERROR_REASONS[code];
      return [code, wordsOf(code), `${reasonCode} ${reasonType}`];
    });
    expect(rows).toEqual(table);
  });

  it('rows of a code stand in the order of the versions', () => {
    for (const code of ERROR_CODES) {
      const versions = RESULT_REASONS[code].map(({ since }) => since);
      for (const [at, version] of versions.entries()) {
        expect(isAtLeast(version, versions[at - 1] ?? '1.0')).toBe(true);
      }
    }
  });
});
