/** What an operator does to let a vCenter in: by the API, and by the command line. */

import type { GatewayProcess } from '../gateway-process.ts';
import type { KeyPairFiles } from '../openssl.ts';

/** How a key and its certificate are handed out. */
export type IdentityFormat = 'pem-pair' | 'single-pem' | 'pkcs12';

/** A certificate that was refused, as the list of them shows it. */
export interface RefusedEntry {
  readonly subject: string;
  readonly fingerprintSha256: string;
  readonly fingerprintSha1: string;
  readonly address: string;
  readonly reason: string;
  readonly attempts: number;
  readonly firstAt: string;
  readonly lastAt: string;
}

export interface Operator {
  /** Over a root key that is made for it. */
  createAdapter(name: string): Promise<void>;
  addCertificate(adapter: string, certificate: string): Promise<void>;
  /** Removes the only certificate of the adapter. */
  removeCertificate(adapter: string): Promise<void>;
  /** Lets in whom an authority has issued, if the subject fits. */
  addAuthority(adapter: string, certificate: string, subjectRule: string): Promise<void>;
  removeAuthority(adapter: string): Promise<void>;
  /** Signs a request. @returns Path of the certificate. */
  signRequest(adapter: string, request: string, directory: string): Promise<string>;
  /** Makes a key and a certificate for it, in files as they are handed over. */
  issue(adapter: string, format: IdentityFormat, directory: string): Promise<KeyPairFiles>;
  refusedCertificates(): Promise<readonly RefusedEntry[]>;
  trust(fingerprint: string, adapter: string): Promise<void>;
}

/** The ways in which an operator works, by name. */
export type OperatorOf = (gateway: GatewayProcess) => Promise<Operator>;
