/**
 * Reads an event back from the log: the one way from `unknown` to `AuditEvent`.
 *
 * Strict: what this version would not have written is refused, and so is a field that it does not know.
 */
import { isIP } from 'node:net';
import { SEVERITIES } from './catalogue/action-definition.ts';
import { type AuditAction, actionDefinition, isAuditAction } from './catalogue/actions.ts';
import { type Crn, formatCrn, parseCrn } from './crn.ts';
import {
  type AuditEvent,
  CREDENTIAL_TYPES,
  INITIATOR_TYPES,
  OUTCOMES,
  type Outcome,
} from './event.ts';
import { assertEventData, isPlainObject } from './event-data.ts';
import { parseEventTime } from './event-time.ts';
import { certificateInitiatorId } from './initiator.ts';

/** An event that breaks a rule of its format. The message names the field, never its value. */
export class InvalidEventError extends Error {
  override readonly name = 'InvalidEventError';
  /** Where, e.g. `initiator.host.address`; `event` for the whole. */
  readonly path: string;

  constructor(path: string, expectation: string) {
    super(`${path} ${expectation}`);
    this.path = path;
  }
}

type Fields = Readonly<Record<string, unknown>>;

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const FIRST_FAILURE_CODE = 400;
const LAST_STATUS_CODE = 599;

/**
 * @param json - A parsed JSON value.
 * @returns The same object, with its type.
 * @throws InvalidEventError on the first rule that is broken.
 */
export function parseAuditEvent(json: unknown): AuditEvent {
  const event = fields(json, 'event', EVENT_FIELDS, ['correlationId', 'log']);
  const action = auditAction(event['action']);
  const outcome = oneOf(event['outcome'], 'outcome', OUTCOMES);
  const eventTime = parseEventTime(text(event['eventTime'], 'eventTime'));
  check(eventTime !== undefined, 'eventTime', 'is no time of an event');
  oneOf(event['severity'], 'severity', SEVERITIES);
  filledText(event['message'], 'message');
  check(UUID.test(text(event['id'], 'id')), 'id', 'must be a UUID');
  checkCorrelationId(event['correlationId'], action);
  check(event['dataEvent'] === false, 'dataEvent', 'must be false');
  check(typeof event['saveServiceCopy'] === 'boolean', 'saveServiceCopy', 'must be a boolean');
  const source = instanceCrn(event['logSourceCRN']);
  checkInitiator(event['initiator']);
  checkTarget(event['target'], action, source);
  const observer = fields(event['observer'], 'observer', ['name']);
  check(observer['name'] === 'ActivityTracker', 'observer.name', 'must be ActivityTracker');
  checkReason(event['reason'], outcome);
  checkData(event['requestData'], 'requestData');
  checkData(event['responseData'], 'responseData');
  checkCommonFields(event['requestData'], source);
  if (event['log'] !== undefined) checkLogPosition(event['log']);
  // Every field was checked above: this is the parser's one step from unknown to the type.
  return json as AuditEvent;
}

const EVENT_FIELDS = [
  'eventTime',
  'action',
  'outcome',
  'severity',
  'message',
  'id',
  'dataEvent',
  'logSourceCRN',
  'saveServiceCopy',
  'initiator',
  'target',
  'observer',
  'reason',
  'requestData',
  'responseData',
] as const;

function auditAction(value: unknown): AuditAction {
  const name = text(value, 'action');
  if (!isAuditAction(name)) throw new InvalidEventError('action', 'is in no catalogue');
  return name;
}

function checkCorrelationId(value: unknown, action: AuditAction): void {
  if (actionDefinition(action).correlationIdSupported) filledText(value, 'correlationId');
  else check(value === undefined, 'correlationId', 'is not supported by the action');
}

function instanceCrn(value: unknown): Crn {
  const crn = parseCrn(text(value, 'logSourceCRN'));
  if (crn === undefined || crn.instance === '' || crn.resourceType !== '' || crn.resource !== '') {
    throw new InvalidEventError('logSourceCRN', 'must be the CRN of an instance');
  }
  return crn;
}

function checkInitiator(value: unknown): void {
  const initiator = fields(value, 'initiator', ['id', 'name', 'typeURI', 'credential'], ['host']);
  const id = filledText(initiator['id'], 'initiator.id');
  filledText(initiator['name'], 'initiator.name');
  const typeURI = oneOf(initiator['typeURI'], 'initiator.typeURI', INITIATOR_TYPES);
  const credential = fields(initiator['credential'], 'initiator.credential', ['type']);
  const type = oneOf(credential['type'], 'initiator.credential.type', CREDENTIAL_TYPES);

  const isCertificate = typeURI === 'service/security/client/certificateid';
  check(
    isCertificate === (type === 'certificate'),
    'initiator.credential.type',
    'must be certificate exactly when the initiator is one',
  );
  check(
    isCertificate === isCertificateId(id),
    'initiator.id',
    'must be CertificateID- and a fingerprint exactly when the initiator is a certificate',
  );
  if (initiator['host'] !== undefined) checkHost(initiator['host']);
}

function isCertificateId(id: string): boolean {
  try {
    return certificateInitiatorId(id.replace(/^CertificateID-/, '')) === id;
  } catch {
    return false;
  }
}

function checkHost(value: unknown): void {
  const host = fields(value, 'initiator.host', [], ['agent', 'address', 'addressType']);
  const { agent, address, addressType } = host;
  check(
    agent !== undefined || address !== undefined,
    'initiator.host',
    'must be left out when neither agent nor address is known',
  );
  if (agent !== undefined) text(agent, 'initiator.host.agent');
  const expected =
    address === undefined
      ? undefined
      : { 0: null, 4: 'IPv4', 6: 'IPv6' }[isIP(text(address, 'initiator.host.address'))];
  check(expected !== null, 'initiator.host.address', 'must be an IP address');
  check(addressType === expected, 'initiator.host.addressType', 'must fit the address');
}

function checkTarget(value: unknown, action: AuditAction, source: Crn): void {
  const target = fields(value, 'target', ['id', 'name', 'typeURI']);
  const crn = parseCrn(text(target['id'], 'target.id'));
  const isOfInstance =
    crn !== undefined &&
    formatCrn({ ...crn, resourceType: '', resource: '' }) === formatCrn(source);
  check(isOfInstance, 'target.id', 'must be a CRN of the instance');
  text(target['name'], 'target.name');
  const expected = actionDefinition(action).targetTypeURI;
  check(target['typeURI'] === expected, 'target.typeURI', 'must be the one of the action');
}

function checkReason(value: unknown, outcome: Outcome): void {
  const reason = fields(value, 'reason', ['reasonCode', 'reasonType'], ['reasonForFailure']);
  const { reasonCode, reasonForFailure } = reason;
  filledText(reason['reasonType'], 'reason.reasonType');
  if (typeof reasonCode !== 'number' || !Number.isInteger(reasonCode)) {
    throw new InvalidEventError('reason.reasonCode', 'must be an integer');
  }
  const [from, to] = outcome === 'failure' ? [FIRST_FAILURE_CODE, LAST_STATUS_CODE] : [200, 299];
  check(
    reasonCode >= from && reasonCode <= to,
    'reason.reasonCode',
    'must be a status that fits the outcome',
  );
  if (outcome === 'failure') filledText(reasonForFailure, 'reason.reasonForFailure');
  else check(reasonForFailure === undefined, 'reason.reasonForFailure', 'is for failures only');
}

function checkData(value: unknown, path: string): void {
  check(isPlainObject(value), path, 'must be an object');
  try {
    assertEventData(value, path);
  } catch (error) {
    throw new InvalidEventError(path, error instanceof Error ? `is refused: ${error.message}` : '');
  }
}

function checkLogPosition(value: unknown): void {
  const position = fields(value, 'log', ['node', 'sequence', 'previousHash']);
  const { sequence } = position;
  check(/^[0-9a-f]{32}$/.test(text(position['node'], 'log.node')), 'log.node', 'must be 32 digits');
  check(
    Number.isSafeInteger(sequence) && Number(sequence) >= 1,
    'log.sequence',
    'must be an integer from 1',
  );
  const hash = text(position['previousHash'], 'log.previousHash');
  check(/^[0-9a-f]{64}$/.test(hash), 'log.previousHash', 'must be a SHA-256 in lower-case hex');
}

function checkCommonFields(requestData: unknown, source: Crn): void {
  const { requestURI, instanceID } = isPlainObject(requestData) ? requestData : {};
  filledText(requestURI, 'requestData.requestURI');
  check(
    instanceID === source.instance,
    'requestData.instanceID',
    'must be the one of logSourceCRN',
  );
}

function fields(
  value: unknown,
  path: string,
  required: readonly string[],
  optional: readonly string[] = [],
): Fields {
  if (!isPlainObject(value)) throw new InvalidEventError(path, 'must be an object');
  for (const name of required) {
    if (!Object.hasOwn(value, name)) throw new InvalidEventError(path, `must have ${name}`);
  }
  for (const name of Object.keys(value)) {
    if (!required.includes(name) && !optional.includes(name)) {
      throw new InvalidEventError(path, 'has a field that the format does not know');
    }
  }
  return value;
}

function text(value: unknown, path: string): string {
  if (typeof value !== 'string') throw new InvalidEventError(path, 'must be a string');
  return value;
}

function filledText(value: unknown, path: string): string {
  const string = text(value, path);
  check(string !== '', path, 'must not be empty');
  return string;
}

function oneOf<const T extends string>(value: unknown, path: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined)
    throw new InvalidEventError(path, `must be one of ${allowed.join(', ')}`);
  return found;
}

function check(condition: unknown, path: string, expectation: string): void {
  if (condition === undefined || condition === false)
    throw new InvalidEventError(path, expectation);
}
