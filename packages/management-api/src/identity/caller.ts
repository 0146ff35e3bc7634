import type { IamInitiator, LocalUserInitiator } from '@claviger/audit-emitter';
import type { Role } from './roles.ts';

/** Who calls: whom the token names, or an account of the machine. */
export interface Caller {
  /** What `created_by` and events say: `IBMid-...`, `iam-ServiceId-...` or `LocalUser-...`. */
  readonly iamId: string;
  readonly name: string;
  readonly kind: IamInitiator['kind'] | LocalUserInitiator['kind'];
  readonly credential: 'token' | 'apikey' | 'user';
  readonly roles: readonly Role[];
}
