/** An address and a port as people write them on a command line. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

const FORM = /^(?:\[([^\]]+)\]|([^:\s]+)):(\d{1,5})$/;

/** Reads `HOST:PORT` or `[IPV6]:PORT`; undefined when it is neither. */
export function parseEndpoint(text: string): Endpoint | undefined {
  const [, ipv6, name, digits] = FORM.exec(text) ?? [];
  const host = ipv6 ?? name;
  const port = Number(digits);
  return host === undefined || port > 65_535 ? undefined : { host, port };
}

/** The form that {@link parseEndpoint} reads. */
export function formatEndpoint({ host, port }: Endpoint): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
