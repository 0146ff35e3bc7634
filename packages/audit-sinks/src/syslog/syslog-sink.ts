/** Events to a syslog receiver, over TLS (RFC 5425) or TCP (RFC 6587, octet counting). */

import type { DeliveryClock } from '../delivery-clock.ts';
import type { Sink, SinkEvent } from '../sink.ts';
import { loadTls, type ReadTls } from '../tls-options.ts';
import { type CefProduct, toCef } from './cef.ts';
import { openSyslogConnection, type SyslogConnection } from './syslog-connection.ts';
import { frameMessages, type SyslogHeader, syslogMessage } from './syslog-message.ts';

/**
 * Syslog has no acknowledgement; what stands in for one:
 *
 * - `closed`: the connection is ended after the batch, and the receiver has ended its side, which it does
 *   when it has read everything. What it read and did not keep is beyond what anyone can see. One
 *   connection for each batch.
 * - `sent`: the system has taken the bytes, and the connection has stood for a moment. For receivers that
 *   do not end their side. What was under way when a receiver's machine dies is lost.
 */
export type SyslogConfirmation = 'closed' | 'sent';

export interface SyslogSinkOptions {
  readonly host: string;
  /** Commonly 6514 with TLS, 514 without. */
  readonly port: number;
  /** TCP in the clear when undefined. */
  readonly readTls?: ReadTls | undefined;
  /** `json` (default): the event as it is stored; `cef`: in the Common Event Format. */
  readonly format?: 'json' | 'cef' | undefined;
  /** Default `closed`. */
  readonly confirmation?: SyslogConfirmation | undefined;
  /** 0 to 23. Default 13, "log audit". */
  readonly facility?: number | undefined;
  /** What the messages say about this machine. */
  readonly hostname: string;
  /** Default `claviger`. */
  readonly appName?: string | undefined;
  /** Names the structured data, `claviger@<number>`. Default 32473, which is for examples (RFC 5612). */
  readonly enterpriseNumber?: number | undefined;
  /** What CEF says about the product. Default Claviger, without a version. */
  readonly product?: CefProduct | undefined;
}

export interface SyslogSinkDependencies {
  readonly clock: DeliveryClock;
}

const LOG_AUDIT = 13;
const EXAMPLE_ENTERPRISE = 32_473;
const PRODUCT: CefProduct = { vendor: 'Claviger', product: 'Claviger', version: '' };
/** Longer than a round trip, so that the reset of a receiver that had gone has come. */
const SETTLE_MS = 100;

/** @throws RangeError when the port or the facility is none. */
export function createSyslogSink(
  { clock }: SyslogSinkDependencies,
  options: SyslogSinkOptions,
): Sink {
  const { host, port, format = 'json', confirmation = 'closed', product = PRODUCT } = options;
  const header: SyslogHeader = {
    facility: options.facility ?? LOG_AUDIT,
    hostname: options.hostname,
    appName: options.appName ?? 'claviger',
    enterpriseNumber: options.enterpriseNumber ?? EXAMPLE_ENTERPRISE,
  };
  checkRange('port', port, 1, 65_535);
  checkRange('facility', header.facility, 0, 23);
  let open: SyslogConnection | undefined;

  async function connection(signal: AbortSignal): Promise<SyslogConnection> {
    if (open?.isOpen) return open;
    open?.destroy();
    open = undefined;
    const tls = options.readTls && (await loadTls(options.readTls));
    open = await openSyslogConnection({ host, port, tls }, signal);
    return open;
  }

  const messageOf = (event: SinkEvent) =>
    syslogMessage(event, header, format === 'cef' ? toCef(event, product) : event.body);

  return {
    async deliver(batch, signal) {
      const bytes = frameMessages(batch.map(messageOf));
      const current = await connection(signal);
      try {
        await current.send(bytes, signal);
        // Before our end is sent too: on a connection that the receiver has left, it would seem answered.
        await current.stands(SETTLE_MS, clock, signal);
        if (confirmation === 'closed') {
          open = undefined;
          await current.end(signal);
        }
      } catch (error) {
        // The receiver may have half of a message: the next attempt begins on a new connection.
        current.destroy();
        open = undefined;
        throw error;
      }
    },
    async close() {
      open?.destroy();
    },
  };
}

function checkRange(what: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new RangeError(`The ${what} ${value} is not between ${least} and ${most}.`);
}
