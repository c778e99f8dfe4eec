import type { Certificate } from '../../../src/model/certificate.ts';
import type { FileFact } from '../../../src/model/files.ts';
import type { Edge } from '../../../src/model/forecast.ts';
import type { Member } from '../../../src/model/inventory.ts';
import type { Report, Result } from '../../../src/model/report.ts';
import {
  aCertificate,
  aCertificateFile,
  aClient,
  aMember,
  aName,
  anAuthority,
  filesOf,
} from '../../support/facts.ts';
import { check } from '../every-verdict.ts';
import { withVerdict } from '../../support/with-verdict.ts';

const collectedAt = '2026-11-24T01:02:03.000Z';
const three = ['node1', 'node2', 'node3'] as const;

/** Three members and an etcdctl, peers under an authority of their own: nothing to find. */
export function soundCluster(): Report {
  return report({ members: three, results: [passed('node1'), passed('node2')] });
}

/**
 * node2's peer certificate comes from an authority of the same name with another key, node3's has
 * ended, node1 lets strangers in, and the cluster was looked at.
 */
export function brokenCluster(): Report {
  const sound = report({
    members: three,
    results: [
      failed(
        'same-named-authority',
        'high',
        'node2',
        'node2’s peer certificate comes from an authority that nobody trusts',
      ),
      failed(
        'certificate-expired',
        'critical',
        'node3',
        'node3’s peer certificate ended three days ago',
      ),
      failed('no-loopback-name', 'low', 'node1', 'no name covers 127.0.0.1'),
      passed('node1'),
      unanswered('node3', 'dial tcp 10.0.0.3:2379: connect: connection refused'),
    ],
    certificates: {
      'node2-peer': { authorityKeyId: 'ffff' },
      'node3-peer': { notAfter: '2026-11-21T00:00:00.000Z' },
    },
  });
  const gaps = [{ what: 'CRL', because: 'no member names one', asked: false }];
  const forecast = sound.forecast.map((edge) => observed(faulty(edge)));
  return { ...sound, command: 'verify', forecast, gaps };
}

/** Many members with two certificates each, all well but one, and a finding on each. */
export function largeCluster(length = 149): Report {
  const members = Array.from({ length }, (_, index) => `node${index + 1}`);
  const large = report({
    members,
    results: members.map((name) =>
      failed('no-loopback-name', 'low', name, `no name of ${name} covers 127.0.0.1`),
    ),
    certificates: { 'node7-peer': { notAfter: '2026-11-20T00:00:00.000Z' } },
  });
  const forecast = large.forecast.map((edge): Edge =>
    edge.edge === 'peer' && edge.from === 'node7' ? expired(edge) : edge,
  );
  return { ...large, forecast };
}

/** Seven members and forty clients with names as long as they come; some were tried, some supposed. */
export function manyClients(): Report {
  const members = Array.from({ length: 7 }, (_, index) => `etcd-${index + 1}.prod.example.org`);
  const sound = report({ members, results: [failed('no-loopback-name', 'low', 'etcd-1', 'none')] });
  const clients = Array.from(
    { length: 40 },
    (_, index) => `kube-apiserver-${index + 1}.control-plane.prod.example.org`,
  );
  const own = sound.facts.members ?? [];
  const edges = clients.flatMap((from, index) =>
    own.map((to): Edge => {
      const edge = edgeTo(to, { edge: 'client', from, port: 'client', wanted: 'accepted' });
      if (index % 9 === 4) return { ...expired(edge), basis: 'stated' };
      if (index % 5 === 0) return { ...edge, observed: { outcome: 'accepted' } };
      return index % 3 === 0 ? { ...edge, basis: 'assumed' } : edge;
    }),
  );
  return { ...sound, command: 'verify', forecast: [...sound.forecast, ...edges] };
}

/** A CA that is being replaced: the new one, cross-signed by the old one, has issued for two of three. */
export function rotation(): Report {
  const sound = report({ members: three, results: [passed('node1')] });
  const old = anAuthority({ subjectKeyId: 'aaaa', notAfter: '2027-02-01T00:00:00.000Z' });
  const key = { ...old.publicKey, sha256: 'b'.repeat(64) };
  const next = { subjectKeyId: 'cccc', publicKey: key, notBefore: '2026-11-01T00:00:00.000Z' };
  const root = anAuthority(next);
  const cross = anAuthority({
    ...next,
    subject: aName('etcd-ca'),
    authorityKeyId: 'aaaa',
    issuer: aName('etcd-ca'),
  });
  const renamed = { ...cross, issuer: aName('etcd-ca-2024') };
  const first = { ...old, subject: aName('etcd-ca-2024'), issuer: aName('etcd-ca-2024') };
  const files = [
    aCertificateFile('pki/ca-bundle.crt', first, root),
    aCertificateFile('pki/cross.crt', renamed),
    issuedBy(root, 'node1'),
    issuedBy(root, 'node2'),
    issuedBy(first, 'node3'),
  ];
  return { ...sound, facts: { ...sound.facts, files } };
}

function issuedBy({ subject, subjectKeyId = '' }: Certificate, name: string): FileFact {
  const leaf = { subject: aName(name), issuer: subject, authorityKeyId: subjectKeyId };
  return aCertificateFile(`pki/${name}.crt`, aCertificate(leaf));
}

interface Parts {
  readonly members: readonly string[];
  readonly results: readonly Result[];
  /** What is different about a certificate, by the name of its file. */
  readonly certificates?: Readonly<Record<string, Partial<Certificate>>>;
}

function report({ members: names, results, certificates = {} }: Parts): Report {
  const members = names.map((name, index) => aMember({ name, address: addressOf(index) }));
  const urls = members.slice(0, 3).flatMap(({ settings }) => settings.advertiseClientUrls.value);
  return withVerdict({
    tool: { name: 'etcd-tls-audit', version: '0.1.0' },
    command: 'check',
    collectedAt,
    checks: [...new Map(results.map((result) => [result.check.id, result.check])).values()],
    results,
    forecast: edgesOf(members, urls),
    gaps: [],
    quorumLoss: { at: '2027-04-01T00:00:00.000Z', expired: ['CN=node1', 'CN=node3'] },
    facts: {
      files: filesOfSet(names, certificates),
      members,
      clients: [aClient({ urls })],
      guesses: [],
    },
  });
}

function addressOf(index: number): string {
  return `10.0.0.${index + 1}`;
}

function filesOfSet(
  names: readonly string[],
  certificates: Readonly<Record<string, Partial<Certificate>>>,
): readonly FileFact[] {
  const issuers = { '': aName('etcd-ca'), '-peer': aName('etcd-peer-ca') };
  const nodes = names.flatMap((name, index) => {
    const { certificate, peerCertificate } = filesOf(name);
    const leaf = (kind: '' | '-peer'): Certificate =>
      aCertificate({
        subject: aName(name),
        issuer: issuers[kind],
        authorityKeyId: kind === '' ? 'aaaa' : 'bbbb',
        notAfter: new Date(Date.UTC(2027, 3, 1 + index * 9)).toISOString(),
        ...certificates[`${name}${kind}`],
      });
    return [
      aCertificateFile(certificate, leaf('')),
      aCertificateFile(peerCertificate, leaf('-peer')),
    ];
  });
  const peerName = aName('etcd-peer-ca');
  return [
    aCertificateFile('pki/ca.crt', anAuthority({ subjectKeyId: 'aaaa' })),
    aCertificateFile(
      'pki/peer-ca.crt',
      anAuthority({ subject: peerName, issuer: peerName, subjectKeyId: 'bbbb' }),
    ),
    aCertificateFile(
      'pki/client.crt',
      aCertificate({
        subject: aName('etcdctl'),
        authorityKeyId: 'aaaa',
        notAfter: '2026-12-10T00:00:00.000Z',
      }),
    ),
    ...nodes,
  ];
}

function edgesOf(members: readonly Member[], urls: readonly string[]): readonly Edge[] {
  const peers = members.flatMap((from) =>
    members
      .filter((to) => to !== from)
      .map((to) => edgeTo(to, { edge: 'peer', from: from.name, port: 'peer', wanted: 'accepted' })),
  );
  const own = members.map((member) =>
    edgeTo(member, { edge: 'self', from: member.name, port: 'client', wanted: 'accepted' }),
  );
  const clients = members
    .filter(({ settings }) => settings.advertiseClientUrls.value.some((url) => urls.includes(url)))
    .map((to) =>
      edgeTo(to, { edge: 'client', from: 'etcdctl', port: 'client', wanted: 'accepted' }),
    );
  const intruders = members.flatMap((to) =>
    (['client', 'peer'] as const).flatMap((port) =>
      ['nobody', 'foreign'].map((from) =>
        edgeTo(to, { edge: 'intruder', from, port, wanted: 'refused' }),
      ),
    ),
  );
  return [...peers, ...own, ...clients, ...intruders];
}

function edgeTo(member: Member, parts: Pick<Edge, 'edge' | 'from' | 'port' | 'wanted'>): Edge {
  const { advertiseClientUrls, initialAdvertisePeerUrls } = member.settings;
  const [to = ''] = (parts.port === 'peer' ? initialAdvertisePeerUrls : advertiseClientUrls).value;
  const refused = parts.wanted === 'refused';
  return {
    ...parts,
    target: { kind: 'edge', name: `${parts.from} → ${to}`, member: member.name },
    to,
    member: member.name,
    ...(parts.from !== 'nobody' && {
      credential: parts.edge === 'peer' ? filesOf(parts.from).peerCertificate : 'pki/client.crt',
    }),
    outcome: parts.wanted === 'refused' ? 'refused' : 'accepted',
    ...(refused && {
      refusedBy: 'server' as const,
      clientError: 'remote error: tls: bad certificate',
    }),
    rule: refused ? 'tls.no-client-certificate' : 'etcd.mutual-tls',
  };
}

function faulty(edge: Edge): Edge {
  if (edge.edge !== 'peer') return edge;
  if (edge.from === 'node2') return refusedBy('server', edge);
  if (edge.member === 'node2') return refusedBy('client', edge);
  return edge.from === 'node3' ? expired(edge) : edge;
}

const otherKey =
  'tls: failed to verify certificate: x509: certificate signed by unknown authority (possibly because of "x509: ECDSA verification failure" while trying to verify candidate authority certificate "etcd-peer-ca")';
const alert = 'remote error: tls: bad certificate';

function refusedBy(side: 'client' | 'server', edge: Edge): Edge {
  return {
    ...edge,
    outcome: 'refused',
    refusedBy: side,
    rule: 'x509.same-name-other-key',
    clientError: side === 'client' ? otherKey : alert,
    serverError: side === 'client' ? alert : otherKey,
    blame: { file: filesOf('node2').peerCertificate, subject: 'CN=node2', serialNumber: '1a2b' },
    remedy:
      'Issue node2-peer.crt again from pki/peer-ca.crt, whose key the others trust:\n  openssl x509 -req -in node2-peer.csr -CA pki/peer-ca.crt -CAkey peer-ca.key',
  };
}

function expired(edge: Edge): Edge {
  return {
    ...edge,
    outcome: 'refused',
    refusedBy: 'server',
    rule: 'x509.expired',
    clientError: 'remote error: tls: expired certificate',
    serverError:
      'tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-11-24T01:02:03Z is after 2026-11-21T00:00:00Z',
    blame: { file: filesOf(edge.from).peerCertificate, subject: `CN=${edge.from}` },
    remedy: `Renew ${filesOf(edge.from).peerCertificate}; etcd reads it again at the next handshake`,
  };
}

function observed(edge: Edge): Edge {
  if (edge.edge === 'self') return edge;
  if (edge.from === 'foreign' && edge.member === 'node1' && edge.port === 'client') {
    return {
      ...edge,
      observed: {
        outcome: 'accepted',
        differenceMeans: 'the process still holds an older authority in memory',
      },
    };
  }
  if (edge.member === 'node3' && edge.port === 'client') {
    return {
      ...edge,
      observed: { outcome: 'unreachable', refusedBy: 'network', error: 'ECONNREFUSED' },
    };
  }
  return { ...edge, observed: { outcome: edge.outcome === 'not-sure' ? 'unclear' : edge.outcome } };
}

function failed(
  id: string,
  severity: 'critical' | 'high' | 'low',
  member: string,
  message: string,
): Result {
  return {
    check: check(id, severity),
    target: { kind: 'member', name: member, member, location: { file: `${member}.conf`, line: 3 } },
    basis: 'stated',
    verdict: {
      status: 'fail',
      message,
      expected: 'what every member holds',
      actual: 'something else',
      fix: `etcd-tls reissue ${member}\nsystemctl restart etcd`,
    },
  };
}

function passed(member: string): Result {
  return {
    check: check('client-port-admits-anonymous', 'critical'),
    target: { kind: 'endpoint', name: `https://${member}:2379`, member },
    basis: 'stated',
    verdict: { status: 'pass' },
  };
}

function unanswered(member: string, because: string): Result {
  return {
    check: check('member-unreachable', 'high'),
    target: { kind: 'member', name: member, member },
    basis: 'stated',
    verdict: { status: 'inconclusive', because },
  };
}
