import { describe, expect, test } from 'vitest';
import { files, flags, judged } from '../support/containers.ts';

const words = flags('10.0.0.1').join(' ');
const image = 'quay.io/coreos/etcd:v3.5.30';
const passes = { status: 'pass', found: [], open: [] };
const binds =
  '--mount type=bind,src=/etc/pki,dst=/pki,options=rbind:ro --mount type=bind,src=/data,dst=/var/lib/etcd,options=rbind:rw';

const unit = (start: string, user = 'root', path = 'etc/systemd/system/etcd.service') => ({
  ...files,
  [path]: `[Service]\nUser=${user}\nExecStart=${start}\n`,
});
const ctr = (options: string, flagsOfEtcd = words) =>
  unit(`/usr/bin/ctr -n k8s.io run --rm ${binds} ${options} ${image} etcd etcd ${flagsOfEtcd}`);
const engine = (name: string, options = '') =>
  `/usr/bin/${name} run --rm --net host ${options} -u 0 -v /etc/pki:/pki -v /data:/var/lib/etcd ${image} etcd ${words}`;

describe('ctr', () => {
  test('starts etcd after the image and the name of the container', async () => {
    expect(await judged(ctr('--net-host -u 0 --cwd / --log-uri file:///l'))).toEqual(passes);
    expect(
      (await judged(ctr('--net-host', words.replaceAll(/ --(?:trusted-ca|client-cert)\S+/g, ''))))
        .found,
    ).toEqual([expect.stringContaining('client-port-admits-anonymous')]);
  });

  test.each([
    ['-t', 'the container has no network'],
    ['--net-host --config /c.json', 'the specification /c.json of the container is not read'],
    [
      '--net-host --seccomp --seccomp-profile /s.json',
      'the security option seccomp=/s.json restricts the process, which is not judged',
    ],
    ['--net-host --unheard of', 'the option --unheard is not known'],
  ])('%s leaves something open', async (options, reason) => {
    const { status, open } = await judged(ctr(options));

    expect(status).toBe('incomplete');
    expect(open).toContain(`3 ${reason}`);
  });

  test('limits memory', async () => {
    const found = expect.stringContaining(
      'settings-refused-at-start etcd-0 --memory-limit',
    ) as unknown;

    expect((await judged(ctr('--net-host --memory-limit 4000000'))).found).toEqual([found]);
    expect((await judged(ctr('--net-host --memory-limit 400000000'))).found).toEqual([]);
  });
});

test('options that nerdctl alone has are known', async () => {
  const cosign = '--verify=cosign --cosign-key /c.pub';

  expect(await judged(unit(engine('nerdctl', cosign)))).toEqual(passes);
  expect((await judged(unit(engine('nerdctl', '--unheard of')))).status).toBe('incomplete');
});

const quadlet = (path: string) => ({
  ...files,
  [path]: `[Container]\nImage=${image}\nNetwork=host\nUser=0\nVolume=/etc/pki:/pki:ro\nVolume=/data:/var/lib/etcd\nExec=etcd ${words}\n`,
});

describe('a unit of etcd that the service manager of a user starts', () => {
  const reason = 'which files that user may read is not judged';
  const local = words.replaceAll('/pki/', '/etc/pki/');

  test.each(['home/etcd/.config/systemd/user/etcd.service', 'etc/systemd/user/etcd.service'])(
    '%s',
    async (path) => {
      const { status, found, open } = await judged(unit(`/usr/bin/etcd ${local}`, 'root', path));

      expect({ status, found }).toEqual({ status: 'incomplete', found: [] });
      expect(open.join()).toContain(reason);
      expect(await judged(unit(`/usr/bin/etcd ${local}`))).toEqual(passes);
    },
  );

  test('has its home in another place than root', async () => {
    const ofHome = local.replaceAll('/etc/pki/', '%h/pki/');
    const path = 'home/etcd/.config/systemd/user/etcd.service';
    const { status, found } = await judged(unit(`/usr/bin/etcd ${ofHome}`, 'root', path));

    expect({ status, found }).toEqual({ status: 'incomplete', found: [] });
  });
});

describe('Podman without root', () => {
  const reason =
    'podman runs without root, so that users of the container are others on the host, which is not judged';

  test.each([
    quadlet('home/etcd/.config/containers/systemd/etcd.container'),
    quadlet('etc/containers/systemd/users/1000/etcd.container'),
    unit(engine('podman'), 'etcd'),
    unit(engine('podman'), 'root', 'home/etcd/.config/systemd/user/etcd.service'),
    unit(`/usr/bin/sudo -u etcd ${engine('podman')}`),
  ])('%#', async (given) => {
    const { status, found, open } = await judged(given);

    expect({ status, found }).toEqual({ status: 'incomplete', found: [] });
    expect(open.join()).toContain(reason);
  });

  test.each([
    quadlet('etc/containers/systemd/etcd.container'),
    unit(engine('podman')),
    unit(engine('docker'), 'etcd'),
    unit(`/usr/bin/sudo -u root ${engine('podman')}`),
  ])('or with it: %#', async (given) => {
    expect(await judged(given)).toEqual(passes);
  });
});
