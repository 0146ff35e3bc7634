import { defineConfig } from 'vitest/config';

// Tests run from source: the private condition `@claviger/source` resolves every package to its `src`.
export default defineConfig({
  root: new URL('..', import.meta.url).pathname,
  resolve: { conditions: ['@claviger/source'] },
  ssr: { resolve: { conditions: ['@claviger/source'] } },
  test: {
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Many tests wait for processes that they started: leaving a core idle, as the default does, doubles the time.
    // One worker more than there are cores gains nothing.
    maxWorkers: '100%',
    // V8 aborts now and then where threads come and go on processors with protection keys: "jit_page.has_value()".
    // Older runtimes do not know the flag.
    execArgv:
      Number.parseInt(process.versions.node, 10) >= 24 ? ['--no-memory-protection-keys'] : [],
    // In the order of their names: those with the longest tests come first, so that none is left alone at the end.
    projects: [
      {
        extends: true,
        test: {
          name: 'conformance',
          include: ['conformance/**/*.test.ts', 'scripts/**/*.test.ts'],
          benchmark: { include: [] },
        },
      },
      {
        extends: true,
        test: {
          name: 'packages',
          include: ['packages/*/src/**/*.test.ts'],
          // Modules keep nothing, so that test files can share them: loading them anew took a fifth of the time.
          isolate: false,
        },
      },
    ],
  },
});
