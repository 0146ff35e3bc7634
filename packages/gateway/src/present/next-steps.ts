/** What a person does next after `claviger up`. */
import { networkInterfaces } from 'node:os';
import { relative } from 'node:path';
import { type Endpoint, formatEndpoint } from '../config/endpoint.ts';
import type { ReadyReport } from '../ready-report.ts';
import type { Colors } from '../terminal.ts';
import { formatFacts } from './table.ts';

const DEFAULT_PORT = 5696;

export function formatNextSteps(report: ReadyReport, colors: Colors): string {
  const { kmip, api, instance, dataDir, adapter, server, pki, certificate } = report;
  const address = addressForClients(kmip);
  const directory = shorter(dataDir);
  const heading = (text: string): string => `\n${colors.bold(text)}\n`;
  const step = (number: number, text: string): string => `  ${colors.cyan(`${number}`)}  ${text}\n`;
  const command = (text: string): string => `       ${colors.cyan(text)}\n`;
  const local = { host: reachesLoopback(kmip) ? '127.0.0.1' : kmip.host, port: kmip.port };
  const isDefault = local.host === '127.0.0.1' && local.port === DEFAULT_PORT;
  const serverOption = isDefault ? '' : ` --server ${formatEndpoint(local)}`;
  return [
    `\n${colors.green('●')} ${colors.bold('Claviger is ready.')} Press Ctrl+C to stop.\n\n`,
    formatFacts(
      colors,
      [
        ['KMIP', formatEndpoint(kmip)],
        ['API', `https://${formatEndpoint(api)} (documentation at /docs)`],
        ['Instance', instance],
        ['Data', directory],
        ['Adapter', `${adapter.name} (${adapter.id})`],
        [
          'Client',
          certificate === null
            ? 'not registered: its certificate was removed'
            : shorter(pki.clientCertificate),
        ],
      ],
      '  ',
    ),
    heading('Add it to vCenter as a standard key provider'),
    step(1, 'Select the vCenter Server, Configure > Security > Key Providers > Add > Add Standard'),
    `     Key Provider. Address ${colors.bold(address)}, port ${colors.bold(String(kmip.port))}; leave user name and password empty.\n`,
    step(2, 'Trust the certificate that vCenter shows when these are its fingerprints:'),
    formatFacts(
      colors,
      [
        ['SHA-1', server.sha1],
        ['SHA-256', server.sha256],
      ],
      '       ',
    ),
    step(
      3,
      'Establish Trust > Make KMS trust vCenter > vCenter Certificate: download the file, then',
    ),
    command(`pnpm --silent claviger cert add ${adapter.name} vcenter.pem --data-dir ${directory}`),
    `     and compare the fingerprints that it prints. It counts at once. Or choose KMS certificate\n`,
    `     and private key, and upload ${shorter(pki.clientCertificate)} and ${shorter(pki.clientKey)}.\n`,
    heading('Manage it over the API'),
    '     Nobody can log in yet. Make an API key, which is shown this once:\n',
    command(`pnpm --silent claviger apikey create --role Manager --data-dir ${directory}`),
    heading('Try it without vCenter, in another terminal'),
    command(`pnpm --silent claviger kmip create --data-dir ${directory}${serverOption}`),
    command(`pnpm --silent claviger events list --data-dir ${directory}`),
    '\n',
  ].join('');
}

/** What somebody types to reach the listener from another machine. */
function addressForClients({ host }: Endpoint): string {
  if (host !== '0.0.0.0' && host !== '::') return host;
  const addresses = Object.values(networkInterfaces()).flatMap((entries) => entries ?? []);
  const outside = addresses.find(({ family, internal }) => family === 'IPv4' && !internal);
  return outside?.address ?? '127.0.0.1';
}

function reachesLoopback({ host }: Endpoint): boolean {
  return ['0.0.0.0', '::', '127.0.0.1', 'localhost'].includes(host);
}

/** A path as one would type it here, when that is shorter. */
function shorter(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere !== '' && fromHere.length < path.length ? fromHere : path;
}
