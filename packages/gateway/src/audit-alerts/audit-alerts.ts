/** Alerts of an installation: rules of the configuration over its log, and their events in it. */
import {
  type Alert,
  type AlertWatch,
  alertEventInput,
  startAlertWatch,
} from '@claviger/audit-alerts';
import { toLogRecord } from '@claviger/audit-emitter';
import { createTimerClock } from '@claviger/audit-sinks';
import type { NewEvent } from '@claviger/key-store';
import type { Logger } from 'pino';
import { ConfigError } from '../config/config-error.ts';
import type { Settings } from '../config/settings-schema.ts';
import type { Installation } from '../installation.ts';
import { rulesOf } from './rules-of.ts';

export interface AuditAlerts {
  start(): void;
  /** Does not reject. */
  close(): Promise<void>;
}

/** Up to where the log was looked at. Not a sink's cursor: retention must not wait for rules that are off. */
const PLACE_SETTING = 'alerts-place';

/** @throws ConfigError when there are rules and no events to record alerts by. */
export function createAuditAlerts(
  settings: Pick<Settings, 'alerts' | 'audit'>,
  { store, commits, audit, ambient }: Installation,
  log: Logger,
): AuditAlerts {
  const rules = rulesOf(settings.alerts);
  const isPossible = settings.audit.extension_actions;
  if (settings.alerts.rules.length > 0 && !isPossible) {
    throw new ConfigError([
      'alerts.rules: an alert is an event of our own, which audit.extension_actions = false turns off; turn that on or leave the rules out',
    ]);
  }
  let watch: AlertWatch | undefined;
  let stopListening = () => {};

  function eventsOf(alert: Alert): readonly NewEvent[] {
    const event = audit.build(alertEventInput(alert, ambient.randomness.uuid()));
    return event === undefined ? [] : [{ ...toLogRecord(event), adapterId: null }];
  }

  return {
    start() {
      if (rules.length === 0 || !isPossible) return;
      watch = startAlertWatch(
        {
          source: {
            listEvents: (query) => store.listEvents(query),
            lastEventSequence: () => store.lastEventSequence(),
            async hasEarlier({ initiatorId, beforeSequence, outcomes }) {
              const search = { initiatorId, beforeSequence, outcomes, limit: 1 };
              return (await store.queryEvents(search)).events.length > 0;
            },
            async readPlace() {
              const place = await store.readSetting(PLACE_SETTING);
              return place === undefined ? undefined : Number(place);
            },
            async commit(alerts, place) {
              await store.commit({
                guards: [],
                changes: [{ kind: 'replace-setting', name: PLACE_SETTING, value: String(place) }],
                events: alerts.flatMap(eventsOf),
              });
            },
          },
          clock: createTimerClock(() => ambient.clock.now()),
          log,
        },
        rules,
      );
      stopListening = commits.onCommitted(watch.notify);
    },
    async close() {
      stopListening();
      await watch?.close();
    },
  };
}
