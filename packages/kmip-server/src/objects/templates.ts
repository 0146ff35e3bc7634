/** Templates of 1.x: named attributes for new objects to take over (1.4 §2.2.6, deprecated since 1.3). */

import {
  type Attribute,
  type AttributeSet,
  ClavigerError,
  type Version,
} from '@claviger/kmip-protocol';
import { allowsSeveral } from '../lifecycle/attribute-rules.ts';
import { isDestroyed } from '../lifecycle/state.ts';
import type { OperationContext } from '../operations/operation-handler.ts';
import { attributeKey } from './attribute-key.ts';

/**
 * The attributes that a request asks for: its own, and those of the Templates it names. Of an attribute
 * with one value the request's counts, then that of the last Template; of others all count (1.4 §4.1).
 *
 * @throws ClavigerError `item-not-found` when there is no Template of a Name.
 */
export async function resolveTemplates(
  context: Pick<OperationContext, 'findByName' | 'open' | 'version'>,
  set: AttributeSet | undefined,
): Promise<readonly Attribute[]> {
  if (set === undefined) return [];
  const sources: (readonly Attribute[])[] = [];
  for (const { nameValue } of set.templateNames) {
    const found = await context.findByName(nameValue);
    if (found?.object.objectType !== 'Template' || isDestroyed(found.state)) {
      throw new ClavigerError(
        'item-not-found',
        'there is no Template of this Name; register it, or send the attributes themselves',
      );
    }
    const offered = context.open(found.object).template?.attributes ?? [];
    // The Name of the Template is its own; everything else in it is for others.
    sources.push(offered.filter(({ kind, name }) => kind === 'vendor' || name !== 'Name'));
  }
  return combined([...sources, set.attributes], context.version);
}

/**
 * Attributes of several sources, those of the later ones with more weight: they replace what can have one
 * value only, and come after what can have several (1.4 §4.2).
 */
export function combined(
  sources: readonly (readonly Attribute[])[],
  version: Version,
): readonly Attribute[] {
  return sources.reduce<readonly Attribute[]>((earlier, later) => {
    const replaced = new Set(
      later.filter((candidate) => !allowsSeveral(candidate, version)).map(attributeKey),
    );
    return [...earlier.filter((candidate) => !replaced.has(attributeKey(candidate))), ...later];
  }, []);
}
