/** The dashboard for Grafana, as far as it asks Prometheus. */

import { readFileSync } from 'node:fs';
import { z } from 'zod';

const FOLDER = new URL('../../packages/gateway/docs/monitoring/', import.meta.url);
export const ALERT_RULES = new URL('claviger-alerts.yml', FOLDER);

const Dashboard = z.object({
  panels: z.array(
    z.object({
      title: z.string(),
      targets: z.array(z.object({ expr: z.string() })).optional(),
    }),
  ),
});

export interface DashboardQuery {
  readonly panel: string;
  /** PromQL, with the variables of Grafana replaced by what they may stand for. */
  readonly query: string;
}

export function readDashboardQueries(): readonly DashboardQuery[] {
  const file = readFileSync(new URL('claviger-dashboard.json', FOLDER), 'utf8');
  const { panels } = Dashboard.parse(JSON.parse(file));
  return panels.flatMap(({ title, targets = [] }) =>
    targets.map(({ expr }) => ({
      panel: title,
      query: expr.replaceAll('$__rate_interval', '1m').replaceAll('$instance', '.*'),
    })),
  );
}

/** The names of metrics in PromQL that are ours or of the process. */
export function metricNamesIn(text: string): readonly string[] {
  return [...new Set(text.match(/\b(?:claviger|nodejs|process)_[a-z0-9_]+/g) ?? [])];
}
