/** What a replacement takes over from the object that it replaces (1.4 §4.4, §4.5, §4.8). */

import {
  type Attribute,
  type AttributeName,
  attribute,
  ClavigerError,
  type StandardAttribute,
  type Version,
} from '@claviger/kmip-protocol';
import { asKept } from '../lifecycle/attribute-rules.ts';
import { withLink } from './links.ts';
import { attributeValue, type ManagedObject, withValues } from './managed-object.ts';

/** What every object has of its own. */
const OF_THE_OBJECT: ReadonlySet<AttributeName> = new Set<AttributeName>([
  'AlwaysSensitive',
  'ArchiveDate',
  'CompromiseDate',
  'CompromiseOccurrenceDate',
  'DestroyDate',
  'Digest',
  'Fresh',
  'InitialDate',
  'KeyFormatType',
  'KeyValueLocation',
  'KeyValuePresent',
  'LastChangeDate',
  'Link',
  'NeverExtractable',
  'OriginalCreationDate',
  'RandomNumberGenerator',
  'RevocationReason',
  'ShortUniqueIdentifier',
  'State',
  'UniqueIdentifier',
]);

const DATES = [
  'ActivationDate',
  'ProcessStartDate',
  'ProtectStopDate',
  'DeactivationDate',
] as const satisfies readonly AttributeName[];

/** How the request places the replacement in time. */
export interface Placement {
  /** Seconds from now to the Activation Date. */
  readonly offset: number | undefined;
  /** What the client asks for itself. */
  readonly asked: readonly Attribute[];
  readonly nowSeconds: number;
}

/**
 * The attributes of the replacement that come from the object itself.
 *
 * @throws ClavigerError `invalid-message` for an offset next to dates, `illegal-operation` for an offset
 * that the dates of the object cannot follow.
 */
export function inheritedAttributes(
  existing: ManagedObject,
  { offset, asked, nowSeconds }: Placement,
): readonly Attribute[] {
  const inherited = existing.attributes
    .filter(({ kind, name }) => kind === 'vendor' || !OF_THE_OBJECT.has(name as AttributeName))
    .map(asKept);
  if (offset === undefined) return inherited;
  const isDate = ({ kind, name }: Attribute) =>
    kind === 'standard' && DATES.some((date) => date === name);
  if (asked.some(isDate)) {
    throw new ClavigerError(
      'invalid-message',
      'an Offset and dates say the same thing twice; give one or the other',
    );
  }
  const others = inherited.filter((each) => !isDate(each));
  return [...others, ...movedDates(existing, nowSeconds + offset)];
}

/** All dates move by as much as the Activation Date does (1.4 §4.4, table 172). */
function movedDates(existing: ManagedObject, activation: number): readonly Attribute[] {
  const before = attributeValue(existing, 'ActivationDate');
  return DATES.flatMap((name): StandardAttribute[] => {
    if (name === 'ActivationDate') return [attribute(name, activation)];
    const date = attributeValue(existing, name);
    if (date === undefined) return [];
    if (before === undefined) {
      throw new ClavigerError(
        'illegal-operation',
        'the object has dates but no Activation Date, from which the Offset would move them',
      );
    }
    return [attribute(name, date + activation - before)];
  });
}

/** The object that was replaced: without its Names, with a Link to its replacement. */
export function replacedBy(
  existing: ManagedObject,
  replacementId: string,
  { version, nowSeconds }: { readonly version: Version; readonly nowSeconds: number },
): ManagedObject {
  const nameless = {
    ...existing,
    attributes: existing.attributes.filter(
      ({ kind, name }) => kind === 'vendor' || name !== 'Name',
    ),
  };
  const linked = withLink(nameless, 'ReplacementObjectLink', replacementId, version);
  return withValues(linked, { LastChangeDate: nowSeconds });
}
