import type { CauseCode } from './cause.ts';
import type { Reading } from './reading.ts';
import { isSelfDial } from './rules/undecided.ts';
import { placeOf } from './target.ts';

/** What is known where the words name no reason: the side, or that the reason is hidden. */
export function openTitle(reading: Reading): string {
  const { line, signals, alert } = reading;
  const accepts = line.role === 'accepting';
  if (alert !== undefined) return alertTitle(reading, accepts);
  if (signals.has('reason-hidden')) return 'the client library hides the reason';
  if (signals.has('no-certificate-shown')) return 'a client sent no certificate';
  if (signals.has('permission-denied')) {
    return "access was denied: by the operating system or by etcd's users and roles";
  }
  if (signals.has('path-missing')) return 'a file is missing; the text does not say whether etcd needs it';
  if (accepts && signals.has('eof')) return 'a client began a handshake and left without a reason';
  if (signals.has('context-canceled')) return 'the caller gave up this connection itself';
  if (signals.has('eof') || signals.has('reset')) {
    return 'the other side ended the connection without a reason';
  }
  if (signals.has('deadline') && line.writtenBy !== 'etcd') {
    return 'the client gave up waiting, and this text hides the reason';
  }
  if (signals.has('raft-waits') || signals.has('deadline') || signals.has('peer-unhealthy')) {
    return 'members wait for each other: a consequence, with the reason in other lines';
  }
  if (signals.has('version-2-client')) return 'the client names no reason';
  return 'this evidence does not decide';
}

function alertTitle(reading: Reading, accepts: boolean): string {
  const { line, alert = '' } = reading;
  const aboutCertificate = /certificate|unknown ca/.test(alert);
  if (isSelfDial(reading) && aboutCertificate) {
    return 'etcd rejects its own server certificate when its gateway connects; the alert gives no reason';
  }
  const peer = line.port === 'peer';
  if (!aboutCertificate) {
    return `the ${accepts ? 'client' : 'server'} ended the handshake with alert "${alert}", which has several reasons`;
  }
  if (accepts) {
    return `a ${peer ? 'member' : 'client'} rejected the ${peer ? 'peer' : 'server'} certificate of this etcd; the alert gives no reason`;
  }
  return peer
    ? 'another member rejected the peer certificate of this one; the alert gives no reason'
    : 'the server rejected the client certificate, or got none; the alert gives no reason';
}

/** Where to look next. */
export function lookThatDecides(reading: Reading, cause: CauseCode): string | undefined {
  const { line, signals, alert } = reading;
  if (cause === 'CA-MIX' || cause === 'CA-SERVER' || cause === 'CA-ROT') {
    return 'the SHA-256 fingerprint of the CA file on both hosts, and when etcd was started';
  }
  if (cause === 'SAN-PEER') {
    return 'whether the source address belongs to the member that the certificate was issued for';
  }
  if (cause !== 'UNKNOWN') return undefined;
  const hidden = signals.get('reason-hidden');
  if (alert === undefined && hidden !== undefined) return speakUp(Object.keys(hidden.values)[0] ?? '');
  if (line.role === 'accepting') return lookAtClient(reading);
  if (alert !== undefined) {
    return (
      `the log of ${line.target === undefined ? 'the server' : placeOf(line.target)} at the same moment: ` +
      'its line `rejected connection` names the reason'
    );
  }
  if (signals.has('permission-denied')) return 'the lines before: a path belongs to the operating system, a user or key to etcd';
  if (signals.has('path-missing')) return 'whether etcd goes on after this line: it stops where it needs the file';
  if (signals.has('deadline') && !signals.has('eof')) return lookAfterDeadline(reading);
  return `\`openssl s_client -connect ${line.target === undefined ? 'HOST:PORT' : placeOf({ host: line.target.host, ...(line.target.port !== undefined && { port: line.target.port }) })}\` from the host of the client: what answers there?`;
}

function lookAtClient({ line }: Reading): string {
  const who = line.remoteAddress ?? 'the remote address';
  return (
    `the log of the program at ${who}: it knows why it ` +
    'left; or run `etcd-tls-audit check` on this certificate with the CA file of that program'
  );
}

function lookAfterDeadline({ line }: Reading): string {
  if (line.writtenBy === 'etcdctl' || line.writtenBy === 'etcd-client' || line.writtenBy === 'unknown') {
    return 'etcdctl with `--debug` and the same options, or `etcd-tls-audit verify --endpoints …` with them: both show the reason';
  }
  return "etcd's log at the same moment, and `etcd-tls-audit verify` from this host";
}

/** How each library is made to say more, by its documentation. */
function speakUp(library: string): string {
  const ways: Readonly<Record<string, string>> = {
    dotnet: 'the inner exception, and the log category `Grpc` at level Debug (Grpc.Net.Client)',
    python: 'the same program with GRPC_VERBOSITY=debug and GRPC_TRACE=tsi,transport_security',
    node: 'the same program with GRPC_VERBOSITY=DEBUG and GRPC_TRACE=channel,subchannel,transport',
    java: 'the lines `Caused by:` below it, or the program with -Djavax.net.debug=ssl,handshake',
    rust: 'the source() chain of the error, or the program with RUST_LOG=rustls=debug,h2=debug',
    lua: "the lines before it in nginx's error log at level info: `handshake failed` has the reason",
    go: 'the program with GRPC_GO_LOG_SEVERITY_LEVEL=info and GRPC_GO_LOG_VERBOSITY_LEVEL=99',
  };
  return ways[library] ?? "etcd's log at the same moment";
}
