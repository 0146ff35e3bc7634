/** The context of one batch item: what a handler may read, make and open. */

import {
  ClavigerError,
  decodeStoredObject,
  encodeStoredObject,
  type UniqueIdentifierValue,
} from '@claviger/kmip-protocol';
import { permissionsOf } from '../credentials/permissions.ts';
import { assertOnLine } from '../lifecycle/archive.ts';
import { isDestroyed, stateAt } from '../lifecycle/state.ts';
import { namePredicate } from '../locate/predicate.ts';
import { adapterKeyOf, materialPlace } from '../objects/adapter-key.ts';
import { parseObjectRules } from '../objects/object-rules.ts';
import type {
  AuditSubject,
  FoundObject,
  OperationContext,
} from '../operations/operation-handler.ts';
import type { Principal } from '../principal.ts';
import { ticketOwnerOf } from '../tickets/login-tickets.ts';
import type { MessageContext } from './message-context.ts';

/** Longest identifier that is looked up; the server's own have 36 characters. */
const MAX_IDENTIFIER_LENGTH = 256;

export interface ItemContext {
  readonly operation: OperationContext;
  /** The object that the item is about, as far as it got. */
  subject(): AuditSubject | undefined;
  /** The identifier that the item asked for, when nothing was found under it. */
  missingId(): string | undefined;
  /** @throws ClavigerError `permission-denied` when the client may not ask for the operation at all. */
  assertPermitted(): void;
  /** @throws ClavigerError `permission-denied` when it may for certain objects, and this was about none. */
  assertCovered(): void;
}

export function createItemContext(
  message: MessageContext,
  idPlaceholder: string | null | undefined,
  operationName: string,
): ItemContext {
  const { dependencies, principal, workspace, nowSeconds, useRootKey } = message;
  const { adapter, rootKey } = principal.record;
  let subject: AuditSubject | undefined;
  let missingId: string | undefined;
  const permissions = permissionsOf(message.access, operationName);
  let isAboutObject = false;

  async function read(id: string): Promise<FoundObject | undefined> {
    const object = id.length <= MAX_IDENTIFIER_LENGTH ? await workspace.read(id) : undefined;
    return object === undefined ? undefined : { object, state: stateAt(object, nowSeconds) };
  }

  /** What the client may not use is not there for it, unless it asks for it by name. */
  async function readPermitted(id: string): Promise<FoundObject | undefined> {
    const found = await read(id);
    return found !== undefined && permissions.allows(found.object) ? found : undefined;
  }

  function assertCovered(): void {
    if (permissions.needsObject && !isAboutObject) {
      throw new ClavigerError(
        'permission-denied',
        'the Rights of the ticket are for certain objects, and this is about none of them',
      );
    }
  }

  const adapterKey = adapterKeyOf(adapter, rootKey);

  const operation: OperationContext = {
    version: message.version,
    adapterId: adapter.id,
    nowSeconds,
    operations: message.operations,
    serverInformation: message.identity,

    async find(identifier) {
      const id = resolveIdentifier(identifier, idPlaceholder);
      const found = await read(id);
      if (found === undefined) {
        missingId = id.slice(0, MAX_IDENTIFIER_LENGTH);
        throw new ClavigerError('item-not-found', 'no object with this Unique Identifier exists');
      }
      const { object, state } = found;
      subject = { id: object.id, objectType: object.objectType, state };
      if (!permissions.allows(object)) {
        throw new ClavigerError(
          'permission-denied',
          'the object belongs to another credential, or the ticket is not for it',
        );
      }
      isAboutObject = true;
      return found;
    },

    read: readPermitted,

    async findByName(nameValue) {
      const { ids } = await workspace.locate(namePredicate(nameValue), { offset: 0, limit: 1 });
      const [id] = ids;
      return id === undefined ? undefined : await readPermitted(id);
    },

    async locate(where, page) {
      isAboutObject = true; // it finds no others
      const hasOwners = await workspace.hasGuardedObjects();
      return await workspace.locate(permissions.narrowed(where, hasOwners), page);
    },

    rules: async () => parseObjectRules(await workspace.readRules()),

    async isNameTaken(nameValue) {
      const where = namePredicate(nameValue);
      const { total } = await workspace.locate(where, { offset: 0, limit: 1 });
      return total > 0;
    },

    clientCertificate: registeredCertificate(principal),
    isRegistered: async (fingerprint) =>
      (await dependencies.store.findPrincipal(fingerprint)) !== undefined,

    newIdentifier: () => dependencies.randomness.uuid(),

    wipeLater: message.wipeLater,
    randomBytes: (count) => dependencies.randomness.bytes(count),
    seedGenerator: message.seedGenerator,
    streams: message.streams,
    queue: message.queue,
    assertKeysUsable: useRootKey,
    cryptoki: {
      initialize: () => message.applications.initialize(ticketOwnerOf(principal)),
      isInitialized: (value) => message.applications.isInitialized(ticketOwnerOf(principal), value),
      finalize: (value) => message.applications.finalize(ticketOwnerOf(principal), value),
    },
    takeTurn: (groups) => message.rounds.take(adapter.id, groups),
    issueTicket(bounds) {
      assertCovered();
      return message.tickets.issue(ticketOwnerOf(principal), bounds, message.access);
    },
    endTicket: (value) => message.tickets.end(ticketOwnerOf(principal), value),

    newKeyMaterial(lengthBytes) {
      return message.wipeLater(dependencies.randomness.bytes(lengthBytes));
    },

    seal(id, object) {
      useRootKey();
      const encoded = encodeStoredObject(object);
      try {
        return dependencies.keys.seal(adapterKey, encoded, materialPlace(id));
      } finally {
        encoded.fill(0);
      }
    },

    open(object) {
      useRootKey();
      if (object.material === null || isDestroyed(stateAt(object, nowSeconds))) {
        throw new ClavigerError('material-destroyed', 'the object has been destroyed');
      }
      assertOnLine(object);
      const key = dependencies.keys.open(adapterKey, object.material, materialPlace(object.id));
      try {
        // The one place where material is copied on purpose: it lives until the answer is written.
        return key.use((bytes) => decodeStoredObject(message.wipeLater(new Uint8Array(bytes))));
      } finally {
        key.wipe();
      }
    },
  };
  return {
    operation,
    subject: () => subject,
    missingId: () => missingId,
    assertPermitted: permissions.assertOperation,
    assertCovered,
  };
}

function resolveIdentifier(
  identifier: UniqueIdentifierValue | undefined,
  idPlaceholder: string | null | undefined,
): string {
  if (typeof identifier === 'string') return identifier;
  if (identifier === undefined || 'placeholder' in identifier) {
    if (identifier !== undefined && identifier.placeholder !== 'IDPlaceholder') {
      throw unresolved();
    }
    if (idPlaceholder === null) {
      throw new ClavigerError(
        'item-not-found',
        'name the object by its Unique Identifier: the item before this one left no ID Placeholder',
      );
    }
    if (idPlaceholder !== undefined) return idPlaceholder;
    throw new ClavigerError(
      'missing-data',
      'name the object by its Unique Identifier: there is no ID Placeholder here',
    );
  }
  throw unresolved();
}

/** References were put in place before the item was read: what is left is none. */
function unresolved(): ClavigerError {
  return new ClavigerError('invalid-field', 'the Unique Identifier is no reference that there is');
}

function registeredCertificate({
  record: { certificate },
}: Principal): OperationContext['clientCertificate'] {
  const { id, name, createdBy } = certificate;
  return id === undefined || name === undefined ? undefined : { id, name, createdBy };
}

export function rootKeyUnusable(): ClavigerError {
  return new ClavigerError(
    'root-key-unusable',
    'the root key of the adapter is disabled or deleted; enable it to use the keys below it',
  );
}
