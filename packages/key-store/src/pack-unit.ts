import type { Change, UnitOfWork } from './store.ts';
import { unreachable } from './unreachable.ts';

/** A unit ready to be cloned to the writer, with an estimate of its size. */
export interface PackedUnit {
  readonly unit: UnitOfWork;
  readonly bytes: number;
}

/**
 * Gives every byte field a buffer of its own. Cloning a view clones the whole buffer under it: a whole
 * network frame, say, with whatever else it holds.
 */
export function packUnit(unit: UnitOfWork): PackedUnit {
  const changes = unit.changes.map(packChange);
  const bytes =
    changes.reduce((sum, change) => sum + sizeOf(change), 0) +
    unit.events.reduce((sum, event) => sum + event.body.length, 0);
  return { unit: { guards: unit.guards, changes, events: unit.events }, bytes };
}

function packChange(change: Change): Change {
  switch (change.kind) {
    case 'insert-object':
    case 'update-object': {
      const { attributes, material } = change.object;
      const object = {
        ...change.object,
        attributes: withOwnBuffer(attributes),
        material: material === null ? null : withOwnBuffer(material),
      };
      return { kind: change.kind, object };
    }
    case 'insert-adapter': {
      const wrappedKey = withOwnBuffer(change.adapter.wrappedKey);
      return { kind: change.kind, adapter: { ...change.adapter, wrappedKey } };
    }
    case 'insert-root-key': {
      const wrappedKey = withOwnBuffer(change.rootKey.wrappedKey);
      return { kind: change.kind, rootKey: { ...change.rootKey, wrappedKey } };
    }
    case 'insert-certificate':
    case 'delete-adapter':
    case 'delete-certificate':
    case 'set-root-key-state':
      return change;
    default:
      return unreachable(change, 'change');
  }
}

function withOwnBuffer(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes);
}

function sizeOf(change: Change): number {
  switch (change.kind) {
    case 'insert-object':
    case 'update-object':
      return change.object.attributes.byteLength + (change.object.material?.byteLength ?? 0);
    case 'insert-certificate':
      return change.certificate.pem.length;
    case 'insert-adapter':
    case 'insert-root-key':
    case 'delete-adapter':
    case 'delete-certificate':
    case 'set-root-key-state':
      return 0;
    default:
      return unreachable(change, 'change');
  }
}
