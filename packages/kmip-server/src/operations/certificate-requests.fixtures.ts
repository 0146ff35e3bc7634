/**
 * A signing request for tests: of C=US, O=Example, CN=web.example, with the alternative name web.example, by
 * OpenSSL, for a key of P-256 that nobody has kept.
 */

import { bytes } from './known-keys.fixtures.ts';

/** PKCS#10 in DER. */
export const A_REQUEST: Uint8Array = bytes(
  [
    '308201183081c00201003035310b30090603550406130255533110300e060355040a0c074578616d706c65311430',
    '1206035504030c0b7765622e6578616d706c653059301306072a8648ce3d020106082a8648ce3d03010703420004',
    '1140077df6d3be21fd8de6676b53a61ac5bc129edb8a83dfad85a63363b171c443adaef7f5ac1f7d99f6cbedea73',
    'a566efde674d5b2e6054d2cebca2acdd7bc1a029302706092a864886f70d01090e311a301830160603551d11040f',
    '300d820b7765622e6578616d706c65300a06082a8648ce3d040302034700304402205059bc43e78c348ab5a41490',
    'f3d1b6c78a74d76f6c11adf48cec9454dd2e045f02200158844940ea7bf544d9e0a6f2d09cd09134fb5dad737eca',
    'd832caf39ca703e8',
  ].join(''),
);

export const A_REQUEST_PEM = `-----BEGIN CERTIFICATE REQUEST-----
${Buffer.from(A_REQUEST).toString('base64').replace(/.{64}/g, '$&\n')}
-----END CERTIFICATE REQUEST-----
`;

/** Its public key: SubjectPublicKeyInfo in DER. */
export const CERTIFIED_KEY: Uint8Array = bytes(
  [
    '3059301306072a8648ce3d020106082a8648ce3d030107034200041140077df6d3be21fd8de6676b53a61ac5bc12',
    '9edb8a83dfad85a63363b171c443adaef7f5ac1f7d99f6cbedea73a566efde674d5b2e6054d2cebca2acdd7bc1',
  ].join(''),
);
