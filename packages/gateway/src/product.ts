/** What this program says it is, to KMIP clients and to people. */
export const PRODUCT = {
  vendorIdentification: 'Claviger',
  productName: 'Claviger',
  /** That of package.json; a test compares them. */
  serverVersion: '0.1.0',
} as const;
