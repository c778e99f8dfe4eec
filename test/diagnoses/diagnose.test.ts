import { expect, test } from 'vitest';
import type { FailedAttempt } from '../../src/diagnoses/attempts/attempt.ts';
import { diagnose } from '../../src/diagnoses/diagnose.ts';
import { causes } from '../../src/diagnoses/cause.ts';
import type { Certificate, DistinguishedName } from '../../src/model/certificate.ts';
import type { Edge } from '../../src/model/forecast.ts';
import { type Admission, type EndpointObservation, endpointTarget } from '../../src/model/live.ts';
import { endpoint as anEndpoint } from '../fixtures/builders.ts';
import { textWith } from '../support/matching.ts';

const longPast = '2020-01-01T00:00:00Z';
const now = new Date('2026-06-01T00:00:00Z');
const endpoint = anEndpoint({ member: 'm1' });
const peer = anEndpoint({ member: 'm1', port: 2380 });

test.each<{ cause: string; title: string; attempt: Partial<FailedAttempt> }>([
  {
    cause: 'DNS',
    title: 'a name without address',
    attempt: { observation: failedAt('resolve', 'ENOTFOUND') },
  },
  {
    cause: 'NET',
    title: 'a closed port',
    attempt: { observation: failedAt('connect', 'ECONNREFUSED') },
  },
  {
    cause: 'NET',
    title: 'a silent port',
    attempt: { observation: observed({ speaks: 'silence' }) },
  },
  {
    cause: 'QUORUM',
    title: 'a silent port next to a peer port that answers',
    attempt: { observation: observed({ speaks: 'silence' }), peerPortAnswers: true },
  },
  {
    cause: 'NET',
    title: 'the same, of a member to which all others have streams',
    attempt: {
      observation: observed({ speaks: 'silence' }),
      peerPortAnswers: true,
      peersReachIt: true,
    },
  },
  {
    cause: 'SCHEME',
    title: 'plain HTTP',
    attempt: { observation: observed({ speaks: 'http1', sample: 'HTTP/1.1 200 OK' }) },
  },
  {
    cause: 'SCHEME',
    title: 'etcd in plain text',
    attempt: { observation: observed({ speaks: 'closed', plaintext: 'answered' }) },
  },
  {
    cause: 'PROXY',
    title: 'an HTTP proxy',
    attempt: { observation: observed({ speaks: 'http1', sample: 'HTTP/1.1 400 Bad Request' }) },
  },
  {
    cause: 'SCHEME',
    title: "a metrics port without TLS, where Go's HTTP answers",
    attempt: {
      observation: observed({
        speaks: 'http1',
        sample: String.raw`HTTP/1.1 400 Bad Request\x0d\x0aContent-Type: text/plain; ch`,
      }),
    },
  },
  {
    cause: 'CLI',
    title: 'an SSH port',
    attempt: { observation: observed({ speaks: 'ssh', sample: 'SSH-2.0-OpenSSH' }) },
  },
  {
    cause: 'VERSION',
    title: 'alert 70',
    attempt: { observation: observed({ speaks: 'tls-alert', alert: 70 }) },
  },
  {
    cause: 'PEM',
    title: 'alert 80',
    attempt: { observation: observed({ speaks: 'tls-alert', alert: 80 }) },
  },
  {
    cause: 'SAN',
    title: 'a served certificate for other hosts',
    attempt: {
      servedRefusal: {
        kind: 'x509.host-name',
        text: 'x509: certificate is valid for 10.0.0.9, not 10.0.0.1',
      },
    },
  },
  {
    cause: 'EXPIRED',
    title: 'an expired served certificate',
    attempt: {
      servedRefusal: {
        kind: 'x509.expired',
        text: 'x509: certificate has expired or is not yet valid: current time … is after …',
      },
    },
  },
  {
    cause: 'CA-MIX',
    title: 'a served chain of a same-named CA',
    attempt: {
      servedRefusal: {
        kind: 'x509.same-name-other-key',
        text: 'x509: … while trying to verify candidate authority certificate "etcd-ca"',
      },
    },
  },
  {
    cause: 'PROXY',
    title: 'a foreign certificate where the files predict success',
    attempt: {
      edge: edge('accepted'),
      servedRefusal: {
        kind: 'x509.unknown-authority',
        text: 'x509: certificate signed by unknown authority',
      },
      observation: observed({ requested: false }),
    },
  },
  { cause: 'NOCERT', title: 'alert 116', attempt: { admission: refused({ alert: 116 }) } },
  {
    cause: 'NOCERT',
    title: 'alert 42 without a certificate',
    attempt: { admission: { ...refused({ alert: 42 }), presented: 'nothing' } },
  },
  {
    cause: 'EXPIRED',
    title: 'alert 45 and an expired certificate',
    attempt: {
      admission: refused({ alert: 45 }),
      shown: shown({ notAfter: '2026-05-01T00:00:00Z' }),
    },
  },
  {
    cause: 'CLOCK',
    title: 'alert 45 and a valid certificate',
    attempt: { admission: refused({ alert: 45 }), shown: shown({}) },
  },
  {
    cause: 'CLOCK',
    title: "alert 42 and a certificate that is not valid by the member's clock",
    attempt: {
      admission: refused({ alert: 42 }),
      shown: shown({}),
      memberTime: '1999-01-01T00:00:00Z',
    },
  },
  {
    cause: 'NET',
    title: 'a handshake that begins and then stalls',
    attempt: { observation: { ...failedAt('connect', 'NONE'), speaks: 'tls', stages: [] } },
  },
  {
    cause: 'CLI',
    title: 'bytes that break the rules of TLS, as an echo server sends them',
    attempt: {
      observation: {
        ...failedAt('connect', 'NONE'),
        speaks: 'tls',
        stages: [],
        violation: 'MESSAGE_UNEXPECTED',
      },
    },
  },
  {
    cause: 'EKU',
    title: 'alert 42 and a certificate for servers only',
    attempt: {
      admission: refused({ alert: 42 }),
      shown: shown({ extendedKeyUsage: ['serverAuth'] }),
    },
  },
  {
    cause: 'CA-SERVER',
    title: 'alert 48 and a CA that is not named',
    attempt: {
      admission: refused({ alert: 48 }),
      shown: shown({}),
      observation: observed({ names: ['another-ca'] }),
    },
  },
  {
    cause: 'CA-ROT',
    title: 'a CA on disk that is not in memory',
    attempt: {
      admission: refused({ alert: 48 }),
      shown: shown({}),
      trustedOnDisk: [authorityOnDisk('01')],
      observation: observed({ names: ['old-ca'] }),
    },
  },
  {
    cause: 'CA-ROT',
    title: 'a second CA of the same name on disk',
    attempt: {
      admission: refused({ alert: 48 }),
      shown: shown({}),
      trustedOnDisk: [authorityOnDisk('01'), authorityOnDisk('02')],
      observation: observed({ names: ['etcd-ca'] }),
    },
  },
  {
    cause: 'CA-ROT',
    title: 'a CA that took the place of another of its name, by the CA file',
    attempt: { admission: refused({ alert: 42 }), shown: shown({}), edge: edge('accepted') },
  },
  {
    cause: 'AUTHZ',
    title: 'alert 42 of a server that has another alert for unknown CAs',
    attempt: {
      admission: refused({ alert: 42 }),
      shown: shown({}),
      edge: edge('accepted'),
      goVersion: 'go1.23.8',
    },
  },
  {
    cause: 'AUTHZ',
    title: 'the same of a server that tells no release and answers the extended master secret',
    attempt: {
      admission: refused({ alert: 42 }),
      shown: shown({ notBefore: '2026-06-01T00:00:00Z' }),
      edge: edge('accepted'),
      observation: observed({ extendedMasterSecret: true }),
      trustedOnDisk: [{ ...certificate({}), subject: distinguishedName('etcd-ca') }],
    },
  },
  {
    cause: 'CLOCK',
    title: 'alert 42 for a new certificate of an older server, which sends it for dates too',
    attempt: {
      admission: refused({ alert: 42 }),
      shown: shown({ notBefore: '2026-06-01T00:00:00Z' }),
      edge: edge('accepted'),
      observation: observed({ extendedMasterSecret: false }),
      trustedOnDisk: [{ ...certificate({}), subject: distinguishedName('etcd-ca') }],
    },
  },
  {
    cause: 'CA-MIX',
    title: 'alert 48 and a CA that is named',
    attempt: { admission: refused({ alert: 48 }), shown: shown({}) },
  },
  {
    cause: 'SAN-PEER',
    title: 'a peer port that closes without a word',
    attempt: {
      observation: { ...observed({}), endpoint: peer },
      admission: { ...refused({}), endpoint: peer, outcome: 'closed', localAddress: '10.0.0.250' },
      shown: shown({ ip: ['10.0.0.2'] }),
    },
  },
  {
    cause: 'AUTHZ',
    title: 'a client port that closes without a word',
    attempt: { admission: { ...refused({}), outcome: 'closed' }, shown: shown({}) },
  },
])('names $cause for $title', ({ cause, attempt }) => {
  expect(diagnose({ observation: observed({}), now, ...attempt }).cause).toBe(cause);
});

test.each([
  { title: 'a closed port', observation: failedAt('connect', 'ECONNREFUSED'), cause: 'NET' },
  { title: 'a name without address', observation: failedAt('resolve', 'ENOTFOUND'), cause: 'DNS' },
  {
    title: 'an SSH port',
    observation: observed({ speaks: 'ssh', sample: 'SSH-2.0' }),
    cause: 'CLI',
  },
  { title: 'a TLS port', observation: observed({}), cause: 'NOCERT' },
  {
    title: 'a TLS port that rejects the attempt',
    observation: observed({}),
    admission: refused({ alert: 42 }),
    cause: 'NOCERT',
  },
])('a predicted rejection of TLS counts where TLS was spoken: $title', ({ cause, ...seen }) => {
  const predicted: Edge = {
    ...edge('refused'),
    rule: 'tls.no-client-certificate',
    refusedBy: 'server',
    remedy: 'give the client a certificate',
  };

  const diagnosis = diagnose({ ...seen, now, edge: predicted });

  expect(diagnosis.cause).toBe(cause);
  expect(diagnosis.remedy === predicted.remedy).toBe(cause === 'NOCERT');
});

test('that the member does not start is a reason why nothing listens', () => {
  const predicted: Edge = { ...edge('refused'), rule: 'etcd.refused-at-start', refusedBy: 'start' };

  const observation = failedAt('connect', 'ECONNREFUSED');

  expect(diagnose({ observation, now, edge: predicted }).cause).toBe('CONFIG');
});

test('a client port without a word leaves open whether a quorum is missing, a peer port does not', () => {
  const silent = observed({ speaks: 'silence' });

  expect(diagnose({ observation: silent, now })).toMatchObject({
    cause: 'NET',
    confidence: 'likely',
    alternatives: [{ cause: 'QUORUM' }],
    lookNext: textWith('the log of m1'),
  });
  expect(
    diagnose({ observation: { ...silent, endpoint: { ...peer, serves: 'peer' } }, now }),
  ).toMatchObject({ cause: 'NET', confidence: 'certain', alternatives: [] });
});

test.each([
  ['certain', { peersReachIt: false }],
  ['likely', {}],
])('that a quorum is missing is %s with %j', (confidence, known) => {
  const observation = observed({ speaks: 'silence' });

  expect(diagnose({ observation, now, peerPortAnswers: true, ...known })).toMatchObject({
    cause: 'QUORUM',
    confidence,
    alternatives: [{ cause: 'NET' }],
  });
});

test.each([
  ['that issued the served certificate too', 'key', 'likely', [{ cause: 'CA-ROT' }]],
  ['that issued it under the same name alone', 'other key', 'certain', []],
])('a rejected CA %s', (_what, authorityKeyId, confidence, alternatives) => {
  const { flight, ...rest } = observed({ names: ['old-ca'] });
  const chain = [{ ...certificate({}), authorityKeyId }];
  const attempt = {
    observation: { ...rest, ...(flight && { flight: { ...flight, chain } }) },
    admission: refused({ alert: 48 }),
    shown: { file: 'client.pem', certificate: { ...certificate({}), authorityKeyId: 'key' } },
    now,
  };

  expect(diagnose(attempt)).toMatchObject({ cause: 'CA-SERVER', confidence, alternatives });
});

test.each([
  { outcome: 'closed', cause: 'AUTHZ' },
  { outcome: 'refused', cause: 'EXPIRED' },
] as const)(
  'a port that $outcome has not rejected us for what clients say of its certificate',
  ({ outcome, cause }) => {
    const text = 'x509: certificate is valid for etcd.lab, not localhost';
    const predicted = { ...edge('refused'), refusedBy: 'client', rule: 'x509.host-name' } as const;
    const seen = {
      observation: observed({}),
      servedRefusal: { kind: 'x509.host-name', text, certificate: certificate({}) },
      edge: predicted,
      now,
    } as const;
    const admission = { ...refused({ alert: 45 }), outcome };

    expect(diagnose({ ...seen, admission, shown: shown({ notAfter: longPast }) })).toMatchObject({
      cause,
    });
    expect(diagnose(seen)).toMatchObject({ cause: 'SAN' });
  },
);

test('never blames a certificate for what the network did', () => {
  const observation = failedAt('connect', 'ETIMEDOUT');

  const diagnosis = diagnose({
    observation,
    now,
    shown: shown({ notAfter: '2020-01-01T00:00:00Z' }),
  });

  expect(diagnosis).toMatchObject({ cause: 'NET', confidence: 'certain' });
  expect(diagnosis.lookAt).toBeUndefined();
});

test('does not say that no certificate was shown where one was that is not at hand', () => {
  const diagnosis = diagnose({ observation: observed({}), admission: refused({ alert: 42 }), now });

  expect(diagnosis.cause).not.toBe('NOCERT');
});

test('says what was ruled out, and which certificate to look at', () => {
  const diagnosis = diagnose({
    observation: observed({ names: ['another-ca'] }),
    admission: refused({ alert: 48 }),
    shown: shown({}),
    now,
  });

  expect(diagnosis.ruledOut).toContain('client.pem may be used by clients');
  expect(diagnosis.lookAt).toEqual({
    file: 'client.pem',
    subject: 'CN=client',
    serialNumber: '1f',
  });
});

test.each([
  { blamed: 'the CA file of the client', sha256: '99', file: 'the certificate as served' },
  { blamed: 'the file of the certificate', sha256: '00', file: 'blamed.pem' },
])('a served certificate is looked at where it is, and $blamed is blamed', ({ sha256, file }) => {
  const predicted = { ...edge('refused'), blame: { file: 'blamed.pem', sha256 } } as const;
  const text = 'x509: certificate is valid for etcd.lab, not localhost';

  const { lookAt } = diagnose({
    observation: observed({}),
    servedRefusal: { kind: 'x509.host-name', text, certificate: certificate({}) },
    edge: predicted,
    now,
  });

  expect(lookAt).toEqual({ file, subject: 'CN=client', serialNumber: '1f' });
});

test.each([
  { alert: 45, says: false },
  { alert: 42, says: true },
])('what Go before 1.21 sends is said of alert $alert: $says', ({ alert, says }) => {
  const issuer = { authorityKeyId: 'aa' };
  const own = { file: 'client.pem', certificate: { ...certificate({}), ...issuer } };
  const { flight, ...rest } = observed({});
  const { evidence, alternatives } = diagnose({
    observation: {
      ...rest,
      ...(flight !== undefined && {
        flight: { ...flight, chain: [{ ...certificate({}), ...issuer }] },
      }),
    },
    admission: refused({ alert }),
    shown: own,
    goVersion: '1.19.8',
    now: new Date('2026-01-01T00:00:00Z'),
  });
  const all = [...evidence, ...alternatives.map(({ because }) => because)].join();

  expect(all.includes('Go before 1.21 sends the same alert')).toBe(says);
});

test('leaves open what the evidence leaves open, and names the look that would decide', () => {
  const diagnosis = diagnose({
    observation: observed({}),
    admission: refused({ alert: 42 }),
    shown: shown({}),
    goVersion: '1.19.8',
    now,
  });

  expect(diagnosis.alternatives.map(({ cause }) => cause)).toContain('CA-ROT');
  expect(diagnosis.lookNext).toMatch(/log of m1/);
});

test("prefers the forecast's remedy, which knows the files", () => {
  const predicted = {
    ...edge('refused'),
    rule: 'x509.expired',
    remedy: 'renew client.pem',
  } as const;

  const diagnosis = diagnose({
    observation: observed({}),
    admission: refused({ alert: 42 }),
    shown: shown({}),
    edge: predicted,
    now,
  });

  expect(diagnosis).toMatchObject({ cause: 'EXPIRED', remedy: 'renew client.pem' });
});

/** What is done about a port that answers something else is not what is done about a client's proxy variables or options. */
test.each([
  { speaks: 'ssh', title: 'another service listens there, not etcd', remedy: 'Correct the' },
  { speaks: 'unknown', title: 'another service listens there, not etcd', remedy: 'port 2379' },
  { speaks: 'closed', title: causes.PROXY.title, remedy: '`ss -ltnp` on 10.0.0.1' },
  { speaks: 'tls-alert', alert: 112, title: causes.PROXY.title, remedy: 'Use a name' },
  { speaks: 'reset', title: causes.NET.title, remedy: 'firewalls' },
  { speaks: 'http1', title: causes.SCHEME.title, remedy: 'Give the client URL' },
] as const)('$speaks: $title', ({ title, remedy, ...seen }) => {
  const diagnosis = diagnose({ observation: observed(seen), now });

  expect(diagnosis.title).toBe(title);
  expect(diagnosis.remedy).toContain(remedy);
  expect(diagnosis.remedy).not.toMatch(/HTTPS_PROXY|HOST PORT|ETCDCTL/);
});

test('a port that closes connections may be another service, and nothing is certain', () => {
  const diagnosis = diagnose({ observation: observed({ speaks: 'closed' }), now });

  expect(diagnosis).toMatchObject({ cause: 'PROXY', confidence: 'open' });
  expect(diagnosis.alternatives.map(({ cause }) => cause)).toEqual(['CLI']);
});

function observed(parts: {
  readonly speaks?: EndpointObservation['speaks'];
  readonly sample?: string;
  readonly alert?: number;
  readonly plaintext?: 'answered';
  readonly names?: readonly string[];
  readonly requested?: boolean;
  readonly extendedMasterSecret?: boolean;
}): EndpointObservation {
  const { speaks = 'tls', names = ['etcd-ca'], requested = true, ...others } = parts;
  const { extendedMasterSecret = false, ...rest } = others;
  return {
    target: endpointTarget(endpoint),
    endpoint,
    addresses: ['10.0.0.1'],
    stages: [{ name: 'connect', outcome: 'ok', milliseconds: 1 }],
    speaks,
    ...rest,
    ...(speaks === 'tls' && {
      flight: {
        tlsVersion: '1.2',
        cipherSuite: 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256',
        chain: [certificate({})],
        extendedMasterSecret,
        clientCertificateRequested: requested,
        acceptableCas: names.map((text) => ({ text, raw: text })),
        signatureAlgorithms: [],
        milliseconds: 4,
      },
    }),
  };
}

function failedAt(name: 'resolve' | 'connect', code: string): EndpointObservation {
  return {
    ...observed({ speaks: 'unreachable' }),
    stages: [{ name, outcome: 'failed', milliseconds: 1, code }],
  };
}

function refused({ alert }: { readonly alert?: number }): Admission {
  return {
    target: endpointTarget(endpoint),
    endpoint,
    presented: 'client',
    tlsVersion: '1.3',
    outcome: 'refused',
    milliseconds: 3,
    ...(alert !== undefined && { alert }),
  };
}

function shown(parts: Parameters<typeof certificate>[0]) {
  return { file: 'client.pem', certificate: certificate(parts) };
}

function certificate(parts: {
  readonly notAfter?: string;
  readonly notBefore?: string;
  readonly extendedKeyUsage?: readonly string[];
  readonly ip?: readonly string[];
}): Certificate {
  const { notAfter = '2027-01-01T00:00:00Z', extendedKeyUsage = ['clientAuth'], ip } = parts;
  const { notBefore = '2026-01-01T00:00:00Z' } = parts;
  return {
    der: '',
    sha256: '00',
    version: 3,
    serialNumber: '1f',
    subject: distinguishedName('CN=client'),
    issuer: distinguishedName('etcd-ca'),
    notBefore,
    notAfter,
    publicKey: { algorithm: 'ECDSA', bits: 256, curve: 'P-256', sha256: '00' },
    signatureAlgorithm: 'ECDSA-SHA256',
    extendedKeyUsage,
    ...(ip !== undefined && {
      subjectAltName: {
        dnsNames: [],
        ipAddresses: ip,
        uris: [],
        emailAddresses: [],
        otherNames: 0,
      },
    }),
    crlDistributionPoints: [],
    unhandledCriticalExtensions: [],
  };
}

function authorityOnDisk(sha256: string): Certificate {
  return { ...certificate({}), sha256, subject: distinguishedName('etcd-ca') };
}

function distinguishedName(text: string): DistinguishedName {
  return { text, organization: [], raw: text };
}

function edge(outcome: Edge['outcome']): Edge {
  return {
    target: { kind: 'edge', name: 'etcdctl to m1' },
    edge: 'client',
    from: 'etcdctl',
    to: String(endpoint.url),
    port: 'client',
    outcome,
    wanted: 'accepted',
    rule: 'etcd.mutual-tls',
  };
}
