import { expect, test } from 'vitest';
import { audit } from '../../src/audit.ts';
import { threeMembers } from '../support/three-members.ts';
import { issueAuthority } from '../../testcluster/issue/issue.ts';
import { directoryWith } from '../support/directory.ts';
import { severityOf } from '../../src/model/finding.ts';
import type { Report } from '../../src/model/report.ts';

function failuresOf({ results }: Report): readonly string[] {
  return results
    .filter((result) => result.verdict.status === 'fail' && severityOf(result) === 'high')
    .map(({ check }) => check.id);
}

/** etcd 3.5.30 ends at the first of these with "invalid value … for flag" or "unexpected error setting up …". */
test.each([
  ['ETCD_ADVERTISE_CLIENT_URLS', '10.0.0.1:2379', 1],
  ['ETCD_INITIAL_ADVERTISE_PEER_URLS', '10.0.0.1:2380', 1],
  ['ETCD_ADVERTISE_CLIENT_URLS', undefined, 1],
  ['ETCD_ADVERTISE_CLIENT_URLS', 'https://10.0.0.1:2379', 0],
])('%s=%s is one finding at most', async (name, value, findings) => {
  await using set = await threeMembers({ n1: { [name]: value } });

  const report = await audit({ paths: [set.path], maps: [], etcdVersion: '3.5.30' });

  const refused = failuresOf(report).filter((id) => id === 'settings-refused-at-start');
  expect(refused).toHaveLength(findings);
});

const authority = await issueAuthority({ commonName: 'CA' });
const leaf = await authority.issue({ hosts: ['10.0.0.1'], usages: ['serverAuth', 'clientAuth'] });

const security = [
  '  cert-file: /etc/etcd/server.crt',
  '  key-file: /etc/etcd/server.key',
  '  trusted-ca-file: /etc/etcd/ca.crt',
  '  client-cert-auth: true',
];
const sound = [
  'name: m1',
  'listen-client-urls: https://10.0.0.1:2379',
  'advertise-client-urls: https://10.0.0.1:2379',
  'listen-peer-urls: https://10.0.0.1:2380',
  'initial-advertise-peer-urls: https://10.0.0.1:2380',
  'initial-cluster: m1=https://10.0.0.1:2380',
  'client-transport-security:',
  ...security,
  'peer-transport-security:',
  ...security,
];

test.each([
  ['that is not YAML', sound.with(0, '  name: m1'), ['settings-refused-at-start']],
  ['that is a list', ['- name: m1'], ['settings-refused-at-start']],
  ['that is sound', sound, []],
])('a client of a member with a configuration file %s', async (_, lines, found) => {
  await using directory = await directoryWith({
    'etc/etcd/etcd.conf.yml': lines.join('\n'),
    'etc/systemd/system/etcd.service':
      '[Service]\nUser=root\nExecStart=/usr/bin/etcd --config-file=/etc/etcd/etcd.conf.yml\n',
    'etcdctl.env': [
      'ETCDCTL_ENDPOINTS=https://10.0.0.1:2379',
      'ETCDCTL_CACERT=/etc/etcd/ca.crt',
      'ETCDCTL_CERT=/etc/etcd/server.crt',
      'ETCDCTL_KEY=/etc/etcd/server.key',
    ].join('\n'),
    'etc/etcd/ca.crt': authority.certificatePem,
    'etc/etcd/server.crt': leaf.certificatePem,
    'etc/etcd/server.key': leaf.privateKeyPem,
  });

  const report = await audit({ paths: [directory.path], maps: [], etcdVersion: '3.5.30' });

  expect(failuresOf(report)).toEqual(found);
});
