import { type CauseCode, causes } from './cause.ts';
import type { LogLine } from './log-line.ts';
import type { Reading } from './reading.ts';
import { harmless } from './harmless.ts';
import { hostFaults } from './host-faults.ts';
import { captured, comparesAnotherHost } from './rules/rule.ts';
import { neighbourIn, ownerShown } from './rules/names.ts';
import { isSelfDial } from './rules/undecided.ts';
import { isForeign, placeOf } from './target.ts';
import { isIpAddress, isLoopback } from '../model/host.ts';

export interface Advice {
  readonly title: string;
  readonly remedy: string;
}

type About = 'server certificate' | 'client certificate' | undefined;

/** What a cause means for the very line, and what to do there: side, port, path and name decide. */
export function adviceFor(cause: CauseCode, reading: Reading, about: About): Advice {
  const known = causes[cause];
  const special = specials[cause]?.(reading, about) ?? {};
  const { line } = reading;
  const remedy = `${special.remedy ?? known.remedy}${ofGateway(cause, reading, about)}`;
  if (!isForeign(line.service) || cause === 'NOISE') {
    return { title: special.title ?? known.title, remedy };
  }
  const what = line.target === undefined ? 'another service' : placeOf(line.target);
  return {
    title: `${special.title ?? known.title} (${what}, not etcd)`,
    remedy:
      elsewhere[cause] ??
      `Look at ${what}: this line is about that service, not about etcd's ports.`,
  };
}

/** What comes from this host may be etcd itself, which then shows its server certificate. */
function ofGateway(cause: CauseCode, { line }: Reading, about: About): string {
  const mayBe =
    about === 'client certificate' &&
    line.role === 'accepting' &&
    line.port !== 'peer' &&
    isLoopback(line.remoteAddress ?? '') &&
    ['EXPIRED', 'CA-SERVER', 'CA-MIX', 'CLOCK'].includes(cause);
  return mayBe
    ? ' If etcd itself connected from there, as its gateway does, this is about its server certificate.'
    : '';
}

const elsewhere: Partial<Record<CauseCode, string>> = {
  'CA-CLIENT': "Give the program the CA of that service; etcd's CA does not apply to it.",
  EXPIRED: "Renew the certificate of that service, not etcd's.",
  SAN: "Reissue the certificate of that service, not etcd's, with the host that the client connects to in its subjectAltName.",
};

const specials: Partial<Record<CauseCode, (reading: Reading, about: About) => Partial<Advice>>> = {
  SAN: san,
  'SAN-PEER': sanPeer,
  'CA-CLIENT': caClient,
  'CA-SERVER': caServer,
  SRV: () => ({
    title: 'DNS SRV discovery does not find this member',
    remedy:
      'Compare the targets of `_etcd-server-ssl._tcp.DOMAIN` with the host in `--initial-advertise-peer-urls`.',
  }),
  EXPIRED: expired,
  EKU: usage,
  NOCERT: noCertificate,
  FILE: file,
  CONFIG: config,
  NET: network,
  AUTHZ: authorization,
  'CLUSTER-ID': membership,
  CLOCK: clock,
  'CLIENT-LIB': library,
  NOISE: harmless,
  SCHEME: scheme,
  VERSION: version,
};

function san(reading: Reading): Partial<Advice> {
  const { line } = reading;
  const named = captured(reading, 'host-not-in-names', 'wanted');
  const wanted = named === '-' ? captured(reading, 'no-ip-names', 'wanted') : named;
  if (wanted === '-') return {};
  const kind = isIpAddress(wanted) ? 'IP' : 'DNS';
  const which = line.port === 'peer' ? 'peer certificate of that member' : 'server certificate';
  const other = neighbourIn(reading);
  const start =
    other === undefined
      ? 'Reissue'
      : `Is ${other} another member? Then that is its certificate: find what leads from ${wanted} to it, or give the member at ${wanted} its own. If not, reissue`;
  return {
    remedy: `${start} the ${which} with ${kind}:${wanted} in its subjectAltName, or connect to a name that is already in the certificate. etcd reloads the file without a restart.`,
  };
}

function sanPeer(reading: Reading): Partial<Advice> {
  const address = captured(reading, 'peer-name-mismatch', 'address');
  if (address === '-') return {};
  const owner = ownerShown(reading);
  const start =
    owner === undefined
      ? 'Add'
      : `Is ${owner} another member? Then its certificate was copied: give the member at ${address} its own. If not, add`;
  return {
    remedy:
      `${start} IP:${address} to the peer certificate of the member that connects from there, or give ` +
      `${address} a PTR record that one of its DNS SANs matches. If ${address} is not an address ` +
      'of a member, find the NAT in between.',
  };
}

function caClient({ line }: Reading): Partial<Advice> {
  if (line.port === 'peer') {
    return {
      title: 'a member does not trust the CA of another member’s peer certificate'.replace(
        '’',
        "'",
      ),
      remedy:
        "Put the CA that signed the peer certificates into every member's `--peer-trusted-ca-file`, and restart the members one by one.",
    };
  }
  const option = caOptions[line.writtenBy];
  return option === undefined
    ? {}
    : { remedy: `Give the client the CA that signed etcd's server certificate: ${option}.` };
}

/** Where each client takes its CA from. */
const caOptions: Partial<Record<LogLine['writtenBy'], string>> = {
  etcdctl: '`--cacert` (`--ca-file` with API version 2) or ETCDCTL_CACERT',
  'kube-apiserver': '`--etcd-cafile`',
  flanneld: '`-etcd-cafile`',
  patroni: '`cacert` under `etcd3`',
  curl: '`--cacert`',
  openssl: '`-CAfile`',
};

function caServer({ line }: Reading): Partial<Advice> {
  // Until 3.5.15 etcd does not say on which of its ports.
  if (line.port === undefined && line.writtenBy === 'etcd') {
    return {
      remedy: `${causes['CA-SERVER'].remedy} If it is a member that connects, this is about its peer certificate and \`--peer-trusted-ca-file\`.`,
    };
  }
  if (line.port !== 'peer') return {};
  return {
    title: 'a member does not trust the CA of the peer certificate of another member',
    remedy:
      'Use peer certificates that a CA in `--peer-trusted-ca-file` signed, or add that CA to the file on every member and restart the members one by one.',
  };
}

function expired(reading: Reading, about: About): Partial<Advice> {
  const { line } = reading;
  const limit = captured(reading, 'expired', 'limit');
  const owner = about === 'client certificate' ? clientOf(line) : serverOf(line);
  const since = limit === '-' ? '' : ` The certificate expired at ${limit}.`;
  return {
    remedy: `Renew ${owner}.${since} etcd reloads leaf files at the next handshake and CA files only at a restart. Check the CA and the other members as well: they were often issued on the same day.`,
  };
}

function clientOf({ remoteAddress, port }: LogLine): string {
  const who =
    port === 'peer'
      ? 'the peer certificate of the member'
      : 'the client certificate of the program';
  return remoteAddress === undefined
    ? who.replace(/ of the (?:member|program)/, '')
    : `${who} at ${remoteAddress}`;
}

function serverOf({ target, port }: LogLine): string {
  const what = port === 'peer' ? 'the peer certificate' : 'the server certificate';
  return target === undefined ? what : `${what} of ${placeOf(target)}`;
}

function usage(reading: Reading, about: About): Partial<Advice> {
  const { line } = reading;
  const ofServer =
    'reissue the server certificate with clientAuth next to serverAuth, or set `--client-cert-file` (3.5+): etcd connects to itself with it. Until then gRPC works and `/v3/` over HTTP fails.';
  if (isSelfDial(reading)) return { remedy: `R${ofServer.slice(1)}` };
  if (line.port !== 'peer' && isLoopback(line.remoteAddress ?? '')) {
    return {
      remedy: `If etcd itself connected from there, as its gateway does, ${ofServer} Another program on this host needs a client certificate with clientAuth.`,
    };
  }
  if (line.port === 'peer')
    return { remedy: 'Reissue the peer certificate with both serverAuth and clientAuth.' };
  return {
    remedy:
      about === 'client certificate'
        ? 'Reissue the client certificate with clientAuth. If the client is etcd itself (the source is an address of the member), reissue the server certificate with clientAuth.'
        : 'Reissue the server certificate with serverAuth.',
  };
}

function noCertificate({ line }: Reading): Partial<Advice> {
  if (line.port === 'peer') {
    return { remedy: 'Set `--peer-cert-file` and `--peer-key-file` on the member that connects.' };
  }
  const options: Partial<Record<LogLine['writtenBy'], string>> = {
    etcdctl: '`--cert` and `--key`, or ETCDCTL_CERT and ETCDCTL_KEY',
    'kube-apiserver': '`--etcd-certfile` and `--etcd-keyfile`',
    curl: '`--cert` and `--key`',
  };
  if (line.writtenBy === 'java') {
    return {
      remedy:
        'Give the client a certificate and its key. Where it has one: Java sends it only if a CA that the server names, which are those in `--trusted-ca-file`, signed it.',
    };
  }
  const own = options[line.writtenBy];
  if (own !== undefined) return { remedy: `Give the client a certificate and its key: ${own}.` };
  const find =
    line.remoteAddress === undefined
      ? causes.NOCERT.remedy
      : `Find the program at ${line.remoteAddress} that connects without a certificate, and configure a certificate and key for it.`;
  return {
    remedy: `${find} If it has one: programs in Go and Java may keep it back unless a CA in \`--trusted-ca-file\` signed it.`,
  };
}

function file(reading: Reading): Partial<Advice> {
  const unusable = reading.signals.get('certificate-file-unusable');
  if (unusable !== undefined && reading.signals.size === 1) {
    const [path] = Object.values(unusable.values);
    const ofPair =
      unusable.values['key'] === undefined
        ? ''
        : ' If both are sound, compare the key with its certificate: `openssl pkey -pubout -in KEY` and `openssl x509 -pubkey -noout -in CERT` print the same for a pair. A key with a passphrase has to be decrypted.';
    return {
      title: `the program cannot load ${path ?? 'a certificate or key file'}`,
      remedy: `Look at ${path ?? 'the file'} as the user of the program: \`openssl x509 -noout -subject -in FILE\` prints the subject of a certificate, \`openssl pkey -noout -in FILE\` nothing for a sound key, and both say why a file cannot be opened or read.${ofPair}`,
    };
  }
  for (const id of ['file-missing', 'file-unreadable', 'file-is-directory'] as const) {
    const path = captured(reading, id, 'file');
    if (path === '-') continue;
    return {
      title: id === 'file-missing' ? `${path} is missing` : `${path} cannot be read`,
      remedy: `Check ${path} as the process sees it: mode and owner of the file and of every directory above it, container mounts, and SELinux denials (\`ausearch -m AVC\`); then restart.`,
    };
  }
  return {};
}

function config(reading: Reading): Partial<Advice> {
  const variable = captured(reading, 'unknown-variable', 'name');
  if (variable !== '-') {
    return {
      title: `etcd ignores the variable ${variable}`,
      remedy: `Correct the name ${variable}, or remove it: etcd has no such setting, so the setting that was meant keeps its default.`,
    };
  }
  if (reading.signals.has('quoted-path')) {
    return {
      remedy:
        'Remove the quotation marks from the value: systemd and Docker pass them on as part of the path.',
    };
  }
  if (reading.signals.has('address-not-here')) {
    return {
      remedy: `Use an address of this host in the listen URL (${captured(reading, 'address-not-here', 'address')}), or 0.0.0.0.`,
    };
  }
  if (/setting up initial cluster/.test(reading.line.text)) {
    return {
      remedy:
        'Check `--initial-cluster`: NAME=URL pairs with commas between them, and http or https in every URL.',
    };
  }
  return {};
}

function network(reading: Reading): Partial<Advice> {
  const ofHost = hostFaults.find(([id]) => reading.signals.has(id));
  if (ofHost !== undefined) return { title: ofHost[1], remedy: ofHost[2] };
  const { target } = reading.line;
  if (target === undefined) return {};
  if (reading.signals.has('refused')) {
    return {
      title: `nothing listens at ${placeOf(target)}: not TLS`,
      remedy: `Look at the log of the process that should listen there: it did not start, or listens elsewhere (\`ss -ltnp\` on ${target.host}).`,
    };
  }
  const { host, port } = target;
  return port === undefined
    ? {}
    : {
        remedy: `Does \`nc -vz ${host} ${port}\` connect from the host that waited? If so, look at the process and the load on ${host}; if not, at routes and firewalls. Check certificates after that.`,
      };
}

function authorization(reading: Reading): Partial<Advice> {
  const { signals, line } = reading;
  if (signals.has('allowed-name')) {
    return line.role === 'dialling'
      ? {
          remedy:
            "Add the name in etcd's own certificate to `--client-cert-allowed-hostname` (several names from 3.6 on): the gateway checks its own member with the same list.",
        }
      : {
          remedy: `Add the name in that certificate to \`--${line.port === 'peer' ? 'peer-cert-allowed-cn' : 'client-cert-allowed-hostname'}\` or \`--peer-cert-allowed-hostname\`, or use a certificate with a listed name.`,
        };
  }
  if (signals.has('crl-unreadable')) {
    return {
      title: 'etcd cannot parse its CRL file, and rejects every certificate',
      remedy:
        'Put a CRL into the file of `--client-crl-file` or `--peer-crl-file` (`openssl crl -noout -text -in FILE` prints it), or remove the setting.',
    };
  }
  if (signals.has('revoked')) {
    const serial = captured(reading, 'revoked', 'serial');
    return {
      title: `the certificate with serial ${serial} is revoked`,
      remedy: 'Issue a new certificate to its owner.',
    };
  }
  if (signals.has('permission-denied-by-etcd') || signals.has('permission-denied')) {
    return {
      title: "TLS succeeded; etcd's users and roles deny the request",
      remedy:
        'Compare the CN of the certificate, or the user given, with `etcdctl user get NAME` and the roles with `etcdctl role get ROLE`.',
    };
  }
  return {};
}

function membership({ signals }: Reading): Partial<Advice> {
  if (signals.has('raft-log-lost')) {
    return {
      title: 'not TLS: the data directory of this member has lost entries that it had acknowledged',
    };
  }
  if (signals.has('cluster-id')) {
    return {
      remedy: `Compare \`--initial-cluster\`, http and https in its URLs included, and \`--initial-cluster-token\` of both members: the cluster id is a hash of them. If they were the same when both started for the first time, one data directory is of another cluster. ${causes['CLUSTER-ID'].remedy}`,
    };
  }
  return signals.has('member-removed')
    ? { title: 'not TLS: the cluster has removed this member' }
    : {};
}

function clock({ signals }: Reading): Partial<Advice> {
  return signals.has('clock-difference') ? { title: 'the clocks of two members differ' } : {};
}

function library(reading: Reading): Partial<Advice> {
  if (!comparesAnotherHost(reading)) return {};
  return {
    title: "the client compares a member's certificate with the host of another endpoint",
    remedy:
      "The certificate is right. Upgrade the client: etcd's Go client before 3.3.17 and 3.4.2, as in kube-apiserver " +
      'before 1.16.3, looks for the host of one endpoint in the certificates of all. Until then give it one endpoint, ' +
      'or put the hosts of all members into each server certificate.',
  };
}

function scheme({ line }: Reading): Partial<Advice> {
  if (line.role === 'accepting' && line.remoteAddress !== undefined) {
    return {
      remedy: `Find the program at ${line.remoteAddress} that uses http:// and change its URL to https://${line.port === 'peer' ? '; among members, the URLs in `--initial-cluster` and the stored peer URLs' : ', with the CA and, where required, a certificate'}.`,
    };
  }
  const { target } = line;
  if (target?.scheme === 'http')
    return { remedy: `Use https:// instead of ${placeOf(target)}, with the CA of etcd.` };
  return {};
}

/** What etcd has against its own settings concerns no other side. */
function version(reading: Reading): Partial<Advice> {
  if (reading.signals.has('unknown-suite')) {
    const suite = captured(reading, 'unknown-suite', 'suite');
    return {
      title: `etcd does not know the cipher suite ${suite === '-' ? 'that is set' : suite.replace(/\W+$/, '')}, and does not start`,
      remedy:
        'Correct the name in `--cipher-suites`: etcd knows those of Go (https://pkg.go.dev/crypto/tls#pkg-constants). Or remove the setting.',
    };
  }
  return reading.signals.has('no-http2-suite')
    ? {
        title: 'the cipher suites of etcd lack the one that HTTP/2 requires',
        remedy:
          'Add TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 to `--cipher-suites`, for a certificate with an ECDSA key TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256; or remove the setting.',
      }
    : {};
}
