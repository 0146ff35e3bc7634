/** What clients of Key Protect are put through, and what they tell of it. */

import type { GatewayProcess } from '../gateway-process.ts';

/** Of the scenario; objects are made over KMIP before the second. */
export type Part = 'build-up' | 'take-down' | 'root-keys';

/** What a client is given; each takes it as JSON from its standard input. */
export interface Input {
  /** Of the API. */
  readonly url: string;
  readonly instance: string | undefined;
  /** API keys, by the role of each. */
  readonly manager: string;
  readonly reader: string;
  readonly certificates: Readonly<Record<'host' | 'spare' | 'third', string>>;
  readonly privateKey: string;
  /** Identifiers, by state. */
  readonly objects?: Readonly<Record<string, string>>;
}

/** What came of one call. */
export interface Step {
  readonly step: string;
  /** The status, and the code of a refusal, e.g. `409 KMIP_CERT_DUPLICATE_ERR`. */
  readonly answer: string;
  readonly value?: unknown;
  /** What the client sent as `Correlation-Id`. */
  readonly correlationId: string;
}

/**
 * Runs a part of the scenario with a client.
 *
 * @throws Error with what the client wrote to standard error.
 */
export type RunPart = (
  gateway: GatewayProcess,
  part: Part,
  input: Input,
) => Promise<readonly Step[]>;
