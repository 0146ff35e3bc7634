export { loadSettings, type Override, type SettingsSources } from './config/load-settings.ts';
export { type Settings, settingsSchema } from './config/settings-schema.ts';
export { EXIT_CODES, type ExitReason } from './exit-code.ts';
export { createGateway, type Gateway, type GatewayAddresses, type GatewayDeps } from './gateway.ts';
export type { ReadyReport } from './ready-report.ts';
