/**
 * Where the server does on purpose otherwise than a test case: named, with the section that it follows.
 * A case with an entry passes as a deviation when it differs there and nowhere else.
 */

export interface Deviation {
  /** Matched against `VERSION/NAME`. */
  readonly cases: RegExp;
  /** Matched against the path of a difference. */
  readonly at: RegExp;
  /** What the server does, and why. */
  readonly reason: string;
  readonly section: string;
  /** What comes after it in a case rests on what was not done: it is not played. */
  readonly ends?: boolean;
}

export const DEVIATIONS: readonly Deviation[] = [
  {
    cases: /^(?:1\.4|2\.1)\//,
    at: /\/(?:Attribute\[Random Number Generator\]\/AttributeValue|Attributes\/RandomNumberGenerator)\/(?:RNGAlgorithm|CryptographicAlgorithm|CryptographicLength)$/,
    reason:
      'the generator of a key is told as it is; the cases have ANSI X9.31 with AES-256, which a server with another one may not claim',
    section: '1.4 §3.44, 2.1 §4.46',
  },
  {
    cases: /^1\.4\/TC-OTP-/,
    at: /\/BatchItem\/(?:Result(?:Status|Reason|Message)|ResponsePayload(?:\/SecretData\/KeyBlock\/Cryptographic(?:Algorithm|Length))?)$/,
    reason:
      'one-time pads are kept and given out, and nothing is encrypted with them: used twice, as TC-OTP-5 does, a pad gives away both texts; one that is secret is refused as Sensitive',
    section: '1.4 §4.11, §4.29',
    ends: true,
  },
  {
    cases: /^1\.4\/TC-PKCS12-2-/,
    at: /\/Attribute\[Digest\]\/AttributeValue\/KeyFormatType$/,
    reason:
      'the digest of a certificate says its format, which may be left out: TC-CERTATTR-1 wants it said, this case does not',
    section: '1.4 §3.17',
  },
  {
    cases: /^1\.4\/TC-Q-(?:CAP|CREG|PROF|RNGS|VAL)-/,
    at: /\/ResponsePayload\/(?:CapabilityInformation|ClientRegistrationMethod|ProfileInformation|RNGParameters|ValidationInformation)\b/,
    reason:
      'Query tells what is true of this server; each of the cases has the capabilities, registration methods, profiles, generators or validations of another one',
    section: '1.4 §4.25',
  },
];
