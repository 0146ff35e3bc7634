/**
 * The JSON Schema of events (draft 2020-12), made from the catalogue. It is published as
 * `schema/audit-event.schema.json`; what no schema can say, `parseAuditEvent` checks.
 */
import { type FieldType, SEVERITIES } from '../catalogue/action-definition.ts';
import { HPCS_ACTIONS } from '../catalogue/hpcs-actions.ts';
import { ADDRESS_TYPES, CREDENTIAL_TYPES, INITIATOR_TYPES, OUTCOMES } from '../event.ts';
import { isKeyStatePath } from '../field-check.ts';
import { HPCS_KEY_STATES } from '../key-state.ts';
import { FAILURE_REASONS, SUCCESS_REASONS } from '../reason.ts';

/** The parts of JSON Schema that are used here. */
export interface JsonSchema {
  readonly $schema?: string;
  readonly $id?: string;
  readonly title?: string;
  readonly description?: string;
  readonly type?: 'object' | 'string' | 'boolean' | 'integer' | 'array';
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
  readonly items?: JsonSchema;
  readonly const?: string | number | boolean;
  readonly enum?: readonly (string | number)[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly allOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly not?: JsonSchema;
  readonly if?: JsonSchema;
  readonly then?: JsonSchema;
  readonly else?: JsonSchema;
}

const TEXT: JsonSchema = { type: 'string' };
const FILLED_TEXT: JsonSchema = { type: 'string', minLength: 1 };

const FIELD_SCHEMAS: Readonly<Record<FieldType, JsonSchema>> = {
  string: TEXT,
  boolean: { type: 'boolean' },
  integer: { type: 'integer' },
  'date-time': {
    type: 'string',
    pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(Z|[+-]\\d\\d:?\\d\\d)$',
  },
  'string-list': { type: 'array', items: TEXT },
};

const KEY_STATE: JsonSchema = { enum: Object.values(HPCS_KEY_STATES) };

function closed(
  properties: Readonly<Record<string, JsonSchema>>,
  optional: readonly string[] = [],
): JsonSchema {
  return {
    type: 'object',
    properties,
    required: Object.keys(properties).filter((name) => !optional.includes(name)),
    additionalProperties: false,
  };
}

const HOST: JsonSchema = {
  ...closed({ agent: TEXT, address: TEXT, addressType: { enum: ADDRESS_TYPES } }, [
    'agent',
    'address',
    'addressType',
  ]),
  description: 'Without an address for requests over a private network.',
  anyOf: [{ required: ['agent'] }, { required: ['address', 'addressType'] }],
};

const LOG: JsonSchema = {
  ...closed({
    node: { type: 'string', pattern: '^[0-9a-f]{32}$' },
    sequence: { type: 'integer', minimum: 1 },
    previousHash: { type: 'string', pattern: '^[0-9a-f]{64}$' },
  }),
  description: 'Place of the event in the log; an event on its way there has none.',
};

const EVENT = closed(
  {
    eventTime: {
      type: 'string',
      pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d\\d\\+0000$',
    },
    action: {
      anyOf: [
        { enum: Object.keys(HPCS_ACTIONS) },
        { type: 'string', pattern: '^claviger\\.[a-z-]+\\.[a-z-]+$' },
      ],
    },
    outcome: { enum: OUTCOMES },
    severity: { enum: SEVERITIES },
    message: FILLED_TEXT,
    id: { type: 'string', pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' },
    correlationId: FILLED_TEXT,
    dataEvent: { const: false },
    logSourceCRN: { type: 'string', pattern: '^crn:v1:([^:]*:){5}[^:]+::$' },
    saveServiceCopy: { type: 'boolean' },
    initiator: closed(
      {
        id: FILLED_TEXT,
        name: FILLED_TEXT,
        typeURI: { enum: INITIATOR_TYPES },
        credential: closed({ type: { enum: CREDENTIAL_TYPES } }),
        host: HOST,
      },
      ['host'],
    ),
    target: closed({
      id: { type: 'string', pattern: '^crn:v1:([^:]*:){7}' },
      name: TEXT,
      typeURI: FILLED_TEXT,
    }),
    observer: closed({ name: { const: 'ActivityTracker' } }),
    reason: closed(
      {
        reasonCode: { type: 'integer' },
        reasonType: FILLED_TEXT,
        reasonForFailure: FILLED_TEXT,
      },
      ['reasonForFailure'],
    ),
    requestData: {
      type: 'object',
      properties: { requestURI: FILLED_TEXT, instanceID: FILLED_TEXT },
      required: ['requestURI', 'instanceID'],
    },
    responseData: { type: 'object' },
    log: LOG,
  },
  ['correlationId', 'log'],
);

const SUCCESS: JsonSchema = {
  properties: {
    reason: {
      properties: { reasonCode: { enum: Object.keys(SUCCESS_REASONS).map(Number) } },
      not: { required: ['reasonForFailure'] },
    },
  },
};

const FAILURE: JsonSchema = {
  properties: {
    reason: {
      properties: { reasonCode: { enum: Object.keys(FAILURE_REASONS).map(Number) } },
      required: ['reasonForFailure'],
    },
  },
};

/** Of a certificate, and of nobody else, the fingerprint is the id. */
const CERTIFICATE_INITIATOR: JsonSchema = {
  properties: {
    initiator: {
      if: { properties: { typeURI: { const: 'service/security/client/certificateid' } } },
      // biome-ignore lint/suspicious/noThenProperty: JSON Schema calls it so; it is data and never awaited.
      then: {
        properties: {
          id: { pattern: '^CertificateID-([0-9a-f]{64}|[0-9a-f]{40})$' },
          credential: { properties: { type: { const: 'certificate' } } },
        },
      },
      else: {
        properties: { credential: { properties: { type: { not: { const: 'certificate' } } } } },
      },
    },
  },
};

/**
 * @returns The schema of one event. Extension actions are told by the form of their names: new versions
 * add some, and a reader of the log need not know each.
 */
export function eventSchema(): JsonSchema {
  const ofActions = Object.entries(HPCS_ACTIONS).map(([action, row]) =>
    when({ properties: { action: { const: action } } }, actionSchema(row)),
  );
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Audit event',
    description:
      'One event of the audit log: flat CADF, as IBM Cloud Activity Tracker has it for Hyper Protect Crypto Services.',
    ...EVENT,
    allOf: [
      when({ properties: { outcome: { const: 'success' } } }, SUCCESS),
      when({ properties: { outcome: { const: 'failure' } } }, FAILURE),
      CERTIFICATE_INITIATOR,
      when(
        { properties: { action: { pattern: '^claviger\\.' } } },
        {
          required: ['correlationId'],
          properties: { target: { properties: { typeURI: { pattern: '^claviger/' } } } },
        },
      ),
      ...ofActions,
    ],
  };
}

function when(condition: JsonSchema, consequence: JsonSchema): JsonSchema {
  // biome-ignore lint/suspicious/noThenProperty: as above.
  return { if: condition, then: consequence };
}

interface Row {
  readonly group: string;
  readonly targetTypeURI: string;
  readonly correlationIdSupported: boolean;
  readonly documentedFields: Readonly<Record<string, FieldType>>;
  readonly suggestedFields: Readonly<Record<string, FieldType>>;
}

function actionSchema(row: Row): JsonSchema {
  const { group, targetTypeURI, correlationIdSupported, documentedFields, suggestedFields } = row;
  const fields = Object.entries({ ...documentedFields, ...suggestedFields });
  return {
    ...(correlationIdSupported
      ? { required: ['correlationId'] }
      : { not: { required: ['correlationId'] } }),
    properties: {
      ...(group === 'tke' && { severity: { const: 'critical' } }),
      target: { properties: { typeURI: { const: targetTypeURI } } },
      ...fieldSchemas(fields),
    },
  };
}

/** `a.b.c` and `a.d` as one tree of properties. */
function fieldSchemas(
  fields: readonly (readonly [path: string, type: FieldType])[],
  above = '',
): Readonly<Record<string, JsonSchema>> {
  const names = new Set(fields.map(([path]) => path.slice(above.length).split('.', 1)[0] ?? ''));
  return Object.fromEntries(
    [...names].map((name) => {
      const path = above + name;
      const own = fields.find(([candidate]) => candidate === path);
      if (own !== undefined) {
        return [name, isKeyStatePath(path) ? KEY_STATE : FIELD_SCHEMAS[own[1]]];
      }
      const below = fields.filter(([candidate]) => candidate.startsWith(`${path}.`));
      return [name, { properties: fieldSchemas(below, `${path}.`) }];
    }),
  );
}
