/** Every statement that a unit of work needs. Named parameters are the fields of the records. */
import type { Statements } from './prepared-statement.ts';
import { compileStatement, type QueryBuilder } from './query-compiler.ts';
import type { EventRecord } from './records.ts';
import { compileAdapterWrites } from './write-adapter-statements.ts';
import { compileObjectWrites } from './write-object-statements.ts';
import { compileRootKeyWrites } from './write-root-key-statements.ts';
import { compileTrustWrites } from './write-trust-statements.ts';

type ByName = { readonly name: string };
type Setting = ByName & { readonly value: string };
type Nothing = Record<string, never>;

export type WriteStatementTexts = ReturnType<typeof compileWriteStatements>;
export type WriteStatements = Statements<WriteStatementTexts>;

/** Inserts answer no row (or change none) when a unique value is taken. */
export function compileWriteStatements(queries: QueryBuilder) {
  return {
    ...compileObjectWrites(queries),
    ...compileAdapterWrites(queries),
    ...compileRootKeyWrites(queries),
    ...compileTrustWrites(queries),

    lastSequence: compileStatement<Nothing>(() =>
      queries
        .selectFrom('event')
        .select((eb) => eb.fn.coalesce(eb.fn.max('sequence'), eb.lit(0)).as('sequence')),
    ),
    insertEvent: compileStatement<EventRecord>((p) =>
      queries
        .insertInto('event')
        .values({
          sequence: p('sequence'),
          id: p('id'),
          time: p('time'),
          action: p('action'),
          outcome: p('outcome'),
          severity: p('severity'),
          initiator_id: p('initiatorId'),
          target_id: p('targetId'),
          adapter_id: p('adapterId'),
          correlation_id: p('correlationId'),
          body: p('body'),
        })
        .onConflict((conflict) => conflict.doNothing()),
    ),

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
