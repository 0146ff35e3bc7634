import { anEvent } from '@claviger/audit-emitter/testing';
import { describe, expect, it } from 'vitest';
import { FRAMEWORK_IDS, FRAMEWORKS, SECTION_TITLES } from './frameworks.ts';
import type { VerificationResult } from './report.ts';
import { createReportCollector, type ReportOptions } from './report-collector.ts';
import { reportPage } from './report-page.ts';

const DAY_MS = 86_400_000;
const NOW = Date.UTC(2026, 5, 1);
const WHOLE: VerificationResult = {
  isWhole: true,
  findings: [],
  findingCount: 0,
  treeSize: 7,
  rootHash: 'cm9vdA==',
  trustedKey: 'claviger/audit-log/n+00+aa',
  checkpoint: 'claviger/audit-log/n\n7\ncm9vdA==\n',
};

function collector(overrides: Partial<ReportOptions> = {}) {
  return createReportCollector({
    framework: 'pci-dss',
    from: Date.UTC(2026, 4, 1),
    to: NOW,
    now: NOW,
    instance: 'crn:v1:bluemix:local:hs-crypto:eu-de:a/0:1::',
    ...overrides,
  });
}

const REFUSED = anEvent({
  action: 'hs-crypto.kmip-key.destroy',
  outcome: { kind: 'failure', errorCode: 'wrong-state', reasonText: 'The key is active' },
  initiator: { kind: 'anonymous', hostAddress: '203.0.113.24' },
});

describe('a report', () => {
  it('sorts events by what they are evidence of', () => {
    const made = collector();
    made.addEvent(anEvent());
    made.addEvent(REFUSED);
    made.addEvent(anEvent({ action: 'hs-crypto.kmip-management.create' }));
    made.addEvent(anEvent({ action: 'hs-crypto.secrets.rotate' }));
    const report = made.finish(WHOLE);
    expect(report.events).toBe(4);
    expect(report.lifecycle.byAction).toEqual({
      'hs-crypto.kmip-key.create': 1,
      'hs-crypto.kmip-key.destroy': 1,
    });
    expect(report.refusals.byReason).toEqual({ '409 Conflict': 1 });
    expect(report.access.changes.total).toBe(1);
    expect(report.rootKeys.changes.rows[0]?.action).toBe('hs-crypto.secrets.rotate');
    expect(report.access.initiators.rows).toMatchObject([
      { name: 'vcenter-01', events: 3, failures: 0, addresses: [] },
      { name: 'anonymous', events: 1, failures: 1, addresses: ['203.0.113.24'] },
    ]);
  });

  it('passes over events outside of its period', () => {
    const made = collector({ to: Date.UTC(2026, 4, 2) });
    made.addEvent(anEvent());
    expect(made.finish(WHOLE).events).toBe(0);
  });

  it('counts keys by state and age', () => {
    const made = collector();
    for (const days of [0, 89, 90, 364, 365, 730, 5000]) {
      made.addKey({
        id: `key-${days}`,
        type: 'SymmetricKey',
        state: days < 365 ? 'Active' : 'Destroyed',
        algorithm: 'AES',
        lengthBits: 256,
        adapter: 'vcenter',
        createdAt: NOW - days * DAY_MS,
      });
    }
    const { byState, byAge } = made.finish(WHOLE).inventory;
    expect(byState).toEqual({ Active: 4, Destroyed: 3 });
    expect(byAge).toEqual({
      'up to 90 days': 2,
      '90 days to 1 year': 2,
      '1 to 2 years': 1,
      'more than 2 years': 2,
    });
  });

  it('keeps the newest rows, counts all, and holds no more than that', () => {
    const made = collector({ maxRows: 3 });
    for (let index = 0; index < 5000; index++) {
      made.addEvent({
        ...REFUSED,
        id: String(index),
        initiator: { ...REFUSED.initiator, id: `someone-${index}` },
      });
    }
    const { refusals, access } = made.finish(WHOLE);
    expect(refusals.events.total).toBe(5000);
    expect(refusals.events.rows.map(({ id }) => id)).toEqual(['4997', '4998', '4999']);
    expect(access.initiators.total).toBe(2001); // 2,000 and the others together
    expect(access.initiators.rows).toHaveLength(3);
  });

  it.each(FRAMEWORK_IDS)('of %s has evidence for each control that it names', (framework) => {
    const page = reportPage(collector({ framework }).finish(WHOLE));
    expect(page).toContain(FRAMEWORKS[framework].title);
    for (const { id, sections } of FRAMEWORKS[framework].controls) {
      expect(page).toContain(`<td>${id}</td>`);
      expect(sections.length).toBeGreaterThan(0);
      for (const section of sections) expect(page).toContain(`id="${section}"`);
    }
    for (const title of Object.values(SECTION_TITLES)) expect(page).toContain(title);
  });
});

describe('the page', () => {
  it('has no text of others but escaped, and allows nothing to run', () => {
    const evil = '<script>alert(1)</script>"\'&\u202e';
    const made = collector({ instance: evil });
    made.addEvent(
      anEvent({
        outcome: { kind: 'failure', errorCode: 'wrong-state', reasonText: evil },
        initiator: { kind: 'local-user', account: evil },
        target: { kind: 'instance', name: evil },
      }),
    );
    made.addCertificate({ adapter: evil, name: evil, fingerprintSha256: evil, notAfter: NOW });
    made.addRootKey({ id: evil, name: evil, state: evil, createdAt: NOW, lastRotateAt: null });
    made.addKey({
      id: evil,
      type: evil,
      state: evil,
      algorithm: evil,
      lengthBits: null,
      adapter: evil,
      createdAt: NOW,
    });
    const page = reportPage(
      made.finish({
        ...WHOLE,
        isWhole: false,
        findings: [evil],
        findingCount: 1,
        checkpoint: evil,
      }),
    );
    expect(page).not.toContain('<script');
    expect(page).not.toContain('\u202e');
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;\ufffd');
    expect(page).toMatch(/default-src 'none'; style-src 'sha256-[\w+/=]{44}'/);
    expect(page.match(/\son\w+=|javascript:|src=|@import|url\(/g)).toBeNull();
  });

  it('says what was found in the log', () => {
    expect(reportPage(collector().finish(WHOLE))).toContain('The log is whole');
    const broken = { ...WHOLE, isWhole: false, findings: ['event 3 is missing'], findingCount: 1 };
    const page = reportPage(collector().finish(broken));
    expect(page).toContain('The log is not whole: 1 finding.');
    expect(page).toContain('event 3 is missing');
  });
});
