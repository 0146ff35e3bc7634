/** Templates of 1.x: named attributes for new objects to take over (1.4 §2.2.6, deprecated since 1.3). */

import { type Attribute, type AttributeSet, ClavigerError } from '@claviger/kmip-protocol';
import { isDestroyed } from '../lifecycle/state.ts';
import type { OperationContext } from '../operations/operation-handler.ts';
import { attributeKey } from './attribute-key.ts';

/**
 * The attributes that a request asks for: its own, and those of the Templates it names that it does not
 * give itself. Of several Templates the first that has an attribute counts.
 *
 * @throws ClavigerError `item-not-found` when there is no Template of a Name.
 */
export async function resolveTemplates(
  context: Pick<OperationContext, 'findByName' | 'open'>,
  set: AttributeSet | undefined,
): Promise<readonly Attribute[]> {
  if (set === undefined) return [];
  const resolved = [...set.attributes];
  const given = new Set(resolved.map(attributeKey));
  for (const { nameValue } of set.templateNames) {
    const found = await context.findByName(nameValue);
    if (found?.object.objectType !== 'Template' || isDestroyed(found.state)) {
      throw new ClavigerError(
        'item-not-found',
        'there is no Template of this Name; register it, or send the attributes themselves',
      );
    }
    // The Name of the Template is its own; everything else in it is for others.
    const offered = (context.open(found.object).template?.attributes ?? []).filter(
      (attribute) => !given.has(attributeKey(attribute)),
    );
    resolved.push(...offered);
    for (const attribute of offered) given.add(attributeKey(attribute));
  }
  return resolved;
}
