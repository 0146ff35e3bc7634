/**
 * The one door to SQLite: a small synchronous interface over whichever engine the runtime has.
 *
 * `node:sqlite` where Node has it without a flag (22.13 and later), `better-sqlite3` otherwise. The
 * rest of the package cannot tell which. Values are explicit: whole numbers are bound as SQLite
 * integers, all other numbers as reals, and every failure is a `SqliteFailure` with its kind. Texts
 * that are stored hold no zero character (`check-arguments.ts`): Node 22 cuts them off there.
 */
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { StoreError } from './store.ts';

/** What SQLite stores and answers. Integers beyond 2^53 never occur in this store. */
export type SqliteValue = null | number | string | Uint8Array;

/** A row as the engine answers it: unchecked; see `rows.ts`. */
export type SqliteRow = Readonly<Record<string, unknown>>;

export interface SqliteStatement {
  /** Runs a statement without result; answers how many rows it changed. */
  run(parameters: readonly SqliteValue[]): number;
  /** The first row, or undefined. */
  get(parameters: readonly SqliteValue[]): SqliteRow | undefined;
  all(parameters: readonly SqliteValue[]): readonly SqliteRow[];
}

export interface SqliteDatabase {
  prepare(sql: string): SqliteStatement;
  /** Runs one or more statements without parameters and results. */
  exec(sql: string): void;
  close(): void;
}

export type SqliteFailureKind =
  | 'busy'
  | 'cannot-open'
  | 'constraint'
  | 'corrupt'
  | 'full'
  | 'io'
  | 'not-a-database'
  | 'read-only'
  | 'other';

/** SQLite refused something; `message` is SQLite's own and holds no values. */
export class SqliteFailure extends Error {
  override readonly name = 'SqliteFailure';
  readonly kind: SqliteFailureKind;

  constructor(kind: SqliteFailureKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

/** Primary result codes, https://www.sqlite.org/rescode.html, by number and by name. */
const RESULT_CODES: readonly (readonly [number, string, SqliteFailureKind])[] = [
  [5, 'SQLITE_BUSY', 'busy'],
  [6, 'SQLITE_LOCKED', 'busy'],
  [8, 'SQLITE_READONLY', 'read-only'],
  [10, 'SQLITE_IOERR', 'io'],
  [11, 'SQLITE_CORRUPT', 'corrupt'],
  [13, 'SQLITE_FULL', 'full'],
  [14, 'SQLITE_CANTOPEN', 'cannot-open'],
  [19, 'SQLITE_CONSTRAINT', 'constraint'],
  [20, 'SQLITE_MISMATCH', 'constraint'],
  [26, 'SQLITE_NOTADB', 'not-a-database'],
];

/** What both engines have in common once a database is open. */
interface EngineStatement {
  run(...parameters: unknown[]): { readonly changes: number | bigint };
  get(...parameters: unknown[]): unknown;
  all(...parameters: unknown[]): unknown[];
}

interface EngineDatabase {
  prepare(sql: string): EngineStatement;
  exec(sql: string): unknown;
  close(): unknown;
}

/** Opens a file that exists with one of the engines. */
export type OpenEngine = (path: string, readOnly: boolean) => EngineDatabase;

/** The part of `node:sqlite` that is used; the typings of the oldest supported Node lack it. */
interface NodeSqlite {
  readonly DatabaseSync: new (
    path: string,
    options: { readonly readOnly: boolean },
  ) => EngineDatabase;
}

/** Where engines come from. */
export interface EngineSources {
  /** `node:sqlite`, or undefined where this Node has none. */
  builtin(): object | undefined;
  /** The addon; throws when it is not there or not compiled. */
  addon(): typeof import('better-sqlite3');
  /** Where the addon can be compiled; throws when it is not installed. */
  addonDirectory(): string;
}

const requireHere = createRequire(import.meta.url);

const RUNTIME: EngineSources = {
  // Undefined in Node 20, and without the flag --experimental-sqlite in Node 22.5 to 22.12.
  builtin: () => process.getBuiltinModule('node:sqlite'),
  addon: () => {
    // `require` answers any; the package's own typings say what it is.
    const Database = requireHere('better-sqlite3') as typeof import('better-sqlite3');
    // The compiled part is loaded by the first database, not by the import.
    new Database(':memory:').close();
    return Database;
  },
  addonDirectory: () => dirname(requireHere.resolve('better-sqlite3/package.json')),
};

/**
 * Opens the file `path`, which must exist.
 *
 * @throws StoreError `cannot-open` when this runtime has no SQLite engine at all.
 * @throws SqliteFailure when SQLite refuses the file.
 */
export function openSqliteDatabase(
  path: string,
  options: { readonly readOnly: boolean },
): SqliteDatabase {
  const open = findEngine(RUNTIME);
  return wrapDatabase(attempt(() => open(path, options.readOnly)));
}

/** @throws StoreError `cannot-open` when there is none. */
export function findEngine(sources: EngineSources): OpenEngine {
  const builtin = sources.builtin();
  if (builtin !== undefined) {
    // A builtin of Node has the shape of its documentation: there is nothing to parse.
    const { DatabaseSync } = builtin as NodeSqlite;
    return (path, readOnly) => new DatabaseSync(path, { readOnly });
  }
  try {
    const Database = sources.addon();
    return (path, readonly) => new Database(path, { readonly, fileMustExist: true });
  } catch (cause) {
    throw noEngine(sources, cause);
  }
}

function noEngine(sources: EngineSources, cause: unknown): StoreError {
  let remedy: string;
  try {
    remedy = `compile the addon: npm --prefix "${sources.addonDirectory()}" run install`;
  } catch {
    remedy = 'install the optional dependency better-sqlite3';
  }
  return new StoreError(
    'cannot-open',
    `Node ${process.versions.node} has no SQLite of its own, and the addon better-sqlite3 cannot be loaded. ` +
      `Run on Node 24, or ${remedy}`,
    { cause },
  );
}

function wrapDatabase(engine: EngineDatabase): SqliteDatabase {
  return {
    prepare: (sql) => wrapStatement(attempt(() => engine.prepare(sql))),
    exec: (sql) => {
      attempt(() => engine.exec(sql));
    },
    close: () => {
      attempt(() => engine.close());
    },
  };
}

function wrapStatement(engine: EngineStatement): SqliteStatement {
  return {
    run: (parameters) => attempt(() => Number(engine.run(...parameters.map(toBinding)).changes)),
    // Rows are objects in both engines; their columns stay `unknown` until `rows.ts` parsed them.
    get: (parameters) =>
      attempt(() => engine.get(...parameters.map(toBinding))) as SqliteRow | undefined,
    all: (parameters) =>
      attempt(() => engine.all(...parameters.map(toBinding))) as readonly SqliteRow[],
  };
}

/** An empty view of memory that exists: Node 22 binds an empty buffer without any as NULL. */
const NO_BYTES = new Uint8Array(1).subarray(0, 0);

/** Both engines bind a number as REAL; a bigint is bound as INTEGER. */
function toBinding(value: SqliteValue): SqliteValue | bigint {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  return value instanceof Uint8Array && value.byteLength === 0 ? NO_BYTES : value;
}

function attempt<T>(action: () => T): T {
  try {
    return action();
  } catch (cause) {
    throw toSqliteFailure(cause);
  }
}

function toSqliteFailure(cause: unknown): SqliteFailure {
  const message = cause instanceof Error ? cause.message : String(cause);
  const row = RESULT_CODES.find(([number, name]) => isResultCode(cause, number, name));
  return new SqliteFailure(row?.[2] ?? 'other', message, { cause });
}

/** `node:sqlite` has the extended code as a number, `better-sqlite3` as a name. */
function isResultCode(cause: unknown, number: number, name: string): boolean {
  if (typeof cause !== 'object' || cause === null) return false;
  if ('errcode' in cause && typeof cause.errcode === 'number') {
    return (cause.errcode & 0xff) === number;
  }
  return 'code' in cause && typeof cause.code === 'string' && cause.code.startsWith(name);
}
