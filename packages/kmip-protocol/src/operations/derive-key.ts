/** Derive Key (1.4 §4.6, 2.1 §6.1.14). */

import { attributeSet, templateAttribute } from '../attributes/fields.ts';
import { uniqueIdentifier } from '../attributes/unique-identifier.ts';
import { enumeration, oneOrMore, optional, required } from '../schema/declare.ts';
import { DerivationParameters } from './derivation-parameters.ts';
import { operation } from './operation.ts';

export const DeriveKey = operation('DeriveKey', {
  request: {
    objectType: required(enumeration('ObjectType', 'ObjectType')),
    /** The keys and data to derive from. */
    uniqueIdentifier: oneOrMore(uniqueIdentifier('UniqueIdentifier')),
    derivationMethod: required(enumeration('DerivationMethod', 'DerivationMethod')),
    derivationParameters: required(DerivationParameters),
    attributes: attributeSet('TemplateAttribute', 'Attributes'),
  },
  response: {
    uniqueIdentifier: required(uniqueIdentifier('UniqueIdentifier')),
    /** What the server set beyond the request; 2.x has no place for it. */
    templateAttribute: optional(templateAttribute('TemplateAttribute'), { until: '1.4' }),
  },
});
