/** OVHcloud's KMIP client in Go, unchanged, in every version that it speaks. */

import { describeWithTool } from '../describe-with-tool.ts';
import { buildGoProgram } from '../go-toolchain.ts';
import { describeGoClient } from '../kmip-go/describe-client.ts';
import { expectedSteps, VERSIONS } from './expected-steps.ts';

describeWithTool(
  "OVHcloud's KMIP client in Go",
  await buildGoProgram(import.meta.dirname),
  (program) => describeGoClient(program, VERSIONS, expectedSteps, { overHttps: true }),
);
