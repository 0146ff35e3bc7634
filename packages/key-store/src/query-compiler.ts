/**
 * kysely as a compiler only: it types and writes the SQL, in the thread of the store. The worker
 * threads prepare and run what it wrote (`prepared-statement.ts`), and never load it. Nothing is ever
 * interpolated: every value is a bound parameter.
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
import { type BoundQuery, isSqliteValue, type StatementText } from './prepared-statement.ts';
import type { SqliteValue } from './sqlite-driver.ts';
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

/** Stands in a query for the value of the parameter `name`. */
export type Parameter<P> = <N extends keyof P & string>(name: N) => RawBuilder<P[N]>;

class Placeholder {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** Writes a query whose values are named parameters, e.g. `{ id: string }`. */
export function compileStatement<P>(
  build: (parameter: Parameter<P>) => Compilable,
): StatementText<P> {
  const query = build((name) => sql`${new Placeholder(name)}`).compile();
  return {
    sql: query.sql,
    parameters: query.parameters.map((parameter) =>
      parameter instanceof Placeholder
        ? { name: parameter.name }
        : { constant: toSqliteValue(parameter) },
    ),
  };
}

/** Writes a query that has its values already. */
export function compileQuery(query: Compilable): BoundQuery {
  const { sql: text, parameters } = query.compile();
  return { sql: text, values: parameters.map(toSqliteValue) };
}

function toSqliteValue(value: unknown): SqliteValue {
  if (isSqliteValue(value)) return value;
  throw new Error(`SQLite cannot bind a value of type ${typeof value}.`);
}
