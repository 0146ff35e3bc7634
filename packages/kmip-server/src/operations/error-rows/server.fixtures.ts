/** What is about the server and the client, not about an object: questions, tickets, rules, the queue. */

import { attribute } from '@claviger/kmip-protocol';
import { aName } from '../../objects/managed-object.fixtures.ts';
import { MAX_LOG_MESSAGE_LENGTH } from '../log.ts';
import { changed, type ErrorRow, errorRows, INVALID_FIELD, inNew } from './error-row.fixtures.ts';

const UNKNOWN = { asynchronousCorrelationValue: new Uint8Array(16) };
const NO_REQUEST = inNew('InvalidAsynchronousCorrelationValue');
const BAD = inNew('InvalidField');
const USAGE = { usageLimitsTotal: 1n, usageLimitsUnit: 'Byte' } as const;
const TICKET = { ticketType: 'Login', ticketValue: new Uint8Array(32) } as const;

export const SERVER_ROWS: readonly ErrorRow[] = [
  ...errorRows('Query', [
    ['the function is not known', INVALID_FIELD, () => ({ queryFunction: ['0x80000001'] })],
  ]),
  ...errorRows('Locate', [
    ['it wants less than nothing', INVALID_FIELD, () => ({ maximumItems: -1, attributes: [] })],
    ['it begins before the first', INVALID_FIELD, () => ({ offsetItems: -1, attributes: [] })],
    [
      'a date stands three times',
      INVALID_FIELD,
      () => ({
        attributes: [1, 2, 3].map((date) => attribute('InitialDate', date)),
      }),
    ],
    [
      'there are more attributes than one Locate may have',
      INVALID_FIELD,
      () => ({ attributes: Array.from({ length: 300 }, (_, at) => aName(`${at}`, at)) }),
    ],
  ]),
  ...errorRows('Poll', [
    [
      'there is no such request',
      changed('ItemNotFound', 'InvalidAsynchronousCorrelationValue'),
      () => UNKNOWN,
    ],
  ]),
  ...errorRows('Process', [['there is no such request', NO_REQUEST, () => UNKNOWN]]),
  ...errorRows('Interop', [
    [
      'the function is to reset the server',
      inNew('FeatureNotSupported'),
      () => ({ interopFunction: 'Reset', interopIdentifier: 'a test' }),
    ],
  ]),
  ...errorRows('Log', [
    [
      'the message is too long',
      BAD,
      () => ({ logMessage: 'x'.repeat(MAX_LOG_MESSAGE_LENGTH + 1) }),
    ],
  ]),
  ...errorRows('Login', [
    [
      'the requests are less than nothing',
      BAD,
      () => ({ requestCount: -1, usageLimits: undefined }),
    ],
    ['the Usage Limits are of bytes', inNew('FeatureNotSupported'), () => ({ usageLimits: USAGE })],
  ]),
  ...errorRows('Logout', [
    ['there is no such ticket', inNew('InvalidTicket'), () => ({ ticket: TICKET })],
  ]),
  ...errorRows('DelegatedLogin', [
    ['there are no Rights', BAD, () => ({ usageLimits: undefined, rights: { right: [] } })],
    [
      'there are too many Rights',
      BAD,
      () => ({
        usageLimits: undefined,
        rights: { right: Array.from({ length: 17 }, () => ({ usageLimits: undefined })) },
      }),
    ],
    [
      'a Right has Usage Limits',
      inNew('FeatureNotSupported'),
      () => ({ usageLimits: undefined, rights: { right: [{ usageLimits: USAGE }] } }),
    ],
  ]),
  ...errorRows('PKCS_11', [
    [
      'the interface is another',
      inNew('PKCS_11InvalidInterface'),
      () => ({ pkcs11Interface: 'PKCS 12', pkcs11Function: 'C_GetInfo' }),
    ],
    [
      'the function is none of the interface',
      inNew('PKCS_11InvalidFunction'),
      () => ({ pkcs11Function: '0x80000001' }),
    ],
    [
      'the parameters are more than the function takes',
      inNew('PKCS_11CodecError'),
      () => ({ pkcs11Function: 'C_Initialize', pkcs11InputParameters: new Uint8Array(100) }),
    ],
  ]),
  ...errorRows('SetEndpointRole', [
    ['the role is not known', BAD, () => ({ endpointRole: '0x80000001' })],
  ]),
  ...errorRows('SetDefaults', [
    [
      'the type is not known',
      inNew('InvalidObjectType'),
      () => ({
        defaultsInformation: { objectDefaults: [{ objectType: '0x80000001', attributes: [] }] },
      }),
    ],
    [
      'a Name is no default',
      BAD,
      () => ({
        defaultsInformation: {
          objectDefaults: [{ objectType: 'SymmetricKey', attributes: [aName('all')] }],
        },
      }),
    ],
    [
      'the server alone sets the attribute',
      BAD,
      () => ({
        defaultsInformation: {
          objectDefaults: [
            { objectType: 'SymmetricKey', attributes: [attribute('State', 'Active')] },
          ],
        },
      }),
    ],
  ]),
  ...errorRows('SetConstraints', [
    [
      'the type is not known',
      inNew('InvalidObjectType'),
      () => ({
        constraints: {
          constraint: [{ objectTypes: { objectType: ['0x80000001'] }, attributes: [] }],
        },
      }),
    ],
    [
      'there are too many',
      BAD,
      () => ({
        constraints: {
          constraint: Array.from({ length: 1000 }, () => ({
            objectTypes: { objectType: ['SymmetricKey' as const] },
            attributes: [],
          })),
        },
      }),
    ],
  ]),
];
