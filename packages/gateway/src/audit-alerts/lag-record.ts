/** Puts on the record that a sink falls behind the log, and that it has caught up. */
import { toLogRecord } from '@claviger/audit-emitter';
import type { DeliveryObserver } from '@claviger/audit-sinks';
import type { Logger } from 'pino';
import type { Installation } from '../installation.ts';

/** @returns the observer, which also records changes of the lag. What cannot be recorded is in the log. */
export function recordLag(
  observer: DeliveryObserver,
  { store, audit, ambient }: Pick<Installation, 'store' | 'audit' | 'ambient'>,
  log: Logger,
): DeliveryObserver {
  async function record(...[sink, level, lag]: Parameters<DeliveryObserver['lagLevel']>) {
    const event = audit.build({
      action: 'claviger.audit-sink.lag',
      outcome:
        level === 'current'
          ? { kind: 'success' }
          : {
              kind: 'failure',
              errorCode: 'unavailable',
              reasonText: `The sink ${sink} is behind the audit log.`,
            },
      initiator: { kind: 'system' },
      target: { kind: 'instance', name: sink },
      correlationId: ambient.randomness.uuid(),
      requestURI: `claviger:/audit/sinks/${sink}`,
      requestData: { sink, level, events: lag.events, seconds: Math.round(lag.seconds) },
    });
    if (event === undefined) return;
    const events = [{ ...toLogRecord(event), adapterId: null }];
    await store.commit({ guards: [], changes: [], events });
  }

  return {
    ...observer,
    lagLevel(sink, level, lag) {
      observer.lagLevel(sink, level, lag);
      record(sink, level, lag).catch((err: unknown) => {
        log.error({ err, sink }, 'the lag of a sink could not be recorded');
      });
    },
  };
}
