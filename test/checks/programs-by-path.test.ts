import { expect, test } from 'vitest';
import { files, flags, judged, sound as clientFiles } from '../support/containers.ts';

const sound = flags('10.0.0.1').join(' ').replaceAll('/pki/', '/etc/pki/');
const open = sound.replaceAll(/ --(?:trusted-ca-file=\S+|client-cert-auth\S*)/g, '');
const started = (command: string) => `[Service]\nUser=root\nExecStart=${command}\n`;
const unit = (command: string) => ({
  ...files,
  'etc/systemd/system/etcd.service': started(command),
});
const starting = (command: string) => `#!/bin/sh\nexec ${command}\n`;
const passes = { status: 'pass', found: [], open: [] };

const elsewhere = [
  'etc/cron.daily/etcd',
  'etc/rc.d/etcd',
  'usr/lib/ocf/resource.d/heartbeat/etcd',
  'etc/init.d/etcd',
];

test.each(elsewhere)('%s is not the program /usr/bin/etcd of a unit', async (path) => {
  const given = { ...unit(`/usr/bin/etcd ${open}`), [path]: starting(`/opt/etcd/etcd ${sound}`) };

  expect((await judged(given)).status).toBe('fail');
});

test.each(['etcd', 'scripts/etcd'])('%s may be the program of a unit', async (path) => {
  const given = { ...files, 'etcd.service': started('/usr/bin/etcd') };
  const {
    status,
    found,
    open: asked,
  } = await judged({
    ...given,
    [path]: starting(`/opt/etcd/etcd ${sound}`),
  });

  expect({ status, found }).toEqual({ status: 'incomplete', found: [] });
  expect(asked.join()).toContain('is /usr/bin/etcd is not known');
});

test('tools/etcdctl may be the program of a hook', async () => {
  const hook = 'ExecStartPost=/usr/local/bin/etcdctl endpoint health\n';
  const { status, found } = await judged({
    ...files,
    'etcd.service': started(`/usr/bin/etcd ${sound}`) + hook,
    'tools/etcdctl': starting(`/opt/etcd/etcdctl ${clientFiles} "$@"`),
  });

  expect({ status, found }).toEqual({ status: 'incomplete', found: [] });
});

test('a file with the name of a program that is no script is none', async () => {
  const asks = `--endpoints=https://127.0.0.1:2379 ${clientFiles.replaceAll('/pki', '/etc/pki')}`;
  const hook = `ExecStartPost=/usr/bin/etcdctl ${asks} endpoint health\n`;
  const text = started(`/usr/bin/etcd ${sound}`) + hook;

  expect(await judged({ ...files, 'etcd.service': text, 'tools/etcdctl': 'notes\n' })).toEqual(
    passes,
  );
});

test.each(elsewhere.slice(0, 3))('%s does not make a sound unit start itself', async (path) => {
  const script = '#!/bin/sh\nexit 0\n';

  expect(await judged({ ...unit(`/usr/bin/etcd ${sound}`), [path]: script })).toEqual(passes);
});

test.each(['usr/bin/etcd', 'node1/usr/bin/etcd'])('the wrapper %s is followed', async (path) => {
  const wrapper = (command: string) => ({
    ...unit('/usr/bin/etcd --log-level=info'),
    [path]: starting(`/usr/lib/etcd/etcd ${command} "$@"`),
  });

  expect(await judged(wrapper(sound))).toEqual(passes);
  expect((await judged(wrapper(open))).status).toBe('fail');
});

test('a wrapper with another name is found by its name', async () => {
  const given = { ...unit('/usr/local/bin/run'), run: starting(`/usr/bin/etcd ${sound}`) };

  expect(await judged(given)).toEqual(passes);
});

test.each([
  { script: 'etc/init.d/etcd', unit: 'etc/systemd/system/etcd.service' },
  { script: 'init.d/etcd', unit: 'systemd/system/etcd.service' },
  { script: 'rc.d/init.d/etcd', unit: 'systemd/system/etcd.service' },
  { script: 'etc/rc.d/init.d/etcd', unit: 'usr/lib/systemd/system/etcd.service' },
])('$script gives way to $unit', async ({ script, unit: path }) => {
  const init = starting(`/usr/bin/etcd ${open}`);
  const given = (command: string) => ({ ...files, [script]: init, [path]: started(command) });

  expect(await judged(given(`/usr/bin/etcd ${sound}`))).toEqual(passes);
  expect((await judged(given(`/usr/bin/etcd ${open}`))).status).toBe('fail');
});

test('an init script of another root does not give way', async () => {
  const init = { 'n2/etc/init.d/etcd': starting(`/usr/bin/etcd ${open}`) };

  expect((await judged({ ...unit(`/usr/bin/etcd ${sound}`), ...init })).status).toBe('fail');
});
