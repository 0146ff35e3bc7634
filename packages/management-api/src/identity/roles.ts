/** Who may do what: the roles of Key Protect and their rights. */

/** Everything that can be allowed, by the audit action's own words where there are any. */
export const RIGHTS = [
  'kmip-management.create',
  'kmip-management.list',
  'kmip-management.read',
  'kmip-management.delete',
  'secrets.list',
  'secrets.head',
  'secrets-metadata.read',
  'secrets-key-versions.list',
  'registrations.list',
  'secrets.wrap',
  'secrets.unwrap',
  'secrets.rewrap',
  'secrets.read',
  'secrets.create',
  'secrets.rotate',
  'secrets.enable',
  'secrets.disable',
  'secrets.delete',
  'audit-events.read',
] as const;
export type Right = (typeof RIGHTS)[number];

const KMIP = [
  'kmip-management.create',
  'kmip-management.list',
  'kmip-management.read',
  'kmip-management.delete',
] as const satisfies readonly Right[];

const READER = [
  'secrets.list',
  'secrets.head',
  'secrets-metadata.read',
  'secrets-key-versions.list',
  'registrations.list',
  'secrets.wrap',
  'secrets.unwrap',
  'secrets.rewrap',
] as const satisfies readonly Right[];
const READER_PLUS = [...READER, 'secrets.read'] as const satisfies readonly Right[];
const WRITER = [
  ...READER_PLUS,
  'secrets.create',
  'secrets.rotate',
] as const satisfies readonly Right[];

/**
 * The rights of each role. Only Manager and KmipAdapterManager manage KMIP; only Manager and AuditReader,
 * which is ours, read the log.
 */
export const ROLES = {
  Reader: READER,
  ReaderPlus: READER_PLUS,
  Writer: WRITER,
  Manager: RIGHTS,
  KmipAdapterManager: [...KMIP, 'secrets.list', 'secrets.head'],
  AuditReader: ['audit-events.read'],
} as const satisfies Record<string, readonly Right[]>;
export type Role = keyof typeof ROLES;

export function isRole(text: string): text is Role {
  return Object.hasOwn(ROLES, text);
}

/** Whether one of the roles has the right. */
export function mayDo(roles: readonly Role[], right: Right): boolean {
  return roles.some((role) => ROLES[role].some((granted) => granted === right));
}
