import { describe, expect, it } from 'vitest';
import { NOW, someMetrics } from './metrics.fixtures.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

describe('metrics', () => {
  it('count operations by outcome, and how long a message took', async () => {
    const { metrics, later, lines } = someMetrics();
    const begun = { adapterId: 'an-adapter', correlationId: 'a-correlation-id' };
    const success = { outcome: 'success', reason: undefined } as const;
    const failure = { outcome: 'item-not-found', reason: 'ItemNotFound' } as const;
    const first = metrics.kmip.messageBegun(begun);
    later(30);
    first.ended({ version: '1.4', items: [{ operation: 'Get', ...success }] });
    metrics.kmip.messageBegun(begun).ended({
      version: '2.1',
      items: [
        { operation: 'AddAttribute', ...success },
        { operation: 'AddAttribute', ...failure },
      ],
    });
    metrics.kmip.messageBegun(begun).ended({ version: undefined, items: [] });
    expect(await lines()).toEqual(
      expect.arrayContaining([
        'claviger_kmip_operations_total{operation="Get",outcome="success"} 1',
        'claviger_kmip_operations_total{operation="AddAttribute",outcome="item-not-found"} 1',
        'claviger_kmip_message_duration_seconds_bucket{le="0.025",operation="Get"} 0',
        'claviger_kmip_message_duration_seconds_bucket{le="0.05",operation="Get"} 1',
        'claviger_kmip_message_duration_seconds_count{operation="Batch"} 1',
        'claviger_kmip_unreadable_messages_total 1',
      ]),
    );
  });

  it('count connections, refusals and failed handshakes', async () => {
    const { metrics, lines } = someMetrics();
    metrics.kmip.connectionOpened({ protocol: 'TLSv1.3', isResumed: false });
    metrics.kmip.connectionOpened({ protocol: 'TLSv1.3', isResumed: true });
    metrics.kmip.connectionClosed();
    metrics.kmip.connectionRefused('unknown-certificate');
    metrics.kmip.handshakeFailed('old-protocol');
    expect(await lines()).toEqual(
      expect.arrayContaining([
        'claviger_kmip_connections 1',
        'claviger_kmip_connections_total{tls="TLSv1.3",resumed="false"} 1',
        'claviger_kmip_connections_total{tls="TLSv1.3",resumed="true"} 1',
        'claviger_kmip_connections_refused_total{reason="unknown-certificate"} 1',
        'claviger_kmip_handshakes_failed_total{kind="old-protocol"} 1',
      ]),
    );
  });

  it('show whether the gateway was ready when it was last asked', async () => {
    const { metrics, lines } = someMetrics();
    expect(await lines()).toContain('claviger_ready 0');
    metrics.readinessChecked(true);
    expect(await lines()).toContain('claviger_ready 1');
    metrics.readinessChecked(false);
    expect(await lines()).toContain('claviger_ready 0');
  });

  it('show how many requests wait, and how many listeners are overloaded', async () => {
    const { metrics, lines } = someMetrics();
    metrics.kmip.requestsWaiting(1);
    metrics.kmip.requestsWaiting(1);
    metrics.kmip.requestsWaiting(-1);
    metrics.kmip.overloaded(true);
    expect(await lines()).toEqual(
      expect.arrayContaining(['claviger_kmip_requests_waiting 1', 'claviger_kmip_overloaded 1']),
    );
    metrics.kmip.overloaded(false);
    expect(await lines()).toContain('claviger_kmip_overloaded 0');
  });

  it('count answers of the API by the pattern of the path', async () => {
    const { metrics, lines } = someMetrics();
    metrics.apiAnswered({ method: 'GET', route: '/api/v2/keys/:key', status: 404, durationMs: 3 });
    metrics.apiAnswered({ method: 'GET', route: undefined, status: 404, durationMs: 1 });
    expect(await lines()).toEqual(
      expect.arrayContaining([
        'claviger_api_requests_total{method="GET",route="/api/v2/keys/:key",status="404"} 1',
        'claviger_api_requests_total{method="GET",route="none",status="404"} 1',
      ]),
    );
  });

  it('show the commit queue, the newest event and the process', async () => {
    const { lines } = someMetrics();
    expect(await lines()).toEqual(
      expect.arrayContaining([
        'claviger_info{version="1.2.3"} 1',
        'claviger_objects{state="Active"} 5',
        'claviger_commit_queue_units 2',
        'claviger_commit_units_total 7',
        'claviger_commit_groups_total 3',
        '# TYPE claviger_commit_group_units histogram',
        'claviger_commit_group_units_bucket{le="2"} 1',
        'claviger_commit_group_units_sum 7',
        'claviger_commit_duration_seconds_bucket{le="0.01"} 6',
        'claviger_commit_duration_seconds_bucket{le="+Inf"} 7',
        'claviger_event_sequence 42',
        expect.stringMatching(/^process_resident_memory_bytes \d+/),
      ]),
    );
    // Asked twice, nothing is counted twice.
    expect(await lines()).toContain('claviger_commit_units_total 7');
  });

  it('leave out what the store does not tell', async () => {
    const { lines } = someMetrics(async () => {
      throw new Error('closed');
    });
    const all = await lines();
    expect(all).toContain('claviger_commit_queue_units 2');
    expect(all.find((line) => line.startsWith('claviger_event_sequence 4'))).toBeUndefined();
  });

  it('show the days that are left to certificates, of the first thousand to end', async () => {
    const { metrics, lines } = someMetrics();
    metrics.certificates([{ kind: 'client', id: 'gone', notAfter: NOW }]);
    metrics.certificates(
      Array.from({ length: 1200 }, (_, index) => {
        return { kind: 'client', id: `c${index}`, notAfter: NOW + (index - 1) * DAY_MS };
      }).reverse(),
    );
    const days = (await lines()).filter((line) => line.startsWith('claviger_certificate_expiry'));
    expect(days).toHaveLength(1000);
    expect(days).toContain('claviger_certificate_expiry_days{kind="client",id="c0"} -1');
    expect(days).toContain('claviger_certificate_expiry_days{kind="client",id="c999"} 998');
  });
});
