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
  close(): Promise<void>;
}
