/** IBM's own client of Key Protect in Python, unchanged. */

import { describeWithPython } from '../describe-with-tool.ts';
import { describeClient } from '../key-protect/describe-client.ts';
import { runKeyProtectWith } from './run-key-protect.ts';

await describeWithPython("IBM's client of Key Protect in Python", import.meta.dirname, (python) =>
  describeClient(runKeyProtectWith(python)),
);
