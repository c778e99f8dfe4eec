import { beforeAll, describe, expect, test } from 'vitest';
import { forecast } from '../../src/forecast/forecast.ts';
import { withObservations } from '../../src/forecast/observe.ts';
import type { Certificate } from '../../src/model/certificate.ts';
import type { Deployment } from '../../src/model/deployment.ts';
import type { Edge } from '../../src/model/forecast.ts';
import { type Admission, type EndpointObservation, endpointTarget } from '../../src/model/live.ts';
import { endpoint } from '../fixtures/builders.ts';
import { aCertificate, aName } from '../support/facts.ts';
import { deploy, evidenceOf } from './deployment.ts';

const clientPort = endpoint();
const peerPort = endpoint({ port: 2380 });

/** An attempt with no certificate of the cluster. */
function anIntrusion(overrides: Partial<Admission> = {}): Admission {
  return {
    target: endpointTarget(clientPort),
    endpoint: clientPort,
    presented: 'nothing',
    tlsVersion: '1.3',
    outcome: 'admitted',
    milliseconds: 3,
    ...overrides,
  };
}

function anAdmission(overrides: Partial<Admission> = {}): Admission {
  return anIntrusion({
    presented: 'client',
    certificateFile: 'pki/client.crt',
    ...overrides,
  });
}

let evidence: Deployment;
let edges: readonly Edge[];

beforeAll(async () => {
  evidence = evidenceOf(await deploy());
  edges = forecast(evidence);
});

function leafOf(path: string): Certificate {
  const block = evidence.facts.files?.find((file) => file.path === path)?.blocks[0];
  return block?.kind === 'certificate' ? block.certificate : aCertificate();
}

function anEndpoint(
  flight: Partial<NonNullable<EndpointObservation['flight']>> = {},
): EndpointObservation {
  return {
    target: endpointTarget(clientPort),
    endpoint: clientPort,
    addresses: ['10.0.0.1'],
    stages: [],
    speaks: 'tls',
    flight: {
      tlsVersion: '1.3',
      cipherSuite: 'TLS_AES_128_GCM_SHA256',
      chain: [leafOf('pki/node1.crt')],
      clientCertificateRequested: true,
      acceptableCas: [leafOf('pki/ca.crt').subject],
      signatureAlgorithms: [],
      milliseconds: 2,
      ...flight,
    },
  };
}

function seen(
  kind: Edge['edge'],
  facts: Partial<Deployment['facts']>,
  from?: string,
  before: readonly Edge[] = edges,
) {
  const joined = withObservations(before, { ...evidence, facts: { ...evidence.facts, ...facts } });
  return joined.find((edge) => edge.edge === kind && (from === undefined || edge.from === from))
    ?.observed;
}

describe('an observation next to a forecast', () => {
  test('is not there where nothing was tried', () => {
    expect(withObservations(edges, evidence)).toBe(edges);
    expect(seen('client', { admissions: [] })).toBeUndefined();
  });

  test('agrees when over every TLS version the same came out', () => {
    const admissions = [anAdmission(), anAdmission({ tlsVersion: '1.2' })];

    expect(seen('client', { admissions })).toEqual({ outcome: 'accepted' });
  });

  test('decides nothing when the TLS versions disagree', () => {
    const admissions = [anAdmission(), anAdmission({ tlsVersion: '1.2', outcome: 'refused' })];

    expect(seen('client', { admissions })).toEqual({ outcome: 'unclear' });
  });

  test.each([
    ['nobody', { presented: 'nothing', outcome: 'refused', alert: 116 }, 'alert 116'],
    ['foreign', { presented: 'foreign', outcome: 'refused', alert: 48 }, 'alert 48'],
    [
      'node1',
      {
        presented: 'member',
        certificateFile: 'pki/node1-peer.crt',
        outcome: 'closed',
      },
      'the connection was closed after the handshake',
    ],
  ] as const)('tells the attempts of intruders apart: %s', (from, attempt, error) => {
    const admissions = [anIntrusion(attempt)];

    expect(seen('intruder', { admissions }, from)).toEqual({
      outcome: 'refused',
      refusedBy: 'server',
      error,
    });
    const others = ['nobody', 'foreign', 'node1'].filter((name) => name !== from);
    expect(others.map((name) => seen('intruder', { admissions }, name))).toEqual([
      undefined,
      undefined,
    ]);
  });

  test('of an endpoint out of reach blames the network and no certificate', () => {
    const endpoints: EndpointObservation[] = [
      {
        ...anEndpoint(),
        speaks: 'unreachable',
        stages: [{ name: 'connect', outcome: 'failed', milliseconds: 1, code: 'ECONNREFUSED' }],
      },
    ];

    expect(seen('client', { endpoints, admissions: [] })).toEqual({
      outcome: 'unreachable',
      refusedBy: 'network',
      error: 'ECONNREFUSED',
    });
  });
});

test.each([
  { localAddress: '10.0.0.77', outcome: 'unclear', error: 'came from 10.0.0.77' },
  { localAddress: '10.0.0.2', outcome: 'refused', error: 'closed after the handshake' },
])('a peer port that closes on $localAddress: $outcome', ({ localAddress, outcome, error }) => {
  const admissions = [
    anAdmission({
      endpoint: peerPort,
      presented: 'member',
      certificateFile: 'pki/node2-peer.crt',
      outcome: 'closed',
      localAddress,
    }),
  ];

  const observed = seen('peer', { admissions }, 'node2');

  expect(observed?.outcome).toBe(outcome);
  expect(observed?.error).toContain(error);
  expect(observed?.differenceMeans === undefined).toBe(outcome === 'unclear');
});

test('a probe with the certificate of a member that does not start says nothing of that member', () => {
  const dead = edges.map((edge) => ({ ...edge, refusedBy: 'never-dials' as const }));
  const shown = {
    presented: 'member',
    certificateFile: 'pki/node2-peer.crt',
  } as const;
  const admissions = [anAdmission({ endpoint: peerPort, ...shown })];

  expect(seen('peer', { admissions }, 'node2')).toEqual({ outcome: 'accepted' });
  expect(seen('peer', { admissions }, 'node2', dead)).toBeUndefined();
});

describe('a difference means', () => {
  const refused = [anAdmission({ outcome: 'refused', alert: 48 })];

  test('a CA that the process holds and the file does not, where it names its CAs', () => {
    const endpoints = [anEndpoint({ acceptableCas: [aName('etcd-ca-2019')] })];

    expect(seen('client', { admissions: refused, endpoints })?.differenceMeans).toBe(
      'the process trusts CAs other than those in pki/ca.crt (CN=etcd-ca-2019): restart etcd after changing the CA file',
    );
  });

  test('another certificate than that on file, where another is served', () => {
    const chain = [aCertificate({ subject: aName('old'), serialNumber: 'abc' })];
    const endpoints = [anEndpoint({ chain })];

    expect(seen('client', { admissions: refused, endpoints })?.differenceMeans).toBe(
      'the certificate served is not that of pki/node1.crt: CN=old, serial abc',
    );
  });

  test('other settings, where no client is asked for a certificate', () => {
    const admissions = [anIntrusion()];
    const endpoints = [anEndpoint({ clientCertificateRequested: false })];

    expect(seen('intruder', { admissions, endpoints }, 'nobody')).toEqual({
      outcome: 'accepted',
      differenceMeans:
        'the process requests no client certificate, although these settings do: it runs with other settings',
    });
  });

  test('an older state of the process, where nothing else tells', () => {
    expect(seen('client', { admissions: refused })?.differenceMeans).toContain('not restarted');
  });

  test('nothing where the forecast was not sure', () => {
    const unsure = edges.map((edge) => ({ ...edge, outcome: 'not-sure' as const }));

    expect(seen('client', { admissions: refused }, undefined, unsure)).toEqual({
      outcome: 'refused',
      refusedBy: 'server',
      error: 'alert 48',
    });
  });
});

describe('what the dialling side would refuse', () => {
  test('is seen as refused while the certificate on file is the one served', async () => {
    const broken = evidenceOf(await deploy({ node1: { leaf: { hosts: ['10.9.9.9'] } } }));
    const facts = { ...broken.facts, admissions: [anAdmission()] };
    const [client] = withObservations(forecast(broken), { ...broken, facts });

    expect(client?.observed).toEqual({
      outcome: 'refused',
      refusedBy: 'client',
      error:
        'transport: authentication handshake failed: tls: failed to verify certificate: x509: certificate is valid for 10.9.9.9, not 10.0.0.1',
    });
    const endpoints = [anEndpoint()];
    const [replaced] = withObservations(forecast(broken), {
      ...broken,
      facts: { ...facts, endpoints },
    });
    expect(replaced?.observed?.differenceMeans).toContain('the certificate served is not that of');
  });
});

test.each([
  { looked: 'https', at: clientPort },
  { looked: 'http', at: endpoint({ scheme: 'http' }) },
])('a probe over TLS says nothing of a client in plain text, looked at as $looked', ({ at }) => {
  const inClear: Edge = {
    target: { kind: 'edge', name: 'flanneld to node1' },
    edge: 'client',
    from: 'flanneld',
    to: 'http://10.0.0.1:2379',
    member: 'node1',
    port: 'client',
    outcome: 'refused',
    wanted: 'accepted',
    rule: 'tls.plaintext-to-tls',
  };
  const admissions = [anIntrusion({ endpoint: at, target: endpointTarget(at) })];
  const facts = { ...evidence.facts, admissions, endpoints: [anEndpoint()] };

  const [edge] = withObservations([inClear], { ...evidence, facts });

  expect(edge?.observed).toBeUndefined();
});
