/** Adapters, certificates, API keys and objects as `--json` shows them: nothing that is a secret, even wrapped. */
import type {
  AdapterRecord,
  ApiKeyRecord,
  CertificateRecord,
  RefusedCertificateRecord,
} from '@claviger/key-store';
import type { ObjectView } from '../administration/objects.ts';
import { toJsonAttribute } from './attribute.ts';

export function toJsonAdapter({ id, name, description, rootKeyId, createdAt }: AdapterRecord) {
  return { id, name, description, rootKeyId, createdAt: isoTime(createdAt) };
}

export function toJsonCertificate(certificate: CertificateRecord) {
  const { id, adapterId, name, subject, fingerprintSha256, fingerprintSha1 } = certificate;
  return {
    id,
    adapterId,
    name,
    subject,
    fingerprintSha256,
    fingerprintSha1,
    notBefore: isoTime(certificate.notBefore),
    notAfter: isoTime(certificate.notAfter),
    createdAt: isoTime(certificate.createdAt),
  };
}

export function toJsonRefusedCertificate(refused: RefusedCertificateRecord) {
  const { fingerprintSha256, fingerprintSha1, subject, reason, address, adapterId } = refused;
  return {
    fingerprintSha256,
    fingerprintSha1,
    subject,
    reason,
    address,
    adapterId,
    listener: refused.listener,
    firstAt: isoTime(refused.firstAt),
    lastAt: isoTime(refused.lastAt),
    attempts: refused.attempts,
    pem: refused.pem,
  };
}

export function toJsonApiKey({ id, name, role, createdAt, createdBy, ...key }: ApiKeyRecord) {
  return {
    id,
    name,
    role,
    createdAt: isoTime(createdAt),
    createdBy,
    revokedAt: key.revokedAt === null ? null : isoTime(key.revokedAt),
    revokedBy: key.revokedBy,
  };
}

export function toJsonObject(object: ObjectView) {
  const { id, adapterId, objectType, version, state, hasMaterial, createdAt } = object;
  return {
    id,
    adapterId,
    objectType,
    version,
    state,
    hasMaterial,
    createdAt: isoTime(createdAt),
    attributes: object.attributes.map(toJsonAttribute),
  };
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
