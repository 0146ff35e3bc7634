/** A connection to a syslog receiver, over TCP or TLS, and what it can tell of what has arrived. */

import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { toConnectionError } from '../connection-error.ts';
import type { DeliveryClock } from '../delivery-clock.ts';
import { DeliveryError, throwIfAborted } from '../sink.ts';
import { type TlsMaterial, toTlsConnectOptions } from '../tls-options.ts';
import { untilAborted } from '../until-aborted.ts';

export interface SyslogAddress {
  readonly host: string;
  readonly port: number;
  /** TCP in the clear when undefined. */
  readonly tls?: TlsMaterial | undefined;
}

export interface SyslogConnection {
  /** False once either side has begun to close. */
  readonly isOpen: boolean;
  /** Resolves when the system has taken the bytes, which says nothing about the receiver. */
  send(bytes: Uint8Array, signal: AbortSignal): Promise<void>;
  /**
   * Waits. A receiver that has gone answers what was sent to it with a reset, which is noticed here.
   *
   * @throws DeliveryError when the connection does not stand as long.
   */
  stands(milliseconds: number, clock: DeliveryClock, signal: AbortSignal): Promise<void>;
  /**
   * Ends our side in order and waits for the receiver to end its own, which it does when it has read
   * everything.
   */
  end(signal: AbortSignal): Promise<void>;
  /** Breaks off. */
  destroy(): void;
}

/** @throws DeliveryError when there is no connection. */
export async function openSyslogConnection(
  { host, port, tls }: SyslogAddress,
  signal: AbortSignal,
): Promise<SyslogConnection> {
  throwIfAborted(signal);
  const where = `${host}:${port}`;
  // Half-open: the receiver's end is looked at, not answered.
  const shared = { host, port, allowHalfOpen: true };
  const socket = tls
    ? connectTls({ ...shared, ...toTlsConnectOptions(tls), servername: serverName(host) })
    : connectTcp(shared);
  const lost = watch(socket, where);
  const connected = new Promise<void>((resolve) => {
    socket.once(tls ? 'secureConnect' : 'connect', resolve);
  });
  try {
    await untilAborted(Promise.race([connected, lost.failure]), signal);
  } catch (error) {
    socket.destroy();
    throw error;
  }

  return {
    get isOpen() {
      return !lost.happened && !socket.writableEnded;
    },
    async send(bytes, sendSignal) {
      const taken = new Promise<void>((resolve, reject) => {
        socket.write(bytes, (error) => {
          if (error) reject(toConnectionError(error, where));
          else resolve();
        });
      });
      taken.catch(() => {}); // `lost` tells it too
      await untilAborted(Promise.race([taken, lost.failure]), sendSignal);
    },
    async stands(milliseconds, clock, standSignal) {
      const over = new AbortController();
      const cut = () => over.abort();
      standSignal.addEventListener('abort', cut);
      try {
        await Promise.race([clock.sleep(milliseconds, over.signal), lost.failure]);
        throwIfAborted(standSignal);
      } finally {
        standSignal.removeEventListener('abort', cut);
        over.abort();
      }
    },
    async end(endSignal) {
      if (lost.happened) return lost.failure;
      lost.expectEnd();
      socket.end();
      await untilAborted(lost.ended, endSignal);
      socket.destroy();
    },
    destroy: () => {
      socket.destroy();
    },
  };
}

interface Watch {
  readonly happened: boolean;
  /** Rejects when the connection breaks, or ends before we have ended it. */
  readonly failure: Promise<never>;
  /** Resolves when the receiver has ended its side after us; rejects when it broke off instead. */
  readonly ended: Promise<void>;
  expectEnd(): void;
}

function watch(socket: Socket, where: string): Watch {
  let happened = false;
  let expected = false;
  let fail = (_error: unknown) => {};
  let end = () => {};
  const failure = new Promise<never>((_, reject) => {
    fail = (error) => {
      happened = true;
      reject(toConnectionError(error, where));
    };
  });
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const orderly = Promise.race([ended, failure]);
  // Looked at when somebody waits for something.
  failure.catch(() => {});
  orderly.catch(() => {});
  const early = () => new DeliveryError('unavailable', `${where}: the receiver closed early`);

  socket.on('error', fail);
  socket.on('end', () => (expected ? end() : fail(early())));
  socket.on('close', () => fail(early()));
  socket.resume(); // syslog receivers say nothing; whatever they say is passed over
  return {
    get happened() {
      return happened;
    },
    failure,
    ended: orderly,
    expectEnd() {
      expected = true;
    },
  };
}

/** An address has no name to ask for (RFC 6066 §3). */
const serverName = (host: string) => (/^[\d.]+$|:/.test(host) ? '' : host);
