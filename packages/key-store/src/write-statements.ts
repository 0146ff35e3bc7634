/** Every statement that a unit of work needs. Named parameters are the fields of the records. */
import type { Statements } from './prepared-statement.ts';
import { compileStatement, type QueryBuilder } from './query-compiler.ts';
import { compileAdapterWrites } from './write-adapter-statements.ts';
import { compileCredentialWrites } from './write-credential-statements.ts';
import { compileLogWrites } from './write-log-statements.ts';
import { compileObjectWrites } from './write-object-statements.ts';
import { compileQueueWrites } from './write-queue-statements.ts';
import { compileRootKeyWrites } from './write-root-key-statements.ts';
import { compileTrustWrites } from './write-trust-statements.ts';

type ByName = { readonly name: string };
type Setting = ByName & { readonly value: string };

export type WriteStatementTexts = ReturnType<typeof compileWriteStatements>;
export type WriteStatements = Statements<WriteStatementTexts>;

/** Inserts answer no row (or change none) when a unique value is taken. */
export function compileWriteStatements(queries: QueryBuilder) {
  return {
    ...compileObjectWrites(queries),
    ...compileAdapterWrites(queries),
    ...compileRootKeyWrites(queries),
    ...compileTrustWrites(queries),
    ...compileCredentialWrites(queries),
    ...compileLogWrites(queries),
    ...compileQueueWrites(queries),

    findSetting: compileStatement<ByName>((p) =>
      queries.selectFrom('setting').select('value').where('name', '=', p('name')),
    ),
    insertSetting: compileStatement<Setting>((p) =>
      queries
        .insertInto('setting')
        .values({ name: p('name'), value: p('value') })
        .onConflict((conflict) => conflict.doNothing()),
    ),
    replaceSetting: compileStatement<Setting>((p) =>
      queries
        .insertInto('setting')
        .values({ name: p('name'), value: p('value') })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ value: p('value') })),
    ),
  };
}
