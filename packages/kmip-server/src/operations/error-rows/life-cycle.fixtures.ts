/** Activate, Revoke, Destroy, Archive, Recover, Check, Obtain Lease and Get Usage Allocation. */

import { NOBODY } from '../../requests.fixtures.ts';
import type { Cast } from './cast.fixtures.ts';
import {
  ARCHIVED,
  always,
  changed,
  DENIED,
  type ErrorRow,
  errorRows,
  ILLEGAL,
  INVALID_FIELD,
  inNew,
  NOT_FOUND,
  type Reasons,
  type Row,
  WRONG_STATE,
} from './error-row.fixtures.ts';

/** What is wrong with an object that is named, for all operations that take nothing else. */
function namings(more: readonly Row<'Activate'>[]): readonly Row<'Activate'>[] {
  return [
    ['there is no such object', NOT_FOUND, () => ({ uniqueIdentifier: NOBODY })],
    ['the object is of another adapter', NOT_FOUND, (the) => ({ uniqueIdentifier: the.foreign })],
    ['the object belongs to a user', DENIED, (the) => ({ uniqueIdentifier: the.others })],
    ['no object is named', changed('MissingData', 'InvalidMessage'), () => ({})],
    ...more,
  ];
}

/** It is in one of these states. */
function inStates(
  states: readonly (keyof Cast & ('active' | 'deactivated' | 'compromised' | Destroyed))[],
  reasons: Reasons,
): readonly Row<'Activate'>[] {
  return states.map((state) => [
    `the object is ${state}`,
    reasons,
    (the) => ({ uniqueIdentifier: the[state] }),
  ]);
}

type Destroyed = 'destroyed' | 'destroyedCompromised';

export const LIFE_CYCLE_ROWS: readonly ErrorRow[] = [
  ...errorRows(
    'Activate',
    namings([
      ['the object has no State', ILLEGAL, (the) => ({ uniqueIdentifier: the.template })],
      ['the object is archived', ARCHIVED, (the) => ({ uniqueIdentifier: the.archived })],
      ...inStates(
        ['active', 'deactivated', 'compromised', 'destroyed', 'destroyedCompromised'],
        WRONG_STATE,
      ),
    ]),
  ),
  ...errorRows(
    'Destroy',
    namings([
      ['the object is archived', ARCHIVED, (the) => ({ uniqueIdentifier: the.archived })],
      ['the object is active', WRONG_STATE, (the) => ({ uniqueIdentifier: the.active })],
      ...inStates(
        ['destroyed', 'destroyedCompromised'],
        changed('PermissionDenied', 'ObjectDestroyed'),
      ),
    ]),
  ),
  ...errorRows(
    'Archive',
    namings([
      ['the object is archived already', ARCHIVED, (the) => ({ uniqueIdentifier: the.archived })],
    ]),
  ),
  ...errorRows('Recover', namings([])),
  ...errorRows(
    'ObtainLease',
    namings([
      ['there is no lease for it', ILLEGAL, (the) => ({ uniqueIdentifier: the.template })],
      ['the object is archived', ARCHIVED, (the) => ({ uniqueIdentifier: the.archived })],
      ...inStates(['compromised', 'destroyed', 'destroyedCompromised'], WRONG_STATE),
    ]),
  ),
  ...errorRows('Revoke', [
    [
      'there is no such object',
      NOT_FOUND,
      () => ({ uniqueIdentifier: NOBODY, revocationReason: SUPERSEDED }),
    ],
    [
      'the object belongs to a user',
      DENIED,
      (the) => ({ uniqueIdentifier: the.others, revocationReason: SUPERSEDED }),
    ],
    [
      'the Revocation Reason is not known',
      INVALID_FIELD,
      (the) => ({
        uniqueIdentifier: the.active,
        revocationReason: { revocationReasonCode: '0x80000001' },
      }),
    ],
    [
      'an occurrence is told, but there was no compromise',
      INVALID_FIELD,
      (the) => ({
        uniqueIdentifier: the.active,
        revocationReason: SUPERSEDED,
        compromiseOccurrenceDate: 1,
      }),
    ],
    [
      'the object has no State',
      ILLEGAL,
      (the) => ({ uniqueIdentifier: the.template, revocationReason: SUPERSEDED }),
    ],
    [
      'the object is archived',
      ARCHIVED,
      (the) => ({ uniqueIdentifier: the.archived, revocationReason: SUPERSEDED }),
    ],
    ...(
      ['preActive', 'deactivated', 'compromised', 'destroyed', 'destroyedCompromised'] as const
    ).map(
      (state): Row<'Revoke'> => [
        `the object is ${state}`,
        changed('IllegalOperation', 'WrongKeyLifecycleState'),
        (the) => ({ uniqueIdentifier: the[state], revocationReason: SUPERSEDED }),
      ],
    ),
  ]),
  ...errorRows('Check', [
    ['there is no such object', NOT_FOUND, () => ({ uniqueIdentifier: NOBODY })],
    [
      'the object belongs to a user',
      DENIED,
      (the) => ({ uniqueIdentifier: the.others, cryptographicUsageMask: 4 }),
    ],
    [
      'a Template is not used',
      ILLEGAL,
      (the) => ({ uniqueIdentifier: the.template, cryptographicUsageMask: 4 }),
    ],
    ['the object is archived', ARCHIVED, (the) => ({ uniqueIdentifier: the.archived })],
    [
      'the mask does not permit the usage',
      inNew('IncompatibleCryptographicUsageMask'), // 1.x answers what is refused, and succeeds
      (the) => ({ uniqueIdentifier: the.unusable, cryptographicUsageMask: 4 }),
    ],
  ]),
  ...errorRows('GetUsageAllocation', [
    [
      'there is no such object',
      NOT_FOUND,
      () => ({ uniqueIdentifier: NOBODY, usageLimitsCount: 1n }),
    ],
    [
      'the object belongs to a user',
      DENIED,
      (the) => ({ uniqueIdentifier: the.others, usageLimitsCount: 1n }),
    ],
    [
      'the object has no Usage Limits',
      changed('IllegalOperation', 'AttributeNotFound'),
      (the) => ({ uniqueIdentifier: the.active, usageLimitsCount: 1n }),
    ],
    [
      'an object without Usage Limits is no key',
      changed('IllegalOperation', 'AttributeNotFound'),
      (the) => ({ uniqueIdentifier: the.certificate, usageLimitsCount: 1n }),
    ],
    [
      'the object is archived',
      ARCHIVED,
      (the) => ({ uniqueIdentifier: the.archived, usageLimitsCount: 1n }),
    ],
    [
      'the object is not active',
      WRONG_STATE,
      (the) => ({ uniqueIdentifier: the.limitedPreActive, usageLimitsCount: 1n }),
    ],
    [
      'the Protect Stop Date has come',
      WRONG_STATE,
      (the) => ({ uniqueIdentifier: the.stopped, usageLimitsCount: 1n }),
    ],
    [
      'it is less than nothing',
      INVALID_FIELD,
      (the) => ({ uniqueIdentifier: the.limited, usageLimitsCount: -1n }),
    ],
    [
      'the Usage Limits do not leave so much',
      always('PermissionDenied'),
      (the) => ({ uniqueIdentifier: the.limited, usageLimitsCount: 9n }),
    ],
  ]),
];

const SUPERSEDED = { revocationReasonCode: 'Superseded' } as const;
