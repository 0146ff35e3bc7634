/**
 * Whether the process keeps up, by how late its event loop is. It slows down what is new before it sheds
 * load, and goes back later than it came: a server at its limit must not waver.
 */

/** `busy`: new connections come in slowly. `overloaded`: what is new is refused. */
export type Load = 'calm' | 'busy' | 'overloaded';

export interface LoadState {
  /** @param lagMs - How late the event loop came to something that was due. */
  sample(lagMs: number): Load;
}

export interface LoadWatch {
  readonly load: Load;
  stop(): void;
}

/** From `busy` on, one in so many of the lag at which the server is overloaded. */
const BUSY_SHARE = 10;
/** A pause of the machine, or of the collector of garbage, is one sample late. */
const SAMPLES_TO_OVERLOAD = 3;
const SAMPLE_MS = 250;

/** A state that rises at a lag and falls at half of it; to `overloaded` only when it stays. */
export function createLoadState(overloadLagMs: number): LoadState {
  const busyLagMs = overloadLagMs / BUSY_SHARE;
  let load: Load = 'calm';
  let late = 0;
  return {
    sample(lagMs) {
      late = lagMs >= overloadLagMs ? late + 1 : 0;
      if (late >= SAMPLES_TO_OVERLOAD) load = 'overloaded';
      else if (load === 'overloaded' && lagMs < overloadLagMs / 2) load = 'busy';
      if (load === 'calm' && lagMs >= busyLagMs) load = 'busy';
      else if (load === 'busy' && lagMs < busyLagMs / 2) load = 'calm';
      return load;
    },
  };
}

/**
 * Watches the event loop of this thread until it is stopped, by a timer and how late it is.
 *
 * @param monotonicNow - Milliseconds that only go forward.
 * @param onChange - Gets the new load.
 */
export function watchLoad(
  overloadLagMs: number,
  monotonicNow: () => number,
  onChange: (load: Load, lagMs: number) => void,
): LoadWatch {
  const state = createLoadState(overloadLagMs);
  let load: Load = 'calm';
  let dueAt = 0;
  let timer: NodeJS.Timeout;

  function schedule(): void {
    dueAt = monotonicNow() + SAMPLE_MS;
    timer = setTimeout(sample, SAMPLE_MS).unref();
  }
  function sample(): void {
    const lagMs = Math.max(0, monotonicNow() - dueAt);
    schedule();
    const next = state.sample(lagMs);
    if (next === load) return;
    load = next;
    onChange(load, lagMs);
  }

  schedule();
  return {
    get load() {
      return load;
    },
    stop: () => clearTimeout(timer),
  };
}
