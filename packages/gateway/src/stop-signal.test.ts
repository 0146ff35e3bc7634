import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { listenForStop } from './stop-signal.ts';

function aProcess() {
  const exits: number[] = [];
  const emitter = new EventEmitter();
  return {
    exits,
    raise: (signal: 'SIGINT' | 'SIGTERM') => emitter.emit(signal, signal),
    process: Object.assign(emitter, { exit: (code: number) => void exits.push(code) }),
  };
}

describe('listenForStop', () => {
  it('lets the first signal ask, and the second end', async () => {
    const { process, raise, exits } = aProcess();
    let asked = 0;
    const stop = listenForStop(process, () => {
      asked += 1;
    });
    expect(stop.isReceived()).toBe(false);
    raise('SIGTERM');
    await stop.received;
    expect([stop.isReceived(), asked, exits]).toEqual([true, 1, []]);
    raise('SIGINT');
    raise('SIGTERM');
    expect([asked, exits]).toEqual([1, [130, 143]]);
  });

  it('gives the signals back', () => {
    const { process, raise } = aProcess();
    const stop = listenForStop(process, () => {});
    stop.release();
    expect(raise('SIGTERM')).toBe(false);
    expect(stop.isReceived()).toBe(false);
  });
});
