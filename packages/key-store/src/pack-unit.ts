import type { Change, UnitOfWork } from './unit-of-work.ts';
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
      return { ...change, object };
    }
    case 'insert-adapter': {
      const wrappedKey = withOwnBuffer(change.adapter.wrappedKey);
      return { ...change, adapter: { ...change.adapter, wrappedKey } };
    }
    case 'insert-root-key': {
      const { rootKey, details } = change;
      const { wrappedPayload } = details ?? {};
      return {
        ...change,
        rootKey: { ...rootKey, wrappedKey: withOwnBuffer(rootKey.wrappedKey) },
        details: { ...details, wrappedPayload: wrappedPayload && withOwnBuffer(wrappedPayload) },
      };
    }
    case 'rotate-root-key': {
      const { version, adapters } = change;
      return {
        ...change,
        version: { ...version, wrappedKey: withOwnBuffer(version.wrappedKey) },
        adapters: adapters.map(({ id, wrappedKey }) => ({
          id,
          wrappedKey: withOwnBuffer(wrappedKey),
        })),
      };
    }
    case 'insert-api-key': {
      const { saltedHash, salt } = change.apiKey;
      const bytes = { saltedHash: withOwnBuffer(saltedHash), salt: withOwnBuffer(salt) };
      return { ...change, apiKey: { ...change.apiKey, ...bytes } };
    }
    case 'insert-credential': {
      const { sealed } = change.credential;
      const credential = { ...change.credential, sealed: sealed && withOwnBuffer(sealed) };
      return { ...change, credential };
    }
    case 'append-checkpoint': {
      const { checkpoint } = change;
      return {
        ...change,
        checkpoint: { ...checkpoint, frontier: withOwnBuffer(checkpoint.frontier) },
      };
    }
    case 'enqueue-request': {
      const { request } = change;
      return { ...change, request: { ...request, request: withOwnBuffer(request.request) } };
    }
    case 'end-request': {
      const { answer } = change;
      return { ...change, answer: answer === null ? null : withOwnBuffer(answer) };
    }
    case 'touch-adapter':
    case 'delete-adapter':
    case 'insert-certificate':
    case 'delete-certificate':
    case 'set-root-key-state':
    case 'revoke-api-key':
    case 'record-refused-certificate':
    case 'forget-refused-certificate':
    case 'insert-client-authority':
    case 'delete-client-authority':
    case 'delete-credential':
    case 'use-credential':
    case 'replace-setting':
    case 'write-sink-cursor':
    case 'delete-sink-cursor':
    case 'forget-events':
    case 'collect-request':
    case 'forget-requests':
      return change;
    default:
      return unreachable(change, 'change');
  }
}

function withOwnBuffer(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes);
}

/** What may be long; the rest of a change is small. */
function sizeOf(change: Change): number {
  switch (change.kind) {
    case 'insert-object':
    case 'update-object':
      return change.object.attributes.byteLength + (change.object.material?.byteLength ?? 0);
    case 'insert-certificate':
      return change.certificate.pem.length;
    case 'insert-client-authority':
      return change.authority.pem.length;
    case 'record-refused-certificate':
      return change.refused.pem.length + change.refused.subject.length;
    case 'insert-root-key':
      return change.details?.wrappedPayload?.byteLength ?? 0;
    case 'rotate-root-key':
      return change.adapters.reduce((sum, { wrappedKey }) => sum + wrappedKey.byteLength, 0);
    case 'replace-setting':
      return change.value.length;
    case 'append-checkpoint':
      return change.checkpoint.note.length;
    case 'enqueue-request':
      return change.request.request.byteLength;
    case 'end-request':
      return change.answer?.byteLength ?? 0;
    case 'insert-adapter':
    case 'touch-adapter':
    case 'delete-adapter':
    case 'delete-certificate':
    case 'set-root-key-state':
    case 'insert-api-key':
    case 'revoke-api-key':
    case 'forget-refused-certificate':
    case 'delete-client-authority':
    case 'insert-credential':
    case 'delete-credential':
    case 'use-credential':
    case 'write-sink-cursor':
    case 'delete-sink-cursor':
    case 'forget-events':
    case 'collect-request':
    case 'forget-requests':
      return 0;
    default:
      return unreachable(change, 'change');
  }
}
