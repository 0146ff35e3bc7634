/** Objects of KMIP as far as the tests of the API need them: a state, and nothing else. */

import type { KmipStateName } from '@claviger/audit-emitter';
import type { ObjectRecord, Predicate } from '@claviger/key-store';
import { anObject } from '@claviger/key-store/testing';
import type { ManagedObjects } from './dependencies.ts';

const STATE = 'State';

const encode = (state: KmipStateName) => new TextEncoder().encode(state);

/** An object whose attributes are the name of its state. */
export function anObjectIn(
  adapterId: string,
  state: KmipStateName,
  createdAt: number,
): ObjectRecord {
  return anObject({
    adapterId,
    createdAt,
    attributes: encode(state),
    index: [{ name: STATE, value: state }],
  });
}

export const objectsForTests: ManagedObjects = {
  // What `anObjectIn` and `destroyed` encode is a name of a state.
  stateAt: (attributes) => new TextDecoder().decode(attributes) as KmipStateName,
  attributesOf: (attributes) => [
    { name: STATE, value: new TextDecoder().decode(attributes) },
    { name: 'x-Name', index: 1, value: 'vm-12' },
  ],
  whereState: (states): Predicate => ({
    kind: 'or',
    of: states.map((value) => ({ kind: 'equals', name: STATE, value })),
  }),
  destroyed(record, nowMs) {
    const before = objectsForTests.stateAt(record.attributes, nowMs);
    const state = before === 'Compromised' ? 'DestroyedCompromised' : 'Destroyed';
    return {
      ...record,
      version: record.version + 1,
      material: null,
      attributes: encode(state),
      index: [{ name: STATE, value: state }],
      uniqueNames: [],
    };
  },
};
