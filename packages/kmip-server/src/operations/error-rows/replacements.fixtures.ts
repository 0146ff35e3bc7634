/** Re-key, Re-key Key Pair, Certify, Re-certify, Re-Provision and Validate. */

import { type Attribute, attribute } from '@claviger/kmip-protocol';
import { NOW } from '../../objects/managed-object.fixtures.ts';
import { NOBODY } from '../../requests.fixtures.ts';
import { A_REQUEST } from '../certificate-requests.fixtures.ts';
import { ARCHIVED_TEMPLATE_NAME } from './cast.fixtures.ts';
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
  inOld,
  NOT_FOUND,
  type PayloadOf,
  type Row,
  WRONG_STATE,
  WRONG_TYPE,
} from './error-row.fixtures.ts';
import { BAD_ATTRIBUTES } from './new-objects.fixtures.ts';

const ELSEWHERE = always('KeyValueNotPresent');
const NOT_HERE = { protectionStorageMask: [2] };
const only = (...attributes: readonly Attribute[]) => ({ attributes, templateNames: [] });
const byTemplate = (nameValue: string) => ({
  attributes: [],
  templateNames: [{ nameValue, nameType: 'UninterpretedTextString' as const }],
});
const ACTIVATION = only(attribute('ActivationDate', NOW + 100));

const RE_KEY: readonly Row<'ReKey'>[] = [
  ...BAD_ATTRIBUTES.map(
    ([situation, reasons, attributes]): Row<'ReKey'> => [
      situation,
      reasons,
      (the) => ({ uniqueIdentifier: the.deactivated, attributes: only(...attributes) }),
    ],
  ),
  ['there is no such object', NOT_FOUND, () => ({ uniqueIdentifier: NOBODY })],
  ['the object is of another adapter', NOT_FOUND, (the) => ({ uniqueIdentifier: the.foreign })],
  ['the object belongs to a user', DENIED, (the) => ({ uniqueIdentifier: the.others })],
  ['no object is named', changed('MissingData', 'InvalidMessage'), () => ({})],
  ['the object is archived', ARCHIVED, (the) => ({ uniqueIdentifier: the.archived })],
  ['the Key Value is not here', ELSEWHERE, (the) => ({ uniqueIdentifier: the.elsewhere })],
  ...(['rsaPrivate', 'rsaPublic', 'secret', 'opaque', 'certificate', 'destroyed'] as const).map(
    (role): Row<'ReKey'> => [
      `${role} is no key that could have another`,
      WRONG_TYPE,
      (the) => ({ uniqueIdentifier: the[role] }),
    ],
  ),
  [
    'an Offset and a date say the same thing',
    always('InvalidMessage'),
    (the) => ({ uniqueIdentifier: the.active, offset: 1, attributes: ACTIVATION }),
  ],
  [
    'the Offset moves dates, and there is no Activation Date',
    ILLEGAL,
    (the) => ({ uniqueIdentifier: the.dated, offset: 1 }),
  ],
  [
    'the algorithm has no keys of this length',
    INVALID_FIELD,
    (the) => ({
      uniqueIdentifier: the.active,
      attributes: only(attribute('CryptographicLength', 100)),
    }),
  ],
  [
    'there is no such Template',
    inOld('ItemNotFound'),
    (the) => ({ uniqueIdentifier: the.active, attributes: byTemplate('nobody') }),
  ],
  [
    'the Template is archived',
    inOld('ObjectArchived'),
    (the) => ({ uniqueIdentifier: the.active, attributes: byTemplate(ARCHIVED_TEMPLATE_NAME) }),
  ],
  [
    'the Protection Storage Masks cannot be met',
    inNew('FeatureNotSupported'),
    (the) => ({ uniqueIdentifier: the.active, protectionStorageMasks: NOT_HERE }),
  ],
];

const RE_KEY_KEY_PAIR: readonly Row<'ReKeyKeyPair'>[] = [
  ['there is no such object', NOT_FOUND, () => ({ privateKeyUniqueIdentifier: NOBODY })],
  [
    'the object is of another adapter',
    NOT_FOUND,
    (the) => ({ privateKeyUniqueIdentifier: the.foreign }),
  ],
  ['the object belongs to a user', DENIED, (the) => ({ privateKeyUniqueIdentifier: the.others })],
  [
    'the private key is archived',
    ARCHIVED,
    (the) => ({ privateKeyUniqueIdentifier: the.rsaArchived }),
  ],
  [
    'the Key Value is not here',
    ELSEWHERE,
    (the) => ({ privateKeyUniqueIdentifier: the.privateElsewhere }),
  ],
  ...(['active', 'rsaPublic', 'rsaAlone', 'rsaDestroyed', 'secret'] as const).map(
    (role): Row<'ReKeyKeyPair'> => [
      `${role} is no private key that could have another`,
      WRONG_TYPE,
      (the) => ({ privateKeyUniqueIdentifier: the[role] }),
    ],
  ),
  [
    'an Offset and a date say the same thing',
    always('InvalidMessage'),
    (the) => ({
      privateKeyUniqueIdentifier: the.rsaPrivate,
      offset: 1,
      commonAttributes: ACTIVATION,
    }),
  ],
  [
    'the Offset moves dates, and there is no Activation Date',
    ILLEGAL,
    (the) => ({ privateKeyUniqueIdentifier: the.rsaDated, offset: 1 }),
  ],
  [
    'there are no key pairs of this length',
    INVALID_FIELD,
    (the) => ({
      privateKeyUniqueIdentifier: the.rsaPrivate,
      commonAttributes: only(attribute('CryptographicLength', 1000)),
    }),
  ],
  [
    'there is no such Template',
    inOld('ItemNotFound'),
    (the) => ({
      privateKeyUniqueIdentifier: the.rsaPrivate,
      commonAttributes: byTemplate('nobody'),
    }),
  ],
  ...(
    [
      'commonProtectionStorageMasks',
      'privateProtectionStorageMasks',
      'publicProtectionStorageMasks',
    ] as const
  ).map(
    (which): Row<'ReKeyKeyPair'> => [
      `the ${which} cannot be met`,
      inNew('FeatureNotSupported'),
      (the) => ({ privateKeyUniqueIdentifier: the.rsaPrivate, [which]: NOT_HERE }),
    ],
  ),
];

const X509 = attribute('CertificateType', 'X_509');
const PKCS_10 = { certificateRequestType: 'PKCS_10', certificateRequest: A_REQUEST } as const;
const NO_CSR = changed('InvalidField', 'InvalidCSR');
const NONE = new Uint8Array([0x30, 0x00]);

const certifying = (
  uniqueIdentifier: string | undefined,
  more: Partial<PayloadOf<'Certify'>> = {},
): PayloadOf<'Certify'> => ({ uniqueIdentifier, attributes: only(X509), ...more });

const CERTIFY: readonly Row<'Certify'>[] = [
  ...BAD_ATTRIBUTES.map(
    ([situation, reasons, attributes]): Row<'Certify'> => [
      situation,
      reasons,
      (the) => certifying(the.rsaPublic, { attributes: only(X509, ...attributes) }),
    ],
  ),
  ['there is no such object', NOT_FOUND, () => certifying(NOBODY)],
  ['the object is of another adapter', NOT_FOUND, (the) => certifying(the.foreign)],
  ['no object is named', changed('MissingData', 'InvalidMessage'), () => certifying(undefined)],
  ['the object belongs to a user', DENIED, (the) => certifying(the.others)],
  ['the key is archived', ARCHIVED, (the) => certifying(the.rsaPublicArchived)],
  ['the key is compromised', WRONG_STATE, (the) => certifying(the.rsaPublicCompromised)],
  ...(['rsaPrivate', 'active', 'certificate', 'opaque'] as const).map(
    (role): Row<'Certify'> => [
      `${role} is no public key`,
      WRONG_TYPE,
      (the) => certifying(the[role]),
    ],
  ),
  [
    'there is neither a request nor a type',
    INVALID_FIELD,
    (the) => certifying(the.rsaPublic, { attributes: only() }),
  ],
  [
    'the request has no type',
    INVALID_FIELD,
    (the) => certifying(the.rsaPublic, { certificateRequest: A_REQUEST }),
  ],
  [
    'the type has no request',
    INVALID_FIELD,
    (the) => certifying(the.rsaPublic, { certificateRequestType: 'PKCS_10' }),
  ],
  [
    'the request is none',
    NO_CSR,
    (the) => certifying(the.rsaPublic, { ...PKCS_10, certificateRequest: NONE }),
  ],
  [
    'the request is not of its type',
    NO_CSR,
    (the) => certifying(the.rsaPublic, { ...PKCS_10, certificateRequestType: 'PEM' }),
  ],
  ['the request is for another key', NO_CSR, (the) => certifying(the.rsaPublic, PKCS_10)],
  [
    'requests of this type are not taken',
    always('FeatureNotSupported'),
    (the) => certifying(the.rsaPublic, { ...PKCS_10, certificateRequestType: 'CRMF' }),
  ],
  [
    'certificates of this type are not made',
    always('FeatureNotSupported'),
    (the) => certifying(the.rsaPublic, { attributes: only(attribute('CertificateType', 'PGP')) }),
  ],
  [
    'there is no such Template',
    inOld('ItemNotFound'),
    (the) => certifying(the.rsaPublic, { attributes: byTemplate('nobody') }),
  ],
  [
    'the Protection Storage Masks cannot be met',
    inNew('FeatureNotSupported'),
    (the) => certifying(the.rsaPublic, { protectionStorageMasks: NOT_HERE }),
  ],
];

const RE_CERTIFY: readonly Row<'ReCertify'>[] = [
  ['there is no such object', NOT_FOUND, () => ({ uniqueIdentifier: NOBODY })],
  ['the object is of another adapter', NOT_FOUND, (the) => ({ uniqueIdentifier: the.foreign })],
  ['the object belongs to a user', DENIED, (the) => ({ uniqueIdentifier: the.others })],
  [
    'the certificate is archived',
    ARCHIVED,
    (the) => ({ uniqueIdentifier: the.archivedCertificate }),
  ],
  ...(['rsaPublic', 'active', 'opaque', 'destroyed'] as const).map(
    (role): Row<'ReCertify'> => [
      `${role} is no certificate`,
      WRONG_TYPE,
      (the) => ({ uniqueIdentifier: the[role] }),
    ],
  ),
  [
    'the request is none',
    NO_CSR,
    (the) => ({ uniqueIdentifier: the.certificate, ...PKCS_10, certificateRequest: NONE }),
  ],
  [
    'the request is for another key',
    NO_CSR,
    (the) => ({ uniqueIdentifier: the.certificate, ...PKCS_10 }),
  ],
  [
    'the request has no type',
    INVALID_FIELD,
    (the) => ({ uniqueIdentifier: the.certificate, certificateRequest: A_REQUEST }),
  ],
  [
    'an Offset and a date say the same thing',
    always('InvalidMessage'),
    (the) => ({ uniqueIdentifier: the.certificate, offset: 1, attributes: ACTIVATION }),
  ],
  [
    'there is no such Certificate Request',
    inNew('ObjectNotFound'),
    (the) => ({
      uniqueIdentifier: the.certificate,
      certificateRequestUniqueIdentifier: NOBODY,
    }),
  ],
  [
    'what is named is no Certificate Request',
    inNew('InvalidObjectType'),
    (the) => ({
      uniqueIdentifier: the.certificate,
      certificateRequestUniqueIdentifier: the.active,
    }),
  ],
  [
    'the Protection Storage Masks cannot be met',
    inNew('FeatureNotSupported'),
    (the) => ({ uniqueIdentifier: the.certificate, protectionStorageMasks: NOT_HERE }),
  ],
];

const REQUEST = { certificateRequestType: 'PKCS_10', certificateRequestValue: A_REQUEST } as const;

const RE_PROVISION: readonly Row<'ReProvision'>[] = [
  ['there is nothing to let in by', inNew('FeatureNotSupported'), () => ({})],
  [
    'there are a certificate and a request',
    inNew('InvalidField'),
    (the) => ({
      certificateRequest: REQUEST,
      certificate: { certificateType: 'X_509', certificateValue: the.certificateValue },
    }),
  ],
  [
    'the certificate is none',
    inNew('InvalidField'),
    () => ({ certificate: { certificateType: 'X_509', certificateValue: NONE } }),
  ],
  [
    'the request is none',
    inNew('InvalidCSR'),
    () => ({ certificateRequest: { ...REQUEST, certificateRequestValue: NONE } }),
  ],
];

const VALIDATE: readonly Row<'Validate'>[] = [
  [
    'there is nothing to validate',
    always('InvalidMessage'),
    () => ({ certificate: [], uniqueIdentifier: [] }),
  ],
  [
    'the chain is too long',
    always('InvalidMessage'),
    () => ({ certificate: [], uniqueIdentifier: Array.from({ length: 17 }, () => NOBODY) }),
  ],
  [
    'an object is no certificate',
    changed('InvalidMessage', 'InvalidObjectType'),
    (the) => ({ certificate: [], uniqueIdentifier: [the.active] }),
  ],
  ['there is no such object', NOT_FOUND, () => ({ certificate: [], uniqueIdentifier: [NOBODY] })],
  [
    'the object belongs to a user',
    DENIED,
    (the) => ({ certificate: [], uniqueIdentifier: [the.others] }),
  ],
  [
    'a certificate is archived',
    ARCHIVED,
    (the) => ({ certificate: [], uniqueIdentifier: [the.archivedCertificate] }),
  ],
  [
    'a certificate is of another kind',
    always('FeatureNotSupported'),
    () => ({
      certificate: [{ certificateType: 'PGP', certificateValue: NONE }],
      uniqueIdentifier: [],
    }),
  ],
  [
    'a certificate cannot be read',
    INVALID_FIELD,
    () => ({
      certificate: [{ certificateType: 'X_509', certificateValue: NONE }],
      uniqueIdentifier: [],
    }),
  ],
];

export const REPLACEMENT_ROWS: readonly ErrorRow[] = [
  ...errorRows('ReKey', RE_KEY),
  ...errorRows('ReKeyKeyPair', RE_KEY_KEY_PAIR),
  ...errorRows('Certify', CERTIFY),
  ...errorRows('ReCertify', RE_CERTIFY),
  ...errorRows('ReProvision', RE_PROVISION),
  ...errorRows('Validate', VALIDATE),
];
