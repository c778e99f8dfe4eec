import { expect, test } from 'vitest';
import { files, flags, judged } from '../support/containers.ts';

const words = ['etcd', ...flags('10.0.0.1')];
type Files = Readonly<Record<string, string>>;

const nspawn = (more: string): Files => ({
  ...files,
  'etc/systemd/nspawn/etcd.nspawn': `[Exec]\nBoot=no\nUser=root\n${more}\nParameters=/usr/bin/${words.join(' ')}\n[Files]\nBindReadOnly=/etc/pki:/pki\nBind=/var/lib/etcd\n[Network]\nVirtualEthernet=yes\n`,
});

const nomad = (resources: string, config = '', driver = 'docker'): Files => ({
  ...files,
  'etcd.nomad': `job "etcd" {
  group "etcd" {
    task "etcd" {
      driver = "${driver}"
      user = "root"
      config {
        image = "quay.io/coreos/etcd:v3.5.30"
        command = "etcd"
        args = ${JSON.stringify(words.slice(1))}
        volumes = ["/etc/pki:/pki:ro", "/var/lib/etcd:/var/lib/etcd"]
        ${config}
      }
      resources { ${resources} }
    }
  }
}
`,
});

const docker = (host: object): Files => ({
  ...files,
  'inspect.json': JSON.stringify([
    {
      Id: 'a',
      Name: '/etcd',
      Path: 'etcd',
      Args: words.slice(1),
      State: { Running: true },
      Config: { Image: 'quay.io/coreos/etcd:v3.5.30', Env: [], User: '0' },
      HostConfig: { NetworkMode: 'bridge', ...host },
      Mounts: [
        { Type: 'bind', Source: '/etc/pki', Destination: '/pki', RW: false },
        { Type: 'bind', Source: '/data', Destination: '/var/lib/etcd', RW: true },
      ],
    },
  ]),
});

const crictl = (process: object, resources: object): Files => ({
  ...files,
  'inspect.json': JSON.stringify({
    status: {
      metadata: { name: 'etcd' },
      image: { image: 'registry.k8s.io/etcd:3.5.30-0' },
      mounts: [
        { containerPath: '/pki', hostPath: '/etc/pki' },
        { containerPath: '/var/lib/etcd', hostPath: '/var/lib/etcd' },
      ],
    },
    info: {
      runtimeSpec: { process: { user: { uid: 0 }, args: words, ...process }, linux: { resources } },
    },
  }),
});

const swarm = (option: string): Files => ({
  ...files,
  'start.sh': `#!/bin/sh\ndocker service create --name etcd ${option} --user 0 --mount type=bind,src=/etc/pki,dst=/pki --mount type=bind,src=/data,dst=/var/lib/etcd quay.io/coreos/etcd:v3.5.30 ${words.join(' ')}\n`,
});

test.each<[string, Files, Files]>([
  ['LimitNOFILE', nspawn('LimitNOFILE=100'), nspawn('LimitNOFILE=65536')],
  ['LimitAS', nspawn('LimitAS=64M'), nspawn('LimitAS=infinity')],
  ['resources.memory', nomad('memory = 4'), nomad('memory = 512')],
  ['resources.memory', nomad('memory = 4', '', 'exec'), nomad('memory = 4\n memory_max = 512')],
  [
    'ulimit nofile',
    nomad('', 'ulimit { nofile = "64:100" }'),
    nomad('', 'ulimit { nofile = "2048:4096" }'),
  ],
  ['pids_limit', nomad('', 'pids_limit = 3'), nomad('', 'pids_limit = 100')],
  ['Memory', docker({ Memory: 4_194_304 }), docker({ Memory: 0 })],
  ['PidsLimit', docker({ PidsLimit: 2 }), docker({ PidsLimit: -1 })],
  [
    'Ulimits nofile',
    docker({ Ulimits: [{ Name: 'nofile', Soft: 64, Hard: 100 }] }),
    docker({ Ulimits: [{ Name: 'nofile', Soft: 1024, Hard: 1024 }] }),
  ],
  [
    'Ulimits nofile',
    docker({ Ulimits: [{ Name: 'RLIMIT_NOFILE', Soft: 64, Hard: 100 }] }),
    docker({ Ulimits: null }),
  ],
  [
    'rlimits nofile',
    crictl({ rlimits: [{ type: 'RLIMIT_NOFILE', hard: 90, soft: 90 }] }, {}),
    crictl({ rlimits: [{ type: 'RLIMIT_NOFILE', hard: 9000, soft: 9000 }] }, {}),
  ],
  [
    'memory.limit',
    crictl({}, { memory: { limit: 4_000_000 } }),
    crictl({}, { memory: { limit: 400_000_000 } }),
  ],
  ['pids.limit', crictl({}, { pids: { limit: 3 } }), crictl({}, { pids: { limit: 3000 } })],
  ['--limit-memory', swarm('--limit-memory 4M'), swarm('--limit-memory 4G')],
])('%s too low for any etcd', async (name, low, enough) => {
  const { status, found } = await judged(low);

  expect(status).toBe('fail');
  expect(found).toEqual([expect.stringContaining(`settings-refused-at-start etcd-0 ${name} `)]);
  expect((await judged(enough)).found).toEqual([]);
});
