/** rsyslogd, over TLS with certificates on both sides. */

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { env } from 'node:process';
import { freePort } from '../free-port.ts';
import { startProgram } from '../peer-program.ts';
import { makeTlsFiles } from '../tls-files.ts';
import type { PeerStart } from './peer.ts';

const PROGRAMS = ['/usr/sbin/rsyslogd', '/usr/local/sbin/rsyslogd'];
const MODULES = [
  '/usr/lib/x86_64-linux-gnu/rsyslog',
  '/usr/lib/aarch64-linux-gnu/rsyslog',
  '/usr/lib/rsyslog',
];
const TLS_DRIVER = 'ossl';

/** CLAVIGER_RSYSLOGD names another program than Debian's. */
export function rsyslogPeer(): PeerStart {
  const program = env['CLAVIGER_RSYSLOGD'] ?? PROGRAMS.find((path) => existsSync(path));
  if (program === undefined)
    return { kind: 'missing', why: 'there is no rsyslogd (Debian: rsyslog)' };
  if (!MODULES.some((path) => existsSync(join(path, `lmnsd_${TLS_DRIVER}.so`)))) {
    return { kind: 'missing', why: 'rsyslogd has no TLS (Debian: rsyslog-openssl)' };
  }
  return {
    kind: 'ready',
    async start(directory) {
      const { server: tls, client } = await makeTlsFiles(directory);
      const port = await freePort();
      const output = join(directory, 'received.log');
      const config = join(directory, 'rsyslog.conf');
      // In direct mode a message is in the file before more is read: what was answered is kept.
      writeFileSync(
        config,
        `global(
  workDirectory="${directory}"
  maxMessageSize="64k"
  parser.escapeControlCharactersOnReceive="off"
  defaultNetstreamDriver="${TLS_DRIVER}"
  defaultNetstreamDriverCAFile="${tls.ca}"
  defaultNetstreamDriverCertFile="${tls.certificate}"
  defaultNetstreamDriverKeyFile="${tls.key}"
)
module(load="imtcp" streamDriver.name="${TLS_DRIVER}" streamDriver.mode="1" streamDriver.authMode="x509/certvalid")
template(name="message" type="string" string="%msg%\\n")
ruleset(name="audit" queue.type="Direct") {
  action(type="omfile" file="${output}" template="message" fileCreateMode="0600")
}
input(type="imtcp" address="127.0.0.1" port="${port}" ruleset="audit")
`,
      );
      const args = ['-n', '-f', config, '-i', join(directory, 'rsyslogd.pid')];
      const rsyslogd = await startProgram(program, args, port);
      return {
        sink: { kind: 'syslog', port, tls: client },
        // In order: what rsyslogd has read and not written when it is killed, no sender can know of.
        harm: () => rsyslogd.restart('SIGTERM'),
        async received() {
          return readFileSync(output, 'utf8').split('\n').slice(0, -1);
        },
        stop: () => rsyslogd.stop(),
      };
    },
  };
}
