import type { CauseCode } from './cause.ts';
import type { LogLine } from './log-line.ts';
import type { Reading } from './reading.ts';
import { accepting, failedForNoReason } from './rules/rule.ts';
import { isSelfDial } from './rules/undecided.ts';
import type { SignalId } from './signals/signal.ts';
import { isForeign, placeOf } from './target.ts';
import { isIpAddress } from '../model/host.ts';
import { table } from '../model/table.ts';

type When = (reading: Reading) => boolean;

const says =
  (...ids: readonly SignalId[]): When =>
  ({ signals }) =>
    ids.some((id) => signals.has(id));

const waits: When = ({ line, signals }) => signals.has('deadline') && line.writtenBy !== 'etcd';

/** What is known where the words name no reason, first what says most. */
const titles: readonly (readonly [When, string])[] = [
  [says('reason-hidden'), 'the client library hides the reason'],
  [
    (reading) => failedForNoReason(reading) && accepting(reading),
    'the certificate of a client was rejected; the text gives no reason',
  ],
  [failedForNoReason, 'the client rejected the server certificate; the text gives no reason'],
  [
    says('permission-denied'),
    "access was denied: by the operating system or by etcd's users and roles",
  ],
  [says('path-missing'), 'a file is missing; the text does not say whether etcd needs it'],
  [
    (reading) => accepting(reading) && says('eof')(reading),
    'a client began a handshake and disconnected without a reason',
  ],
  [says('context-canceled'), 'the caller gave up this connection itself'],
  [
    says('bad-record-mac'),
    'a client ended the handshake with an alert that Go could not decrypt, as TLS 1.3 clients with OpenSSL do when they reject the server certificate',
  ],
  [says('eof', 'reset'), 'the other side ended the connection without a reason'],
  [says('rejected'), 'etcd rejected a connection, and the words name no known reason'],
  [waits, 'the client gave up waiting, and this text hides the reason'],
  [
    says('raft-waits', 'deadline', 'peer-unhealthy'),
    'members wait for each other: a consequence, with the reason in other lines',
  ],
  [says('handshake-failed'), 'a TLS handshake failed, and this text hides the reason'],
  [says('version-2-client'), 'the client names no reason'],
];

/** What an alert without a reason says where etcd's gateway was rejected. */
export const gatewayRejected =
  'etcd rejects its own server certificate when its gateway connects; the alert gives no reason';

/** The side, or that the reason is hidden. */
export function openTitle(reading: Reading): string {
  if (reading.alert !== undefined) return alertTitle(reading, accepting(reading));
  return titles.find(([when]) => when(reading))?.[1] ?? 'this evidence is not conclusive';
}

function alertTitle(reading: Reading, accepts: boolean): string {
  const { line, alert = '' } = reading;
  const aboutCertificate = /certificate|unknown ca/.test(alert);
  if (isSelfDial(reading) && aboutCertificate) {
    return gatewayRejected;
  }
  const peer = line.port === 'peer';
  if (!aboutCertificate) {
    return `the ${accepts ? 'client' : 'server'} ended the handshake with alert "${alert}", which has several reasons`;
  }
  if (accepts) return `${rejectedByCaller(line)}; the alert gives no reason`;
  return peer
    ? 'another member rejected the peer certificate of this one; the alert gives no reason'
    : 'the server rejected the client certificate, or got none; the alert gives no reason';
}

function rejectedByCaller({ service, writtenBy, port }: LogLine): string {
  if (isForeign(service)) return `a client rejected the certificate of ${writtenBy}, not of etcd`;
  return port === 'peer'
    ? 'a member rejected the peer certificate of this etcd'
    : 'a client rejected the server certificate of this etcd';
}

/** Causes that are stated, and still need one look to know which file is meant. */
const looks: Partial<Record<CauseCode, string>> = {
  'CA-CLIENT':
    '`openssl x509 -noout -subject -fingerprint -sha256 -in FILE` of the CA file of the client: a file without a certificate and a CA of the same name with another key end in these words, too',
  'CA-MIX': compareAuthorities(),
  'CA-SERVER': compareAuthorities(),
  'SAN-PEER':
    'whether the source address belongs to the member that the certificate was issued for',
};

function compareAuthorities(): string {
  return 'the SHA-256 fingerprint of the CA file on both hosts, and when etcd was started';
}

/** Where to look next. */
export function lookThatDecides(reading: Reading, cause: CauseCode): string | undefined {
  return cause === 'UNKNOWN' ? lookInTheOpen(reading) : looks[cause];
}

function lookInTheOpen(reading: Reading): string {
  const { line, signals, alert } = reading;
  if (failedForNoReason(reading)) return lookAtVerification(line);
  if (line.role === 'accepting') return lookAtClient(reading);
  const place = placeIn(line);
  if (alert !== undefined) {
    return `the log of ${place ?? 'the server'} at the same moment: its line \`rejected connection\` names the reason`;
  }
  const [library] = Object.keys(signals.get('reason-hidden')?.values ?? {});
  const known = library === undefined ? otherLook(reading) : speakUp(library);
  return (
    known ??
    `\`openssl s_client -connect ${place ?? 'HOST:PORT'}\` from the host of the client: what answers there?`
  );
}

function placeIn({ target }: LogLine): string | undefined {
  return target === undefined ? undefined : placeOf({ ...target, scheme: '' });
}

/** OpenSSL's own programs print what its library knows. */
function lookAtVerification(line: LogLine): string {
  if (line.role === 'accepting') {
    return '`openssl verify -purpose sslclient -CAfile FILE CERTIFICATE` with the CA file of the side that rejects and the certificate of the client';
  }
  const host = line.target?.host ?? 'HOST';
  const option = isIpAddress(host) ? '-verify_ip' : '-verify_hostname';
  return `\`openssl s_client -connect ${placeIn(line) ?? 'HOST:PORT'} -CAfile FILE ${option} ${host}\` with the CA file of the client: \`verify error\` in its output is the reason`;
}

function otherLook(reading: Reading): string | undefined {
  return otherLooks.find(([when]) => when(reading))?.[1];
}

const options =
  'etcdctl with `--debug` and the same options, or `etcd-tls-audit verify --endpoints …` with them: both show the reason';

const otherLooks: readonly (readonly [When, string])[] = [
  [
    says('permission-denied'),
    'the lines before: a path means the operating system, a user or key means etcd',
  ],
  [
    ({ line, signals }) => line.writtenBy === 'python' && signals.has('path-missing'),
    'the call above it: `load_verify_locations` opens the CA file, `load_cert_chain` certificate and key',
  ],
  [says('path-missing'), 'whether etcd continues after this line: etcd stops if it needs the file'],
  [
    says('raft-waits', 'peer-unhealthy'),
    'the lines of the other members at the same moment: which member rejects or cannot reach which',
  ],
  [
    (reading) => isEtcdctl(reading) && says('deadline')(reading) && !says('eof', 'reset')(reading),
    options,
  ],
  [
    (reading) => says('deadline')(reading) && !says('eof', 'reset')(reading),
    "etcd's log at the same moment, and `etcd-tls-audit verify` from this host",
  ],
];

/** Only etcdctl has `--debug`; text without a writer is most often its. */
function isEtcdctl({ line }: Reading): boolean {
  return line.writtenBy === 'etcdctl' || line.writtenBy === 'unknown';
}

function lookAtClient({ line }: Reading): string {
  const who = line.remoteAddress ?? 'the remote address';
  return (
    `the log of the program at ${who}, which knows why it ` +
    'disconnected; or run `etcd-tls-audit check` on this certificate with the CA file of that program'
  );
}

/** How each library is made to say more, by its documentation. */
function speakUp(library: string): string {
  const ways = table<string>({
    dotnet: 'the inner exception, and the log category `Grpc` at level Debug (Grpc.Net.Client)',
    python: 'the same program with GRPC_VERBOSITY=debug and GRPC_TRACE=tsi,transport_security',
    node: 'the same program with GRPC_VERBOSITY=DEBUG and GRPC_TRACE=channel,subchannel,transport',
    java: 'the lines `Caused by:` below it, or the program with -Djavax.net.debug=ssl,handshake',
    rust: 'the source() chain of the error, or the program with RUST_LOG=rustls=debug,h2=debug',
    lua: "the lines before it in nginx's error log at level info: `handshake failed` has the reason",
    go: 'the program with GRPC_GO_LOG_SEVERITY_LEVEL=info and GRPC_GO_LOG_VERBOSITY_LEVEL=99',
  });
  return ways[library] ?? "etcd's log at the same moment";
}
