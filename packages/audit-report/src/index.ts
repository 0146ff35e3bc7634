export {
  type Control,
  FRAMEWORK_IDS,
  FRAMEWORKS,
  type Framework,
  type FrameworkId,
  isFrameworkId,
  SECTION_TITLES,
  type SectionId,
} from './frameworks.ts';
export type {
  AuditReport,
  EventRow,
  Excerpt,
  InitiatorRow,
  InventoryCertificate,
  InventoryKey,
  InventoryRootKey,
  ListedKey,
  VerificationResult,
} from './report.ts';
export {
  createReportCollector,
  type ReportCollector,
  type ReportOptions,
} from './report-collector.ts';
export { reportPage } from './report-page.ts';
