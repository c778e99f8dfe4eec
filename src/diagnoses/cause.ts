import type { CauseCode } from '../model/cause-code.ts';

export type { CauseCode };

/** What can be behind a failed or suspicious connection to etcd. Codes are stable: reports rely on them. */
export const causes = {
  SAN: {
    title: 'the server certificate does not name the host that the client connects to',
    area: 'certificate',
    remedy:
      'Reissue the server certificate with that host in its subjectAltName: an IP address as ' +
      '`IP:`, a name as `DNS:`. Or connect to a name that is already in it. etcd reloads the file without a restart.',
  },
  'SAN-PEER': {
    title: 'the peer port rejected a member: its source address is not in its certificate',
    area: 'certificate',
    remedy:
      'Put every address from which that member connects into its peer certificate as an IP SAN, or give ' +
      'the address a PTR record that one of its DNS SANs matches. Behind NAT use a peer certificate ' +
      'without SANs for outgoing connections (`--peer-client-cert-file`, 3.5+).',
  },
  'SAN-COPY': {
    title: "a member uses another member's certificate",
    area: 'certificate',
    remedy:
      'Issue a server and a peer certificate for each member with its own addresses; do not copy them ' +
      'between nodes.',
  },
  SRV: {
    title: 'with DNS SRV discovery the certificate must hold the SRV domain itself',
    area: 'certificate',
    remedy:
      'Add the domain given to `--discovery-srv` to the DNS SANs of every member, or set ' +
      '`--peer-trusted-ca-file`, with which the hosts themselves are verified.',
  },
  EKU: {
    title: 'a certificate lacks the extended key usage that its role requires',
    area: 'certificate',
    remedy:
      'Reissue it: peer certificates need serverAuth and clientAuth, a server certificate needs ' +
      'clientAuth too (etcd connects to itself with it) unless `--client-cert-file` is set (3.5+), clients ' +
      'need clientAuth.',
  },
  'EKU-CHAIN': {
    title: 'a CA certificate restricts the usages of the certificates it signed',
    area: 'certificate',
    remedy:
      'Reissue the CA certificate without extendedKeyUsage, or with both serverAuth and clientAuth: ' +
      'Go applies it to the whole chain below.',
  },
  EXPIRED: {
    title: 'a certificate has expired',
    area: 'certificate',
    remedy:
      'Renew it; leaf files are reloaded at the next handshake, CA files only at a restart. Check the ' +
      'CA and the other members as well: they were often issued on the same day.',
  },
  CLOCK: {
    title: 'a clock is wrong, or a certificate is not valid yet',
    area: 'clock',
    remedy:
      'Compare `date -u` on both hosts with a time server (`chronyc tracking`); correct the clock, ' +
      'or wait until notBefore.',
  },
  'CA-CLIENT': {
    title: 'the client does not trust the CA of the server certificate',
    area: 'certificate',
    remedy:
      'Give the client the CA that signed the server certificate (`--cacert`, `--etcd-cafile`, …): ' +
      "etcd's CA, not the Kubernetes one and not the system's bundle.",
  },
  'CA-SERVER': {
    title: 'etcd does not trust the CA of the client certificate',
    area: 'certificate',
    remedy:
      "Use a client certificate that a CA in etcd's `--trusted-ca-file` signed, or add that CA to the " +
      'file and restart the members one by one.',
  },
  'CA-MIX': {
    title: 'two CAs have the same name and different keys',
    area: 'certificate',
    remedy:
      'Compare `openssl x509 -in FILE -noout -fingerprint -sha256` of the CA file on every host; ' +
      'keep one CA, and reissue from it the certificates that the other one signed.',
  },
  'CA-ROT': {
    title: 'the CA was replaced on disk, and the running process still holds the old one',
    area: 'certificate',
    remedy:
      'Restart the members one by one: etcd reads CA files only at start. To rotate: first trust both ' +
      'CAs everywhere and restart, then reissue the leaves, then drop the old CA and restart.',
  },
  CHAIN: {
    title: 'an intermediate certificate is neither sent nor trusted',
    area: 'certificate',
    remedy:
      'Append the intermediate to the certificate file (leaf first), or add it to the CA file of the ' +
      'other side.',
  },
  NOCERT: {
    title: 'the client sent no certificate, and the server requires one',
    area: 'client',
    remedy:
      'Configure certificate and key on the client (`--cert` and `--key`, ETCDCTL_CERT and ' +
      'ETCDCTL_KEY, `--etcd-certfile` and `--etcd-keyfile`, …) and look for misspelt names.',
  },
  'NOCERT-PROBE': {
    title: 'a health probe or load balancer that cannot present a certificate',
    area: 'client',
    remedy:
      'Point the probe at `--listen-metrics-urls=http://127.0.0.1:2381` (`/health`), or use a probe ' +
      'that runs etcdctl with a certificate.',
  },
  FILE: {
    title: 'a file is missing or the process may not read it',
    area: 'settings',
    remedy:
      'Check the path, the mode and owner of every folder above it, the mounts of the container and ' +
      '`ausearch -m AVC` for SELinux; then restart.',
  },
  PEM: {
    title: 'a certificate or key file does not contain the right certificate or key',
    area: 'settings',
    remedy:
      'Leaf first and its own key: compare `openssl x509 -pubkey -noout -in CERT` with ' +
      '`openssl pkey -pubout -in KEY`. Keys must be unencrypted PEM.',
  },
  SCHEME: {
    title: 'one side uses TLS and the other does not',
    area: 'settings',
    remedy:
      'Use the same scheme in the URL that clients use and in the listen URL: endpoints, ' +
      'initial-cluster and advertised URLs.',
  },
  'MEMBER-URL': {
    title: 'the URL stored for a member contradicts its new settings',
    area: 'membership',
    remedy:
      'Change it in the cluster: `etcdctl member update ID --peer-urls=https://…`, one by one.',
  },
  CONFIG: {
    title: 'a setting has no effect, or etcd rejects it',
    area: 'settings',
    remedy:
      'Compare with the first lines of the log, which show the settings in force. With a ' +
      'config file etcd ignores all flags and variables, and unknown keys in the file.',
  },
  VERSION: {
    title: 'the two sides have no TLS version, suite or signature algorithm in common',
    area: 'settings',
    remedy:
      'Look at `--tls-min-version`, `--cipher-suites` (keep an ECDHE AES_128_GCM_SHA256 suite) and ' +
      'the Go release of both sides; reissue SHA-1 certificates with SHA-256.',
  },
  PROXY: {
    title: 'something between the two sides answers instead of etcd',
    area: 'network',
    remedy:
      'Unset HTTPS_PROXY or add the members to NO_PROXY; let a load balancer pass TCP through ' +
      'instead of terminating TLS.',
  },
  NET: {
    title: 'the network or the load of the hosts, not TLS',
    area: 'network',
    remedy:
      'Test the port with `nc -vz HOST PORT` from the host of the client; look at routes, firewalls, ' +
      'listen URLs and the load of both.',
  },
  DNS: {
    title: 'a name could not be resolved',
    area: 'network',
    remedy:
      'Test it with `getent hosts NAME` on the host of the client; fix the record or the resolver.',
  },
  AUTHZ: {
    title: 'TLS succeeded; etcd then rejected this identity',
    area: 'authorization',
    remedy:
      "Look at the certificate's CN, `--peer-cert-allowed-cn`, `--client-cert-allowed-hostname`, the " +
      'CRL, and `etcdctl user get NAME`: a CN must be a user when auth is enabled.',
  },
  QUORUM: {
    title: 'the member is up and has no quorum yet, so it does not serve clients',
    area: 'membership',
    remedy:
      'Start the other members until a majority runs. If they run, look in their logs (`journalctl -u ' +
      'etcd`, `etcd-tls-audit explain`) for rejected peer connections.',
  },
  'CLUSTER-ID': {
    title: 'the member belongs to another cluster: not TLS',
    area: 'membership',
    remedy:
      'Remove the member, empty its data directory, add it again and start it with ' +
      '`--initial-cluster-state=existing`.',
  },
  CLI: {
    title: 'wrong command line or API version, not the certificates',
    area: 'client',
    remedy:
      'Set ETCDCTL_API=3, give `--endpoints=https://…:2379`, `--cacert`, `--cert` and `--key`, each ' +
      'either as a flag or as a variable.',
  },
  'CLIENT-LIB': {
    title: 'the client library or integration handles the certificates wrongly',
    area: 'client',
    remedy: 'Try the same files with etcdctl; if that works, upgrade the client.',
  },
  RELOAD: {
    title: 'a file was replaced, and the process still uses the old one',
    area: 'settings',
    remedy:
      'Restart the process that still shows the old certificate: etcd reloads leaves by itself, many ' +
      'clients do not.',
  },
  NOISE: {
    title: 'harmless: clients connected and disconnected without a handshake',
    area: 'noise',
    remedy: 'Nothing to fix. From 3.5.24 and 3.6.6 on etcd writes such lines at debug level only.',
  },
  UNKNOWN: {
    title: 'this evidence is not conclusive',
    area: 'unknown',
    remedy: 'Run `etcd-tls-audit verify` with the cert set from the host of the client.',
  },
} as const satisfies Readonly<Record<CauseCode, Cause>>;

export interface Cause {
  /** What it means, as a statement without a full stop. */
  readonly title: string;
  /** Who has to act; only `certificate` ever blames one. */
  readonly area:
    | 'certificate'
    | 'settings'
    | 'clock'
    | 'client'
    | 'network'
    | 'membership'
    | 'authorization'
    | 'noise'
    | 'unknown';
  readonly remedy: string;
}
