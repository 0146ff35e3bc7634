/**
 * For the tests of other packages: builders, and the check that every event in a log must pass.
 */
export {
  A_FINGERPRINT,
  AN_EVENT_TIME,
  AN_INSTANCE_ID,
  AN_OBJECT_ID,
  anEmitter,
  anEvent,
  anEventInput,
} from './emitter.fixtures.ts';
export { assertValidEvent } from './valid-event.ts';
