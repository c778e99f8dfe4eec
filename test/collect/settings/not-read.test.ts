import { describe, expect, test } from 'vitest';
import { readSettings } from '../../../src/collect/settings/read-settings.ts';

describe('a service of compose', () => {
  test.each([
    ['network_mode: none', 'the container has no network'],
    ['security_opt: ["apparmor=etcd"]', 'the security option apparmor=etcd restricts'],
    ['volumes_from: [other]', 'the volumes of other containers'],
    ['post_start: [{ command: rm /certs/n1.pem }]', 'what post_start runs'],
    ['pre_start: [{ command: rm /certs/n1.pem }]', 'what pre_start runs'],
    ['provider: { type: other }', 'its provider starts the service'],
    ['scale: 3', '3 containers are started'],
    ['deploy: { replicas: 3 }', '3 containers are started'],
    ['scale: "${COUNT:-2}"', '2 containers are started'],
    ['volume: ["./certs:/certs"]', 'a service has no key volume'],
  ])('with `%s` is not passed over', async (line, reason) => {
    const [doubt, ...others] = await doubtsOf(inCompose(line));

    expect(others).toEqual([]);
    expect(doubt).toMatchObject({ path: 'compose.yaml', line: 3 });
    expect(doubt?.reason).toContain(reason);
  });

  test.each([
    'network_mode: host',
    'security_opt: ["no-new-privileges:true", "seccomp:unconfined", "label=disable"]',
    'pre_stop: [{ command: sync }]',
    'x-note: of the team',
    'scale: 1',
    'deploy: { replicas: "${COUNT:-1}", resources: { limits: { cpus: "2" } } }',
    'ulimits: { nofile: 40000 }',
  ])('with `%s` is read', async (line) => {
    expect(await doubtsOf(inCompose(line))).toEqual([]);
  });

  test('has nothing where a file system in memory is', async () => {
    const { members } = await readSettings([inCompose('tmpfs: /certs:size=1m')], nothingElse);

    expect(members[0]?.mounts).toContainEqual(
      expect.objectContaining({ inside: '/certs', from: 'empty' }),
    );
  });
});

describe('docker run', () => {
  test.each([
    ['--network none', 'the container has no network'],
    ['--net=none', 'the container has no network'],
    ['--security-opt apparmor=etcd', 'the security option apparmor=etcd restricts'],
    ['--volumes-from other', 'the volumes of other containers'],
    ['--config etcd', 'the config etcd of Swarm'],
    ['--replicas 3', '3 containers are started'],
    ['-x', 'the option -x is not known'],
  ])('with `%s` is not passed over', async (option, reason) => {
    const [doubt, ...others] = await doubtsOf(inScript(option));

    expect(others).toEqual([]);
    expect(doubt).toMatchObject({ path: 'run.sh', line: 2 });
    expect(doubt?.reason).toContain(reason);
  });

  test.each([
    '--network host',
    '--security-opt seccomp=unconfined',
    '--ulimit nofile=40000',
    '-dq --rm -p 2379:2379 -l team=a -m 1g',
  ])('with `%s` is read', async (option) => {
    expect(await doubtsOf(inScript(option))).toEqual([]);
  });

  test.each(['$PWD/certs', '$(pwd)/certs', '`pwd`/certs', '/srv/certs'])(
    'takes %s for a path, and a name for a volume',
    async (source) => {
      const { members } = await readSettings(
        [inScript(`-v ${source}:/certs -v data:/data`)],
        nothingElse,
      );
      const from = members[0]?.mounts.map(({ inside, from: of }) => [inside, of]);

      expect(from).toEqual([
        ['/certs', 'host'],
        ['/data', 'other'],
      ]);
    },
  );
});

describe('a container of a pod', () => {
  test.each([
    ['lifecycle: { postStart: { exec: { command: [rm, /certs/n1.pem] } } }', 'what postStart runs'],
    ['securityContext: { seccompProfile: { localhostProfile: p } }', 'seccompProfile p restricts'],
    [
      'securityContext: { appArmorProfile: { localhostProfile: p } }',
      'appArmorProfile p restricts',
    ],
    ['securityContext: { seLinuxOptions: { type: etcd_t } }', 'seLinuxOptions restricts'],
  ])('with `%s` is not passed over', async (line, reason) => {
    const [doubt, ...others] = await doubtsOf(inPod(line));

    expect(others).toEqual([]);
    expect(doubt).toMatchObject({ path: 'etcd.yaml', line: 6 });
    expect(doubt?.reason).toContain(reason);
  });

  test.each([
    'lifecycle: { preStop: { exec: { command: [sync] } } }',
    'securityContext: { seccompProfile: { type: RuntimeDefault } }',
    'securityContext: { seLinuxOptions: { type: spc_t } }',
  ])('with `%s` is read', async (line) => {
    expect(await doubtsOf(inPod(line))).toEqual([]);
  });
});

type File = Parameters<typeof readSettings>[0][number];

function inCompose(line: string): File {
  const text = `services:\n  etcd:\n    ${line}\n    image: quay.io/coreos/etcd:v3.5.16\n    command: etcd --name n1\n`;
  return { path: 'compose.yaml', text };
}

function inScript(option: string): File {
  const text = `#!/bin/sh\ndocker run -d ${option} quay.io/coreos/etcd:v3.5.16 etcd --name n1\n`;
  return { path: 'run.sh', text };
}

function inPod(line: string): File {
  const text = `kind: Pod\nspec:\n  containers:\n  - name: etcd\n    image: quay.io/coreos/etcd:v3.5.16\n    ${line}\n    command: [etcd, --name=n1]\n`;
  return { path: 'etcd.yaml', text };
}

async function doubtsOf(file: File) {
  return (await readSettings([file], nothingElse)).notUnderstood;
}

const nothingElse = { find: () => undefined };

test('settings of etcd are named where another server has another database', async () => {
  const text =
    'a: datastore-endpoint=mysql://k3s@tcp(10.0.0.1:3306)/k3s\n' +
    'b: datastore-endpoint=https://10.0.0.2:2379\nb: datastore-cafile=/etc/etcd/ca.pem\n';

  expect(await doubtsOf({ path: 'servers', text })).toMatchObject([{ path: 'servers', line: 2 }]);
});

const stamped = (line: string) => `Nov 30 10:00:00 n1 systemd[1]: ${line}`;

describe('commands that start nothing', () => {
  const started = '/usr/bin/etcd --name n1 --listen-client-urls http://0.0.0.0:2379\n';
  const help = 'Usage:\n\n  etcd [flags]\n    Start an etcd server.\n\n  etcd --config-file\n';

  test.each([
    { what: 'a history of the shell', path: 'root/.bash_history', text: `ls\n${started}` },
    {
      what: 'of k3s with another database',
      path: 'config.yaml',
      text: 'datastore-endpoint: mysql://k3s@tcp(10.0.0.1:3306)/k3s\ndatastore-cafile: /etc/mysql/ca.pem\n',
    },
    { what: 'of other programs with -v', path: 'clean', text: 'grep -v x y\nrsync --v a b\n' },
    { what: 'lines of a log', path: 'messages', text: stamped(started) },
    { what: 'help of etcd', path: 'help.txt', text: help },
    {
      what: 'help of etcd 3.3',
      path: 'help.txt',
      text: 'usage: etcd [flags]\n\n  etcd --version\n',
    },
    {
      what: 'output of a failed start',
      path: 'etcd.err',
      text: `flag provided but not defined: -x\n${help}`,
    },
  ])('are $what', async ({ path, text }) => {
    const { members, clients, notUnderstood } = await readSettings([{ path, text }], nothingElse);

    expect([members, clients, notUnderstood]).toEqual([[], [], []]);
  });

  test.each([
    { what: 'a script', path: 'start.sh', text: `#!/bin/sh\n${started}` },
    { what: 'a history that is a script', path: 'history.sh', text: `#!/bin/sh\n${started}` },
    { what: 'a script of that name', path: 'history', text: `#!/bin/sh\n${started}` },
    {
      what: 'a script that prints the help of etcd',
      path: 'start.sh',
      text: `#!/bin/sh\nhelp() {\n  cat <<END\n${help}END\n}\nexec ${started}`,
    },
    {
      what: 'a process with the end of its log',
      path: 'status',
      text: `● etcd.service\n     CGroup: /system.slice/etcd.service\n             └─812 ${started}\n${stamped('a\n').repeat(9)}`,
    },
  ])('are told from $what', async ({ path, text }) => {
    const { members } = await readSettings([{ path, text }], nothingElse);

    expect(members).toHaveLength(1);
  });
});
