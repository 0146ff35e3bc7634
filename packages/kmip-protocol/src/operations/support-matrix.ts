/** Which operations are supported in which version, as data and as a table for people. */

import { OPERATIONS, type OperationName } from '../tables/operations.ts';
import { isWithin, VERSIONS, type Version } from '../tables/version.ts';

/** `absent`: the version does not have the operation. */
export type Support = 'supported' | 'unsupported' | 'absent';

export interface SupportRow {
  readonly operation: OperationName;
  readonly versions: Readonly<Record<Version, Support>>;
}

/**
 * Every operation of the specification against every version.
 *
 * @param handled - The operations that somebody handles, in each version that has them.
 */
export function supportMatrix(handled: readonly OperationName[]): readonly SupportRow[] {
  // The keys of the table are its operations; those of a row are the versions.
  return (Object.keys(OPERATIONS) as OperationName[]).map((operation) => {
    const entries = VERSIONS.map((version): [Version, Support] => {
      if (!isWithin(version, OPERATIONS[operation])) return [version, 'absent'];
      return [version, handled.includes(operation) ? 'supported' : 'unsupported'];
    });
    return { operation, versions: Object.fromEntries(entries) as Record<Version, Support> };
  });
}

const CELLS = { supported: 'yes', unsupported: 'no', absent: '-' } as const satisfies Record<
  Support,
  string
>;

/** The matrix as a Markdown table, the supported operations first. */
export function formatSupportMatrix(matrix: readonly SupportRow[]): string {
  const isSupported = (row: SupportRow) => Object.values(row.versions).includes('supported');
  const rows = [...matrix.filter(isSupported), ...matrix.filter((row) => !isSupported(row))];
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(['Operation', ...VERSIONS]),
    line(['---', ...VERSIONS.map(() => '---')]),
    ...rows.map(({ operation, versions }) =>
      line([operation, ...VERSIONS.map((version) => CELLS[versions[version]])]),
    ),
  ].join('\n');
}
