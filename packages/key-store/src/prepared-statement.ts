/** Runs SQL that `query-compiler.ts` wrote, prepared once. */
import type { SqliteDatabase, SqliteRow, SqliteStatement, SqliteValue } from './sqlite-driver.ts';

/** A statement with named parameters, as plain data. */
export interface StatementText<P> {
  readonly sql: string;
  /** What the question marks stand for, in their order. */
  readonly parameters: readonly StatementParameter[];
  /** Never there: carries the type of the named values. */
  readonly values?: P;
}

type StatementParameter = { readonly name: string } | { readonly constant: SqliteValue };

/** A statement with its values, as plain data. */
export interface BoundQuery {
  readonly sql: string;
  readonly values: readonly SqliteValue[];
}

/** A statement that is prepared once and run often. */
export interface Statement<P> {
  /** Answers how many rows it changed. */
  run(values: P): number;
  get(values: P): SqliteRow | undefined;
  all(values: P): readonly SqliteRow[];
}

export type Statements<T> = {
  readonly [K in keyof T]: T[K] extends StatementText<infer P> ? Statement<P> : never;
};

/** Prepares a record of texts; the names stay. */
export function prepareStatements<T extends Readonly<Record<string, StatementText<object>>>>(
  database: SqliteDatabase,
  texts: T,
): Statements<T> {
  // The entries are those of `texts`, each prepared: what `Statements` says.
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [name, prepareStatement(database, text)]),
  ) as Statements<T>;
}

function prepareStatement(
  database: SqliteDatabase,
  text: StatementText<object>,
): Statement<object> {
  const prepared = database.prepare(text.sql);
  const bind = (values: object) =>
    text.parameters.map((parameter) =>
      'name' in parameter ? namedValue(values, parameter.name) : parameter.constant,
    );
  return {
    run: (values) => prepared.run(bind(values)),
    get: (values) => prepared.get(bind(values)),
    all: (values) => prepared.all(bind(values)),
  };
}

function namedValue(values: object, name: string): SqliteValue {
  // Any object has names; what is under them is checked.
  const value = (values as Readonly<Record<string, unknown>>)[name];
  if (isSqliteValue(value)) return value;
  throw new Error(`SQLite cannot bind the parameter ${name}: its type is ${typeof value}.`);
}

export function isSqliteValue(value: unknown): value is SqliteValue {
  return (
    value === null ||
    typeof value === 'number' ||
    typeof value === 'string' ||
    value instanceof Uint8Array
  );
}

/** Runs queries whose shape is known only at run time, keeping the latest ones prepared. */
export interface StatementCache {
  get(query: BoundQuery): SqliteRow | undefined;
  all(query: BoundQuery): readonly SqliteRow[];
}

/** @param capacity - How many prepared statements stay; the one unused for longest goes first. */
export function createStatementCache(database: SqliteDatabase, capacity: number): StatementCache {
  const statements = new Map<string, SqliteStatement>();

  function statementOf(text: string): SqliteStatement {
    const statement = statements.get(text) ?? database.prepare(text);
    statements.delete(text);
    statements.set(text, statement);
    const oldest = statements.keys().next();
    if (statements.size > capacity && oldest.done === false) statements.delete(oldest.value);
    return statement;
  }

  return {
    get: ({ sql, values }) => statementOf(sql).get(values),
    all: ({ sql, values }) => statementOf(sql).all(values),
  };
}
