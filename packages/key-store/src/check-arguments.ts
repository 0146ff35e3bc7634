/** The limits of what may be asked of the store; anything outside is a StoreError `invalid`. */
import {
  type Change,
  type ObjectRecord,
  type Predicate,
  StoreError,
  type UnitOfWork,
} from './store.ts';
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

function checkChange(change: Change): void {
  switch (change.kind) {
    case 'insert-object':
      if (change.object.version !== 1) throw invalid('a new object must have version 1');
      checkObject(change.object);
      break;
    case 'update-object':
      if (change.object.version < 2) {
        throw invalid('the version of an update must be the stored one plus 1');
      }
      checkObject(change.object);
      break;
    case 'insert-adapter':
      checkInteger(change.adapter.createdAt, 'createdAt');
      checkTexts(change.adapter, 'adapter');
      break;
    case 'insert-certificate':
      checkInteger(change.certificate.createdAt, 'createdAt');
      checkTexts(change.certificate, 'certificate');
      checkTime(change.certificate.notBefore, 'notBefore');
      checkTime(change.certificate.notAfter, 'notAfter');
      break;
    case 'insert-root-key':
      checkInteger(change.rootKey.createdAt, 'createdAt');
      checkTexts(change.rootKey, 'root key');
      break;
    case 'delete-adapter':
    case 'delete-certificate':
    case 'set-root-key-state':
      break;
    default:
      unreachable(change, 'change');
  }
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
