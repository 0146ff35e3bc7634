/** Add, Modify, Delete, Set and Adjust Attribute, Get Attributes and Get Attribute List. */

import { type Attribute, type AttributeName, attribute, TAGS } from '@claviger/kmip-protocol';
import { aCustom, aName, NOW } from '../../objects/managed-object.fixtures.ts';
import { NOBODY } from '../../requests.fixtures.ts';
import { type Cast, TAKEN } from './cast.fixtures.ts';
import {
  ARCHIVED,
  always,
  changed,
  DENIED,
  type ErrorRow,
  errorRows,
  INVALID_FIELD,
  inNew,
  inOld,
  NOT_FOUND,
  type PayloadOf,
  type Reasons,
  type Row,
  WRONG_STATE,
} from './error-row.fixtures.ts';

const COMMENT = attribute('Comment', 'said');
const READ_ONLY = changed('PermissionDenied', 'ReadOnlyAttribute');
const NOT_MODIFIABLE = changed('PermissionDenied', 'AttributeReadOnly');

/** What is wrong with the object whose attribute is given a value. */
function aboutObjects(given: Attribute): readonly Row<'ModifyAttribute'>[] {
  return [
    [
      'there is no such object',
      NOT_FOUND,
      () => ({ uniqueIdentifier: NOBODY, attribute: given, currentAttribute: undefined }),
    ],
    ['the object is of another adapter', NOT_FOUND, giving('foreign', given)],
    ['the object belongs to a user', DENIED, giving('others', given)],
    ['the object is archived', ARCHIVED, giving('archived', given)],
  ];
}

/** The attribute is given to an object of the cast. */
function giving(
  role: Role,
  given: Attribute,
  currentAttribute?: Attribute,
): (the: Cast) => PayloadOf<'ModifyAttribute'> {
  return (the) => ({ uniqueIdentifier: the[role], attribute: given, currentAttribute });
}

/** Of the cast, those that are one object. */
type Role = { [K in keyof Cast]: Cast[K] extends string ? K : never }[keyof Cast];

/** Attributes that the server alone sets, each with a value that it could have. */
const OF_THE_SERVER: readonly Attribute[] = [
  attribute('UniqueIdentifier', NOBODY),
  attribute('ObjectType', 'SecretData'),
  attribute('CryptographicLength', 128),
  attribute('Digest', { hashingAlgorithm: 'SHA_256', digestValue: new Uint8Array(32) }),
  attribute('State', 'Active'),
  attribute('InitialDate', NOW),
  attribute('LastChangeDate', NOW),
  attribute('DestroyDate', NOW),
  attribute('CompromiseDate', NOW),
  attribute('ArchiveDate', NOW),
  attribute('LeaseTime', 1),
  attribute('AlwaysSensitive', true),
  attribute('NeverExtractable', true),
];

function rowsOfServer(reasons: Reasons, verb: string): readonly Row<'ModifyAttribute'>[] {
  return OF_THE_SERVER.map((each) => [
    `the server alone ${verb} ${each.name}`,
    reasons,
    giving('preActive', each),
  ]);
}

const ADD: readonly Row<'AddAttribute'>[] = [
  ...aboutObjects(COMMENT),
  ...rowsOfServer(READ_ONLY, 'sets'),
  [
    'the name is one of the server',
    { '1.4': 'PermissionDenied', '2.1': 'ReadOnlyAttribute' },
    giving('active', aCustom('Rank', '1', 'y')),
  ],
  [
    'the attribute is for objects of another type',
    changed('PermissionDenied', 'InvalidAttribute'),
    giving('active', attribute('CryptographicDomainParameters', { recommendedCurve: 'P_256' })),
  ],
  [
    'there is a value already, and can be one only',
    changed('IllegalOperation', 'AttributeSingleValued'),
    giving('active', attribute('Sensitive', true)),
  ],
  ['it has an Attribute Index', inOld('InvalidField'), giving('active', aName('another', 3))],
  [
    'another object has the Name',
    changed('IllegalOperation', 'NonUniqueNameAttribute'),
    giving('active', aName(TAKEN)),
  ],
  [
    'the object has as many instances as it can',
    changed('IndexOutOfBounds', 'ServerLimitExceeded'),
    giving('crowded', aCustom('Tag', 'one more')),
  ],
  ['the text is too long', INVALID_FIELD, giving('active', attribute('Comment', 'x'.repeat(8193)))],
  [
    'the date can be set before the activation alone',
    WRONG_STATE,
    giving('deactivated', attribute('ProtectStopDate', NOW + 1000)),
  ],
];

const MODIFY: readonly Row<'ModifyAttribute'>[] = [
  ...aboutObjects(aName('active')),
  ...rowsOfServer(NOT_MODIFIABLE, 'changes'),
  ['the name is one of the server', NOT_MODIFIABLE, giving('active', aCustom('Rank', '1', 'y'))],
  [
    'the object has no such attribute',
    changed('InvalidField', 'AttributeNotFound'),
    giving('active', COMMENT),
  ],
  ['no instance has the index', inOld('ItemNotFound'), giving('active', aName('another', 7))],
  [
    'no instance has the value',
    inNew('AttributeInstanceNotFound'),
    giving('active', aName('another'), aName('nobody')),
  ],
  [
    'there are several instances, and none is named',
    inNew('MultiValuedAttribute'),
    giving('active', aName('another')),
  ],
  [
    'Current Attribute and New Attribute are not the same one',
    inNew('InvalidField'),
    giving('active', aName('another'), aCustom('Tag', 'a')),
  ],
  [
    'another object has the Name',
    changed('IllegalOperation', 'NonUniqueNameAttribute'),
    (the, version) => ({
      uniqueIdentifier: the.active,
      attribute: aName(TAKEN),
      currentAttribute: version.startsWith('2') ? aName('active') : undefined,
    }),
  ],
  [
    'the object is active already',
    WRONG_STATE,
    giving('active', attribute('ActivationDate', NOW + 1000)),
  ],
  [
    'the Protect Stop Date has come',
    WRONG_STATE,
    giving('stopped', attribute('ProtectStopDate', NOW + 1000)),
  ],
];

const SET: readonly Row<'SetAttribute'>[] = [
  ...onlyNew(aboutObjects(COMMENT)),
  ...onlyNew(rowsOfServer(READ_ONLY, 'sets')),
  [
    'the name is one of the server',
    inNew('ReadOnlyAttribute'),
    giving('active', aCustom('R', '1', 'y')),
  ],
  [
    'the attribute is for objects of another type',
    inNew('InvalidAttribute'),
    giving('active', attribute('CryptographicDomainParameters', { recommendedCurve: 'P_256' })),
  ],
  [
    'the object has several instances',
    inNew('MultiValuedAttribute'),
    giving('active', aName('another')),
  ],
  [
    'another object has the Name',
    inNew('NonUniqueNameAttribute'),
    giving('deactivated', aName(TAKEN)),
  ],
  [
    'the object is active already',
    inNew('WrongKeyLifecycleState'),
    giving('active', attribute('ActivationDate', NOW + 1000)),
  ],
  [
    'the text is too long',
    inNew('InvalidField'),
    giving('active', attribute('Comment', 'x'.repeat(8193))),
  ],
];

/** The rows as an operation of 2.x has them. */
function onlyNew(rows: readonly Row<'ModifyAttribute'>[]): readonly Row<'ModifyAttribute'>[] {
  return rows.map(([situation, { '1.4': _, ...reasons }, ...rest]) => [
    situation,
    reasons,
    ...rest,
  ]);
}

const NAME = { kind: 'standard', name: 'Name' } as const;
const LENGTH = { kind: 'standard', name: 'CryptographicLength' } as const;

const DELETE: readonly Row<'DeleteAttribute'>[] = [
  ['there is no such object', NOT_FOUND, () => deleting(NOBODY)],
  ['the object belongs to a user', DENIED, (the) => deleting(the.others)],
  ['the object is archived', ARCHIVED, (the) => deleting(the.archived)],
  [
    'the attribute is one of the server',
    NOT_MODIFIABLE,
    (the) => deleting(the.active, { attributeReference: LENGTH }),
  ],
  [
    'the object has no such attribute',
    changed('ItemNotFound', 'AttributeNotFound'),
    (the) => deleting(the.deactivated),
  ],
  [
    'no instance has the index',
    inOld('ItemNotFound'),
    (the) => deleting(the.active, { attributeIndex: 7 }),
  ],
  [
    'no instance has the value',
    inNew('AttributeInstanceNotFound'),
    (the) => deleting(the.active, { currentAttribute: aName('nobody') }),
  ],
  [
    'no attribute is named',
    inNew('InvalidMessage'),
    (the) => deleting(the.active, { attributeReference: undefined }),
  ],
  [
    'the Usage Limits were drawn on',
    WRONG_STATE,
    (the) => deleting(the.drawn, { attributeReference: { kind: 'standard', name: 'UsageLimits' } }),
  ],
];

function deleting(
  uniqueIdentifier: string,
  more: Partial<PayloadOf<'DeleteAttribute'>> = {},
): PayloadOf<'DeleteAttribute'> {
  return {
    uniqueIdentifier,
    currentAttribute: undefined,
    attributeReference: NAME,
    attributeIndex: undefined,
    ...more,
  };
}

const ADJUST: readonly Row<'AdjustAttribute'>[] = [
  [
    'there is no such object',
    inNew('ObjectNotFound'),
    () => adjusting(NOBODY, 'CryptographicUsageMask'),
  ],
  [
    'the object belongs to a user',
    inNew('PermissionDenied'),
    (the) => adjusting(the.others, 'Sensitive'),
  ],
  [
    'the object is archived',
    inNew('ObjectArchived'),
    (the) => adjusting(the.archived, 'Sensitive'),
  ],
  [
    'the attribute is no number',
    inNew('InvalidDataType'),
    (the) => adjusting(the.active, 'ObjectGroup'),
  ],
  [
    'a boolean can be negated alone',
    inNew('InvalidDataType'),
    (the) => adjusting(the.active, 'Sensitive'),
  ],
  [
    'the attribute of a client is not there, and its type unknown',
    inNew('InvalidDataType'),
    (the) => ({
      ...adjusting(the.active, 'Sensitive'),
      attributeReference: { kind: 'vendor', vendorIdentification: 'x', name: 'Count' },
    }),
  ],
  [
    'there are several values',
    inNew('MultiValuedAttribute'),
    (the) => adjusting(the.active, 'Name'),
  ],
  [
    'it would leave the numbers of its type',
    inNew('NumericRange'),
    (the) => ({ ...adjusting(the.active, 'RotateInterval'), adjustmentType: 'Decrement' }),
  ],
  [
    'the attribute is one of the server',
    inNew('ReadOnlyAttribute'),
    (the) => adjusting(the.active, 'LeaseTime'),
  ],
];

function adjusting(uniqueIdentifier: string, name: AttributeName): PayloadOf<'AdjustAttribute'> {
  return {
    uniqueIdentifier,
    attributeReference: { kind: 'standard', name },
    adjustmentType: 'Increment',
    adjustmentValue: { tag: TAGS.AdjustmentValue, type: 'Integer', value: 1 },
  };
}

export const ATTRIBUTE_ROWS: readonly ErrorRow[] = [
  ...errorRows('AddAttribute', ADD),
  ...errorRows('ModifyAttribute', MODIFY),
  ...errorRows('SetAttribute', SET),
  ...errorRows('DeleteAttribute', DELETE),
  ...errorRows('AdjustAttribute', ADJUST),
  ...errorRows('GetAttributes', [
    [
      'there is no such object',
      NOT_FOUND,
      () => ({ uniqueIdentifier: NOBODY, attributeReferences: [] }),
    ],
    [
      'the object is of another adapter',
      NOT_FOUND,
      (the) => ({ uniqueIdentifier: the.foreign, attributeReferences: [] }),
    ],
    [
      'the object belongs to a user',
      DENIED,
      (the) => ({ uniqueIdentifier: the.others, attributeReferences: [] }),
    ],
    [
      'the attribute is named twice',
      always('InvalidMessage'),
      (the) => ({ uniqueIdentifier: the.active, attributeReferences: [NAME, NAME] }),
    ],
    [
      'no object is named',
      changed('MissingData', 'InvalidMessage'),
      () => ({ attributeReferences: [] }),
    ],
  ]),
  ...errorRows('GetAttributeList', [
    ['there is no such object', NOT_FOUND, () => ({ uniqueIdentifier: NOBODY })],
    ['the object is of another adapter', NOT_FOUND, (the) => ({ uniqueIdentifier: the.foreign })],
    ['the object belongs to a user', DENIED, (the) => ({ uniqueIdentifier: the.others })],
    ['no object is named', changed('MissingData', 'InvalidMessage'), () => ({})],
  ]),
];
