/** A real Prometheus that reads a gateway under test and evaluates the alert rules. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { GatewayProcess } from '../gateway-process.ts';
import { freePort } from '../sinks/free-port.ts';
import { startProgram } from '../sinks/peer-program.ts';
import { ALERT_RULES } from './dashboard-queries.ts';

export interface Prometheus {
  /** How many series a query finds. @throws Error with what Prometheus said when it is no query. */
  countSeries(query: string): Promise<number>;
  /** The health of each alert rule, e.g. `ok`; `unknown` before it was evaluated. */
  ruleHealth(): Promise<Readonly<Record<string, string>>>;
  stop(): Promise<void>;
}

const QueryAnswer = z.object({
  status: z.string(),
  error: z.string().optional(),
  data: z.object({ result: z.array(z.unknown()) }).optional(),
});
const RulesAnswer = z.object({
  data: z.object({
    groups: z.array(
      z.object({ rules: z.array(z.object({ name: z.string(), health: z.string() })) }),
    ),
  }),
});

/** @param directory - For its configuration and its database. */
export async function startPrometheus(
  program: string,
  directory: string,
  { api, pki }: GatewayProcess,
): Promise<Prometheus> {
  const config = join(directory, 'prometheus.yml');
  // YAML takes JSON.
  const content = {
    global: { scrape_interval: '1s', evaluation_interval: '1s' },
    rule_files: [fileURLToPath(ALERT_RULES)],
    scrape_configs: [
      {
        job_name: 'claviger',
        scheme: 'https',
        tls_config: { ca_file: pki.ca },
        static_configs: [{ targets: [`${api.host}:${api.port}`] }],
      },
    ],
  };
  writeFileSync(config, JSON.stringify(content));
  const port = await freePort();
  const address = `127.0.0.1:${port}`;
  const running = await startProgram(
    program,
    [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(directory, 'data')}`,
      `--web.listen-address=${address}`,
      '--log.level=warn',
    ],
    port,
  );

  async function ask(path: string): Promise<unknown> {
    const answer = await fetch(`http://${address}/api/v1/${path}`);
    return await answer.json();
  }

  return {
    async countSeries(query) {
      const answer = await ask(`query?${new URLSearchParams({ query })}`);
      const { status, error, data } = QueryAnswer.parse(answer);
      if (status !== 'success') throw new Error(`${query}: ${error}`);
      return data?.result.length ?? 0;
    },
    async ruleHealth() {
      const { data } = RulesAnswer.parse(await ask('rules'));
      const rules = data.groups.flatMap((group) => group.rules);
      return Object.fromEntries(rules.map(({ name, health }) => [name, health]));
    },
    stop: () => running.stop(),
  };
}
