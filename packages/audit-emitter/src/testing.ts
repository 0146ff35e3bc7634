/**
 * For the tests of other packages: builders, and the check that every event in a log must pass.
 */
export { ALL_ACTIONS, aFailure, aSuccess } from './actions/action-samples.fixtures.ts';
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
