import { describe, expect, test } from 'vitest';
import { files, flags, judged } from '../support/containers.ts';

interface Parts {
  readonly container?: object;
  readonly status?: object;
  readonly info?: object;
  readonly specification?: object;
  readonly process?: object;
  readonly linux?: object;
}

const capabilities = { effective: ['CAP_CHOWN', 'CAP_DAC_OVERRIDE'] };

/** An etcd that runs as containerd shows it, and more of what it may show. */
function inspected({ container, status, info, specification, process, linux }: Parts) {
  const text = JSON.stringify({
    status: {
      id: 'a',
      metadata: { name: 'etcd', attempt: 0 },
      state: 'CONTAINER_RUNNING',
      image: { image: 'registry.k8s.io/etcd:3.5.30-0' },
      mounts: [
        { containerPath: '/pki', hostPath: '/etc/pki', readonly: false, selinuxRelabel: false },
        { containerPath: '/var/lib/etcd', hostPath: '/var/lib/etcd' },
      ],
      ...status,
    },
    info: {
      sandboxID: 'b',
      pid: 1,
      runtimeSpec: {
        ociVersion: '1.1.0',
        process: {
          user: { uid: 0, gid: 0, additionalGids: [0, 10] },
          args: ['etcd', ...flags('10.0.0.1')],
          env: ['PATH=/usr/bin'],
          cwd: '/',
          capabilities,
          apparmorProfile: 'cri-containerd.apparmor.d',
          oomScoreAdj: -997,
          ...process,
        },
        root: { path: 'rootfs' },
        linux: {
          seccomp: { defaultAction: 'SCMP_ACT_ERRNO' },
          maskedPaths: ['/proc/acpi'],
          ...linux,
        },
        ...specification,
      },
      ...info,
    },
    ...container,
  });
  return { ...files, 'inspect.json': text };
}

describe('a container as crictl shows it', () => {
  test('as containerd starts it', async () => {
    expect(await judged(inspected({}))).toEqual({ status: 'pass', found: [], open: [] });
  });

  test.each<[string, Parts]>([
    ['foo is not a known key of a container', { container: { foo: 1 } }],
    ['foo is not a known key of status', { status: { foo: { a: 1 } } }],
    ['foo is not a known key of info', { info: { foo: 'x' } }],
    ['vm is not a known key of runtimeSpec', { specification: { vm: { kernel: 'x' } } }],
    ['foo is not a known key of process', { process: { foo: true } }],
    ['netDevices is not a known key of linux', { linux: { netDevices: { eth0: {} } } }],
    [
      'users of the container are mapped to others of the host (uidMappings), which is not judged',
      { linux: { uidMappings: [{ containerID: 0, hostID: 65_536, size: 65_536 }] } },
    ],
    [
      'the security option apparmor=etcd restricts the process, which is not judged',
      { process: { apparmorProfile: 'etcd' } },
    ],
    [
      'the security option label=type:svirt_t restricts the process, which is not judged',
      { process: { selinuxLabel: 'system_u:system_r:svirt_t:s0:c1,c2' } },
    ],
    [
      'the security option seccomp=/x.json restricts the process, which is not judged',
      {
        info: {
          config: { linux: { security_context: { seccomp: { localhost_ref: '/x.json' } } } },
        },
      },
    ],
    [
      'what the hook prestart of the runtime does is not read',
      { specification: { hooks: { prestart: [{ path: '/bin/x' }] } } },
    ],
  ])('%s', async (reason, parts) => {
    const { status, found, open } = await judged(inspected(parts));

    expect({ status, found }).toEqual({ status: 'incomplete', found: [] });
    expect(open).toContain(`1 ${reason}`);
  });

  test('what is empty says nothing', async () => {
    const given = inspected({ info: { foo: '' }, linux: { netDevices: {} } });

    expect((await judged(given)).status).toBe('pass');
  });
});
