import { fileURLToPath } from 'node:url';
import { type CertificateProfiles, loadProfiles } from '@claviger/pki';
import type { Settings } from './config/settings-schema.ts';

/** `certs/` of the project, seen from `src` and from `dist` alike. */
const PROFILES_PATH = fileURLToPath(new URL('../../../certs/profiles.json', import.meta.url));

/**
 * What newly made certificates look like.
 *
 * @throws PkiError when the file cannot be read or is wrong.
 */
export function loadCertificateProfiles(
  settings: Pick<Settings['tls'], 'profiles_file'>,
): Promise<CertificateProfiles> {
  return loadProfiles(settings.profiles_file ?? PROFILES_PATH);
}
