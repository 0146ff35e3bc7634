/** Which Result Reasons the specifications name for which operation. */
import { HEADER, literal } from './render.ts';
import type { Source } from './source.ts';

/** Wordings in the tables of errors that are not the name of one Result Reason. */
const REASONS_MEANT: Readonly<Record<string, readonly string[]>> = {
  'Key Format Type and/or Key Compression Type Not Supported': [
    'KeyFormatTypeNotSupported',
    'KeyCompressionTypeNotSupported',
  ],
  'Not Extractble': ['NotExtractable'],
  'Cryptographic Failure?': ['CryptographicFailure'],
  // 1.4 has no reason for an unknown Key Wrap Type; Feature Not Supported is the nearest.
  'Not Supported': ['FeatureNotSupported'],
  'Not Supported.': ['FeatureNotSupported'],
  'N/A': [],
};

/** Headings of the tables of errors that are not the name of an operation. */
const OPERATIONS_MEANT: Readonly<Record<string, string>> = {
  'Create Split Key Errors': 'Create Split Key',
  'Join Split Key Errors': 'Join Split Key',
  HASH: 'Hash',
};

/** What 1.x lists for every operation, and the table for a whole batch, which only refers to others. */
const GENERAL = 'General';
const BATCH = 'Batch Items';
const FROM_SERVER = 's2c:';

/** 1.x describes each error, 2.x only lists reasons. */
type Row = string | { readonly reason: string };

type Tables = Record<string, Record<string, readonly string[]>>;

export function renderResultReasons(source: Source): string {
  const general: Record<string, readonly string[]> = {};
  const fromClient: Tables = {};
  const fromServer: Tables = {};
  const versions: Readonly<Record<string, Readonly<Record<string, readonly Row[]>>>> = {
    ...source.errors['1.x'],
    ...source.errors['2.x'],
  };
  for (const [version, tables] of Object.entries(versions)) {
    fromClient[version] = {};
    fromServer[version] = {};
    for (const [heading, rows] of Object.entries(tables)) {
      const reasons = reasonNames(
        source,
        heading === BATCH ? [] : rows.map((row) => (typeof row === 'string' ? row : row.reason)),
      );
      if (heading === GENERAL) {
        general[version] = reasons;
      } else if (heading !== BATCH) {
        const name = heading.replace(FROM_SERVER, '');
        const operation = source.operations[OPERATIONS_MEANT[name] ?? name];
        if (operation === undefined) {
          throw new Error(`Result Reasons of ${version}: "${heading}" is no operation.`);
        }
        const target = heading.startsWith(FROM_SERVER) ? fromServer : fromClient;
        target[version] = { ...target[version], [operation.xmlName]: reasons };
      }
    }
  }
  return `${HEADER}
import type { EnumerationValueName } from './enumerations.ts';
import type { OperationName } from './operations.ts';
import type { Version } from './version.ts';

export type ResultReasonName = EnumerationValueName<'ResultReason'>;

type ReasonsByOperation = Readonly<
  Record<Version, Readonly<Partial<Record<OperationName, readonly ResultReasonName[]>>>>
>;

/** Reasons that 1.x allows for every operation; 2.x repeats them under each operation. */
export const GENERAL_RESULT_REASONS: Readonly<
  Partial<Record<Version, readonly ResultReasonName[]>>
> = ${literal(general)};

/** Reasons that the specification names for an operation that a client requests. */
export const RESULT_REASONS_OF_OPERATION: ReasonsByOperation = ${literal(fromClient)};

/** Reasons that the specification names for an operation that a server requests. */
export const RESULT_REASONS_FROM_CLIENT: ReasonsByOperation = ${literal(fromServer)};
`;
}

function reasonNames(source: Source, wordings: readonly string[]): string[] {
  const values = source.enumerations['Result Reason']?.values ?? [];
  const byName = new Map(values.map((row) => [row.name?.toLowerCase(), row.xmlName]));
  const names = wordings.flatMap((wording) => {
    const name = byName.get(wording.toLowerCase());
    const meant = REASONS_MEANT[wording] ?? (name === undefined ? undefined : [name]);
    if (meant === undefined) {
      throw new Error(`"${wording}" is no Result Reason.`);
    }
    return meant;
  });
  return [...new Set(names)].sort();
}
