import { expect, test } from 'vitest';
import { audit } from '../../../src/audit.ts';
import { readSettings } from '../../../src/collect/settings/read-settings.ts';
import { readStatedValues } from '../../../src/etcd/read-member-settings.ts';
import { etcdVersion } from '../../../src/etcd/version.ts';
import { directoryWith } from '../../support/directory.ts';
import { issueAuthority } from '../../support/pki.ts';

const unit = 'etc/systemd/system/etcd.service';
const image = 'image: quay.io/coreos/etcd:v3.5.16';

/** Ways to start etcd with settings that are not among the files. */
const elsewhere: Readonly<Record<string, readonly [path: string, text: string, line: number]>> = {
  'a variable of a unit': [unit, '[Service]\nExecStart=/usr/bin/etcd $ARGS\n', 2],
  'a variable in braces': [unit, '[Service]\nExecStart=/usr/bin/etcd ${DAEMON_ARGS}\n', 2],
  'a variable that systemd passes on': [
    unit,
    '[Service]\nPassEnvironment=ARGS\nExecStart=/usr/bin/etcd --name n1 $ARGS\n',
    3,
  ],
  'an environment file': [
    unit,
    '[Service]\nEnvironmentFile=/etc/default/etcd\nExecStart=/usr/bin/etcd\n',
    2,
  ],
  'an optional environment file': [
    unit,
    '[Service]\nEnvironmentFile=-/etc/default/etcd\nExecStart=/usr/bin/etcd\n',
    3,
  ],
  'a variable of a shell in a unit': [
    unit,
    '[Service]\nExecStart=/bin/sh -c "exec etcd $$ARGS"\n',
    2,
  ],
  'the arguments of a script': ['run.sh', '#!/bin/sh\nexec etcd "$@"\n', 2],
  'a variable of a script': ['run.sh', '#!/bin/sh\nexec etcd $ETCD_OPTS\n', 2],
  'a variable with a default': ['run.sh', '#!/bin/sh\nexec etcd ${ETCD_OPTS:-}\n', 2],
  'what a command prints': ['run.sh', '#!/bin/sh\nexec etcd $(cat /etc/etcd/args)\n', 2],
  'a template': [unit, '[Service]\nExecStart=/usr/bin/etcd {{ etcd_args }}\n', 2],
  'a variable of a compose file': [
    'compose.yaml',
    `services:\n  e1:\n    ${image}\n    command: etcd $ARGS\n`,
    4,
  ],
  'an environment file of a compose file': [
    'compose.yaml',
    `services:\n  e1:\n    ${image}\n    env_file: etcd.env\n`,
    4,
  ],
  'a variable of a pod': [
    'etcd.yaml',
    `kind: Pod\nspec:\n  containers:\n  - name: etcd\n    ${image}\n    command: [etcd]\n    args: [$(ARGS)]\n`,
    7,
  ],
  'a variable of a shell in a pod': [
    'etcd.yaml',
    `kind: Pod\nspec:\n  containers:\n  - name: etcd\n    ${image}\n    command: [sh, -c, exec etcd $ARGS]\n`,
    6,
  ],
  'an environment file of a quadlet': [
    'etcd.container',
    '[Container]\nImage=quay.io/coreos/etcd:v3.5.16\nEnvironmentFile=etcd.env\n',
    2,
  ],
  'a configuration file': [
    unit,
    '[Service]\nExecStart=/usr/bin/etcd --config-file=/etc/etcd/etcd.conf.yml\n',
    2,
  ],
  'a configuration file with flags': [
    unit,
    '[Service]\nExecStart=/usr/bin/etcd --config-file=/etc/etcd/etcd.conf.yml --listen-client-urls=http://10.0.0.1:2379\n',
    2,
  ],
  OpenRC: [
    'etc/init.d/etcd',
    '#!/sbin/openrc-run\ncommand="/usr/bin/etcd"\ncommand_args="$ETCD_OPTS"\n',
    3,
  ],
  supervisor: ['etcd.ini', '[program:etcd]\ncommand=/usr/bin/etcd %(ENV_ARGS)s\n', 2],
};

test.each(Object.entries(elsewhere))(
  'settings in %s that was not given are named, and etcd is not judged by its defaults',
  async (_, [path, text, line]) => {
    const { members, notUnderstood } = await read({ [path]: text });

    expect(members).toEqual([]);
    expect(notUnderstood[0]).toMatchObject({ path, line });
    expect(notUnderstood[0]?.reason).not.toContain('…');
  },
);

test('a variable that the environment files of a unit do not set is empty', async () => {
  const { members, notUnderstood } = await read({
    [unit]:
      '[Service]\nEnvironmentFile=/etc/default/etcd\nExecStart=/usr/bin/etcd $DAEMON_ARGS\nExecReload=/bin/sh -c "exec etcd $DAEMON_ARGS"\n',
    'etc/default/etcd': '# DAEMON_ARGS=""\nETCD_NAME=n1\n',
  });

  expect(members).toMatchObject([{ name: 'n1', partial: false }]);
  expect(notUnderstood).toEqual([]);
});

test('a variable that a script sets in a branch that is not taken is empty', async () => {
  const script = 'false && ARGS=--debug; exec etcd --name n1 $ARGS';
  const { members, notUnderstood } = await read({
    'etcd.yaml': `kind: Pod\nspec:\n  containers:\n  - name: etcd\n    ${image}\n    command: [sh, -c, '${script}']\n`,
  });

  expect(members).toMatchObject([{ name: 'n1' }]);
  expect(notUnderstood).toEqual([]);
});

test('a switch takes no word after it for its value', async () => {
  const { members } = await read({
    'run.sh': '#!/bin/sh\nexec etcd --cert-file=/c.pem --client-cert-auth $ETCD_OPTS\n',
  });
  const stated = readStatedValues(members[0]?.sources ?? [], etcdVersion('3.5.21'));

  expect(stated.get('client-cert-auth')?.value).toBe(true);
});

const urls =
  '--name n1 --listen-client-urls https://10.0.0.1:2379 --advertise-client-urls https://10.0.0.1:2379';

test.each([
  { what: 'no CA and no certificate', flags: urls },
  { what: 'no CA', flags: `${urls} --cert-file=/etc/etcd/c.pem --key-file=/etc/etcd/k.pem` },
])('of settings with $what nothing is concluded where others were not given', async (each) => {
  await using given = await directoryWith({
    [unit]: `[Service]\nExecStart=/usr/bin/etcd ${each.flags} $ARGS\n`,
  });
  const { verdict, results } = await audit({
    paths: [given.path],
    maps: [],
    etcdVersion: '3.5.30',
  });
  const failed = results.filter(({ verdict: { status } }) => status === 'fail');

  expect(verdict.status).toBe('incomplete');
  expect(failed.map(({ check }) => check.id)).toEqual(['known-advisory']);
});

test.each([
  { what: 'not given', files: {}, named: 'etc/systemd/system/etcd.service' },
  {
    what: 'a template',
    files: { 'etc/etcd/etcd.conf.yml': '{% set n = 1 %}\nname: n{{ n }}\n' },
    named: 'etc/etcd/etcd.conf.yml',
  },
])('nothing is concluded for a client where a configuration file is $what', async (each) => {
  const ca = await issueAuthority({ commonName: 'etcd-ca' });
  const client = await ca.issue({ commonName: 'client', usages: ['clientAuth'] });
  await using given = await directoryWith({
    [unit]: '[Service]\nExecStart=/usr/bin/etcd --config-file=/etc/etcd/etcd.conf.yml\n',
    'etcdctl.env':
      'ETCDCTL_ENDPOINTS=https://10.0.0.1:2379\nETCDCTL_CACERT=ca.pem\nETCDCTL_CERT=client.pem\nETCDCTL_KEY=client-key.pem\n',
    'ca.pem': ca.certificatePem,
    'client.pem': client.certificatePem,
    'client-key.pem': client.privateKeyPem,
    ...each.files,
  });
  const { verdict } = await audit({ paths: [given.path], maps: [], etcdVersion: '3.5.30' });

  expect(verdict.status).toBe('incomplete');
  expect(verdict.notUnderstood.map(({ path }) => path)).toContain(given.at(each.named));
  expect(JSON.stringify(verdict.notUnderstood)).toContain('etcd.conf.yml');
});

test('what may be next to a configuration file does not count', async () => {
  const listens =
    'listen-client-urls: https://10.0.0.1:2379\nadvertise-client-urls: https://10.0.0.1:2379\n';
  await using given = await directoryWith({
    [unit]: '[Service]\nExecStart=/usr/bin/etcd --config-file=/etc/e.yml $EXTRA\n',
    'etc/e.yml': `name: n1\n${listens}client-transport-security:\n  cert-file: /etc/c.pem\n  key-file: /etc/k.pem\n`,
  });
  const { results } = await audit({ paths: [given.path], maps: [], etcdVersion: '3.5.30' });
  const critical = results.filter(
    ({ check, verdict: { status } }) => status === 'fail' && check.severity === 'critical',
  );

  expect(critical.map(({ check }) => check.id)).not.toEqual([]);
});

async function read(texts: Readonly<Record<string, string>>) {
  const files = Object.entries(texts).map(([path, text]) => ({ path, text }));
  return await readSettings(files, {
    find: (deployed) => files.find(({ path }) => deployed === `/${path}`),
    paths: files.map(({ path }) => path),
  });
}
