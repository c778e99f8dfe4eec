import { describe, expect, test } from 'vitest';
import { compose, files, flags, judged, pod } from '../support/containers.ts';

const rejected = {
  status: 'fail',
  found: [expect.stringMatching(/^health-probe-rejected etcd-0 /)],
  open: [],
};
const passes = { status: 'pass', found: [], open: [] };
const unanswered = { status: 'incomplete', found: [], open: [] };

/** One sound member whose health check asks a host, on the client port and on the metrics port. */
const curl = (host: string, more = '', url = `https://${host}:2379/health`) =>
  compose(`    healthcheck: {test: ["CMD-SHELL", "curl -fk ${url}"]}\n${more}`);
const aliased = '    networks: {default: {aliases: [db, "${ALIAS:-store}"]}}';
const other = '  other: {image: "example.org/other:1", container_name: other-1}';

describe('a health check in a service of etcd', () => {
  test.each([
    ['0.0.0.0', '', rejected],
    ['127.0.0.1', '', rejected],
    ['etcd', '', rejected],
    ['ETCD', '', rejected],
    ['$$HOSTNAME', '', rejected],
    ['$${HOSTNAME}', '', rejected],
    ['$$HOSTNAME', '    hostname: node-1', rejected],
    ['node-1', '    hostname: node-1', rejected],
    ['box', '    container_name: box', rejected],
    ['db', aliased, rejected],
    ['store', aliased, rejected],
    ['etcd-0', '', unanswered],
    ['project-etcd-1', '', unanswered],
    ['172.18.0.2', '', unanswered],
    ['other', other, passes],
    ['other-1', other, passes],
  ])('%s %s', async (host, more, expected) => {
    expect(await judged(curl(host, more))).toEqual(expected);
    const metrics = curl(host, more, `http://${host}:2381/health`);
    expect(await judged(metrics)).toEqual(passes);
  });

  test('another port at a host of which nothing is known', async () => {
    expect(await judged(curl('ping', '', 'https://ping.example.org/x'))).toEqual(passes);
  });
});

test('a service that asks another member', async () => {
  const list = 'etcd-0=https://etcd:2380,etcd-1=https://etcd-b:2380';
  const text = (curl('etcd')['docker-compose.yml'] ?? '').replaceAll(
    /--initial-cluster=[^"]*/g,
    `--initial-cluster=${list}`,
  );
  const second = text
    .replace('services:\n', '')
    .replace('  etcd:', '  etcd-b:')
    .replaceAll('name=etcd-0', 'name=etcd-1')
    .replaceAll('urls=https://etcd:', 'urls=https://etcd-b:')
    .replace('data:/', 'b:/');
  const { found } = await judged({ ...files, 'docker-compose.yml': text + second });

  expect(found).toContainEqual(expect.stringMatching(/^health-probe-rejected etcd-1 healthcheck /));
});

const request = (host: string, spec = '  hostNetwork: true') =>
  pod(`    livenessProbe: {httpGet: {host: ${host}, port: 2379, scheme: HTTPS}}`, spec);
const onOneAddress = (given: Readonly<Record<string, string>>) => ({
  ...given,
  'etcd.yaml': (given['etcd.yaml'] ?? '').replace(
    'listen-client-urls=https://0.0.0.0',
    'listen-client-urls=https://10.0.0.1',
  ),
});
const exec = (host: string) =>
  pod(`    livenessProbe: {exec: {command: [sh, -c, "curl -fk https://${host}:2379/health"]}}`);

describe('a pod', () => {
  test.each([
    ['kubelet at 0.0.0.0', request('0.0.0.0'), rejected],
    ['kubelet at the address of the node', request('10.0.0.1'), rejected],
    ['kubelet at an address that the node may have', request('10.0.0.9'), unanswered],
    ['kubelet at another address', onOneAddress(request('10.0.0.9')), passes],
    ['kubelet at a name', request('node-1'), unanswered],
    ['curl at its name', exec('$HOSTNAME'), rejected],
    ['curl at the name of the pod', exec('etcd-0'), rejected],
    ['curl at a name', exec('etcd.example.org'), unanswered],
  ])('%s', async (_, given, expected) => {
    expect(await judged(given)).toEqual(expected);
  });
});

test.each([
  ['as the settings write it', 'fd00:0:0:0:0:0:0:1', rejected],
  ['in its short form', 'fd00::1', rejected],
  ['another one', 'fd00::2', passes],
])('kubelet at an IPv6 address of the node, %s', async (_, host, expected) => {
  const given = request(`"${host}"`);
  const written = (given['etcd.yaml'] ?? '')
    .replaceAll('https://10.0.0.1:', 'https://[fd00:0:0:0:0:0:0:1]:')
    .replaceAll('https://0.0.0.0:', 'https://[::]:');
  const { found } = await judged({ ...given, 'etcd.yaml': written });

  expect(found.filter((each) => each.startsWith('health-probe-rejected'))).toEqual(expected.found);
});

test.each([
  ['0.0.0.0', rejected],
  ['$$HOSTNAME', rejected],
  ['etcd.example.org', unanswered],
])('a hook of a unit, at %s', async (host, expected) => {
  const etcd = flags('10.0.0.1').join(' ').replaceAll('/pki/', '/etc/pki/');
  const hook = `ExecStartPost=/bin/sh -c 'curl -fk https://${host}:2379/health'`;
  const unit = `[Service]\nUser=root\nExecStart=/usr/bin/etcd ${etcd}\n${hook}\n`;

  expect(await judged({ ...files, 'etcd.service': unit })).toEqual(expected);
});
