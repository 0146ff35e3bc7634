// Runs dependency-cruiser over all packages and fails on a forbidden import. With a TypeScript that it
// does not know it would look at nothing and report success, so the number of modules is checked too.
import { createRequire } from 'node:module';
import { cruise } from 'dependency-cruiser';

const MIN_MODULES = 100;
const config = createRequire(import.meta.url)('../.dependency-cruiser.cjs');
const { options, forbidden } = config;
const { output } = await cruise(['packages', 'conformance'], {
  ...options,
  ruleSet: { forbidden },
  validate: true,
});

const { summary } = output;
for (const { rule, from, to, cycle } of summary.violations) {
  const way = cycle === undefined ? to : cycle.map(({ name }) => name).join(' -> ');
  process.stderr.write(`${rule.name}: ${from} -> ${way}\n`);
}
if (summary.totalCruised < MIN_MODULES) {
  process.stderr.write(`Only ${summary.totalCruised} modules were found: the check saw nothing.\n`);
  process.exitCode = 1;
} else if (summary.violations.length > 0) {
  process.stderr.write(`${summary.violations.length} imports go the wrong way.\n`);
  process.exitCode = 1;
} else {
  process.stdout.write(`${summary.totalCruised} modules, every import goes the right way.\n`);
}
