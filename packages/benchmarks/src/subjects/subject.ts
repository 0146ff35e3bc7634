import type { TlsFiles } from '../load/load-plan.ts';

/** A server that load can be sent to. */
export interface Subject {
  readonly pid: number;
  readonly host: string;
  readonly port: number;
  /** What a client needs for it. */
  readonly tls: TlsFiles;
  stop(): Promise<void>;
}
