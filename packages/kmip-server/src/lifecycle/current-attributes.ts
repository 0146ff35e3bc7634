/** The attributes of an object as they read at a time: its State follows the dates. */

import { type Attribute, attribute } from '@claviger/kmip-protocol';
import type { ManagedObject } from '../objects/managed-object.ts';
import type { State } from './state.ts';

export function currentAttributes(object: ManagedObject, state: State): readonly Attribute[] {
  return object.attributes.map((candidate) =>
    candidate.kind === 'standard' && candidate.name === 'State'
      ? attribute('State', state)
      : candidate,
  );
}
