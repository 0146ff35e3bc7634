/** Derive Key (1.4 §4.6, 2.1 §6.1.14): a symmetric key or a secret from keys and secrets that are here. */

import {
  type Attribute,
  attribute,
  ClavigerError,
  OPERATION_SCHEMAS,
  type RequestOf,
} from '@claviger/kmip-protocol';
import { derive, deriveSharedSecret } from '../cryptography/derive.ts';
import { assertUsable, countUse } from '../lifecycle/cryptographic-usage.ts';
import { stateAt } from '../lifecycle/state.ts';
import { askedAttributes } from '../objects/defaults.ts';
import { withLink } from '../objects/links.ts';
import { attributeValue, type ManagedObject, withValues } from '../objects/managed-object.ts';
import { newObject } from '../objects/new-object.ts';
import { secretOf } from '../objects/secret-data.ts';
import { finishKey } from '../objects/symmetric-algorithms.ts';
import { keyParameters, type NewMaterial, symmetricKeyOf } from '../objects/symmetric-key.ts';
import { openKey, parametersFor, type UsableKey } from '../objects/usable-key.ts';
import { type FoundObject, handler, type OperationContext } from './operation-handler.ts';

type DeriveRequest = RequestOf<typeof OPERATION_SCHEMAS.DeriveKey>;

/** Longer ones nobody derives; each is computed in one go. */
const MAX_SECRET_BYTES = 8192;

export const deriveKey = handler<'DeriveKey'>(
  OPERATION_SCHEMAS.DeriveKey,
  async (context, request) => {
    const { objectType } = request;
    const sources: FoundObject[] = [];
    for (const identifier of request.uniqueIdentifier) {
      const source = await context.find(identifier);
      assertUsable(source, { bit: 'DeriveKey', purpose: 'protect' }, context.nowSeconds);
      sources.push(source);
    }
    const asked = await askedAttributes(context, objectType, request.attributes);
    const shape = shapeOf(objectType, asked);
    const bytes = context.wipeLater(await deriveFrom(context, sources, request, shape.lengthBytes));
    const id = context.newIdentifier();
    const { implied, content } = shape.material(bytes);
    const object = await newObject(context, {
      id,
      objectType,
      asked: shape.asked,
      implied,
      usual: [
        attribute('OriginalCreationDate', context.nowSeconds),
        attribute('CryptographicLength', shape.lengthBytes * 8),
      ],
      content,
    });
    const derived = sources.reduce(
      (linked, source) =>
        withLink(linked, 'DerivationBaseObjectLink', source.object.id, context.version),
      object,
    );
    const changed = sources.map((source) => afterUse(context, source.object, id, bytes.length));
    return {
      response: { uniqueIdentifier: id },
      save: [derived, ...changed],
      audit: { subject: { id, objectType, state: stateAt(derived, context.nowSeconds) } },
      idPlaceholder: id,
    };
  },
);

/** What is to be made, as far as the request says it. */
interface Shape {
  readonly lengthBytes: number;
  readonly asked: readonly Attribute[];
  material(bytes: Uint8Array): NewMaterial;
}

function shapeOf(objectType: DeriveRequest['objectType'], asked: readonly Attribute[]): Shape {
  switch (objectType) {
    case 'SymmetricKey': {
      const { algorithm, lengthBits, lengthBytes } = keyParameters({ attributes: asked });
      return {
        lengthBytes,
        asked,
        material(bytes) {
          finishKey(algorithm, bytes);
          return symmetricKeyOf(algorithm, lengthBits, bytes);
        },
      };
    }
    case 'SecretData': {
      const lengthBits = attributeValue({ attributes: asked }, 'CryptographicLength');
      const lengthBytes = (lengthBits ?? 0) / 8;
      if (lengthBytes < 1 || lengthBytes > MAX_SECRET_BYTES || !Number.isInteger(lengthBytes)) {
        throw refuse(
          `a derived secret needs the attribute Cryptographic Length: 8 to ${MAX_SECRET_BYTES * 8} bits, in steps of 8`,
        );
      }
      return {
        lengthBytes,
        // It says how much to derive; a secret has no such attribute in 1.x.
        asked: asked.filter(
          ({ kind, name }) => kind === 'vendor' || name !== 'CryptographicLength',
        ),
        material: (bytes) => secretOf('Seed', bytes),
      };
    }
    default:
      throw new ClavigerError(
        'invalid-object-type',
        `Derive Key makes objects of type SymmetricKey or SecretData, not ${objectType}`,
      );
  }
}

async function deriveFrom(
  context: OperationContext,
  sources: readonly FoundObject[],
  request: DeriveRequest,
  lengthBytes: number,
): Promise<Uint8Array> {
  const { derivationMethod, derivationParameters: given } = request;
  const keys = sources.map(({ object }) => openKey(context, object));
  if (derivationMethod === 'AsymmetricKey') return agree(keys, lengthBytes);
  const [key, secret, ...more] = keys;
  const [base] = sources;
  if (key?.kind !== 'secret' || base === undefined) {
    throw new ClavigerError(
      'invalid-object-type',
      `the Derivation Method ${derivationMethod} needs a symmetric key or a secret first`,
    );
  }
  if (more.length > 0 || (secret !== undefined && secret.kind !== 'secret')) {
    throw refuse('this method takes one key, and one secret at most in the place of the data');
  }
  const [data, ...furtherData] = given.derivationData;
  if (furtherData.length > 0) throw refuse('this method takes one Derivation Data only');
  if (data !== undefined && secret !== undefined) {
    throw new ClavigerError(
      'invalid-message',
      'give the data either as Derivation Data or as a secret, not as both',
    );
  }
  return await derive({
    method: derivationMethod,
    parameters: parametersFor(base.object, given.cryptographicParameters),
    key: key.bytes,
    algorithm: attributeValue(base.object, 'CryptographicAlgorithm'),
    initializationVector: given.initializationVector,
    data: data ?? secret?.bytes,
    salt: given.salt,
    iterationCount: given.iterationCount,
    lengthBytes,
  });
}

/** The secret that a private key of the client's and a public key of somebody else's share. */
function agree(keys: readonly UsableKey[], lengthBytes: number): Uint8Array {
  const [own, other] = [
    keys.find((key) => key.kind === 'private'),
    keys.find((key) => key.kind === 'public'),
  ];
  if (own?.kind !== 'private' || other?.kind !== 'public' || keys.length !== 2) {
    throw new ClavigerError(
      'invalid-object-type',
      'the Derivation Method Asymmetric Key needs a private key and a public one',
    );
  }
  return deriveSharedSecret(own.key, other.key, lengthBytes);
}

/** A source after it was used: with a Link to what was derived, and one use less. */
function afterUse(
  context: OperationContext,
  source: ManagedObject,
  derivedId: string,
  bytes: number,
): ManagedObject {
  const used = countUse(source, bytes) ?? source;
  const linked = withLink(used, 'DerivedKeyLink', derivedId, context.version);
  return withValues(linked, { LastChangeDate: context.nowSeconds });
}

function refuse(message: string): ClavigerError {
  return new ClavigerError('invalid-field', message);
}
