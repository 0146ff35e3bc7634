/** The table of errors: every way in which an operation is refused. */

import { ATTRIBUTE_ROWS } from './attributes.fixtures.ts';
import { CRYPTOGRAPHY_ROWS } from './cryptography.fixtures.ts';
import { DERIVED_KEY_ROWS } from './derived-keys.fixtures.ts';
import type { ErrorRow } from './error-row.fixtures.ts';
import { GIVEN_OBJECT_ROWS } from './given-objects.fixtures.ts';
import { LIFE_CYCLE_ROWS } from './life-cycle.fixtures.ts';
import { NEW_OBJECT_ROWS } from './new-objects.fixtures.ts';
import { REGISTER_ROWS } from './register.fixtures.ts';
import { REPLACEMENT_ROWS } from './replacements.fixtures.ts';
import { SERVER_ROWS } from './server.fixtures.ts';

export const ERROR_ROWS: readonly ErrorRow[] = [
  ...LIFE_CYCLE_ROWS,
  ...ATTRIBUTE_ROWS,
  ...NEW_OBJECT_ROWS,
  ...REGISTER_ROWS,
  ...GIVEN_OBJECT_ROWS,
  ...CRYPTOGRAPHY_ROWS,
  ...DERIVED_KEY_ROWS,
  ...REPLACEMENT_ROWS,
  ...SERVER_ROWS,
];
