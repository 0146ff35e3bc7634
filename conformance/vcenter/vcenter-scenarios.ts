/**
 * When a vCenter Server 7.0.3 sends what: connections in the order of opening, messages by label.
 *
 * A connection without messages is normal: vCenter completes the TLS handshake and closes. It keeps no
 * connection open and sends nothing ahead of an answer.
 */

type Key = 'key 1' | 'key 2';

/** The names of the 26 distinct requests. Key 1 is the VM's, made first; key 2 is the host's. */
export type VcenterLabel =
  | 'first Discover Versions'
  | 'Discover Versions'
  | 'Query'
  | 'Create'
  | `Get Attributes x-${'Product_Version' | 'Vendor' | 'Product' | 'Identifier' | 'Component' | 'Name'} of ${Key}`
  | `Add Attribute ${'product' | 'entity'} of ${Key}`
  | `Get ${Key}`
  | `Get Attributes State of ${Key}`
  | `Activate ${Key}`;

export interface VcenterConnection {
  /** Milliseconds after the start of the scenario. */
  readonly openedMs: number;
  readonly openForMs: number;
  /** In order, each sent when the one before is answered; at milliseconds after the start. */
  readonly messages: readonly { readonly atMs: number; readonly label: VcenterLabel }[];
}

export type VcenterScenario = 'trust-made' | 'status-poll' | 'ui-refresh' | 'encrypt-vm';

/** Seconds between two status polls in the background. */
export const STATUS_POLL_INTERVAL_S = 300;

function connection(
  openedMs: number,
  openForMs: number,
  ...messages: readonly (readonly [atMs: number, label: VcenterLabel])[]
): VcenterConnection {
  return { openedMs, openForMs, messages: messages.map(([atMs, label]) => ({ atMs, label })) };
}

/** As recorded. In `encrypt-vm` both keys are made side by side, so connections overlap. */
export const VCENTER_SCENARIOS: Readonly<Record<VcenterScenario, readonly VcenterConnection[]>> = {
  'trust-made': [
    connection(0, 20),
    connection(147, 38),
    connection(149, 97, [171, 'first Discover Versions'], [206, 'Discover Versions']),
    connection(351, 56, [371, 'first Discover Versions'], [395, 'Query']),
    connection(643, 10),
    connection(699, 43, [714, 'first Discover Versions'], [731, 'Discover Versions']),
    connection(821, 19),
  ],
  'status-poll': [
    connection(0, 16),
    connection(135, 62, [157, 'first Discover Versions'], [182, 'Discover Versions']),
  ],
  'ui-refresh': [
    connection(0, 16),
    connection(124, 81, [141, 'first Discover Versions'], [196, 'Discover Versions']),
    connection(443, 20),
  ],
  'encrypt-vm': [
    connection(0, 175, [12, 'first Discover Versions'], [32, 'Create']),
    connection(
      211,
      121,
      [221, 'first Discover Versions'],
      [231, 'Get Attributes x-Product_Version of key 1'],
      [273, 'Get Attributes x-Vendor of key 1'],
      [289, 'Get Attributes x-Product of key 1'],
      [314, 'Add Attribute product of key 1'],
    ),
    connection(256, 39, [267, 'first Discover Versions'], [278, 'Create']),
    connection(
      400,
      218,
      [411, 'first Discover Versions'],
      [419, 'Get key 2'],
      [435, 'Get Attributes State of key 2'],
      [461, 'Activate key 2'],
    ),
    connection(
      410,
      231,
      [429, 'first Discover Versions'],
      [449, 'Get Attributes x-Product_Version of key 2'],
      [471, 'Get Attributes x-Vendor of key 2'],
      [622, 'Get Attributes x-Product of key 2'],
      [634, 'Add Attribute product of key 2'],
    ),
    connection(
      837,
      85,
      [851, 'first Discover Versions'],
      [861, 'Get Attributes x-Identifier of key 2'],
      [873, 'Get Attributes x-Component of key 2'],
      [899, 'Get Attributes x-Name of key 2'],
      [909, 'Add Attribute entity of key 2'],
    ),
    connection(
      1190,
      104,
      [1206, 'first Discover Versions'],
      [1215, 'Get key 1'],
      [1232, 'Get Attributes State of key 1'],
      [1248, 'Activate key 1'],
    ),
    connection(
      2884,
      75,
      [2894, 'first Discover Versions'],
      [2904, 'Get Attributes x-Identifier of key 1'],
      [2914, 'Get Attributes x-Component of key 1'],
      [2933, 'Get Attributes x-Name of key 1'],
      [2950, 'Add Attribute entity of key 1'],
    ),
  ],
};
