/** Thales' library for KMIP in Go, unchanged, with messages of 2.x. */

import { describeWithTool } from '../describe-with-tool.ts';
import { buildGoProgram } from '../go-toolchain.ts';
import { describeGoClient } from '../kmip-go/describe-client.ts';
import { expectedSteps, VERSIONS } from './expected-steps.ts';

describeWithTool(
  "Thales' KMIP library in Go",
  await buildGoProgram(import.meta.dirname),
  (program) => describeGoClient(program, VERSIONS, expectedSteps),
);
