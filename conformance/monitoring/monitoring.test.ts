/** The metrics, the alert rules and the dashboard, judged by Prometheus itself. */

import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { env } from 'node:process';
import { text as readText } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { describeWithTool, type Tool } from '../describe-with-tool.ts';
import { clientOf } from '../gateway-client.ts';
import { type GatewayProcess, startGateway } from '../gateway-process.ts';
import { ALERT_RULES, metricNamesIn, readDashboardQueries } from './dashboard-queries.ts';
import { type Prometheus, startPrometheus } from './prometheus.ts';

const KEY = { algorithm: 'AES', lengthBits: 256, usage: ['Encrypt', 'Decrypt'] } as const;
const SLOW = { timeout: 60_000, interval: 500 };

/** Looks for Prometheus; `promtool` comes with it. */
function findPrometheus(): Tool {
  for (const directory of (env['PATH'] ?? '').split(delimiter)) {
    const path = join(directory, 'prometheus');
    if (existsSync(path) && existsSync(join(directory, 'promtool'))) return { kind: 'ready', path };
  }
  return { kind: 'missing', why: 'there is no Prometheus (Debian: prometheus)' };
}

describeWithTool('monitoring by Prometheus', findPrometheus(), (program) => {
  const promtool = join(dirname(program), 'promtool');
  let gateway: GatewayProcess;
  let directory: string;
  let prometheus: Prometheus;
  let exposed: string;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'claviger-monitoring-'));
    const path = join(directory, 'events.ndjson');
    const sink = { NAME: 'file', TYPE: 'file', PATH: path };
    const settings = Object.entries(sink).map(([name, value]) => [
      `CLAVIGER_AUDIT__SINKS__0__${name}`,
      value,
    ]);
    gateway = await startGateway({ env: Object.fromEntries(settings) });
    const kmip = clientOf(gateway);
    const id = await kmip.create(KEY);
    await kmip.get(id);
    await kmip.get('nothing').catch(() => {});
    await kmip.close();
    await readPath(gateway, '/readyz');
    // Objects are counted, and sinks served, beside the requests.
    await vi.waitFor(async () => {
      const told = await readMetrics(gateway);
      expect(told).toContain('sink="file"');
      expect(told).toContain('claviger_objects{');
    }, SLOW);
    exposed = await readMetrics(gateway);
    prometheus = await startPrometheus(program, directory, gateway);
  }, 180_000);
  afterAll(async () => {
    await prometheus?.stop();
    await gateway?.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  it('has no fault to find in the metrics of ours', () => {
    const { stderr, stdout } = spawnSync(promtool, ['check', 'metrics'], {
      input: exposed,
      encoding: 'utf8',
    });
    const faults = `${stdout}${stderr}`.split('\n').filter((line) => line.startsWith('claviger_'));
    expect(faults).toEqual(ACCEPTED_FAULTS);
  });

  it('is warned by the alert rules when, and only when, it should be', () => {
    const cases = fileURLToPath(new URL('alert-cases.yml', import.meta.url));
    execFileSync(promtool, ['check', 'rules', fileURLToPath(ALERT_RULES)], { stdio: 'pipe' });
    const { status, stdout, stderr } = spawnSync(promtool, ['test', 'rules', cases], {
      encoding: 'utf8',
    });
    expect({ status, output: status === 0 ? '' : stdout + stderr }).toEqual({
      status: 0,
      output: '',
    });
  });

  it('asks for no metric that there is not', () => {
    const rules = readFileSync(ALERT_RULES, 'utf8');
    const queries = readDashboardQueries().map(({ query }) => query);
    const asked = metricNamesIn([rules, ...queries].join('\n'));
    const told = new Set([...exposed.matchAll(/^# TYPE (\S+) /gm)].map(([, name]) => name));
    const missing = asked.filter((name) => !told.has(name.replace(/_bucket$/, '')));
    expect(asked.length).toBeGreaterThan(15);
    expect(missing).toEqual([]);
  });

  it('reads the gateway over TLS', async () => {
    await expect.poll(() => prometheus.countSeries('up{job="claviger"} == 1'), SLOW).toBe(1);
    await expect
      .poll(() => prometheus.countSeries('claviger_kmip_operations_total{operation="Get"}'), SLOW)
      .toBe(2);
  }, 150_000);

  it('reads the sizes and the times of commits, and that the gateway is ready', async () => {
    const commits = 'claviger_commit_group_units_count > 0 and claviger_commit_group_units_sum > 0';
    await expect.poll(() => prometheus.countSeries(commits), SLOW).toBe(1);
    const durations = 'claviger_commit_duration_seconds_bucket{le="+Inf"} > 0';
    await expect.poll(() => prometheus.countSeries(durations), SLOW).toBe(1);
    await expect.poll(() => prometheus.countSeries('claviger_ready == 1'), SLOW).toBe(1);
  }, 180_000);

  it('evaluates every alert rule', async () => {
    const states = async () => [...new Set(Object.values(await prometheus.ruleHealth()))];
    await expect.poll(states, SLOW).toEqual(['ok']);
  }, 90_000);

  it('understands every query of the dashboard, and finds something for most', async () => {
    const queries = readDashboardQueries();
    await expect
      .poll(() => prometheus.countSeries('rate(claviger_event_sequence[1m])'), SLOW)
      .toBe(1);
    const empty: string[] = [];
    for (const { panel, query } of queries) {
      if ((await prometheus.countSeries(query)) === 0) empty.push(panel);
    }
    // Nothing has failed here.
    expect(new Set(empty)).toEqual(
      new Set([
        'Handshakes',
        'Turned away, since there is too much',
        'Connections that were refused',
        'Events delivered, and failures',
        'Faults in an hour',
      ]),
    );
  }, 150_000);
});

/** What promtool would have otherwise, by its line. People think of certificates in days. */
const ACCEPTED_FAULTS: readonly string[] = [
  'claviger_certificate_expiry_days use base unit "seconds" instead of "days"',
];

async function readMetrics(gateway: GatewayProcess): Promise<string> {
  return await readPath(gateway, '/metrics');
}

async function readPath({ api, pki }: GatewayProcess, path: string): Promise<string> {
  return await new Promise((resolve, reject) => {
    const ca = readFileSync(pki.ca);
    get({ ...api, ca, agent: false, path }, (response) => {
      readText(response).then(resolve, reject);
    }).on('error', reject);
  });
}
