import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Edge } from '../../../src/model/forecast.ts';
import { faultNamed } from '../../../testcluster/faults/index.ts';
import { nodesOf } from '../../../testcluster/nodes.ts';
import { predict } from '../../../testcluster/truth/predict.ts';
import { trialPlan } from '../../../testcluster/truth/trial.ts';
import { certificatesIn, writePlan } from '../../../testcluster/write-plan.ts';

interface Seen {
  readonly fault: string;
  readonly etcd: string;
  readonly go: string;
  /** The beginning of the edge's name. */
  readonly edge: string;
  readonly expected: Partial<Edge>;
}

const client = 'client etcdctl';
const toPeerPort = 'intruder etcdctl';
const newest = { etcd: '3.6.16', go: '1.26.8' } as const;
const oldest = { etcd: '3.3.25', go: '1.15.9' } as const;
const files = '/etc/ssl/certs/etcd';

function start(serverError: string): Partial<Edge> {
  return { outcome: 'refused', refusedBy: 'start', serverError };
}

// What real etcd of these releases did and printed.
const seen: readonly Seen[] = [
  {
    ...newest,
    fault: 'authority-is-the-directory-itself',
    edge: client,
    expected: start(`read ${files}/.: is a directory`),
  },
  {
    ...newest,
    fault: 'authority-below-a-file',
    edge: 'intruder nobody',
    expected: start(`open ${files}/ca_cert.pem/ca.pem: not a directory`),
  },
  {
    ...newest,
    fault: 'quoted-authority',
    edge: 'intruder nobody',
    expected: start(`open '${files}/ca_cert.pem': no such file or directory`),
  },
  {
    ...newest,
    fault: 'path-with-needless-steps',
    edge: client,
    expected: { outcome: 'accepted' },
  },
  {
    ...newest,
    fault: 'client-rsa-512',
    edge: toPeerPort,
    expected: {
      refusedBy: 'server',
      rule: 'x509.unknown-authority',
      clientError: 'tls: certificate RSA key size too small for supported signature algorithms',
    },
  },
  {
    ...newest,
    fault: 'rsa-512-under-tls12',
    edge: 'intruder nobody',
    expected: { refusedBy: 'server', clientError: 'remote error: tls: handshake failure' },
  },
  {
    ...newest,
    fault: 'malformed-certificate-after-server',
    edge: 'intruder nobody',
    expected: {
      refusedBy: 'client',
      serverError: 'remote error: tls: error decoding message',
      clientError: 'tls: failed to parse certificate from server: x509: malformed tbs certificate',
    },
  },
  {
    ...newest,
    fault: 'encrypted-endpoint-of-a-plain-port',
    edge: client,
    expected: { outcome: 'refused', refusedBy: 'client', rule: 'tls.tls-to-plaintext' },
  },
  {
    etcd: '3.5.16',
    go: '1.24.0',
    fault: 'policy-required-for-client',
    edge: client,
    expected: {
      refusedBy: 'server',
      rule: 'x509.policies',
      serverError:
        'tls: failed to verify certificate: x509: no valid chains built: 1 chains with invalid policies',
    },
  },
  {
    etcd: '3.5.16',
    go: '1.24.0',
    fault: 'policy-required-of-two-chains',
    edge: client,
    expected: {
      serverError:
        'tls: failed to verify certificate: x509: no valid chains built: 2 chains with invalid policies',
    },
  },
  {
    ...oldest,
    fault: 'old-and-new-peer-authority-differ',
    edge: toPeerPort,
    expected: { outcome: 'accepted', rule: 'etcd.mutual-tls' },
  },
  {
    ...oldest,
    fault: 'old-and-new-authority-differ',
    edge: 'intruder node1',
    expected: { outcome: 'accepted', rule: 'etcd.mutual-tls' },
  },
  {
    ...oldest,
    fault: 'malformed-second-authority-unknown-version',
    edge: client,
    expected: { outcome: 'accepted' },
  },
  {
    ...oldest,
    fault: 'malformed-second-authority-octet-after',
    edge: client,
    expected: start('asn1: syntax error: trailing data'),
  },
  {
    ...oldest,
    fault: 'malformed-certificate-after-client',
    edge: client,
    expected: { serverError: 'tls: failed to parse client certificate: asn1:' },
  },
  {
    etcd: '3.5.6',
    go: '1.16.15',
    fault: 'schemes-differ',
    edge: client,
    expected: start(
      '--initial-cluster has node1=http://10.104.100.236:2380 but missing from --initial-advertise-peer-urls=https://10.104.100.236:2380',
    ),
  },
];

test.each(seen)('$edge with $fault on etcd $etcd', async ({ fault: name, etcd, go, ...row }) => {
  const fault = faultNamed(name);
  if (fault === undefined) throw new Error(`no fault is called ${name}`);
  const set = await mkdtemp(join(tmpdir(), 'etcd-seen-'));
  try {
    await writePlan(trialPlan(nodesOf('netns'), fault), set);
    const edges = await predict(set, certificatesIn(set), { version: etcd, goVersion: go });
    const edge = edges.find(({ target }) => target.name.startsWith(row.edge));

    expect(edge).toMatchObject(row.expected);
  } finally {
    await rm(set, { recursive: true, force: true });
  }
});
