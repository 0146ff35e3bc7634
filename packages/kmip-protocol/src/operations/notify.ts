/** Notify (1.4 §5.1, 2.1 §6.2.2): from the server to a client. */

import { notifiedAttributes } from '../attributes/notified-attributes.ts';
import { uniqueIdentifier } from '../attributes/unique-identifier.ts';
import { required } from '../schema/declare.ts';
import { operation } from './operation.ts';

export const Notify = operation('Notify', {
  request: {
    uniqueIdentifier: required(uniqueIdentifier('UniqueIdentifier')),
    attributes: notifiedAttributes(),
  },
  response: {},
});
