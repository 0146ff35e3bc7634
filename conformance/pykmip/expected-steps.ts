/**
 * What has to come of each step of `scenario.py`, and which requests it sends: a row a step. Reasons are
 * those of the specification, by the version that the client speaks.
 *
 * Where PyKMIP cannot do or read something that the specification says, its own error stands in the
 * row with the reason why. A newer PyKMIP that can do it makes the test fail, and the row can go.
 */

import { expect } from 'vitest';
import { done, type ExpectedStep, reason, refusedIn, unread, unsent } from './expected-step.ts';
import type { Layer, PykmipVersion } from './run-pykmip.ts';

const ALL_KEYS = ['3des-168', '3des', 'aes-256', 'aes-192', 'aes-128']; // newest first
const AES_KEYS = ['aes-256', 'aes-192', 'aes-128'];
const LONG_AGO = 1_000_000_000;
const USED_OPERATIONS = [
  'ACTIVATE',
  'CREATE',
  'DESTROY',
  'GET',
  'GET_ATTRIBUTES',
  'LOCATE',
  'REVOKE',
];

/** A time within the last minutes, in seconds. */
const now = () => expect.closeTo(Date.now() / 1000, -3);

/** Everything that one run does, in order. */
export function expectedSteps(layer: Layer, version: PykmipVersion): ExpectedStep[] {
  const isLowLevel = layer === 'proxy';
  return [
    ...(isLowLevel
      ? [...negotiation(version), ...moreAttributes(version), ...batches(version)]
      : []),
    ...makingKeys(version),
    ...findingKeys(version),
    ...gettingKeys(layer),
    ...readingAttributes(layer, version),
    ...living(version),
    ...compromise(version),
    ...askingForNobody(version),
    ...cleaningUp(),
  ];
}

function negotiation(version: PykmipVersion): ExpectedStep[] {
  const common = [
    done('query', 'Query', {
      operations: expect.arrayContaining(USED_OPERATIONS),
      objectTypes: expect.arrayContaining(['SYMMETRIC_KEY']),
      vendor: 'Claviger',
    }),
  ];
  if (version === '1.0') {
    // The operation is of 1.1. PyKMIP looks for the versions in the refusal as well.
    const error = "'NoneType' object has no attribute 'protocol_versions'";
    return [
      unread('discover versions', 'DiscoverVersions', error, 'failure'),
      unread('discover common versions', 'DiscoverVersions', error, 'failure'),
      ...common,
    ];
  }
  return [
    done('discover versions', 'DiscoverVersions', [
      '2.1',
      '2.0',
      '1.4',
      '1.3',
      '1.2',
      '1.1',
      '1.0',
    ]),
    done('discover common versions', 'DiscoverVersions', ['1.2']),
    ...common,
  ];
}

function makingKeys(version: PykmipVersion): ExpectedStep[] {
  const refused = refusedIn(version);
  return [
    ...ALL_KEYS.toReversed().map((label) => done(`create ${label}`, 'Create', label)),
    refused('create with a name that is taken', 'Create', 'nameTaken'),
    refused('create with a length that AES lacks', 'Create', 'badValue'),
  ];
}

function findingKeys(version: PykmipVersion): ExpectedStep[] {
  const located = (step: string, labels: readonly string[]) => done(step, 'Locate', labels);
  const hasOffset = version === '1.3' || version === '1.4' || version === '2.0';
  return [
    located('locate all', ALL_KEYS),
    located('locate by name', ['aes-256']),
    located('locate by an unknown name', []),
    located('locate by algorithm', AES_KEYS),
    located('locate by algorithm and length', ['aes-192']),
    located('locate by usage', ['aes-128']),
    located('locate by type', ALL_KEYS),
    located('locate by another type', []),
    located('locate by state', ALL_KEYS),
    located('locate by another state', []),
    located('locate by a range of initial dates', ALL_KEYS),
    located('locate by a range before', []),
    located('locate two', ALL_KEYS.slice(0, 2)),
    // Offset Items is of 1.3 (§4.9); PyKMIP sends it in every version.
    hasOffset
      ? located('locate two after the first', ALL_KEYS.slice(1, 3))
      : refusedIn(version)('locate two after the first', 'Locate', 'badValue'),
  ];
}

function key(algorithm: string, length: number, bytes: number) {
  return { algorithm, length, format: 'RAW', bytes, unchanged: true };
}

function gettingKeys(layer: Layer): ExpectedStep[] {
  return [
    done('get aes-128', 'Get', key('AES', 128, 16)),
    done('get aes-192', 'Get', key('AES', 192, 24)),
    done('get aes-256', 'Get', key('AES', 256, 32)),
    done('get 3des', 'Get', key('TRIPLE_DES', 192, 24)),
    // The high-level API holds that a key has as many bits as its length says, parity or not.
    layer === 'pie'
      ? unread('get 3des-168', 'Get', 'key length (168) not equal to key value length (192)')
      : done('get 3des-168', 'Get', key('TRIPLE_DES', 168, 24)),
  ];
}

function readingAttributes(layer: Layer, version: PykmipVersion): ExpectedStep[] {
  const named = {
    'Unique Identifier': 'aes-256',
    Name: `${layer} ${version} aes-256`,
    'Object Type': 'SYMMETRIC_KEY',
    'Cryptographic Algorithm': 'AES',
    'Cryptographic Length': 256,
    'Cryptographic Usage Mask': 0x0c, // Encrypt, Decrypt
    State: 'PRE_ACTIVE',
    'Initial Date': now(),
    'Last Change Date': now(),
  };
  const everything = { ...named, Digest: { algorithm: 'SHA_256', bytes: 32 } };
  const list = expect.arrayContaining(Object.keys(everything));
  return [
    done('list attributes', 'GetAttributeList', list),
    gettingAll(version, expect.objectContaining(everything)),
    done('get attributes by name', 'GetAttributes', named),
    done('get an attribute that is not set', 'GetAttributes', {}),
  ];
}

/** All attributes of a key. PyKMIP gives up at the first it does not know, mandatory after Create or not. */
function gettingAll(version: PykmipVersion, everything: unknown): ExpectedStep {
  const step = 'get all attributes';
  switch (version) {
    case '1.0': // Digest has no Key Format Type before 1.1 (1.0 §3.12)
      return unread(step, 'GetAttributes', 'unpack requires a buffer of 4 bytes');
    case '1.1':
    case '1.2':
      return done(step, 'GetAttributes', everything);
    case '1.3':
    case '1.4': // Random Number Generator (1.4 §3.44)
      return unread(step, 'GetAttributes', 'No value type for RANDOM_NUMBER_GENERATOR');
    case '2.0': // Original Creation Date (2.0 §4.38) and others; in 1.x PyKMIP knows that one
      return unread(step, 'GetAttributes', 'Unrecognized attribute type: Tags.');
  }
}

function living(version: PykmipVersion): ExpectedStep[] {
  const refused = refusedIn(version);
  const aes256 = key('AES', 256, 32);
  const dates = { State: 'DEACTIVATED', 'Activation Date': now(), 'Deactivation Date': now() };
  return [
    done('activate', 'Activate'),
    refused('activate again', 'Activate', 'wrongState'),
    done('get an active key', 'Get', aes256),
    refused('destroy an active key', 'Destroy', 'wrongState'),
    done('revoke as no longer used', 'Revoke'),
    done('get dates after that', 'GetAttributes', dates),
    // PyKMIP has no class for the value of Revocation Reason.
    unread('get the reason', 'GetAttributes', 'NotImplementedError'),
    done('get a deactivated key', 'Get', aes256),
    done('destroy', 'Destroy'),
    refused('destroy again', 'Destroy', 'destroyedAlready'),
    refused('get a destroyed key', 'Get', 'materialGone'),
    done('get dates of a destroyed key', 'GetAttributes', {
      ...dates,
      State: 'DESTROYED',
      'Destroy Date': now(),
    }),
    done('locate a destroyed key', 'Locate', []),
  ];
}

function compromise(version: PykmipVersion): ExpectedStep[] {
  const refused = refusedIn(version);
  return [
    refused('revoke a key that was never used', 'Revoke', 'notActive'),
    done('revoke as compromised', 'Revoke'),
    done('get dates of a compromised key', 'GetAttributes', {
      State: 'COMPROMISED',
      'Compromise Date': now(),
      'Compromise Occurrence Date': LONG_AGO,
    }),
    done('destroy a compromised key', 'Destroy'),
    done('get its state', 'GetAttributes', { State: 'DESTROYED_COMPROMISED' }),
  ];
}

function askingForNobody(version: PykmipVersion): ExpectedStep[] {
  const refused = refusedIn(version);
  return [
    refused('get an unknown key', 'Get', 'unknownObject'),
    refused('get attributes of an unknown key', 'GetAttributes', 'unknownObject'),
    refused('activate an unknown key', 'Activate', 'unknownObject'),
    refused('destroy an unknown key', 'Destroy', 'unknownObject'),
  ];
}

function moreAttributes(version: PykmipVersion): ExpectedStep[] {
  const end = (label: string) => [
    done(`revoke ${label}`, 'Revoke'),
    done(`destroy ${label}`, 'Destroy'),
  ];
  // In 2.0 a custom attribute is a Vendor Attribute (2.0 §4.53), which PyKMIP cannot name.
  const unknownName = "Unrecognized attribute name: 'x-Purpose'";
  const custom =
    version === '2.0'
      ? [
          unsent('create with a custom attribute', unknownName),
          unsent('locate by a custom attribute', unknownName),
          unsent('get a custom attribute', unknownName),
        ]
      : [
          done('create with a custom attribute', 'Create', 'custom'),
          done('locate by a custom attribute', 'Locate', ['custom']),
          done('get a custom attribute', 'GetAttributes', { 'x-Purpose': 'conformance' }),
        ];
  return [
    done('create with more attributes', 'Create', 'dated'),
    done('get more attributes', 'GetAttributes', {
      State: 'ACTIVE', // since its Activation Date
      'Activation Date': LONG_AGO,
      'Object Group': `proxy ${version}`,
      'Contact Information': 'keys@example.org',
    }),
    done('locate by group', 'Locate', ['dated']),
    done('locate by a range of activation dates', 'Locate', ['dated']),
    refusedIn(version)('create without a length', 'Create', 'badValue'),
    ...custom,
    ...end('dated'),
    ...(version === '2.0' ? [] : end('custom')),
  ];
}

function batches(version: PykmipVersion): ExpectedStep[] {
  const lost = reason(version, 'unknownObject');
  const life = ['Create', 'Get', 'GetAttributes', 'Destroy'];
  const written = ['CREATE', 'GET', 'GET_ATTRIBUTES', 'DESTROY'];
  const items = written.map((operation, item) => ({ operation, item, outcome: 'SUCCESS' }));
  const refusedGet = { operation: 'GET', item: 0, outcome: lost };
  const failed = { operation: 'Get', outcome: 'failure' } as const;
  return [
    {
      row: { step: 'batch a life, by the placeholder', value: { items, objects: 1 } },
      requests: life.map((operation) => ({ operation, outcome: 'success' })),
    },
    { row: { step: 'batch that stops', value: [refusedGet] }, requests: [failed] },
    {
      row: {
        step: 'batch that goes on',
        value: [refusedGet, { operation: 'QUERY', item: 1, outcome: 'SUCCESS' }],
      },
      requests: [failed, { operation: 'Query', outcome: 'success' }],
    },
  ];
}

function cleaningUp(): ExpectedStep[] {
  return [
    done('destroy aes-128', 'Destroy'),
    done('destroy 3des', 'Destroy'),
    done('destroy 3des-168', 'Destroy'),
    done('locate all at the end', 'Locate', []),
  ];
}
