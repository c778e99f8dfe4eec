import { expect, test } from 'vitest';
import { authoritiesInMemoryDifferFromFile } from '../../src/checks/chain/authorities-in-memory-differ-from-file.ts';
import { forecastAndObservationDiffer } from '../../src/checks/handshake/forecast-and-observation-differ.ts';
import { rightCertificateRefused } from '../../src/checks/handshake/right-certificate-refused.ts';
import { servedCertificateDiffersFromFile } from '../../src/checks/credential/served-certificate-differs-from-file.ts';
import type { Admission } from '../../src/model/live.ts';
import {
  admission,
  authority,
  certificateFile,
  certificateSet,
  edge,
  endpoint,
  files,
  flight,
  leaf,
  member,
  observation,
  set,
} from '../fixtures/builders.ts';
import { textWith } from '../support/matching.ts';
import { verdicts } from '../support/verdicts.ts';

test.each([
  {
    what: 'added',
    inMemory: ['etcd-ca'],
    onDisk: ['etcd-ca', 'new-ca'],
    message: 'does not trust every CA in ',
    cause: 'a CA was added to the file after the process had started, or another file is in use',
  },
  {
    what: 'taken out',
    inMemory: ['etcd-ca', 'old-ca'],
    onDisk: ['etcd-ca'],
    message: 'trusts more CAs than those in ',
    cause:
      'a CA was removed from the file after the process had started, or another file is in use',
  },
  {
    what: 'of one name, the second added',
    inMemory: ['etcd-ca'],
    onDisk: ['etcd-ca', 'etcd-ca'],
    message: 'does not trust every CA in ',
    cause: 'a CA was added to the file after the process had started, or another file is in use',
  },
  {
    what: 'of one name, one taken out',
    inMemory: ['etcd-ca', 'etcd-ca'],
    onDisk: ['etcd-ca'],
    message: 'trusts more CAs than those in ',
    cause:
      'a CA was removed from the file after the process had started, or another file is in use',
  },
  {
    what: 'replaced',
    inMemory: ['old-ca'],
    onDisk: ['etcd-ca'],
    message: 'does not trust the CAs in ',
    cause: 'the file was replaced after the process had started, or another file is in use',
  },
  {
    what: 'the same in another order',
    inMemory: ['new-ca', 'etcd-ca'],
    onDisk: ['etcd-ca', 'new-ca'],
    message: undefined,
    cause: undefined,
  },
])('CAs $what: $message, $cause', ({ inMemory, onDisk, message, cause }) => {
  const acceptableCas = inMemory.map((name) => ({ text: `CN=${name}`, raw: name }));
  const stored = onDisk.map((name, index) => ({ ...authority(name), sha256: `0${index}` }));
  const facts = {
    ...certificateSet({ files: files(certificateFile('ca.pem', ...stored)) }),
    endpoints: [observation({ flight: flight({ acceptableCas }) })],
  };

  const [verdict] = verdicts(authoritiesInMemoryDifferFromFile, facts);

  const said = verdict?.status === 'fail' ? verdict : undefined;
  expect(said?.cause).toBe(cause);
  expect(said?.message.replace(/.* (?=does|trusts)|ca\.pem/g, '')).toBe(message);
});

test('a port that asks no client for a certificate names no CAs, and is not judged for it', () => {
  const quiet = flight({ clientCertificateRequested: false, acceptableCas: [] });

  expect(
    verdicts(authoritiesInMemoryDifferFromFile, {
      ...certificateSet(),
      endpoints: [observation({ flight: quiet })],
    }),
  ).toEqual([{ status: 'not-applicable' }]);
});

const peerOf = (number: number) => leaf({ name: `peer${number}` });

test('a peer port that serves the peer certificate of another member is named as that', () => {
  const facts = certificateSet({
    files: files(certificateFile('1.pem', peerOf(1)), certificateFile('2.pem', peerOf(2))),
    members: [1, 2].map((number) =>
      member({ name: `node${number}`, peer: { certFile: set(`${number}.pem`) } }),
    ),
  });
  const of = endpoint({ port: 2380, serves: 'peer', member: 'node1' });
  const served = (number: number) =>
    verdicts(servedCertificateDiffersFromFile, {
      ...facts,
      endpoints: [observation({ of, flight: flight({ chain: [peerOf(number)] }) })],
    });

  expect(served(1)).toEqual([{ status: 'pass' }]);
  expect(served(2)).toMatchObject([
    {
      message: 'the certificate of node2 is served where node1 should answer',
      // No name is resolved here.
      fix: textWith('iptables -t nat -S'),
    },
  ]);
});

test('each port is held against the file of its own role', () => {
  const peer = endpoint({ port: 2380 });
  const facts = { ...certificateSet(), endpoints: [observation({ of: peer })] };

  expect(verdicts(servedCertificateDiffersFromFile, facts)).toEqual([{ status: 'pass' }]);
});

const own = { presented: 'client', certificateFile: 'client.pem' } as const;

test.each<{ what: string; attempts: readonly Partial<Admission>[]; status: string }>([
  { what: 'admitted', attempts: [{ ...own, outcome: 'admitted' }], status: 'pass' },
  { what: 'refused', attempts: [{ ...own, outcome: 'refused' }], status: 'fail' },
  {
    what: 'admitted over one TLS version only',
    attempts: [
      { ...own, outcome: 'admitted', tlsVersion: '1.2' },
      { ...own, outcome: 'closed', tlsVersion: '1.3' },
    ],
    status: 'fail',
  },
  { what: 'not reached', attempts: [{ ...own, outcome: 'unreachable' }], status: 'inconclusive' },
  { what: 'nobody, who should be', attempts: [{ outcome: 'refused' }], status: 'not-applicable' },
])('a client certificate $what: $status', ({ attempts, status }) => {
  const admissions = attempts.map((attempt) => admission(attempt));

  expect(verdicts(rightCertificateRefused, { admissions })).toMatchObject([{ status }]);
});

test('a refusal that the files predict is found at its cause, not again at each port', () => {
  const predicted = edge({
    edge: 'client',
    from: 'etcdctl',
    to: 'https://10.0.0.1:2379',
    credential: 'client.pem',
    outcome: 'refused',
    rule: 'x509.expired',
  });
  const facts = { admissions: [admission({ ...own, outcome: 'refused' })], forecast: [predicted] };

  expect(verdicts(rightCertificateRefused, facts)).toEqual([{ status: 'not-applicable' }]);
});

test('the cause names the certificate to look at, and what was ruled out', () => {
  const client = certificateFile('client.pem', leaf({ name: 'client' }));
  const shown = { presented: 'client', certificateFile: 'client.pem' } as const;
  const refused = admission({ ...shown, outcome: 'refused', alert: 48 });
  const foreign = flight({ acceptableCas: [{ text: 'CN=other-ca', raw: 'other-ca' }] });

  const [verdict] = verdicts(rightCertificateRefused, {
    files: files(client),
    admissions: [refused],
    endpoints: [observation({ flight: foreign })],
  });

  const cause = verdict?.status === 'fail' ? verdict.cause : undefined;
  expect(cause).toMatch(/\[CA-SERVER\]\n/);
  expect(cause).toMatch(/^look at client\.pem: CN=client, serial [0-9a-f]+$/m);
  expect(cause).toMatch(/^ruled out: .*client\.pem may be used by clients/m);
});

test('a member certificate belongs to the peer port, and is not tried as a client', () => {
  const atClientPort = admission({ presented: 'member', outcome: 'refused' });

  expect(verdicts(rightCertificateRefused, { admissions: [atClientPort] })).toEqual([
    { status: 'not-applicable' },
  ]);
});

test.each([
  {
    what: 'another address than the certificate names',
    outcome: 'closed',
    localAddress: '10.0.0.9',
    status: 'pass',
  },
  { what: "the member's own address", outcome: 'closed', localAddress: '10.0.0.1', status: 'fail' },
  {
    what: 'another address, with an alert',
    outcome: 'refused',
    localAddress: '10.0.0.9',
    status: 'fail',
  },
] as const)('a peer port that ends it from $what: $status', ({ outcome, localAddress, status }) => {
  const of = endpoint({ port: 2380 });
  const shown = { presented: 'member', certificateFile: 'node1.pem' } as const;
  const admissions = [admission({ of, ...shown, outcome, localAddress })];

  expect(verdicts(rightCertificateRefused, { ...certificateSet(), admissions })).toMatchObject([
    { status },
  ]);
});

test('one port that refuses the certificates of several members is one finding', () => {
  const of = endpoint({ port: 2380 });
  const shown = (name: string, outcome: Admission['outcome']) =>
    admission({ of, presented: 'member', certificateFile: `${name}.pem`, outcome });
  const refusing = ['node1', 'node2'].map((name) => shown(name, 'refused'));

  const forecast = ['node1', 'node2'].map((from) =>
    edge({
      edge: 'peer',
      from,
      to: String(of.url),
      credential: `${from}.pem`,
      outcome: 'accepted',
    }),
  );

  expect(
    verdicts(rightCertificateRefused, {
      admissions: [...refusing, shown('node3', 'admitted')],
      forecast,
    }),
  ).toMatchObject([
    { message: 'the peer port of node1 rejects node1.pem of node1 and node2.pem of node2' },
  ]);
  expect(
    verdicts(rightCertificateRefused, {
      admissions: [shown('node1', 'admitted'), shown('node2', 'unclear')],
    }),
  ).toMatchObject([{ status: 'inconclusive' }]);
});

test.each([
  { forecast: 'refused', seen: 'accepted', wanted: 'accepted', status: 'fail' },
  { forecast: 'accepted', seen: 'refused', wanted: 'accepted', status: 'pass' },
  { forecast: 'refused', seen: 'accepted', wanted: 'refused', status: 'pass' },
  { forecast: 'accepted', seen: 'refused', wanted: 'refused', status: 'fail' },
  { forecast: 'accepted', seen: 'unreachable', wanted: 'accepted', status: 'pass' },
] as const)(
  'forecast $forecast, seen $seen, wanted $wanted: $status',
  ({ forecast, seen, wanted, status }) => {
    const observed = { outcome: seen, differenceMeans: 'it was not restarted' };

    expect(
      verdicts(forecastAndObservationDiffer, {
        admissions: [],
        forecast: [edge({ outcome: forecast, wanted, observed })],
      }),
    ).toMatchObject([{ status }]);
  },
);
