import { expect, test } from 'vitest';
import { audit } from '../../src/audit.ts';
import { isFinding, severityOf } from '../../src/model/finding.ts';
import { directoryWith } from '../support/directory.ts';
import { threeMembers } from '../support/three-members.ts';
import { issueAuthority } from '../support/pki.ts';

const address = 'https://10.0.0.1';
const ca = await issueAuthority({ commonName: 'etcd-ca' });
const leaf = await ca.issue({ commonName: 'n1', hosts: ['10.0.0.1', '127.0.0.1', 'localhost'] });

const files = {
  'etc/etcd/ca.pem': ca.certificatePem,
  'etc/etcd/n1.pem': leaf.certificatePem,
  'etc/etcd/n1-key.pem': leaf.privateKeyPem,
};

const flags = (trusted: string) =>
  [
    '--name n1',
    '--data-dir /var/lib/etcd',
    `--listen-client-urls ${address}:2379`,
    `--advertise-client-urls ${address}:2379`,
    `--listen-peer-urls ${address}:2380`,
    `--initial-advertise-peer-urls ${address}:2380`,
    `--initial-cluster n1=${address}:2380`,
    '--cert-file /etc/etcd/n1.pem',
    '--key-file /etc/etcd/n1-key.pem',
    trusted,
    '--client-cert-auth',
    '--peer-cert-file /etc/etcd/n1.pem',
    '--peer-key-file /etc/etcd/n1-key.pem',
    '--peer-trusted-ca-file /etc/etcd/ca.pem',
    '--peer-client-cert-auth',
  ].join(' ');

async function findings(more: Readonly<Record<string, string>>) {
  await using set = await directoryWith({ ...files, ...more });
  const { results, verdict } = await audit({ paths: [set.path], maps: [] });
  const failing = results.filter(
    ({ check, verdict: { status } }) =>
      status === 'fail' && ['critical', 'high'].includes(check.severity),
  );
  return { verdict, ids: failing.map(({ check }) => check.id) };
}

const unit = (line: string) => ({
  'etc/systemd/system/etcd.service': `[Service]\nExecStart=${line}\n`,
});

test('a misspelt flag is the finding, not the CA file that it leaves out', async () => {
  const { ids } = await findings(
    unit(`/usr/bin/etcd ${flags('--trusted-ca-fil /etc/etcd/ca.pem')}`),
  );

  expect(ids).toEqual(['settings-refused-at-start']);
});

test.each([
  { name: '--fail-on critical', judgement: { failOn: 'critical' as const } },
  {
    name: '--skip settings-refused-at-start',
    judgement: { selects: ({ id }: { id: string }) => id !== 'settings-refused-at-start' },
  },
  {
    name: '--only any-system-authority-admitted',
    judgement: { selects: ({ id }: { id: string }) => id === 'any-system-authority-admitted' },
  },
])('with $name the port that a misspelt flag leaves open stays critical', async ({ judgement }) => {
  const line = `/usr/bin/etcd ${flags('--trusted-ca-fil /etc/etcd/ca.pem')}`;
  await using set = await directoryWith({ ...files, ...unit(line) });
  const { results, verdict } = await audit({ paths: [set.path], maps: [] }, judgement);

  expect(verdict.status).toBe('fail');
  expect(results.filter(isFinding).map(severityOf)).toContain('critical');
});

test('a flag that is left out is the finding of a member that starts', async () => {
  const { ids } = await findings(unit(`/usr/bin/etcd ${flags('')}`));

  expect(ids).toEqual(['any-system-authority-admitted']);
});

test('files that one missing mount hides are one finding', async () => {
  const compose = [
    'services:',
    '  etcd:',
    '    image: quay.io/coreos/etcd:v3.5.30',
    '    network_mode: host',
    `    command: etcd ${flags('--trusted-ca-file /etc/etcd/ca.pem')}`,
    '    volumes: ["./data:/var/lib/etcd"]',
    'volumes: { data: {} }',
    '',
  ].join('\n');
  const { ids } = await findings({ 'docker-compose.yml': compose });

  expect(ids).toEqual(['file-hidden-from-process']);
});

const script = `#!/bin/bash\nexec /usr/bin/etcd ${flags('')} "$@"\n`;
const trusted = '--trusted-ca-file=/etc/etcd/ca.pem';

test.each([
  '/opt/etcd.sh',
  '/bin/sh /opt/etcd.sh',
  '/bin/bash -eu -o pipefail /opt/etcd.sh',
  '/usr/bin/env bash /opt/etcd.sh',
  '/bin/sh -e /opt/etcd.sh -log-level=debug -enable-pprof=false',
])('the arguments of %s reach etcd', async (line) => {
  const given = { ...unit(`${line} ${trusted}`), 'opt/etcd.sh': script };

  expect(await findings(given)).toMatchObject({ verdict: { status: 'pass' }, ids: [] });
});

test.each([
  unit('/bin/bash /opt/etcd.sh'),
  unit('/opt/etcd.sh'),
  {
    'pod.yaml': [
      'apiVersion: v1',
      'kind: Pod',
      'metadata: { name: db }',
      'spec:',
      '  containers:',
      '    - name: db',
      '      image: quay.io/coreos/etcd:v3.5.30',
      '      command: [/bin/sh, /opt/run.sh]',
      '',
    ].join('\n'),
  },
  {
    'docker-compose.yml':
      'services:\n  db:\n    image: quay.io/coreos/etcd:v3.5.30\n    entrypoint: [sh, /opt/run.sh]\n',
  },
])('a script that was not given is not understood: %j', async (given) => {
  const { verdict } = await findings(given);

  expect(verdict.status).toBe('incomplete');
  expect(verdict.sentence).toContain('which was not given');
});

test.each([
  { how: 'x.env', status: 'incomplete' },
  { how: '[{ path: x.env, required: false }]', status: 'pass' },
])(
  'compose does not start a service whose env_file is not there: $how',
  async ({ how, status }) => {
    const compose = [
      'services:',
      '  etcd:',
      '    image: quay.io/coreos/etcd:v3.5.30',
      '    network_mode: host',
      `    env_file: ${how}`,
      `    command: etcd ${flags('--trusted-ca-file /etc/etcd/ca.pem')}`,
      '    volumes: ["./etc/etcd:/etc/etcd", "./data:/var/lib/etcd"]',
      'volumes: { data: {} }',
      '',
    ].join('\n');

    expect((await findings({ 'docker-compose.yml': compose })).verdict.status).toBe(status);
  },
);

test.each([
  { format: '', value: '"true"', status: 'pass' },
  { format: ', format: raw', value: 'true', status: 'pass' },
  { format: ', format: raw', value: '"true"', status: 'fail' },
  { format: ', format: json', value: 'true', status: 'incomplete' },
])(
  'compose reads $value from an env_file: [{ path: x.env$format }]',
  async ({ format, value, status }) => {
    const compose = [
      'services:',
      '  etcd:',
      '    image: quay.io/coreos/etcd:v3.5.30',
      '    network_mode: host',
      `    env_file: [{ path: x.env${format} }]`,
      `    command: etcd ${flags(trusted).replace(/ --client-cert-auth(?= )/, '')}`,
      '    volumes: ["./etc/etcd:/etc/etcd", "./data:/var/lib/etcd"]',
      '',
    ].join('\n');
    const { verdict, ids } = await findings({
      'docker-compose.yml': compose,
      'x.env': `# raw keeps quotes\nETCD_CLIENT_CERT_AUTH=${value}\n`,
    });

    expect(verdict.status).toBe(status);
    expect(ids).toEqual(status === 'fail' ? ['settings-refused-at-start'] : []);
  },
);

test('a script that has nothing to do with etcd is passed over', async () => {
  const { verdict } = await findings({
    ...unit(`/usr/bin/etcd ${flags(trusted)}`),
    'etc/systemd/system/rotate.service': '[Service]\nExecStart=/bin/sh /opt/rotate.sh\n',
  });

  expect(verdict.status).toBe('pass');
});

const withoutCluster = flags('--trusted-ca-file /etc/etcd/ca.pem')
  .replace('--name n1 ', '')
  .replace(/--initial-cluster \S+ /, '');

test('a member with the default name and without initial-cluster does not start for the first time', async () => {
  const { ids, verdict } = await findings(unit(`/usr/bin/etcd ${withoutCluster}`));

  expect(ids).toEqual([]);
  expect([verdict.status, verdict.next]).toEqual(['incomplete', expect.any(String)]);
});

test('its settings are no finding where a part of them was not given', async () => {
  const variables = withoutCluster
    .replaceAll(/--(\S+)(?: (?!--)(\S+))?/g, (_, name: string, value = 'true') => {
      return `ETCD_${name.toUpperCase().replaceAll('-', '_')}=${value}\n`;
    })
    .replaceAll(/^ /gm, '');
  const { ids } = await findings({ 'etc/default/etcd': variables });

  expect(ids).toEqual([]);
});

async function certificateFaults(variables: Readonly<Record<string, string>>) {
  const foreign = await issueAuthority({ commonName: 'other-ca' });
  const wrong = await foreign.issue({ commonName: 'n1', hosts: ['10.0.0.1', 'n1'] });
  const pair = {
    ETCD_PEER_CERT_FILE: '/etc/etcd/wrong.pem',
    ETCD_PEER_KEY_FILE: '/etc/etcd/wrong-key.pem',
  };
  await using set = await threeMembers(
    { n1: { ...pair, ...variables } },
    { 'wrong.pem': wrong.certificatePem, 'wrong-key.pem': wrong.privateKeyPem },
  );
  const { results, forecast } = await audit({ paths: [set.path], maps: [] });
  const failing = results.filter(({ verdict: { status } }) => status === 'fail');
  return {
    ids: [...new Set(failing.map(({ check }) => check.id))].filter((id) => id !== 'no-quorum'),
    next: forecast.find(({ from, to }) => from === 'n1' && to === 'https://10.0.0.2:2380')?.next,
  };
}

test.each([
  { ETCD_ELECTION_TIMEOUT: '200' },
  { ETCD_PEER_CLIENT_CERT_AUTH: 'maybe' },
  { ETCD_AUTO_TLS: 'maybe' },
])('a certificate that is rejected once etcd starts is told with %j', async (variables) => {
  const stops = await certificateFaults(variables);

  expect(stops.ids).toEqual(
    expect.arrayContaining(['settings-refused-at-start', 'unknown-authority']),
  );
  expect(stops.next).toMatchObject([{ refusedBy: 'server', rule: 'x509.unknown-authority' }]);
  expect((await certificateFaults({})).next).toBeUndefined();
});

test('nothing is said of connections whose certificate the setting itself decides', async () => {
  const stops = await certificateFaults({ ETCD_PEER_AUTO_TLS: 'maybe' });

  expect(stops.ids).toContain('settings-refused-at-start');
  expect(stops.next).toBeUndefined();
});
