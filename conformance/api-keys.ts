/** API keys of a gateway under test, made as an operator makes them. */

import { z } from 'zod';
import { clavigerJson } from './gateway-process.ts';

const Created = z.tuple([z.object({ apikey: z.string() })]);

/** @param role - As the command line takes it, `Manager` for example. */
export async function createApiKey(dataDirectory: string, role: string): Promise<string> {
  const command = ['apikey', 'create', '--data-dir', dataDirectory, '--role', role];
  const [{ apikey }] = Created.parse(await clavigerJson(command));
  return apikey;
}
