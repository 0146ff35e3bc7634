import type { Attribute } from '@claviger/kmip-protocol';

/** The groups that an object is in (1.4 §3.33). */
export function groupsOf(attributes: readonly Attribute[]): ReadonlySet<string> {
  return new Set(
    attributes.flatMap((each) =>
      each.kind === 'standard' && each.name === 'ObjectGroup' ? [each.value] : [],
    ),
  );
}
