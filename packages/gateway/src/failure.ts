import type { ExitReason } from './exit-code.ts';

/**
 * What ends a command: `message` is for the person in front of it and says what to do; `reason`
 * decides the exit code. Neither ever holds a secret.
 */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly reason: ExitReason;

  constructor(reason: ExitReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}
