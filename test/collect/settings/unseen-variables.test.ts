import { expect, test } from 'vitest';
import { audit } from '../../../src/audit.ts';
import { directoryWith } from '../../support/directory.ts';
import { issueAuthority } from '../../support/pki.ts';
import { unguarded } from './written.ts';

const ca = await issueAuthority({ commonName: 'ca' });
const leaf = await ca.issue({ commonName: 'e1', hosts: ['10.0.0.1'] });
const pki = {
  'etc/etcd/ca.crt': ca.certificatePem,
  'etc/etcd/server.crt': leaf.certificatePem,
  'etc/etcd/server.key': leaf.privateKeyPem,
};
const image = 'quay.io/coreos/etcd:v3.5.16';
const words = JSON.stringify(['etcd', ...unguarded.split(' ')]);
const guard = ['ETCD_CLIENT_CERT_AUTH', 'ETCD_TRUSTED_CA_FILE'] as const;
const values = { [guard[0]]: 'true', [guard[1]]: '/etc/etcd/ca.crt' };

const pod = (from: string) =>
  `kind: Pod\napiVersion: v1\nmetadata: {name: etcd}\nspec:\n  containers:\n  - name: etcd\n    command: ${words}\n    envFrom: [{${from}: {name: env}}]\n    volumeMounts: [{name: pki, mountPath: /etc/etcd}]\n  volumes: [{name: pki, hostPath: {path: /etc/etcd}}]\n`;
const object = (kind: string, key: string) =>
  `---\nkind: ${kind}\napiVersion: v1\nmetadata: {name: env}\n${key}: ${JSON.stringify(values)}\n`;

/** Each with the place of the variables, and what it is where they are given. */
const forms = [
  {
    what: 'an environment file of a unit',
    files: {
      'etc/systemd/system/etcd.service': `[Service]\nEnvironmentFile=/etc/etcd/env\nExecStart=/usr/bin/etcd ${unguarded}\n`,
    },
    given: {
      'etc/etcd/env': `${guard[0]}=${values[guard[0]]}\n${guard[1]}=${values[guard[1]]}\n`,
    },
  },
  {
    what: 'a ConfigMap of a pod',
    files: { 'etcd.yaml': pod('configMapRef') },
    given: { 'env.yaml': object('ConfigMap', 'data') },
  },
  {
    what: 'a Secret of a pod',
    files: { 'etcd.yaml': pod('secretRef') },
    given: { 'env.yaml': object('Secret', 'stringData') },
  },
  {
    what: 'an environment file of a compose file',
    files: {
      'compose.yaml': `services:\n  e1:\n    image: ${image}\n    network_mode: host\n    env_file: env\n    volumes: ["/etc/etcd:/etc/etcd"]\n    command: ${words}\n`,
    },
    given: { env: `${guard[0]}=${values[guard[0]]}\n${guard[1]}=${values[guard[1]]}\n` },
  },
];

async function judged(files: Readonly<Record<string, string>>) {
  await using directory = await directoryWith({ ...pki, ...files });
  const { results, verdict } = await audit({ paths: [directory.path], maps: [] });
  const failed = results.filter((result) => result.verdict.status === 'fail');
  return {
    status: verdict.status,
    accepts: failed.some(({ check }) => check.id === 'client-port-admits-anonymous'),
  };
}

test.each(forms)('what $what may set is not missing where it was not given', async ({ files }) => {
  expect(await judged({ ...files })).toEqual({ status: 'incomplete', accepts: false });
});

test('what an environment file may set that may be absent is missing', async () => {
  const unit = `[Service]\nEnvironmentFile=-/etc/etcd/env\nExecStart=/usr/bin/etcd ${unguarded}\n`;

  expect(await judged({ 'etc/systemd/system/etcd.service': unit })).toMatchObject({
    accepts: true,
  });
});

test.each(forms)('what $what does not set is missing', async ({ files, given }) => {
  const without = Object.entries(given).map(([path, text]): [string, string] => [
    path,
    text.replaceAll(/ETCD_CLIENT_CERT_AUTH|ETCD_TRUSTED_CA_FILE/g, 'ETCD_OTHER'),
  ]);

  expect(await judged({ ...files, ...Object.fromEntries(without) })).toMatchObject({
    status: 'fail',
    accepts: true,
  });
});

test.each(forms)('what $what sets is set', async ({ files, given }) => {
  expect(await judged({ ...files, ...given })).toMatchObject({ accepts: false });
});
