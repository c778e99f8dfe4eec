import { expect, test } from 'vitest';
import type { Edge } from '../../../src/model/forecast.ts';
import { oracleClients } from '../../../testcluster/oracles/index.ts';
import { judge } from '../../../testcluster/oracles/judge.ts';
import type { OracleClient } from '../../../testcluster/oracles/oracle-client.ts';

const to = 'https://10.104.100.236:2379';

const refused: Edge = {
  target: { kind: 'edge', name: 'client etcdctl' },
  edge: 'client',
  from: 'etcdctl',
  to,
  member: 'node1',
  port: 'client',
  outcome: 'refused',
  wanted: 'accepted',
  refusedBy: 'client',
  rule: 'x509.unknown-authority',
  clientError: 'x509: certificate signed by unknown authority',
  serverError: 'remote error: tls: bad certificate',
};

const self: Edge = { ...refused, edge: 'self', from: 'node1', refusedBy: 'server' };

const heard = {
  to,
  outcome: 'refused',
  words: ['{"error":"x509: certificate signed by unknown authority"}'],
  serverWords: ['remote error: tls: bad certificate'],
} as const;

function clientNamed(name: string): OracleClient {
  const client = oracleClients.find((each) => each.name === name);
  if (client === undefined) throw new Error(`no client is called ${name}`);
  return client;
}

const etcdctl = clientNamed('etcdctl');

test('a prediction that is right in everything is equal', () => {
  expect(judge(etcdctl, heard, [refused])).toMatchObject({ verdict: 'equal', about: [] });
});

test.each([
  { spoilt: 'no edge', edges: [], about: ['edge'] },
  {
    spoilt: 'the outcome',
    edges: [{ ...refused, outcome: 'accepted' as const }],
    about: ['outcome'],
  },
  { spoilt: 'the side', edges: [{ ...refused, refusedBy: 'server' as const }], about: ['side'] },
  {
    spoilt: 'the text of the client',
    edges: [{ ...refused, clientError: 'x509: certificate has expired' }],
    about: ['client text'],
  },
  {
    spoilt: 'the text of etcd',
    edges: [{ ...refused, serverError: 'remote error: tls: expired certificate' }],
    about: ['server text'],
  },
])('$spoilt wrong makes a difference', ({ edges, about }) => {
  expect(judge(etcdctl, heard, edges)).toMatchObject({ verdict: 'differs', about });
});

test.each([
  {
    title: 'no text predicted',
    client: 'etcdctl',
    edge: { ...refused, clientError: undefined },
    reason: 'no client text predicted',
  },
  {
    title: 'a program with words of its own',
    client: 'jetcd (Java)',
    edge: refused,
    reason: 'the program has words of its own',
  },
])(
  '$title is not counted as equal in texts',
  ({ client, edge: { clientError, ...rest }, reason }) => {
    const edge = { ...rest, ...(clientError !== undefined && { clientError }) };
    const { verdict, reasons } = judge(clientNamed(client), heard, [edge]);

    expect(verdict).toBe('in-outcome');
    expect(reasons).toContain(reason);
  },
);

test('what is not sure is not compared', () => {
  const edge: Edge = { ...refused, outcome: 'not-sure' };

  expect(judge(etcdctl, heard, [edge]).verdict).toBe('not-compared');
});

test('a client of the gateway fails where the member is refused by itself', () => {
  const accepted: Edge = { ...refused, outcome: 'accepted', rule: 'etcd.mutual-tls' };
  const curl = clientNamed('curl');

  expect(judge(curl, heard, [accepted, self]).verdict).toBe('equal');
  expect(judge(curl, heard, [accepted]).verdict).toBe('differs');
});

test('every client has a name of its own, and settings that name the endpoint', () => {
  const names = oracleClients.map(({ name }) => name);

  expect(new Set(names).size).toBe(names.length);
  for (const client of oracleClients) {
    const text = Object.values(client.settings({ endpoints: [to] })).join('\n');
    expect(text, `settings of ${client.name}`).toContain('10.104.100.236:2379');
  }
});
