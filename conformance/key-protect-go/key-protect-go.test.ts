/** IBM's own client of Key Protect in Go, unchanged. */

import { describeWithTool } from '../describe-with-tool.ts';
import { buildGoProgram } from '../go-toolchain.ts';
import { describeClient } from '../key-protect/describe-client.ts';
import { ROOT_KEYS } from './expected-steps.ts';
import { runKeyProtectWith } from './run-key-protect.ts';

describeWithTool(
  "IBM's client of Key Protect in Go",
  await buildGoProgram(import.meta.dirname),
  (program) => describeClient(runKeyProtectWith(program), ROOT_KEYS),
);
