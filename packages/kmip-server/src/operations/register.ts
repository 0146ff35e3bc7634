/** Register (1.4 §4.3, 2.1 §6.1.43): the client brings an object. */

import { attribute, OPERATION_SCHEMAS } from '@claviger/kmip-protocol';
import { stateAt } from '../lifecycle/state.ts';
import { missingDefaults } from '../objects/defaults.ts';
import { assertKeyMaterial, hasKeyValue } from '../objects/key-material.ts';
import {
  assertObjectType,
  attributesOfMaterial,
  attributesOfTemplate,
} from '../objects/material-attributes.ts';
import { newObject } from '../objects/new-object.ts';
import { resolveTemplates } from '../objects/templates.ts';
import { handler } from './operation-handler.ts';

export const register = handler<'Register'>(
  OPERATION_SCHEMAS.Register,
  async (context, request) => {
    const { objectType, attributes, protectionStorageMasks, ...content } = request;
    assertObjectType(objectType, content);
    assertKeyMaterial(content, context.version);
    const asked = [
      ...(await resolveTemplates(context, attributes)),
      ...attributesOfTemplate(content),
    ];
    const implied = attributesOfMaterial(content);
    const { defaults } = await context.rules();
    const object = await newObject(context, {
      id: context.newIdentifier(),
      objectType,
      asked: [...asked, ...missingDefaults(defaults, objectType, [...asked, ...implied])],
      implied,
      usual: hasKeyValue(content) ? [] : [attribute('KeyValuePresent', false)],
      content,
      protectionStorageMasks: protectionStorageMasks?.protectionStorageMask,
    });
    return {
      response: { uniqueIdentifier: object.id },
      save: [object],
      audit: {
        subject: { id: object.id, objectType, state: stateAt(object, context.nowSeconds) },
      },
      idPlaceholder: object.id,
    };
  },
);
