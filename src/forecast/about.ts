import {
  type About,
  aboutCertificate,
  aboutEdge,
  aboutFile,
  aboutName,
  aboutSetting,
} from '../model/about.ts';
import type { Edge } from '../model/forecast.ts';
import { isRefusalRule, type RefusalRule } from '../model/refusal.ts';

/** Says of a refused connection that the deployment needs what it is about; others stay as they are. */
export function withAbout(edge: Edge): Edge {
  if (edge.wanted !== 'accepted' || edge.outcome !== 'refused') return edge;
  return { ...edge, about: [aboutEdge(edge), ...ofBlame(edge), ...ofSettings(edge)] };
}

function ofBlame({ blame = {}, ...edge }: Edge): readonly About[] {
  const { sha256, names = [], file, setting } = blame;
  const owner = stopped(edge);
  const certificate = sha256 === undefined ? [] : [{ sha256 }];
  return [
    ...certificate.flatMap((each) =>
      names.length === 0 ? aboutCertificate(each) : names.map((name) => aboutName(each, name)),
    ),
    // A file that cannot be read is blamed by the path in the settings, others by the one given.
    ...(file === undefined ? [] : [aboutFile(file), aboutFile(file, owner)]),
    ...(setting === undefined ? [] : [aboutSetting(owner, setting)]),
  ];
}

/** Whose process fails to load its files. */
function stopped({ refusedBy, from, member = from }: Pick<Edge, 'refusedBy' | 'from' | 'member'>) {
  return refusedBy === 'start' ? member : from;
}

/** Which setting may be why one side rejects the other, in addition to the certificate at fault. */
type Fault =
  /** What the verifying side trusts. */
  | 'trust'
  /** The certificate and key of the side that connects. */
  | 'credential'
  /** The URL that is connected to, where the client has it or the member advertises it. */
  | 'target'
  /** The URL on which the member listens. */
  | 'listener'
  /** A certificate that etcd makes for itself. */
  | 'generated'
  /** The list of either side. */
  | 'suites'
  /** None: the certificate or file that is blamed says it all. */
  | 'none';

const faults: Readonly<Record<RefusalRule, Fault>> = {
  'endpoint.blanks': 'target',
  'endpoint.malformed': 'target',
  'endpoint.no-member': 'none',
  'etcd.ca-file-unparsable': 'none',
  'etcd.crl-unreadable': 'none',
  'etcd.cut-off': 'none',
  'etcd.generated-certificate': 'generated',
  'etcd.half-pair': 'credential',
  'etcd.name-not-allowed': 'none',
  'etcd.peer-san': 'none',
  'etcd.refused-at-start': 'none',
  'etcd.revoked': 'none',
  'file.missing': 'none',
  'file.not-given': 'none',
  'file.permission-denied': 'none',
  'file.unreadable': 'none',
  'network.nothing-listens': 'listener',
  'openssl.weak-key': 'none',
  'tls.certificate-left-out': 'none',
  'tls.key-of-another-certificate': 'none',
  'tls.key-of-another-type': 'none',
  'tls.key-too-small': 'none',
  'tls.no-client-certificate': 'credential',
  'tls.no-common-suite': 'suites',
  'tls.no-common-version': 'none',
  'tls.no-pem': 'none',
  'tls.oversized-key': 'none',
  'tls.plaintext-to-tls': 'target',
  'tls.suite-refused-by-http2': 'none',
  'tls.swapped-files': 'none',
  'tls.tls-to-plaintext': 'listener',
  'tls.unsupported-curve': 'none',
  'tls.unusable-key': 'none',
  'x509.authority-key-too-small': 'none',
  'x509.common-name-only': 'none',
  'x509.critical-extension': 'none',
  'x509.expired': 'none',
  'x509.host-name': 'none',
  'x509.insecure-signature': 'none',
  'x509.issuer-not-an-authority': 'none',
  'x509.key-usage': 'none',
  'x509.malformed': 'none',
  'x509.missing-intermediate': 'none',
  'x509.name-constraints': 'none',
  'x509.name-mismatch': 'none',
  'x509.not-yet-valid': 'none',
  'x509.path-length': 'none',
  'x509.policies': 'none',
  'x509.same-name-other-key': 'none',
  'x509.signature-limit': 'none',
  'x509.system-roots': 'trust',
  'x509.unknown-authority': 'trust',
  'x509.unparsable': 'none',
  'x509.unsupported-curve': 'none',
};

function ofSettings(edge: Edge): readonly About[] {
  return isRefusalRule(edge.rule) ? settings[faults[edge.rule]](edge) : [];
}

const settings: Readonly<Record<Fault, (edge: Edge) => readonly About[]>> = {
  none: () => [],
  trust: (edge) =>
    edge.refusedBy === 'client'
      ? ofInitiator(edge, 'trusted-ca-file')
      : ofListener(edge, 'trusted-ca-file'),
  credential: (edge) =>
    edge.refusedBy === 'start' ? ofListener(edge, 'cert-file') : ofInitiator(edge, 'cert-file'),
  target: (edge) =>
    edge.edge === 'client'
      ? [aboutSetting(edge.from, 'endpoints')]
      : ofMember(
          edge,
          edge.port === 'peer' ? 'initial-advertise-peer-urls' : 'advertise-client-urls',
        ),
  listener: (edge) =>
    ofMember(edge, edge.port === 'peer' ? 'listen-peer-urls' : 'listen-client-urls'),
  suites: (edge) => [aboutSetting(edge.from, 'cipher-suites'), ...ofMember(edge, 'cipher-suites')],
  generated: (edge) =>
    edge.refusedBy === 'client' ? ofListener(edge, 'auto-tls') : ofInitiator(edge, 'auto-tls'),
};

function ofInitiator({ edge, from }: Edge, flag: string): readonly About[] {
  return [aboutSetting(from, edge === 'peer' ? `peer-${flag}` : flag)];
}

function ofListener(edge: Edge, flag: string): readonly About[] {
  return ofMember(edge, edge.port === 'peer' ? `peer-${flag}` : flag);
}

function ofMember({ member }: Edge, flag: string): readonly About[] {
  return member === undefined ? [] : [aboutSetting(member, flag)];
}
