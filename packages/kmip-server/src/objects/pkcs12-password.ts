/** The password of a PKCS#12 container: a Secret Data object to which the private key is linked (1.4 §3.35). */

import { ClavigerError } from '@claviger/kmip-protocol';
import type { OperationContext } from '../operations/operation-handler.ts';
import { keyBytes } from './key-material.ts';
import { linkedId } from './links.ts';
import type { ManagedObject } from './managed-object.ts';

/**
 * The bytes of the password; the context wipes them.
 *
 * @param key - The private key, or what is to become one.
 * @throws ClavigerError `bad-password` unless the key has one PKCS#12 Password Link to a password, `inactive-password`.
 */
export async function passwordOfContainer(
  context: Pick<OperationContext, 'read' | 'open'>,
  key: Pick<ManagedObject, 'attributes'>,
): Promise<Uint8Array> {
  const links = key.attributes.filter(
    (each) =>
      each.kind === 'standard' &&
      each.name === 'Link' &&
      each.value.linkType === 'PKCS_12PasswordLink',
  );
  const id = linkedId(key, 'PKCS_12PasswordLink');
  if (links.length !== 1 || id === undefined) {
    throw new ClavigerError(
      'bad-password',
      'the private key needs one PKCS#12 Password Link, to the password of the container',
    );
  }
  const found = await context.read(id);
  if (found?.object.objectType === 'SecretData') {
    if (found.state !== 'Active') {
      throw new ClavigerError(
        'inactive-password',
        `the password is ${found.state}; it must be Active`,
      );
    }
    const { secretData } = context.open(found.object);
    const bytes = secretData === undefined ? undefined : keyBytes(secretData.keyBlock);
    if (secretData?.secretDataType === 'Password' && bytes !== undefined) return bytes;
  }
  throw new ClavigerError(
    'bad-password',
    'the PKCS#12 Password Link does not lead to a Secret Data object with a password',
  );
}
