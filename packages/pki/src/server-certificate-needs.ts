import { isIP } from 'node:net';
import { certificateValidityAt } from './certificate-validity.ts';
import type { ParsedCertificate } from './parse-certificate.ts';
import { parseDnsName, parseIpAddress, type ServerNames } from './server-name.ts';

export type ServerCertificateNeed = 'nothing' | 'names-missing' | 'expires-soon' | 'expired';

const SOON_MS = 30 * 24 * 60 * 60 * 1000;

/**
 * What the certificate of a server lacks; of several things, what is worse. It expires soon in its last
 * 30 days, or in the last third of its life when that is shorter, so that a new one never needs to be
 * renewed at once. A certificate whose time is still to come needs nothing: there it is the clock that
 * is wrong.
 *
 * @param names - All that the certificate must be valid for. A name `*.example.com` in it serves for each
 * name with one label more.
 * @param now - Milliseconds since the epoch.
 * @throws PkiError `invalid-request` for what is no name or address.
 */
export function serverCertificateNeeds(
  certificate: Pick<ParsedCertificate, 'notBefore' | 'notAfter' | 'subjectAlternativeNames'>,
  names: ServerNames,
  now: number,
): ServerCertificateNeed {
  const { notBefore, notAfter } = certificate;
  if (certificateValidityAt(certificate, now) === 'expired') {
    return 'expired';
  }
  if (!hasNames(certificate, names)) {
    return 'names-missing';
  }
  const soonMs = Math.min(SOON_MS, (notAfter - notBefore) / 3);
  return notAfter - now <= soonMs ? 'expires-soon' : 'nothing';
}

function hasNames(
  { subjectAlternativeNames }: Pick<ParsedCertificate, 'subjectAlternativeNames'>,
  names: ServerNames,
): boolean {
  const valuesOf = (kind: 'dns' | 'ip'): readonly string[] =>
    subjectAlternativeNames.filter((name) => name.kind === kind).map(({ value }) => value);
  const dns = valuesOf('dns').map((name) => name.toLowerCase());
  // What OpenSSL shows of a damaged address is none.
  const ips = valuesOf('ip')
    .filter((address) => isIP(address) !== 0)
    .map(addressForm);
  return (
    names.dns.every((name) => dnsForms(name).some((form) => dns.includes(form))) &&
    names.ips.every((address) => ips.includes(addressForm(address)))
  );
}

/** The name itself, and the wildcard that would cover it (RFC 9525 §6.3). */
function dnsForms(name: string): readonly string[] {
  const lowerCase = parseDnsName(name).toLowerCase();
  const dot = lowerCase.indexOf('.');
  return dot === -1 ? [lowerCase] : [lowerCase, `*${lowerCase.slice(dot)}`];
}

/** Equal for all ways to write an address. */
function addressForm(address: string): string {
  return parseIpAddress(address).join('.');
}
