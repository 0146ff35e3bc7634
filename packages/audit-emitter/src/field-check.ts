/** Whether a value of `requestData` or `responseData` is what the catalogue says of its field. */
import type { FieldType } from './catalogue/action-definition.ts';
import { isHpcsKeyState } from './key-state.ts';

const FIELD_CHECKS = {
  string: (value) => typeof value === 'string',
  boolean: (value) => typeof value === 'boolean',
  integer: (value) => Number.isInteger(value),
  'date-time': (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value)),
  'string-list': (value) => Array.isArray(value) && value.every((item) => typeof item === 'string'),
} as const satisfies Record<FieldType, (value: unknown) => boolean>;

/** @param path - From the event, e.g. `responseData.newValue.keyState`. */
export function fitsField(path: string, type: FieldType, value: unknown): boolean {
  if (isKeyStatePath(path)) return isHpcsKeyState(value);
  return FIELD_CHECKS[type](value);
}

/** A key state is an integer, but not any. */
export function isKeyStatePath(path: string): boolean {
  return path.endsWith('.keyState');
}
