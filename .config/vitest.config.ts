import { defineConfig } from 'vitest/config';

// Tests run from source: the private condition `@claviger/source` resolves every package to its `src`.
export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  resolve: { conditions: ['@claviger/source'] },
  ssr: { resolve: { conditions: ['@claviger/source'] } },
  test: {
    include: ['packages/*/src/**/*.test.ts', 'conformance/**/*.test.ts', 'scripts/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Many tests wait for processes that they started: leaving a core idle, as the default does, doubles the time.
    // One worker more than there are cores gains nothing.
    maxWorkers: '100%',
    // V8 aborts now and then where threads come and go on processors with protection keys: "jit_page.has_value()".
    // Older runtimes do not know the flag.
    execArgv:
      Number.parseInt(process.versions.node, 10) >= 24 ? ['--no-memory-protection-keys'] : [],
  },
});
