import { expect, test } from 'vitest';
import { deploymentOf } from '../../src/deployment/deployment.ts';
import type { Evidence } from '../../src/model/evidence.ts';
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
    { target: { kind: 'endpoint', member: 'node7' }, endpoint: { serves: 'client' } },
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

test('a port that nobody named serves what etcd usually serves there; a given one serves clients', () => {
  const { endpoints = [] } = judged({
    endpoints: [at('http://10.0.0.7:2381', true), at('http://10.0.0.6:2381', false)],
  });

  expect(endpoints.map(({ endpoint: { serves, member } }) => [serves, member])).toEqual([
    ['metrics', 'node7'],
    ['client', undefined],
  ]);
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
