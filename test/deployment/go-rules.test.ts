import { expect, test } from 'vitest';
import { forecast } from '../../src/forecast/forecast.ts';
import { usesOf } from '../../src/deployment/certificate-uses.ts';
import { goOf, goOfClient } from '../../src/deployment/go-rules.ts';
import { judgePair } from '../../src/deployment/pairs.ts';
import { aClient, aMember, set } from '../support/facts.ts';
import { deploy, evidenceOf } from '../forecast/deployment.ts';

function member(etcd: string, go: string, debug?: string) {
  return aMember({
    member: { etcdVersion: set(etcd), goVersion: set(go) },
    settings: { processEnvironment: debug === undefined ? {} : { GODEBUG: set(debug) } },
  });
}

test.each([
  ['the official binary', member('3.5.30', '1.25.9'), undefined],
  ['one of another toolchain', member('3.5.30', '1.26.4'), true],
  ['one of a release that was not looked up', member('3.6.999', '1.26.8'), undefined],
  ['one that is told to', member('3.5.30', '1.25.9', 'tlsrsakex=1,x509negativeserial=1'), true],
  ['one that is told not to', member('3.5.30', '1.26.4', 'x509negativeserial=0'), undefined],
])('%s takes negative serial numbers: $2', (_title, etcd, accepts) => {
  expect(goOf(etcd).acceptsNegativeSerials).toBe(accepts);
});

test('a client built with the same Go as the members is judged like them', () => {
  const client = aClient({ goVersion: set('1.26.4') });

  expect(goOfClient(client, [member('3.5.30', '1.26.4')]).acceptsNegativeSerials).toBe(true);
  expect(goOfClient(client, [member('3.5.30', '1.25.9')]).acceptsNegativeSerials).toBeUndefined();
});

function clientOf(file: string) {
  return aClient({ goVersion: set('1.19.8'), origin: { file, line: 1 } });
}

test('a client has the environment of a member only where the same file sets up both', () => {
  const told = member('3.4.23', '1.19.8', 'x509sha1=1');
  const placed = { ...told, target: { ...told.target, location: { file: 'etcd.yaml', line: 1 } } };

  expect(goOf(placed).acceptsSha1Signatures).toBe(true);
  expect(goOfClient(clientOf('etcd.yaml'), [placed]).acceptsSha1Signatures).toBe(true);
  expect(goOfClient(clientOf('ask.sh'), [placed]).acceptsSha1Signatures).toBeUndefined();
});

test('what a server cannot read it refuses as unreadable', async () => {
  const deployment = await deploy({}, { leaf: { serialOctets: '80' } });
  const older = { goVersion: set('1.22.7') };
  const clients = deployment.clients.map((client) => ({ ...client, ...older }));
  const [edge] = forecast(evidenceOf({ ...deployment, clients }));

  expect(edge).toMatchObject({
    outcome: 'refused',
    refusedBy: 'server',
    rule: 'x509.malformed',
    serverError: 'tls: failed to parse client certificate: x509: negative serial number',
  });
});

/** For the ECDSA key of the members only the one that HTTP/2 forbids is of use. */
const forbiddenSuites = [
  'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
  'TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA',
];

test.each([
  // etcdctl 3.5.21 has grpc-go 1.59, that of 3.6.0 1.71.
  { go: '1.23.7', rule: 'tls.suite-refused-by-http2' },
  { go: '1.23.9', rule: 'tls.no-common-suite' },
])('a client built by Go $go meets suites that HTTP/2 forbids: $rule', async ({ go, rule }) => {
  const settings = {
    tlsMaxVersion: set('TLS1.2'),
    cipherSuites: set(forbiddenSuites),
  };
  const releases = { etcdVersion: set('3.5.21'), goVersion: set('1.23.7') };
  const deployment = await deploy(
    { node1: { settings, member: releases } },
    { client: { goVersion: set(go) } },
  );
  const edge = forecast(evidenceOf(deployment)).find(
    ({ edge: kind, member: to }) => kind === 'client' && to === 'node1',
  );

  expect(edge).toMatchObject({ outcome: 'refused', rule });
});

test.each([
  // etcdctl 3.4.41 has grpc-go 1.58, as 3.4.31 has, that of 3.4.42 1.79.
  { etcd: '3.4.41', go: '1.24.13', rule: 'tls.suite-refused-by-http2' },
  { etcd: '3.4.42', go: '1.25.8', rule: 'tls.no-common-suite' },
  { etcd: '3.6.8', go: '1.24.13', rule: 'tls.no-common-suite' },
  // Debian builds with a grpc-go of its own.
  { etcd: '3.5.16', go: '1.24.0', rule: 'tls.no-common-suite' },
])('etcdctl $etcd by Go $go meets suites that HTTP/2 forbids: $rule', async (row) => {
  const releases = { etcdVersion: set(row.etcd), goVersion: set(row.go) };
  const settings = { tlsMaxVersion: set('TLS1.2'), cipherSuites: set(forbiddenSuites) };
  const deployment = await deploy(
    { node1: { settings, member: releases } },
    { client: { goVersion: set(row.go) } },
  );
  const edge = forecast(evidenceOf(deployment)).find(
    ({ edge: kind, member: to }) => kind === 'client' && to === 'node1',
  );

  expect(edge).toMatchObject({ outcome: 'refused', rule: row.rule });
});

test.each([
  // grpc-go 1.26 and 1.58: only the latter says reliably what came of a handshake.
  { etcd: '3.4.27', go: '1.19.10', says: /^$/ },
  { etcd: '3.4.28', go: '1.20.11', says: /remote error: tls: / },
])('the gateway of etcd $etcd, whose certificate it rejects, says $says', async (row) => {
  const releases = { etcdVersion: set(row.etcd), goVersion: set(row.go) };
  const leaf = { usages: ['serverAuth'] as const };
  const deployment = await deploy({ node1: { leaf, member: releases } });
  const edge = forecast(evidenceOf(deployment)).find(
    ({ edge: kind, member: to }) => kind === 'self' && to === 'node1',
  );

  expect(edge).toMatchObject({ refusedBy: 'server', rule: 'x509.key-usage' });
  expect(edge?.clientError ?? '').toMatch(row.says);
});

test.each([
  { go: '1.25.9', debug: undefined, fault: 'unusable' },
  { go: '1.25.9', debug: 'x509negativeserial=1', fault: undefined },
  // Debian's 3.5.30 sets x509negativeserial=1 at build time.
  { go: '1.26.4', debug: undefined, fault: undefined },
])('a pair is loaded by the rules of its member: Go $go with $debug', async (row) => {
  const releases = { etcdVersion: set('3.5.30'), goVersion: set(row.go) };
  const processEnvironment = row.debug === undefined ? {} : { GODEBUG: set(row.debug) };
  const { facts } = evidenceOf(
    await deploy({
      node1: {
        leaf: { serialOctets: 'ff' },
        member: releases,
        settings: { processEnvironment },
      },
    }),
  );

  const { files = [], members = [], clients = [] } = facts;
  const [server] = usesOf({ files, members, clients });

  expect(server && judgePair(server)?.fault).toBe(row.fault);
});
