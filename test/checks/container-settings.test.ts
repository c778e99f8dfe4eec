import { describe, expect, test } from 'vitest';
import { readSettings } from '../../src/collect/settings/read-settings.ts';
import { files, flags, judged } from '../support/containers.ts';

const passes = { status: 'pass', found: [], open: [] };
const line = flags('10.0.0.1').join(' ');
const image = 'quay.io/coreos/etcd:v3.5.30';

interface Form {
  readonly path: string;
  /** Line by line, with more of what the form can say. */
  readonly write: (more: string) => string;
}

const quadlet: Form = {
  path: 'etc/containers/systemd/etcd.container',
  write: (more) => `[Container]
Image=${image}
User=0
Volume=/etc/pki:/pki:ro
Volume=/var/lib/etcd:/var/lib/etcd
Exec=etcd ${line}
${more}
`,
};

const nspawn: Form = {
  path: 'etc/systemd/nspawn/etcd.nspawn',
  write: (more) => `[Exec]
Boot=no
User=root
Parameters=/usr/bin/etcd ${line}
[Files]
BindReadOnly=/etc/pki:/pki
Bind=/var/lib/etcd
${more}
`,
};

const inspected: Form = {
  path: 'inspect.json',
  write: (more) =>
    JSON.stringify(
      [
        {
          Name: '/etcd',
          Path: 'etcd',
          Args: flags('10.0.0.1'),
          AppArmorProfile: 'docker-default',
          Config: { User: '0', Image: image, Env: ['PATH=/bin'], Cmd: null },
          HostConfig: {
            NetworkMode: 'bridge',
            Binds: ['/etc/pki:/pki:ro', '/var/lib/etcd:/var/lib/etcd'],
            FutureLimit: 0,
          },
        },
      ],
      undefined,
      2,
    ).replace('"FutureLimit": 0', more === '' ? '"FutureLimit": 0' : more),
};

const script: Form = {
  path: 'run.sh',
  write: (more) =>
    `#!/bin/sh\ndocker run -u 0 ${more} -v /etc/pki:/pki:ro -v /var/lib/etcd:/var/lib/etcd ${image} etcd ${line}\n`,
};

const forms = { quadlet, nspawn, inspected, script };

const restricted: readonly (readonly [keyof typeof forms, string, string])[] = [
  ['quadlet', 'Network=none', 'no network'],
  ['quadlet', 'SecurityLabelType=etcd_t', 'label=type:etcd_t'],
  ['quadlet', 'AppArmor=etcd', 'apparmor=etcd'],
  ['quadlet', 'SeccompProfile=/etc/etcd.json', 'seccomp=/etc/etcd.json'],
  ['quadlet', 'Mask=/pki', 'mask=/pki'],
  ['quadlet', 'UserNS=auto', 'users of the container'],
  ['quadlet', 'UIDMap=0:1000:1', 'users of the container'],
  ['quadlet', 'RemapUsers=auto', 'users of the container'],
  ['quadlet', 'Pod=etcd.pod', 'the pod etcd.pod'],
  ['quadlet', 'EnvironmentHost=yes', 'variables of the engine'],
  ['quadlet', 'GlobalArgs=--module etcd', 'GlobalArgs='],
  ['quadlet', 'ContainersConfModule=/etc/nvd.conf', 'ContainersConfModule='],
  ['quadlet', 'PodmanArgs=--rm --network none', 'no network'],
  ['quadlet', 'FutureKey=1', 'FutureKey= is not a known key'],
  ['quadlet', '[Service]\nExecStartPost=/usr/bin/renew', 'ExecStartPost='],
  ['nspawn', '[Network]\nPrivate=yes', 'no network'],
  ['nspawn', 'Volatile=state', 'Volatile=state'],
  ['nspawn', 'BindUser=etcd', 'BindUser='],
  ['nspawn', '[Exec]\nPrivateUsers=pick', 'users of the container'],
  ['nspawn', '[Exec]\nSystemCallFilter=~@swap @network-io', 'SystemCallFilter='],
  ['nspawn', '[Exec]\nPivotRoot=/srv', 'root directory /srv'],
  ['nspawn', '[Exec]\nBoot=yes', 'Boot=no'],
  ['nspawn', '[Exec]\nBoot=', 'Boot=no'],
  ['nspawn', '[Exec]\nFutureKey=1', 'FutureKey= is not a known setting'],
  ['nspawn', '[Exec]\nBind=/srv', 'Bind= is not a known setting of [Exec]'],
  ['inspected', '"NetworkMode": "none"', 'no network'],
  ['inspected', '"SecurityOpt": ["apparmor=etcd"]', 'apparmor=etcd'],
  ['inspected', '"UsernsMode": "auto"', 'users of the container'],
  ['inspected', '"IDMappings": {"UidMap": ["0:1:9"]}', 'users of the container'],
  ['inspected', '"VolumesFrom": ["other"]', 'volumes of other containers'],
  ['inspected', '"FutureLimit": 1', 'FutureLimit is not a known key'],
  ['script', '--userns=keep-id', 'users of the container'],
  ['script', '--env-host', 'variables of the engine'],
  ['script', '--pod etcd', 'the pod etcd'],
  ['script', '--future 1', '--future is not known'],
];

describe('a container that runs etcd', () => {
  test.each(Object.entries(forms))('passes as %s', async (_, { path, write }) => {
    expect(await judged({ ...files, [path]: write('') })).toEqual(passes);
  });

  test.each(restricted)('as %s with `%s` does not pass', async (name, more, reason) => {
    const { path, write } = forms[name];
    const { status, found, open } = await judged({ ...files, [path]: write(more) });

    expect({ status, found }).toEqual({ status: 'incomplete', found: [] });
    expect(open).toEqual([expect.stringContaining(reason)]);
  });

  test.each([
    ['quadlet', 'Network=host\nNoNewPrivileges=true\nSecurityLabelDisable=true\nUnmask=ALL'],
    ['quadlet', 'DropCapability=\nUserNS=host\nIP6=fd00::1\nReadOnly=true'],
    ['quadlet', 'PodmanArgs=--cpus 2 --security-opt=seccomp=unconfined'],
    ['quadlet', '[Service]\nRestart=always\nTimeoutStartSec=900\nExecStop=/bin/true'],
    ['nspawn', '[Network]\nPrivate=yes\nVirtualEthernet=yes\nPort=2379'],
    ['nspawn', 'ReadOnly=yes\nPrivateUsersOwnership=off\n[Exec]\nPrivateUsers=no\nTimezone=off'],
    ['nspawn', '[Exec]\nSystemCallFilter=@clock\nSystemCallFilter=~@swap @reboot'],
    ['inspected', '"ReadonlyRootfs": true, "SecurityOpt": ["no-new-privileges:true"]'],
    ['inspected', '"UsernsMode": "host", "CapDrop": ["AUDIT_WRITE"], "FutureList": []'],
    ['script', '--read-only -dit -p 2379:2379 --name=etcd --privileged=false --env-host=false'],
  ] as const)('as %s with `%s` passes', async (name, more) => {
    const { path, write } = forms[name];

    expect(await judged({ ...files, [path]: write(more) })).toEqual(passes);
  });
});

const elsewhere = (text: string) => text.replaceAll('/var/lib/etcd', '/data');
const moved = (text: string) =>
  text.replace('--data-dir=/var/lib/etcd', '--data-dir=/var/lib/other');

describe('a root file system that is read-only', () => {
  test.each([
    ['quadlet', 'ReadOnly=true'],
    ['nspawn', 'ReadOnly=true'],
    ['inspected', '"ReadonlyRootfs": true'],
    ['script', '--read-only'],
  ] as const)('as %s has no place for the data of etcd without a volume', async (name, more) => {
    const { path, write } = forms[name];
    const without = await judged({ ...files, [path]: moved(write(more)) });

    expect(without.status).toBe('incomplete');
    expect(without.open).toEqual([expect.stringContaining('/var/lib/other, which etcd writes')]);
    expect(await judged({ ...files, [path]: elsewhere(write(more)) })).toEqual(passes);
  });
});

describe('capabilities and health checks', () => {
  test.each([
    ['quadlet', 'DropCapability=ALL'],
    ['nspawn', '[Exec]\nDropCapability=all'],
    ['inspected', '"CapDrop": ["ALL"]'],
  ] as const)('as %s root cannot pass over permissions with `%s`', async (name, more) => {
    const { path, write } = forms[name];
    const { members } = await draftsOf(path, write(more));

    expect(members[0]?.directives?.map(({ name: said }) => said)).toContain(
      'CapabilityBoundingSet',
    );
  });

  test('a startup check of a quadlet is a check', async () => {
    const more = 'HealthStartupCmd=curl -fsS https://127.0.0.1:2379/health';
    const { status } = await judged({ ...files, [quadlet.path]: quadlet.write(more) });

    expect(status).not.toBe('pass');
  });
});

async function draftsOf(path: string, text: string) {
  return readSettings([{ path, text }], { find: () => undefined });
}
