import { expect, test } from 'vitest';
import { deploymentOf } from '../../src/deployment/deployment.ts';
import type { Evidence } from '../../src/model/evidence.ts';
import { endpointName, isAt } from '../../src/model/live.ts';
import type { Inventory } from '../../src/model/stated-inventory.ts';
import { listed } from '../fixtures/builders.ts';
import { aCertificate, aCertificateFile } from '../support/facts.ts';

const leaf = aCertificate();

function judged(facts: Evidence['facts'], address = '10.0.0.7') {
  const location = { file: 'etcd-tls.yaml', line: 1 };
  const member = {
    name: 'node7',
    location,
    addresses: [address],
    hostnames: [],
    settings: [],
    flags: [],
    files: {},
  };
  const inventory: Inventory = {
    path: 'etcd-tls.yaml',
    members: [member],
    clients: [],
    maps: [],
    dns: {},
    config: {},
  };
  const evidence = { collectedAt: '2026-01-01T00:00:00.000Z', facts, gaps: {} };
  return deploymentOf({ ...evidence, facts: { inventory, ...facts } }).facts;
}

test('whose endpoint was seen follows from the inventory of the moment', () => {
  const facts: Evidence['facts'] = {
    statuses: [{ url: 'https://10.0.0.7:2379', outcome: 'answered' }],
  };

  expect(judged(facts).statuses).toMatchObject([
    {
      target: { kind: 'endpoint', name: 'https://10.0.0.7:2379', member: 'node7' },
      endpoint: { serves: 'client' },
    },
  ]);
  expect(judged(facts, '10.0.0.8').statuses?.[0]?.endpoint).not.toHaveProperty('member');
});

test('what only the member list names is of the port and member that it is listed for', () => {
  const members = [listed('node9', { peerUrls: ['https://10.0.0.9:12380'] })];
  const { statuses } = judged({
    memberLists: [
      {
        url: 'https://10.0.0.7:2379',
        through: 'grpc',
        outcome: 'answered',
        members,
        milliseconds: 1,
      },
    ],
    statuses: [{ url: 'https://10.0.0.9:12380', outcome: 'failed' }],
  });

  expect(statuses?.[0]?.endpoint).toMatchObject({ serves: 'peer', member: 'node9' });
});

test('a port that is not named serves what etcd usually serves there; a given one serves clients', () => {
  const { endpoints = [] } = judged({
    endpoints: [at('http://10.0.0.7:2381', true), at('http://10.0.0.6:2381', false)],
  });

  expect(endpoints.map(({ endpoint: { serves, member } }) => [serves, member])).toEqual([
    ['metrics', 'node7'],
    ['client', undefined],
  ]);
});

test('what is not named on one host is named on another', () => {
  const { endpoints = [] } = judged({
    endpoints: [
      { ...at('http://127.0.0.1:2381', true), host: 'node1' },
      { ...at('http://127.0.0.1:2381', false), host: 'node2' },
    ],
  });

  expect(endpoints.map(({ endpoint: { serves, url } }) => [serves, url])).toEqual([
    ['metrics', 'node1:http://127.0.0.1:2381'],
    ['client', 'node2:http://127.0.0.1:2381'],
  ]);
});

test.each([
  { seen: {}, of: {}, is: true },
  { seen: { host: '10.0.0.2' }, of: {}, is: false },
  { seen: { seenFrom: 'node1' }, of: {}, is: false },
  { seen: { seenFrom: 'node1' }, of: { host: 'node1' }, is: true },
  { seen: { seenFrom: 'node1' }, of: { host: 'node2' }, is: false },
  { seen: { seenFrom: 'node1', member: 'a' }, of: { member: 'a' }, is: true },
  { seen: { seenFrom: 'node1', member: 'a' }, of: { member: 'b' }, is: false },
])('$seen is the loopback URL of $of: $is', ({ seen, of, is }) => {
  const url = 'https://127.0.0.1:2379';
  const endpoint = { scheme: 'https', host: '127.0.0.1', port: 2379, serves: 'client' } as const;

  expect(isAt({ ...endpoint, ...seen, url: endpointName(url) }, { url, ...of })).toBe(is);
});

test('a certificate that was shown is the file that holds it here', () => {
  const attempt = {
    url: 'https://10.0.0.7:2379',
    presented: 'client',
    tlsVersion: '1.3',
    outcome: 'admitted',
    milliseconds: 1,
    certificateFile: '/elsewhere/client.pem',
  } as const;
  const { admissions = [] } = judged({
    files: [aCertificateFile('node1:/etc/client.pem', leaf)],
    admissions: [{ ...attempt, certificateSha256: leaf.sha256 }, attempt],
  });

  expect(admissions.map(({ certificateFile }) => certificateFile)).toEqual([
    'node1:/etc/client.pem',
    '/elsewhere/client.pem',
  ]);
});

test('of two copies of a certificate the one that was shown is meant, however its path was typed', () => {
  const { admissions = [] } = judged({
    files: ['a/client.pem', 'certs/client.pem'].map((path) => aCertificateFile(path, leaf)),
    admissions: [
      {
        url: 'https://10.0.0.7:2379',
        presented: 'client',
        tlsVersion: '1.3',
        outcome: 'admitted',
        milliseconds: 1,
        certificateFile: './certs/client.pem',
        certificateSha256: leaf.sha256,
      },
    ],
  });

  expect(admissions.map(({ certificateFile }) => certificateFile)).toEqual(['certs/client.pem']);
});

function at(url: string, supposed: boolean) {
  return {
    url,
    addresses: [],
    stages: [],
    speaks: 'http1' as const,
    ...(supposed && { supposed }),
  };
}
