/** The `claviger` command: loads it, where the process may open as many files as that takes. */
import { descriptorShortage, readDescriptorLimit } from './descriptor-limit.ts';

const shortage = descriptorShortage(readDescriptorLimit());
if (shortage === undefined) {
  // Loaded only now, as this is what fails with too few descriptors, and in no words of ours.
  await import('./process-command.ts');
} else {
  const { EXIT_CODES } = await import('./exit-code.ts');
  const error = { reason: 'usage', message: shortage };
  const isJson = process.argv.includes('--json');
  process.stderr.write(isJson ? `${JSON.stringify({ error })}\n` : `error: ${shortage}\n`);
  process.exitCode = EXIT_CODES.usage.code;
}
