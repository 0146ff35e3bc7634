/**
 * `pnpm claviger ...`: runs the command that was built. Plain Node without dependencies, so that it can
 * say what to do when nothing is installed or built yet.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { followLauncher } from './follow-launcher.mjs';

const MAIN = new URL('../packages/gateway/dist/main.js', import.meta.url);

followLauncher();
if (existsSync(fileURLToPath(MAIN))) {
  // In this process: signals, terminal and exit code need no passing on.
  await import(MAIN.href);
} else {
  process.stderr.write('Claviger is not built yet. Run `pnpm start` or `pnpm build` first.\n');
  process.exitCode = 1;
}
