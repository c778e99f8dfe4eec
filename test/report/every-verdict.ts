import type { Certificate, DistinguishedName } from '../../src/model/certificate.ts';
import type { CheckMetadata } from '../../src/model/check.ts';
import type { FileFact } from '../../src/model/files.ts';
import type { Client, Member } from '../../src/model/inventory.ts';
import type { Report, Result } from '../../src/model/report.ts';
import type { MemberSettings } from '../../src/model/settings.ts';
import type { Severity } from '../../src/model/severity.ts';
import type { Target } from '../../src/model/target.ts';
import { withVerdict } from '../support/with-verdict.ts';

/** Everything that some format must escape: markup, ANSI, bidirectional overrides, line breaks, quotes. */
export const hostile =
  'CN=<script>alert("1")</script> & \'x\' ]]> %0A | `a` *b* [c](d) \u001b[31mred\u001b[0m \u202egnp.\u202c \u0000\u009b1m\u2028\nhigh: forged  [none]\r::error::x ,: \ud800 \u{e0041}';

/** A subject of ten thousand characters. */
export const endless = `CN=${'a'.repeat(10_000)}`;

export function check(id: string, severity: Severity): CheckMetadata {
  return {
    id,
    title: `Something called ${id} is wrong`,
    severity,
    rationale: 'It costs the quorum at the next restart.',
    remediation:
      'Set `--client-cert-auth=true` and `--trusted-ca-file` on every member, one member at a time. Then run `verify`.',
    references: ['https://etcd.io/docs/latest/op-guide/security/', 'RFC 5280 4.2.1.12'],
    standards: [
      {
        standard: 'cis-1.12',
        control: '2.2',
        title: 'Ensure that client-cert-auth is set',
        component: 'client-port',
      },
    ],
  };
}

const checks = {
  critical: check('client-port-admits-anonymous', 'critical'),
  high: check('peer-certificate-without-client-auth', 'high'),
  medium: check('certificate-expires-soon', 'medium'),
  low: check('long-lived-leaf', 'low'),
  info: check('member-certificate-works-as-client', 'info'),
  never: check('crl-unreadable', 'medium'),
  crashing: check('name-constraint-violated', 'medium'),
};

const clientPort = (number: number): Target => ({
  kind: 'endpoint',
  name: `https://10.0.0.${number}:2379`,
  member: `node${number}`,
  location: { file: '10-etcd-member.conf', line: 12, column: 3 },
});

const results: readonly Result[] = [
  ...[1, 2, 3].map((number) => ({
    check: checks.critical,
    target: clientPort(number),
    basis: 'stated' as const,
    verdict: {
      status: 'fail',
      message: 'anyone on the network reads and writes every key',
      expected: 'a client certificate is required',
      actual: 'ETCD_CLIENT_CERT_AUTH is not set',
      cause: 'the listener encrypts and asks for nothing',
      fix: 'Set ETCD_TRUSTED_CA_FILE and ETCD_CLIENT_CERT_AUTH, then restart one member at a time:\n  ETCD_CLIENT_CERT_AUTH="true"\n  ETCD_TRUSTED_CA_FILE=/etc/ssl/certs/etcd/a-rather-long-name-that-does-not-fit-in-eighty-columns/ca_cert.pem',
    } as const,
  })),
  {
    check: checks.high,
    target: {
      kind: 'file',
      name: 'node_2_cert.pem',
      member: 'node2',
      location: { file: 'node_2_cert.pem', line: 1 },
    },
    basis: 'stated' as const,
    verdict: {
      status: 'fail',
      message: `peers will refuse ${hostile}`,
      expected: 'clientAuth',
      actual: endless,
    },
  },
  {
    check: checks.high,
    target: { kind: 'file', name: 'node_3_cert.pem', member: 'node3' },
    basis: 'stated' as const,
    verdict: { status: 'pass' },
  },
  {
    check: checks.medium,
    target: { kind: 'client', name: 'etcdctl' },
    basis: 'stated' as const,
    verdict: { status: 'fail', message: 'expires 2026-12-01, in 7 days', actual: '2026-12-01' },
    waived: {
      check: checks.medium.id,
      target: 'etcdctl',
      reason: 'replaced <soon> | by ops',
      owner: 'ops@example.test',
      expires: '2026-12-31',
    },
  },
  {
    check: checks.low,
    target: { kind: 'member', name: 'node1', member: 'node1' },
    basis: 'stated' as const,
    verdict: { status: 'fail', message: 'valid for 3650 days' },
    known: true,
  },
  {
    check: checks.info,
    target: { kind: 'cluster', name: 'cluster' },
    basis: 'stated' as const,
    verdict: { status: 'fail', message: 'a member certificate is admitted as a client' },
  },
  {
    check: checks.never,
    target: { kind: 'cluster', name: 'cluster' },
    basis: 'stated' as const,
    verdict: { status: 'not-applicable' },
  },
  {
    check: checks.medium,
    target: clientPort(2),
    basis: 'stated' as const,
    verdict: {
      status: 'inconclusive',
      because: 'dial tcp 10.0.0.2:2379: connect: connection refused',
    },
  },
  {
    check: checks.crashing,
    target: { kind: 'edge', name: 'node1 → https://10.0.0.2:2380' },
    basis: 'stated' as const,
    verdict: { status: 'crashed', because: `TypeError: ${hostile}` },
  },
];

const assumed = { via: 'assumed', because: 'no settings were given' } as const;

function memberSettings(address: string): MemberSettings {
  const urls = (port: number) => ({ value: [`https://${address}:${port}`], origin: assumed });
  return {
    listenClientUrls: urls(2379),
    advertiseClientUrls: urls(2379),
    listenPeerUrls: urls(2380),
    initialAdvertisePeerUrls: urls(2380),
    client: {},
    peer: {},
    processEnvironment: {},
  };
}

function member(number: number): Member {
  const name = `node${number}`;
  const address = `10.0.0.${number}`;
  return {
    name,
    target: { kind: 'member', name, member: name },
    known: 'settings',
    addresses: [address],
    hostnames: [`etcd-${number}.robobee.test`],
    settings: memberSettings(address),
    problems: [],
    files: [],
    etcdVersion: { value: '3.5.21', origin: assumed },
    goVersion: { value: '1.23.8', origin: assumed },
  };
}

const etcdctl: Client = {
  name: 'etcdctl',
  kind: 'etcdctl',
  target: { kind: 'client', name: 'etcdctl' },
  known: 'settings',
  origin: { file: 'etcdctl.sh', line: 1 },
  endpoints: { value: ['https://10.0.0.1:2379'], origin: assumed },
  verifier: 'go',
  goVersion: { value: '1.23.8', origin: assumed },
  speaks: 'grpc',
  problems: [],
  files: [],
};

function distinguishedName(text: string): DistinguishedName {
  return { text, organization: [], raw: '30' };
}

/** A certificate file as a reader leaves it, without the bytes. */
export function certificateFile(
  path: string,
  { subject, serialNumber, isCa = false }: Subject,
): FileFact {
  const certificate: Certificate = {
    der: 'MAA=',
    sha256: serialNumber.padStart(64, '0'),
    version: 3,
    serialNumber,
    subject: distinguishedName(subject),
    issuer: distinguishedName('CN=etcd-ca'),
    notBefore: '2026-01-01T00:00:00Z',
    notAfter: '2027-01-01T00:00:00Z',
    publicKey: { algorithm: 'ECDSA', bits: 256, curve: 'P-256', sha256: 'cd'.repeat(32) },
    signatureAlgorithm: 'ECDSA-SHA256',
    ...(isCa && { basicConstraints: { isCa: true } }),
    crlDistributionPoints: [],
    unhandledCriticalExtensions: [],
  };
  const blocks = [{ type: 'CERTIFICATE', line: 1, kind: 'certificate', certificate }] as const;
  return { path, size: 800, mode: 0o644, blocks, traps: [] };
}

interface Subject {
  readonly subject: string;
  readonly serialNumber: string;
  readonly isCa?: boolean;
}

/** A report with every verdict, every way of accepting a finding, and every character that needs escaping. */
export const everyVerdict: Report = withVerdict({
  tool: { name: 'etcd-tls-audit', version: '0.1.0' },
  command: 'verify',
  collectedAt: '2026-11-24T01:02:03.000Z',
  policy: { expiryWarningDays: 30, maximumLeafLifetimeDays: 1185 },
  failOn: 'high',
  checks: Object.values(checks),
  results,
  forecast: [
    {
      target: { kind: 'edge', name: 'node1 → https://10.0.0.2:2380', member: 'node2' },
      edge: 'peer',
      from: 'node1',
      to: 'https://10.0.0.2:2380',
      member: 'node2',
      port: 'peer',
      credential: 'node_1_cert.pem',
      outcome: 'refused',
      wanted: 'accepted',
      refusedBy: 'server',
      rule: 'x509.key-usage',
      clientError: 'remote error: tls: bad certificate',
      serverError:
        'tls: failed to verify certificate: x509: certificate specifies an incompatible key usage',
      blame: {
        file: 'node_1_cert.pem',
        subject: hostile,
        serialNumber: '0a',
        sha256: 'ab'.repeat(32),
      },
      remedy: 'Reissue node_1_cert.pem with clientAuth',
      observed: { outcome: 'accepted', differenceMeans: 'the member holds an older CA in memory' },
    },
  ],
  gaps: [
    { what: `endpoints | ${hostile}`, because: 'no route to host', asked: true },
    { what: 'the CRL', because: 'no member has one', asked: false },
  ],
  quorumLoss: { at: '2027-01-01T00:00:00.000Z', expired: [hostile] },
  waivers: [
    {
      waiver: {
        check: 'old',
        target: '*',
        reason: 'was needed',
        owner: 'ops',
        expires: '2026-01-01',
      },
      state: 'expired',
    },
  ],
  facts: {
    members: [member(1), member(2), member(3)],
    clients: [etcdctl],
    files: [
      certificateFile('ca_cert.pem', { subject: 'CN=etcd-ca', serialNumber: '1', isCa: true }),
      certificateFile('certs/node 2 "b".pem', { subject: hostile, serialNumber: '2' }),
      certificateFile('long.pem', { subject: endless, serialNumber: '3' }),
    ],
    guesses: [
      {
        about: 'node_1_cert.pem',
        conclusion: 'server and peer certificate of node1',
        because: 'its SANs hold 10.0.0.1',
        ambiguous: true,
      },
    ],
  },
});

/** The same cluster with nothing wrong. */
export const allPassed: Report = withVerdict({
  ...everyVerdict,
  command: 'check',
  results: [
    {
      check: checks.high,
      target: clientPort(1),
      basis: 'stated' as const,
      verdict: { status: 'pass' },
    },
  ],
  forecast: [],
  gaps: [],
  waivers: [],
});
