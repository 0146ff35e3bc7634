/** One way for management data: whoever manages calls the REST API, wherever it is. */

export type ApiMethod = 'GET' | 'POST' | 'DELETE';

export interface ApiAnswer {
  readonly status: number;
  /** Parsed when it is JSON, a text otherwise; undefined when there is none. Not trusted yet. */
  readonly body: unknown;
}

export interface ApiConnection {
  /**
   * Makes one call.
   *
   * @param path - From the root, encoded, with its query, e.g. `/api/v2/keys?limit=10`.
   * @param body - Becomes JSON; none when undefined.
   * @throws Failure `unreachable` when there is no answer; a refusal is an answer.
   */
  call(method: ApiMethod, path: string, body?: unknown): Promise<ApiAnswer>;
  /**
   * Asks for an answer that comes as a stream.
   *
   * @param path - As with `call`.
   * @returns pieces of text as they come. They end when the other side ends them or the signal is given.
   * @throws ApiRefusal when it is refused; Failure `unreachable`, also while the pieces come.
   */
  stream(path: string, asked: StreamAsked): Promise<AsyncIterable<string>>;
  close(): Promise<void>;
}

export interface StreamAsked {
  readonly accept: 'text/event-stream' | 'application/x-ndjson';
  /** Goes on after this event. */
  readonly lastEventId?: string | undefined;
  readonly signal: AbortSignal;
}
