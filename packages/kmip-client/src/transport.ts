/**
 * Bytes out, bytes back: the queue of requests and the few connections that serve it. It connects when
 * there is something to send, and knows no messages but who may be sent twice.
 */

import type { SecureContext } from 'node:tls';
import { type Connection, openConnection, type PendingAnswer } from './connection.ts';
import { answerTimeout } from './connection-failure.ts';
import { KmipClientError } from './error.ts';
import type { ResolvedOptions } from './options.ts';

export interface Exchange<T> {
  /** One whole message. */
  readonly request: Uint8Array;
  /**
   * Whether the request changes nothing, so that it may be sent once more on another connection when the
   * one it went out on turns out to be dead.
   */
  readonly isRepeatable: boolean;
  /**
   * Reads the answer. When it throws, the exchange fails with that error and the connection is given up:
   * an answer that does not fit may mean that all later ones are out of step.
   */
  readonly parse: (answer: Uint8Array) => T;
}

export interface Transport {
  /** @throws KmipClientError every code but `operation-failed`, and what `parse` throws. */
  exchange<T>(exchange: Exchange<T>): Promise<T>;
  /** Fails what is queued or under way with `closed`; resolves when all sockets are gone. */
  close(): Promise<void>;
}

/** An exchange on its way through the queue and a connection. */
interface Task {
  readonly request: Uint8Array;
  readonly isRepeatable: boolean;
  /** Returns false when the answer does not fit. */
  readonly accept: (answer: Uint8Array) => boolean;
  readonly reject: (error: unknown) => void;
  isSettled: boolean;
  hasBeenRepeated: boolean;
  connection: Connection | undefined;
}

/** Makes a transport; it connects with the first exchange. */
export function createTransport(options: ResolvedOptions, secureContext: SecureContext): Transport {
  return new PooledTransport(options, secureContext);
}

class PooledTransport implements Transport {
  readonly #options: ResolvedOptions;
  readonly #secureContext: SecureContext;
  readonly #address: string;
  /** Never holds a settled task. */
  readonly #queue: Task[] = [];
  /** Open ones and those that are connecting. */
  readonly #connections = new Set<Connection>();
  #isClosed = false;
  #closing: Promise<void> | undefined;

  constructor(options: ResolvedOptions, secureContext: SecureContext) {
    this.#options = options;
    this.#secureContext = secureContext;
    this.#address = `${options.host}:${options.port}`;
  }

  exchange<T>(exchange: Exchange<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const settle = (deliver: () => void) => {
        if (task.isSettled) return;
        task.isSettled = true;
        clearTimeout(timer);
        deliver();
      };
      const task: Task = {
        request: exchange.request,
        isRepeatable: exchange.isRepeatable,
        isSettled: false,
        hasBeenRepeated: false,
        connection: undefined,
        reject: (error) => settle(() => reject(error)),
        accept: (answer) => {
          try {
            this.#options.onMessage?.({ direction: 'response', bytes: answer });
            const value = exchange.parse(answer);
            settle(() => resolve(value));
            return true;
          } catch (error) {
            task.reject(error);
            return false;
          }
        },
      };
      const timer = setTimeout(() => this.#timedOut(task), this.#options.requestTimeoutMs);
      if (this.#isClosed) task.reject(clientClosed());
      else {
        this.#queue.push(task);
        this.#pump();
      }
    });
  }

  close(): Promise<void> {
    this.#isClosed = true;
    this.#closing ??= this.#closeAll();
    return this.#closing;
  }

  async #closeAll(): Promise<void> {
    const connections = [...this.#connections];
    for (const task of this.#queue.splice(0)) task.reject(clientClosed());
    for (const connection of connections) connection.fail(clientClosed());
    await Promise.all(connections.map((connection) => connection.closed));
  }

  /** Sends what can be sent, and connects when there is more. */
  #pump(): void {
    if (this.#isClosed) return;
    while (this.#queue.length > 0) {
      const connection = this.#leastBusyConnection();
      if (connection === undefined) break;
      const task = this.#queue.shift();
      if (task !== undefined) this.#send(task, connection);
    }
    this.#connectAsNeeded();
  }

  #leastBusyConnection(): Connection | undefined {
    let best: Connection | undefined;
    for (const connection of this.#connections) {
      if (!connection.isOpen || connection.inFlight >= this.#options.pipelining) continue;
      if (best === undefined || connection.inFlight < best.inFlight) best = connection;
    }
    return best;
  }

  #send(task: Task, connection: Connection): void {
    try {
      this.#options.onMessage?.({ direction: 'request', bytes: task.request });
    } catch (error) {
      task.reject(error);
      return;
    }
    task.connection = connection;
    connection.send(task.request, this.#pendingAnswer(task));
  }

  #pendingAnswer(task: Task): PendingAnswer {
    return {
      onAnswer: task.accept,
      onLost: (error, isUntouched) => {
        task.connection = undefined;
        const mayRepeat = task.isRepeatable && !task.hasBeenRepeated && isUntouched;
        if (mayRepeat && error.code === 'closed' && !this.#isClosed) {
          task.hasBeenRepeated = true;
          this.#queue.unshift(task);
        } else task.reject(error);
      },
    };
  }

  #connectAsNeeded(): void {
    const { maxConnections, pipelining } = this.#options;
    const connecting = [...this.#connections].filter((connection) => !connection.isOpen).length;
    const wanted = Math.ceil(this.#queue.length / pipelining) - connecting;
    const room = maxConnections - this.#connections.size;
    for (let count = Math.min(wanted, room); count > 0; count--) this.#connect();
  }

  #connect(): void {
    const { host, port, tls, connectTimeoutMs, maximumMessageBytes } = this.#options;
    let hasOpened = false;
    const connection = openConnection(
      {
        host,
        port,
        secureContext: this.#secureContext,
        servername: tls.servername,
        rejectUnauthorized: tls.rejectUnauthorized ?? true,
        connectTimeoutMs,
        maximumMessageBytes,
      },
      {
        onOpen: () => {
          hasOpened = true;
          this.#pump();
        },
        onAnswered: () => this.#pump(),
        onFailed: (error) => {
          this.#connections.delete(connection);
          // A server that cannot be reached must not be asked anew for each request in the queue.
          if (!hasOpened && this.#connections.size === 0) this.#rejectQueue(error);
          this.#pump();
        },
      },
    );
    this.#connections.add(connection);
  }

  #rejectQueue(error: KmipClientError): void {
    for (const task of this.#queue.splice(0)) task.reject(error);
  }

  #timedOut(task: Task): void {
    task.reject(answerTimeout(this.#address, this.#options.requestTimeoutMs));
    if (task.connection === undefined) {
      this.#queue.splice(this.#queue.indexOf(task), 1);
      return;
    }
    // Its answer may still come: no other request may take it for its own.
    task.connection.fail(
      new KmipClientError(
        'closed',
        `The connection to ${this.#address} was given up, since another request on it had no answer within ${this.#options.requestTimeoutMs} ms`,
      ),
    );
  }
}

function clientClosed(): KmipClientError {
  return new KmipClientError('closed', 'The client was closed: make a new one to go on');
}
