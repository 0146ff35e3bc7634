import type { Writable } from 'node:stream';
import { destination, type Logger, pino, stdTimeFunctions } from 'pino';
import pretty from 'pino-pretty';
import type { Settings } from './config/settings-schema.ts';

/** Where the operational log goes: standard error, since standard output is for data. */
export interface LogTarget {
  readonly isTerminal: boolean;
  readonly colors: boolean;
  /** A stream to write to instead of standard error. */
  readonly stream?: Writable | undefined;
}

const STANDARD_ERROR = 2;

/** One JSON object a line, or lines for people; written at once, so that a crash loses none. */
export function createLogger(settings: Settings['log'], target: LogTarget): Logger {
  const isPretty =
    settings.format === 'pretty' || (settings.format === 'auto' && target.isTerminal);
  const sink = isPretty
    ? pretty({
        destination: target.stream ?? STANDARD_ERROR,
        sync: true,
        colorize: target.colors,
        ignore: 'pid,hostname',
        translateTime: 'SYS:HH:MM:ss.l',
        singleLine: true,
      })
    : (target.stream ?? destination({ dest: STANDARD_ERROR, sync: true }));
  return pino(
    {
      level: settings.level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    sink,
  );
}
