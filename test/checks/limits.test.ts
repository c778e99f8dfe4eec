import { expect, test } from 'vitest';
import { compose, files, flags, judged, pod } from '../support/containers.ts';

const passes = { status: 'pass', found: [], open: [] };
const options = flags('10.0.0.1').join(' ').replaceAll('/pki/', '/etc/pki/');
const unit = (line: string) => ({
  ...files,
  'etcd.service': `[Service]\nUser=root\n${line}\nExecStart=/usr/bin/etcd ${options}\n`,
});
const docker = (more: string) => ({
  ...files,
  'etcd.service': `[Service]\nExecStart=/usr/bin/docker run --net=host --user 0 ${more} -v /etc/pki:/etc/pki:ro quay.io/coreos/etcd:v3.5.30 etcd ${options}\n`,
});
const podman = (line: string) => ({
  ...files,
  'etcd.container': `[Container]\nImage=quay.io/coreos/etcd:v3.5.30\nNetwork=host\nUser=0\nVolume=/etc/pki:/etc/pki:ro\n${line}\nExec=etcd ${options}\n`,
});
const memory = (amount: string) => pod(`    resources: {limits: {memory: ${amount}}}`);

test.each([
  ['MemoryMax', unit('MemoryMax=1M'), unit('MemoryMax=2G')],
  ['LimitNOFILE', unit('LimitNOFILE=10'), unit('LimitNOFILE=65536')],
  ['LimitNOFILE', unit('LimitNOFILE=10:150'), unit('LimitNOFILE=1024:524288')],
  ['TasksMax', unit('TasksMax=1'), unit('TasksMax=infinity')],
  ['TasksMax', unit('TasksMax=512\nTasksMax=2'), unit('TasksMax=2\nTasksMax=512')],
  ['--memory', docker('--memory 6m'), docker('--memory 512m')],
  ['--memory', docker('-m 6m'), docker('-m 0')],
  ['--pids-limit', docker('--pids-limit=1'), docker('--pids-limit=-1')],
  ['--ulimit nofile', docker('--ulimit nofile=10:10'), docker('--ulimit nofile=65536')],
  ['--memory', podman('Memory=2m'), podman('Memory=2g')],
  ['--ulimit nofile', podman('Ulimit=nofile=100'), podman('Ulimit=nofile=1000')],
  ['MemoryMax', podman('[Service]\nMemoryMax=1M\n[Container]'), podman('')],
  ['resources.limits.memory', memory('1Mi'), memory('1Gi')],
  ['resources.limits.memory', memory('6e6'), memory('5e8')],
  ['mem_limit', compose('    mem_limit: 6m'), compose('    mem_limit: 1g')],
  ['pids_limit', compose('    pids_limit: 2'), compose('    pids_limit: 0')],
  [
    'deploy.resources.limits',
    compose('    deploy: {resources: {limits: {memory: 4M}}}'),
    compose('    deploy: {resources: {limits: {memory: 4G, pids: 100}}}'),
  ],
  [
    'ulimits nofile',
    compose('    ulimits: {nofile: {soft: 20, hard: 40}}'),
    compose('    ulimits: {nofile: {soft: 20000, hard: 40000}}'),
  ],
])('%s that no etcd survives', async (name, few, enough) => {
  const { status, found } = await judged(few);

  expect(status).toBe('fail');
  expect(found.map((each) => each.replace(/ \d+$/, ''))).toEqual([
    `settings-refused-at-start etcd-0 ${name}`,
  ]);
  expect(await judged(enough)).toEqual(passes);
});
