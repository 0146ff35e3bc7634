/** Set Endpoint Role (2.1 §6.1.54). */

import { enumeration, required } from '../schema/declare.ts';
import { operation } from './operation.ts';

export const SetEndpointRole = operation('SetEndpointRole', {
  request: { endpointRole: required(enumeration('EndpointRole', 'EndpointRole')) },
  response: { endpointRole: required(enumeration('EndpointRole', 'EndpointRole')) },
});
