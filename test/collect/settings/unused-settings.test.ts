import { expect, test } from 'vitest';
import { readSettings } from '../../../src/collect/settings/read-settings.ts';

const flags =
  '--name e1 --listen-client-urls https://10.0.0.1:2379 --advertise-client-urls https://10.0.0.1:2379';
const unit = `[Service]\nExecStart=/usr/bin/etcd ${flags}\n`;
const config = 'name: e1\nlisten-client-urls: http://localhost:2379\n';
const broken = 'client-transport-security:\n\tcert-file: /a\nlisten-client-urls: http://a:2379\n';
const variables = 'ETCD_NAME="default"\nETCD_LISTEN_CLIENT_URLS="http://localhost:2379"\n';
const pod = `kind: Pod\nspec:\n  containers:\n  - name: etcd\n    command: [etcd, ${flags.replaceAll(' ', ', ')}]\n`;

async function read(texts: Readonly<Record<string, string>>) {
  const files = Object.entries(texts).map(([path, text]) => ({ path, text }));
  const { members, notUnderstood } = await readSettings(files, {
    find: (path) => files.find((file) => `/${file.path}`.endsWith(path)),
  });
  return { from: members.map(({ origin }) => origin.file), notUnderstood };
}

const unused = [
  ['a broken configuration file', 'etc/systemd/etcd.yaml', broken],
  ['a configuration file', 'etc/etcd/etcd.conf.yml', config],
  ['the environment file of a package', 'etc/etcd/etcd.conf', variables],
  ['the environment file of Debian', 'etc/default/etcd', variables],
  ['a configuration file below /opt', 'opt/etcd/etcd.yaml', config],
] as const;

test.each(unused)('%s that the unit of its machine does not name is no member', async (...each) => {
  const [, path, text] = each;
  const starter = 'n1/etc/systemd/system/etcd.service';

  const { from, notUnderstood } = await read({ [starter]: unit, [`n1/${path}`]: text });

  expect(from).toEqual([starter]);
  expect(notUnderstood).toMatchObject([{ path: `n1/${path}`, isUnused: true }]);
  expect(notUnderstood[0]?.reason).toContain(
    'etcd.service starts etcd without it, and no other process that was given reads it',
  );
});

test('a static pod takes the place of what a package installed', async () => {
  const manifest = '/etc/kubernetes/manifests/etcd.yaml';
  const { from, notUnderstood } = await read({ [manifest]: pod, '/etc/default/etcd': variables });

  expect(from).toEqual([manifest]);
  expect(notUnderstood).toMatchObject([{ path: '/etc/default/etcd', isUnused: true }]);
});

test('in a directory with a unit, a file for the same name is no member', async () => {
  const { from, notUnderstood } = await read({ 'e1/etcd.service': unit, 'e1/etcd.yaml': config });

  expect(from).toEqual(['e1/etcd.service']);
  expect(notUnderstood).toMatchObject([{ path: 'e1/etcd.yaml', isUnused: true }]);
});

const members: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'that is another machine’s': {
    'n1/etc/systemd/system/etcd.service': unit,
    'n2/etc/etcd/etcd.conf': variables,
  },
  'for another name in one directory': { 'etcd.service': unit, 'etcd2.env': variables },
  'with no process': { 'etc/etcd/etcd.conf': variables },
  'in a directory of its own': {
    '/etc/systemd/system/etcd.service': unit,
    '/srv/a.env': variables,
  },
};

test.each(Object.entries(members))('settings %s are a member', async (_, texts) => {
  expect(await read(texts)).toEqual({
    from: Object.keys(texts),
    notUnderstood: [],
  });
});

test('what a unit reads is a part of its member', async () => {
  const own = '[Service]\nEnvironmentFile=/etc/etcd/etcd.conf\nExecStart=/usr/bin/etcd\n';
  const texts = { 'etc/systemd/system/etcd.service': own, 'etc/etcd/etcd.conf': variables };

  expect(await read(texts)).toEqual({
    from: ['etc/systemd/system/etcd.service'],
    notUnderstood: [],
  });
});

test.each(['etc/etcd/etcd.conf.rpmsave', 'etc/default/etcd.dpkg-old'])(
  'nothing is asked about %s, which was left behind',
  async (left) => {
    const starter = 'etc/systemd/system/etcd.service';

    expect(await read({ [starter]: unit, [left]: variables })).toEqual({
      from: [starter],
      notUnderstood: [],
    });
  },
);
