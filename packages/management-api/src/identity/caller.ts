import type { IamInitiator } from '@claviger/audit-emitter';
import type { Role } from './roles.ts';

/** Who calls, as the token says. */
export interface Caller {
  /** What `created_by` and events say: `IBMid-...` or `iam-ServiceId-...`. */
  readonly iamId: string;
  readonly name: string;
  readonly kind: IamInitiator['kind'];
  readonly credential: 'token' | 'apikey';
  readonly roles: readonly Role[];
}
