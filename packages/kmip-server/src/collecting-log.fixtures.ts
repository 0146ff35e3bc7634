/** A logger that keeps what it is told, for tests. */

import type { Logger } from './dependencies.ts';

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly fields: object;
  readonly message: string;
}

export interface CollectingLog extends Logger {
  readonly lines: readonly LogLine[];
}

export function createCollectingLog(): CollectingLog {
  const lines: LogLine[] = [];
  const at = (level: LogLine['level']) => (fields: object, message: string) => {
    lines.push({ level, fields, message });
  };
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
