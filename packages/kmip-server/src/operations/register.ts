/** Register (1.4 §4.3, 2.1 §6.1.43): the client brings an object. */

import { attribute, OPERATION_SCHEMAS } from '@claviger/kmip-protocol';
import { stateAt } from '../lifecycle/state.ts';
import { missingDefaults } from '../objects/defaults.ts';
import { assertKeyMaterial, hasKeyValue } from '../objects/key-material.ts';
import { withLink } from '../objects/links.ts';
import {
  assertObjectType,
  attributesOfMaterial,
  attributesOfTemplate,
} from '../objects/material-attributes.ts';
import { newObject } from '../objects/new-object.ts';
import { openContainer } from '../objects/registered-container.ts';
import { resolveTemplates } from '../objects/templates.ts';
import { handler } from './operation-handler.ts';

export const register = handler<'Register'>(
  OPERATION_SCHEMAS.Register,
  async (context, request) => {
    const { objectType, attributes, protectionStorageMasks, ...given } = request;
    assertObjectType(objectType, given);
    assertKeyMaterial(given, context.version);
    const asked = [
      ...(await resolveTemplates(context, attributes)),
      ...attributesOfTemplate(given),
    ];
    const container = await openContainer(context, given, asked);
    const content = container?.content ?? given;
    const implied = attributesOfMaterial(content);
    const { defaults } = await context.rules();
    const made = await newObject(context, {
      id: context.newIdentifier(),
      objectType,
      asked: [...asked, ...missingDefaults(defaults, objectType, [...asked, ...implied])],
      implied,
      usual: hasKeyValue(content)
        ? (container?.known ?? [])
        : [attribute('KeyValuePresent', false)],
      content,
      protectionStorageMasks: protectionStorageMasks?.protectionStorageMask,
    });
    const { certificates = [] } = container ?? {};
    const [certificate] = certificates;
    const object =
      certificate === undefined
        ? made
        : withLink(made, 'PKCS_12CertificateLink', certificate.id, context.version);
    return {
      response: { uniqueIdentifier: object.id },
      save: [object, ...certificates],
      audit: {
        subject: { id: object.id, objectType, state: stateAt(object, context.nowSeconds) },
      },
      idPlaceholder: object.id,
    };
  },
);
