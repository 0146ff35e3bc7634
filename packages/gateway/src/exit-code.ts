/** Every way in which the command ends, for scripts. The table in the package's README is checked against it. */

export const EXIT_CODES = {
  success: { code: 0, meaning: 'It worked; a server was stopped by SIGTERM or SIGINT.' },
  failure: { code: 1, meaning: 'Anything that has no code of its own.' },
  usage: { code: 2, meaning: 'The command line or the configuration is wrong.' },
  data: {
    code: 3,
    meaning: 'The data directory, its database, or a key or certificate file cannot be used.',
  },
  address: { code: 4, meaning: 'A port cannot be listened on.' },
  refused: {
    code: 5,
    meaning: 'The request was understood and refused: not found, taken, in use.',
  },
  unreachable: {
    code: 6,
    meaning: 'The KMIP server or the API cannot be reached, or TLS was refused.',
  },
} as const satisfies Record<string, { readonly code: number; readonly meaning: string }>;

export type ExitReason = keyof typeof EXIT_CODES;
