import { expect, test } from 'vitest';
import { judge, look } from '../../src/audit.ts';
import { type AuditRequest, collect } from '../../src/collect/collect.ts';
import { parseEvidence, serializeEvidence } from '../../src/collect/evidence-file.ts';
import { deploymentOf } from '../../src/deployment/deployment.ts';
import { mergeEvidence } from '../../src/deployment/merge-evidence.ts';
import type { DeploymentRequest } from '../../src/model/deployment.ts';
import type { Evidence } from '../../src/model/evidence.ts';
import { directoryWith } from '../support/directory.ts';
import { type Sets, writeSets } from '../support/sets.ts';
import { audit } from '../support/audit-twice.ts';

const live = { timeoutMs: 500, concurrency: 4, negativeProbes: true, discover: false };
const nowhere = ['https://127.0.0.1:1'];
const member = ['https://10.104.100.236:2379'];

function client({ fixed }: Sets, endpoints: readonly string[] = member) {
  const at = (name: string): string => `${fixed}/certs/${name}.pem`;
  return {
    endpoints,
    trustedCaFile: at('ca_cert'),
    certificateFile: at('client_cert'),
    keyFile: at('client_key_insecure'),
  };
}

type Row = (sets: Sets) => Partial<AuditRequest>;

const rows: Readonly<Record<string, Row>> = {
  'a client next to paths': (sets) => ({ paths: [sets.seed], you: client(sets) }),
  'a client of every member': (sets) => {
    const { endpoints: _endpoints, ...you } = client(sets);
    return { paths: [sets.fixed], you };
  },
  'a client alone': (sets) => ({ you: client(sets) }),
  'a client alone, live': (sets) => ({ you: client(sets, nowhere), live }),
  'a client behind a proxy': (sets) => ({
    you: { ...client(sets, nowhere), proxied: ['127.0.0.1'] },
    live,
  }),
  'endpoints alone': () => ({ you: { endpoints: nowhere }, live }),
  'endpoints next to paths': ({ fixed }) => ({ paths: [fixed], you: { endpoints: nowhere }, live }),
  discovery: ({ fixed }) => ({
    paths: [fixed],
    you: { endpoints: nowhere },
    live: { ...live, discover: true },
  }),
  '--map': ({ fixed }) => ({
    paths: [fixed],
    maps: [{ prefix: '/etc/ssl/certs/etcd', directory: `${fixed}/certs` }],
  }),
  '--resolve': ({ fixed }) => ({
    paths: [fixed],
    resolve: [{ name: '10.104.100.236', address: 'etcd-0.lab' }],
  }),
  '--etcd-version': ({ seed }) => ({ paths: [seed], etcdVersion: '3.3.27' }),
  '--go-version': ({ seed }) => ({ paths: [seed], etcdVersion: '3.6.4', goVersion: '1.12' }),
  '--at': ({ fixed }) => ({ paths: [fixed], at: '2040-01-01T00:00:00.000Z' }),
  hosts: (sets) => ({
    paths: [],
    hosts: [
      { host: 'node1', paths: [sets.fixed] },
      { host: 'node2', paths: [sets.seed] },
    ],
    you: client(sets),
  }),
};

test.each(Object.entries(rows))('saved evidence holds what options state: %s', async (_, row) => {
  await using sets = await writeSets();

  const { verdict } = await audit({ paths: [], maps: [], ...row(sets) });

  expect(verdict.status).toMatch(/pass|fail|incomplete/);
});

test('evidence saved with evidence of another host, paths and a client is judged the same', async () => {
  await using sets = await writeSets();
  const collected = await collect({ paths: [sets.seed], maps: [], host: 'node1' });

  const request = { paths: [sets.fixed], maps: [], evidence: [collected], you: client(sets) };
  const { facts } = await audit(request);

  expect(facts.clients?.map(({ name }) => name)).toContain('you');
});

test('clients of several runs are judged together, the same client once', async () => {
  await using sets = await writeSets();
  const seen = async (endpoints: readonly string[]) =>
    through(await look({ paths: [], maps: [], you: client(sets, endpoints) }));
  const [first, second] = [await seen(member), await seen(nowhere)];

  const { forecast, facts } = judge(mergeEvidence([first, second, first]));
  const dialled = forecast.flatMap(({ edge, from, to }) => (edge === 'client' ? [[from, to]] : []));

  expect(facts.clients?.map(({ name }) => name)).toEqual(['you', 'you-2']);
  expect(dialled).toEqual([
    ['you', ...member],
    ['you-2', ...nowhere],
  ]);
});

test('an option given now wins over the one that the evidence was saved with', async () => {
  await using sets = await writeSets();
  const saved = await look({ paths: [sets.fixed], maps: [], etcdVersion: '3.4.23' });
  const other = await look({ paths: [sets.fixed], maps: [], etcdVersion: '3.5.30' });

  expect(releases(saved)).toEqual(['3.4.23', '3.4.23', '3.4.23']);
  expect(releases(saved, { etcdVersion: '3.6.4' })).toEqual(['3.6.4', '3.6.4', '3.6.4']);
  expect(() => mergeEvidence([saved, other])).toThrow(
    'evidence was saved with --etcd-version 3.4.23, and other evidence with --etcd-version 3.5.30',
  );
  const merged = mergeEvidence([saved, other], { etcdVersion: '3.6.4' });
  expect(releases(merged)).toEqual(['3.6.4', '3.6.4', '3.6.4']);
});

function releases(evidence: Evidence, request: DeploymentRequest = {}) {
  return deploymentOf(evidence, request).facts.members?.map(({ etcdVersion }) => etcdVersion.value);
}

test('evidence of releases that saved no options is read', async () => {
  await using set = await directoryWith({});
  const { stated: _stated, ...older } = await look({
    paths: [set.path],
    maps: [],
    you: { endpoints: nowhere },
    live,
  });

  expect(through(older)).toEqual(older);
});

test('nothing but public fields of a client is read', async () => {
  await using sets = await writeSets();
  const evidence = await look({ paths: [], maps: [], you: client(sets) });
  const text = serializeEvidence(evidence).replace('"keyFile"', '"password": "x", "keyFile"');

  expect(() => parseEvidence(text, 'evidence.json')).toThrow(
    'at stated.clients[0].password: unknown property',
  );
});

function through(evidence: Evidence): Evidence {
  return parseEvidence(serializeEvidence(evidence), 'evidence.json');
}
