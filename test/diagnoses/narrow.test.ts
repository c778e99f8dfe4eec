import { expect, test } from 'vitest';
import { explain, type Explanation } from '../../src/diagnoses/explain.ts';
import { withPredictions } from '../../src/diagnoses/predicted.ts';
import { narrow } from '../../src/diagnoses/narrow.ts';
import { withSource } from '../../src/diagnoses/source-address.ts';
import { forecast } from '../../src/forecast/forecast.ts';
import { deploy, evidenceOf, lifetime } from '../forecast/deployment.ts';

const expired = { ...lifetime, validTo: new Date('2026-05-01T00:00:00Z') };
const elsewhere = { hosts: ['192.0.2.7'] };

test('an alert that could mean anything gets the cause that the set predicts', async () => {
  const line = rejected('10.9.9.9:4444', 'remote error: tls: bad certificate');

  const alone = explain(line);
  const { explanation, narrowing } = await explained(line, { node1: { leaf: elsewhere } });

  expect(alone?.cause).toBe('UNKNOWN');
  expect(explanation).toMatchObject({ cause: 'SAN', confidence: 'likely' });
  expect(explanation.evidence.join()).toContain(
    'predicted from the set: etcdctl rejects https://10.0.0.1:2379',
  );
  expect(explanation.lookNext).toBeUndefined();
  expect(narrowing.suspects).toMatchObject([{ file: 'pki/node1.crt', subject: 'CN=node1' }]);
});

test('a refused member is known by its address', async () => {
  const line = rejected('10.0.0.2:4444', 'remote error: tls: bad certificate', 'peer');
  const faults = { node1: { peerLeaf: expired } };

  const fromNode2 = await explained(line, faults);
  const fromElsewhere = await explained(line.replace('10.0.0.2', '10.0.0.77'), faults);

  expect(fromNode2.explanation.cause).toBe('EXPIRED');
  expect(fromNode2.narrowing.remoteMember).toBe('node2');
  expect(fromNode2.narrowing.predicted.map(({ edge }) => edge.from)).toEqual(['node2']);
  expect(fromElsewhere.narrowing.predicted).toEqual([]);
  expect(fromElsewhere.explanation.cause).toBe('UNKNOWN');
});

test('a line from the other port is not taken for one from this port', async () => {
  const line = rejected('10.0.0.2:4444', 'remote error: tls: bad certificate', 'client');

  const { narrowing } = await explained(line, { node1: { peerLeaf: expired } });

  expect(narrowing.predicted).toEqual([]);
});

test('two causes that fit leave it open, and both certificates are shown', async () => {
  const line = rejected('10.9.9.9:4444', 'remote error: tls: bad certificate');
  const urls = ['https://10.0.0.1:2379', 'https://10.0.0.2:2379'];
  const faults = { node1: { leaf: elsewhere }, node2: { leaf: expired } };

  const { explanation, narrowing } = await explained(line, faults, urls);

  expect(explanation.cause).toBe('UNKNOWN');
  expect(narrowing.suspects.map(({ file }) => file)).toEqual(['pki/node1.crt', 'pki/node2.crt']);
});

test('words that decide by themselves keep their cause', async () => {
  const certain = rejected('10.9.9.9:4444', 'transport: certificate serial adee revoked');

  const { explanation } = await explained(certain, { node1: { leaf: elsewhere } });

  expect(explanation.cause).toBe('AUTHZ');
});

test('a certificate is known by the date that Go prints, and by a usage that it lacks', async () => {
  const date = rejected(
    '10.0.0.3:1',
    'tls: failed to verify certificate: x509: certificate has expired or is not yet valid: ' +
      'current time 2026-06-01T09:00:00Z is after 2026-05-01T00:00:00Z',
  );
  const usage = rejected(
    '127.0.0.1:1',
    'tls: failed to verify certificate: x509: certificate specifies an incompatible key usage',
  );

  const dated = await explained(date, { node3: { peerLeaf: expired } });
  const used = await explained(usage, { node2: { leaf: { usages: ['serverAuth'] } } });

  expect(dated.narrowing.suspects).toMatchObject([{ file: 'pki/node3-peer.crt' }]);
  expect(used.narrowing.suspects).toMatchObject([{ file: 'pki/node2.crt' }]);
  expect(used.explanation.cause).toBe('EKU');
});

test.each([
  { source: '10.0.0.77', shown: '10.0.0.2', cause: 'SAN-PEER', says: 'not an address of a member' },
  { source: '10.0.0.3', shown: '10.0.0.2', cause: 'SAN-COPY', says: "names node2's" },
  { source: '10.0.0.3', shown: '10.9.9.9', cause: 'SAN-PEER', says: 'an address of node3' },
])('$source with a certificate for $shown: $cause', async ({ source, shown, cause, says }) => {
  const line = JSON.stringify({
    msg: 'rejected connection on peer endpoint',
    'remote-addr': `${source}:1`,
    'ip-addresses': [shown, '127.0.0.1'],
    error: `x509: certificate is valid for ${shown}, 127.0.0.1, not ${source}`,
  });
  const alone = explain(line);
  if (alone === undefined) throw new Error('nothing was read');

  const known = withSource(alone, (await deploy()).members);

  expect(known).toMatchObject({ cause, confidence: 'certain' });
  expect(known.evidence.join()).toContain(says);
});

type Faults = Parameters<typeof deploy>[0];

async function explained(line: string, faults: Faults, urls?: readonly string[]) {
  const endpoints = urls && { value: urls, origin: { via: 'inventory' as const } };
  const deployed = await deploy(faults, { client: { ...(endpoints && { endpoints }) } });
  const evidence = evidenceOf(deployed);
  const { files = [], members = [] } = evidence.facts;
  const explanation: Explanation | undefined = explain(line);
  if (explanation === undefined) throw new Error(`nothing was read in ${line}`);
  const narrowing = narrow(explanation, { files, members, edges: forecast(evidence) });
  return { narrowing, explanation: withPredictions(explanation, narrowing.predicted) };
}

function rejected(remote: string, error: string, port = 'client'): string {
  const msg = `rejected connection on ${port} endpoint`;
  return JSON.stringify({ level: 'warn', msg, 'remote-addr': remote, error });
}
