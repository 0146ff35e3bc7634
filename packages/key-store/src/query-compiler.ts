/**
 * kysely as a compiler only: it types and writes the SQL; this package prepares it once and runs it
 * synchronously. Nothing is ever interpolated: every value is a bound parameter.
 */
import {
  type Compilable,
  DummyDriver,
  Kysely,
  type RawBuilder,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
} from 'kysely';
import type { SqliteDatabase, SqliteRow, SqliteStatement, SqliteValue } from './sqlite-driver.ts';
import type { Tables } from './tables.ts';

export type QueryBuilder = Kysely<Tables>;

/** Writes queries; connected to nothing. */
export function createQueryBuilder(): QueryBuilder {
  return new Kysely<Tables>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  });
}

/** The named values of a statement, e.g. `{ id: string }`. */
export type Parameters = Readonly<Record<string, SqliteValue>>;

/** Stands in a query for the value of the parameter `name`. */
export type Parameter<P extends Parameters> = <N extends keyof P & string>(
  name: N,
) => RawBuilder<P[N]>;

/** A query that is written and prepared once, and run often. */
export interface Statement<P extends Parameters> {
  /** Answers how many rows it changed. */
  run(values: P): number;
  get(values: P): SqliteRow | undefined;
  all(values: P): readonly SqliteRow[];
}

class Placeholder {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** Compiles and prepares a query whose values are named parameters. */
export function prepare<P extends Parameters>(
  database: SqliteDatabase,
  queries: QueryBuilder,
  build: (queries: QueryBuilder, parameter: Parameter<P>) => Compilable,
): Statement<P> {
  const query = build(queries, (name) => sql`${new Placeholder(name)}`).compile();
  const prepared = database.prepare(query.sql);
  const bind = (values: P): SqliteValue[] =>
    query.parameters.map((parameter) =>
      parameter instanceof Placeholder
        ? parameterValue(values, parameter.name)
        : toSqliteValue(parameter),
    );
  return {
    run: (values) => prepared.run(bind(values)),
    get: (values) => prepared.get(bind(values)),
    all: (values) => prepared.all(bind(values)),
  };
}

function parameterValue(values: Parameters, name: string): SqliteValue {
  const value = values[name];
  if (value === undefined) throw new Error(`The parameter ${name} has no value.`);
  return value;
}

/** A constant that was written into a query by this package. */
function toSqliteValue(value: unknown): SqliteValue {
  if (
    value === null ||
    typeof value === 'number' ||
    typeof value === 'string' ||
    value instanceof Uint8Array
  ) {
    return value;
  }
  throw new Error(`SQLite cannot bind a value of type ${typeof value}.`);
}

/** Runs queries whose shape is known only at run time, keeping the latest statements prepared. */
export interface StatementCache {
  get(query: Compilable): SqliteRow | undefined;
  all(query: Compilable): readonly SqliteRow[];
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
    get: (query) => {
      const { sql: text, parameters } = query.compile();
      return statementOf(text).get(parameters.map(toSqliteValue));
    },
    all: (query) => {
      const { sql: text, parameters } = query.compile();
      return statementOf(text).all(parameters.map(toSqliteValue));
    },
  };
}
