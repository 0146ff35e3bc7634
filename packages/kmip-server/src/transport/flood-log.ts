/**
 * Lines about connections that never get as far as a principal, or get too many. Anybody can cause them
 * by the thousand, so the first of a kind is written at once and the rest as a count for each minute.
 */

import type { Clock, Logger } from '../dependencies.ts';
import { createAggregation } from './aggregation.ts';

const FLOODS = {
  // Most are clients that do not trust us yet, or look whether the port is open.
  'handshake-failed': { level: 'info', message: 'a TLS handshake failed' },
  'too-many-connections': {
    level: 'warn',
    message: 'a connection was dropped: too many are open',
  },
  'too-many-of-certificate': {
    level: 'warn',
    message: 'a connection was closed: too many are open with this certificate',
  },
  'too-many-of-address': {
    level: 'warn',
    message: 'a connection was dropped: too many from its address have shown no certificate',
  },
  overloaded: {
    level: 'warn',
    message: 'a connection was dropped: the server is overloaded',
  },
  'request-shed': {
    level: 'warn',
    message: 'a request was refused: the server is overloaded',
  },
  'proxy-header-refused': {
    level: 'warn',
    message: 'a connection of a trusted balancer was closed: it has no PROXY header of version 2',
  },
} as const satisfies Record<string, { readonly level: 'info' | 'warn'; readonly message: string }>;

export type Flood = keyof typeof FLOODS;

export interface FloodLog {
  /**
   * @param fields - Of the latest are shown with a count.
   * @param kind - Counted apart from others of the flood, e.g. an address.
   */
  note(flood: Flood, fields: object, kind?: string): void;
  close(): void;
}

export function createFloodLog(log: Logger, clock: Clock): FloodLog {
  const aggregation = createAggregation<{ readonly flood: Flood; readonly fields: object }>(
    clock,
    (reports) => {
      for (const { refusal, count } of reports) {
        const { flood, fields } = refusal.detail;
        const { level, message } = FLOODS[flood];
        log[level]({ ...fields, count }, message);
      }
    },
  );
  return {
    note(flood, fields, kind = '') {
      const reason = `${flood} ${kind}`;
      aggregation.record({ fingerprint: undefined, reason, detail: { flood, fields } });
    },
    close: () => aggregation.close(),
  };
}
