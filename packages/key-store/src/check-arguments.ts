/** The limits of what may be asked of the store; anything outside is a StoreError `invalid`. */
import { isEventBody } from './chain-event.ts';
import type {
  Attribution,
  ClientAuthorityRecord,
  NewRootKeyDetails,
} from './management-records.ts';
import type { CertificateRecord, LocateQuery, ObjectRecord, Predicate } from './records.ts';
import { StoreError } from './store.ts';
import type { Change, UnitOfWork } from './unit-of-work.ts';
import { unreachable } from './unreachable.ts';

/** How deep conditions may be nested. */
export const MAX_PREDICATE_DEPTH = 16;
/** How many conditions a predicate may have in all. */
export const MAX_PREDICATE_TERMS = 256;

/** Numbers must be exact, versions start at 1, and texts hold no zero character. */
export function checkUnit(unit: UnitOfWork): void {
  for (const change of unit.changes) checkChange(change);
  for (const event of unit.events) {
    checkInteger(event.time, 'the time of an event');
    checkTexts(event, 'event');
    if (!isEventBody(event.body))
      throw invalid('the body of an event is no JSON object in one line');
  }
}

/** Checks a setting before it is stored. */
export function checkSetting(name: string, value: string): void {
  checkTexts({ name, value }, 'setting');
}

/** Bounds depth and size: the compiled query, and the recursion over it, stay small. */
export function checkPredicate(predicate: Predicate): void {
  let terms = 0;
  const visit = (part: Predicate, depth: number): void => {
    terms += 1;
    if (depth > MAX_PREDICATE_DEPTH) {
      throw invalid(`a predicate is nested deeper than ${MAX_PREDICATE_DEPTH} levels`);
    }
    if (terms > MAX_PREDICATE_TERMS) {
      throw invalid(`a predicate has more than ${MAX_PREDICATE_TERMS} terms`);
    }
    switch (part.kind) {
      case 'equals':
        if (typeof part.value === 'number') checkNumber(part.value, part.name);
        return;
      case 'range':
        if (part.from !== undefined) checkNumber(part.from, part.name);
        if (part.to !== undefined) checkNumber(part.to, part.name);
        return;
      case 'and':
      case 'or':
        for (const inner of part.of) visit(inner, depth + 1);
        return;
      case 'not':
        visit(part.of, depth + 1);
        return;
      default:
        unreachable(part, 'predicate');
    }
  };
  visit(predicate, 1);
}

/** A page: whole numbers, not negative. */
export function checkPage(page: { readonly offset: number; readonly limit: number }): void {
  checkInteger(page.offset, 'an offset');
  checkInteger(page.limit, 'a limit');
}

export function checkLocate(query: LocateQuery): void {
  checkPage(query);
  checkPredicate(query.where);
  if (query.countUpTo !== undefined) checkInteger(query.countUpTo, 'countUpTo');
}

function checkChange(change: Change): void {
  switch (change.kind) {
    case 'insert-object':
      if (change.object.version !== 1) throw invalid('a new object must have version 1');
      checkObject(change.object);
      checkAttribution(change.by);
      break;
    case 'update-object':
      if (change.object.version < 2) {
        throw invalid('the version of an update must be the stored one plus 1');
      }
      if (change.destroyed && change.by === undefined) {
        throw invalid('a destruction must say who did it');
      }
      checkObject(change.object);
      checkAttribution(change.by);
      break;
    case 'insert-adapter':
      checkInteger(change.adapter.createdAt, 'createdAt');
      if (change.adapter.updatedAt !== undefined) {
        checkInteger(change.adapter.updatedAt, 'updatedAt');
      }
      checkTexts(change.adapter, 'adapter');
      break;
    case 'delete-adapter':
      if (change.unless !== undefined) checkPredicate(change.unless);
      checkAttribution(change.by);
      break;
    case 'insert-certificate':
      checkCertificate(change.certificate, 'certificate');
      break;
    case 'insert-client-authority':
      checkCertificate(change.authority, 'client authority');
      break;
    case 'insert-credential':
      checkInteger(change.credential.createdAt, 'createdAt');
      checkInteger(change.credential.lastProof, 'lastProof');
      checkTexts(change.credential, 'credential');
      break;
    case 'use-credential':
      checkInteger(change.proof, 'the proof of a credential');
      break;
    case 'insert-root-key':
      checkInteger(change.rootKey.createdAt, 'createdAt');
      checkTexts(change.rootKey, 'root key');
      checkRootKeyDetails(change.details ?? {});
      break;
    case 'rotate-root-key':
      checkInteger(change.version.createdAt, 'createdAt');
      checkTexts(change.version, 'version of a root key');
      break;
    case 'insert-api-key':
      checkInteger(change.apiKey.createdAt, 'createdAt');
      if (change.apiKey.revokedAt !== null) checkInteger(change.apiKey.revokedAt, 'revokedAt');
      checkTexts(change.apiKey, 'API key');
      break;
    case 'record-refused-certificate':
      checkInteger(change.refused.firstAt, 'firstAt');
      checkInteger(change.refused.lastAt, 'lastAt');
      checkInteger(change.refused.attempts, 'attempts');
      checkTexts(change.refused, 'refused certificate');
      break;
    case 'replace-setting':
      checkSetting(change.name, change.value);
      break;
    case 'append-checkpoint':
      checkInteger(change.checkpoint.size, 'the size of a checkpoint');
      checkInteger(change.checkpoint.createdAt, 'createdAt');
      checkTexts(change.checkpoint, 'checkpoint');
      break;
    case 'write-sink-cursor':
      checkInteger(change.cursor.sequence, 'the sequence of a cursor');
      checkInteger(change.cursor.updatedAt, 'updatedAt');
      checkTexts(change.cursor, 'cursor');
      break;
    case 'forget-events':
      checkInteger(change.upTo, 'upTo');
      break;
    case 'enqueue-request':
      checkInteger(change.request.submittedAt, 'submittedAt');
      checkTexts(change.request, 'queued request');
      break;
    case 'end-request':
      checkInteger(change.endedAt, 'endedAt');
      break;
    case 'collect-request':
      checkInteger(change.at, 'the time of a change');
      break;
    case 'forget-requests':
      checkInteger(change.endedBefore, 'endedBefore');
      break;
    case 'touch-adapter':
    case 'revoke-api-key':
    case 'set-root-key-state':
      checkAttribution(change.by);
      break;
    case 'delete-certificate':
    case 'delete-client-authority':
    case 'delete-credential':
    case 'forget-refused-certificate':
    case 'delete-sink-cursor':
      break;
    default:
      unreachable(change, 'change');
  }
}

function checkAttribution(by: Attribution | undefined): void {
  if (by === undefined) return;
  checkInteger(by.at, 'the time of a change');
  checkTexts(by, 'author of a change');
}

function checkCertificate(record: CertificateRecord | ClientAuthorityRecord, what: string): void {
  checkInteger(record.createdAt, 'createdAt');
  checkTexts(record, what);
  checkTime(record.notBefore, 'notBefore');
  checkTime(record.notAfter, 'notAfter');
}

function checkRootKeyDetails(details: NewRootKeyDetails): void {
  const { expirationAt = null, tags = [], aliases = [] } = details;
  if (expirationAt !== null) checkInteger(expirationAt, 'expirationAt');
  checkTexts(details, 'root key');
  checkTexts(tags, 'list of tags');
  checkTexts(aliases, 'list of aliases');
}

function checkObject(object: ObjectRecord): void {
  checkInteger(object.version, 'version');
  checkInteger(object.createdAt, 'createdAt');
  checkTexts(object, 'object');
  checkTexts(object.uniqueNames, 'list of unique names');
  for (const entry of object.index) {
    if (typeof entry.value === 'number') checkNumber(entry.value, entry.name);
    checkTexts(entry, 'index entry');
  }
}

/** PostgreSQL stores no zero character, and Node 22 does not read one from SQLite. */
function checkTexts(record: object, what: string): void {
  for (const [field, value] of Object.entries(record)) {
    if (typeof value === 'string' && value.includes('\0')) {
      throw invalid(`a zero character stands in the text ${field} of the ${what}`);
    }
  }
}

/** Milliseconds since the epoch; a certificate may be valid from before 1970. */
function checkTime(value: number, what: string): void {
  if (!Number.isSafeInteger(value)) throw invalid(`${what} must be a whole number`);
}

function checkNumber(value: number, name: string): void {
  if (!Number.isFinite(value)) throw invalid(`the index value of ${name} is not a finite number`);
}

export function checkInteger(value: number, what: string): void {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw invalid(`${what} must be a whole number, not negative and below 2^53`);
  }
}

export function invalid(reason: string): StoreError {
  return new StoreError('invalid', `The key store was asked for something impossible: ${reason}.`);
}
