/**
 * PKCS#11 (2.1 §6.1.37): the functions that begin and end the use of a library and tell of it. The server has
 * no slots; keys are used by the operations of KMIP, and every other function says that it is not there.
 */

import { ClavigerError, isNamedValue, OPERATION_SCHEMAS } from '@claviger/kmip-protocol';
import { encodeCryptokiInfo } from '../pkcs11/cryptoki-info.ts';
import { handler } from './operation-handler.ts';

/** The name of the interfaces of PKCS #11 itself (PKCS #11 3.0 §5.2). */
const INTERFACE = 'PKCS 11';

/** C_Initialize and C_Finalize send one byte, for a pointer that is there or not. */
const MAX_POINTER_BYTES = 1;

export const pkcs11 = handler<'PKCS_11'>(OPERATION_SCHEMAS.PKCS_11, async (context, request) => {
  const { pkcs11Interface, pkcs11Function, correlationValue } = request;
  if (pkcs11Interface !== undefined && pkcs11Interface !== INTERFACE) {
    throw new ClavigerError(
      'pkcs11-invalid-interface',
      `the server has the interface "${INTERFACE}" only; name it, or none`,
    );
  }
  if (!isNamedValue(pkcs11Function)) {
    throw new ClavigerError(
      'pkcs11-invalid-function',
      `the function ${pkcs11Function} is not in the interface "${INTERFACE}"`,
    );
  }
  const { cryptoki } = context;
  const isInitialized = cryptoki.isInitialized(correlationValue);
  const answer = (
    pkcs11ReturnCode:
      | 'OK'
      | 'CRYPTOKI_NOT_INITIALIZED'
      | 'FUNCTION_NOT_SUPPORTED'
      | 'CRYPTOKI_ALREADY_INITIALIZED',
    more: { correlationValue?: Uint8Array; pkcs11OutputParameters?: Uint8Array } = {},
  ) => ({ response: { pkcs11Interface, pkcs11Function, pkcs11ReturnCode, ...more }, audit: {} });
  switch (pkcs11Function) {
    case 'C_Initialize':
      assertInput(request.pkcs11InputParameters, MAX_POINTER_BYTES);
      return isInitialized
        ? answer('CRYPTOKI_ALREADY_INITIALIZED')
        : answer('OK', { correlationValue: cryptoki.initialize() });
    case 'C_GetInfo':
      assertInput(request.pkcs11InputParameters, 0);
      return isInitialized
        ? answer('OK', { pkcs11OutputParameters: encodeCryptokiInfo(context.serverInformation) })
        : answer('CRYPTOKI_NOT_INITIALIZED');
    case 'C_Finalize':
      assertInput(request.pkcs11InputParameters, MAX_POINTER_BYTES);
      if (!isInitialized || correlationValue === undefined) {
        return answer('CRYPTOKI_NOT_INITIALIZED');
      }
      cryptoki.finalize(correlationValue);
      return answer('OK');
    default:
      return answer('FUNCTION_NOT_SUPPORTED');
  }
});

function assertInput(input: Uint8Array | undefined, maxBytes: number): void {
  if ((input?.length ?? 0) <= maxBytes) return;
  throw new ClavigerError(
    'pkcs11-codec-error',
    `the function takes ${maxBytes} bytes of PKCS#11 Input Parameters at most`,
  );
}
