import { expect, test } from 'vitest';
import { audit } from '../../src/audit.ts';
import { filesOfMember, flagsOfMember } from '../support/lone-member.ts';
import { directoryWith } from '../support/directory.ts';

function filesIn(directory: string) {
  return Object.fromEntries(
    Object.entries(filesOfMember).map(([name, content]) => [`${directory}${name}`, content]),
  );
}

const line = `/usr/bin/etcd ${flagsOfMember('').join(' ')}`;
const unit = (...directives: readonly string[]) =>
  ['[Service]', 'User=root', ...directives, ''].join('\n');
const compose = (more: string) =>
  `services:\n  etcd:\n    image: example.test/store:1\n    user: root\n    command: ${JSON.stringify(['etcd', ...flagsOfMember('')])}\n    volumes: [./:/certs:ro]\n${more}`;
const pod = (more: object) =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'etcd' },
    spec: {
      containers: [
        {
          name: 'etcd',
          image: 'example.test/store:1',
          command: ['etcd', ...flagsOfMember('')],
          volumeMounts: [{ name: 'certs', mountPath: '/certs' }],
          ...more,
        },
      ],
      volumes: [{ name: 'certs', hostPath: { path: '/srv/certs' } }],
    },
  });
const supervisor = (more: string) => `[program:etcd]\ncommand=${line}\n${more}`;
const openrc = (more: string) =>
  `#!/sbin/openrc-run\ncommand=/usr/bin/etcd\ncommand_args="${flagsOfMember('').join(' ')}"\n${more}`;
const plist = (more: string) =>
  `<?xml version="1.0"?>\n<plist version="1.0"><dict><key>Label</key><string>etcd</string><key>ProgramArguments</key><array>${line
    .split(' ')
    .map((word) => `<string>${word}</string>`)
    .join('')}</array>${more}</dict></plist>\n`;

const inRoot = 'the process starts in /, so the relative path ca.crt is /ca.crt';
const unknown = 'the directory that the process starts in is not known';

test.each<[string, Readonly<Record<string, string>>, string | undefined]>([
  ['a unit', { 'etcd.service': unit(`ExecStart=${line}`) }, inRoot],
  [
    'a unit that states its directory',
    { 'etcd.service': unit('WorkingDirectory=/etc/etcd', `ExecStart=${line}`) },
    undefined,
  ],
  [
    'a unit whose directory is taken back',
    { 'etcd.service': unit('WorkingDirectory=/a', 'WorkingDirectory=', `ExecStart=${line}`) },
    inRoot,
  ],
  [
    'a unit that starts in a home',
    { 'etcd.service': unit('WorkingDirectory=~', `ExecStart=${line}`) },
    unknown,
  ],
  ['a unit of a user', { 'systemd/user/etcd.service': unit(`ExecStart=${line}`) }, unknown],
  [
    'a drop-in alone',
    { 'etcd.service.d/tls.conf': unit('ExecStart=', `ExecStart=${line}`) },
    unknown,
  ],
  [
    'a unit with a drop-in that states the directory',
    {
      'etcd.service': unit(`ExecStart=${line}`),
      'etcd.service.d/a.conf': unit('WorkingDirectory=/etc/etcd'),
    },
    undefined,
  ],
  [
    'a unit whose shell changes the directory',
    { 'etcd.service': unit(`ExecStart=/bin/sh -c 'cd /etc/etcd && exec ${line}'`) },
    undefined,
  ],
  [
    'a unit that starts a container without a directory',
    {
      'etcd.service': unit(
        'WorkingDirectory=/etc/etcd',
        `ExecStart=/usr/bin/docker run -u root -v /srv:/srv example.test/store:1 ${line}`,
      ),
    },
    unknown,
  ],
  ['a service of compose', { 'compose.yml': compose('') }, unknown],
  [
    'a service of compose with its directory',
    { 'compose.yml': compose('    working_dir: /certs\n') },
    undefined,
  ],
  ['a pod', { 'pod.json': pod({}) }, unknown],
  ['a pod with its directory', { 'pod.json': pod({ workingDir: '/certs' }) }, undefined],
  ['a program of supervisord', { 'etcd.conf': supervisor('') }, unknown],
  [
    'a program of supervisord with its directory',
    { 'etcd.conf': supervisor('directory=/etc/etcd\n') },
    undefined,
  ],
  ['a job of launchd', { 'etcd.plist': plist('') }, unknown],
  [
    'a job of launchd with its directory',
    { 'etcd.plist': plist('<key>WorkingDirectory</key><string>/etc/etcd</string>') },
    undefined,
  ],
  ['a service of OpenRC', { 'init.d/etcd': openrc('') }, unknown],
  [
    'a service of OpenRC with its directory',
    { 'init.d/etcd': openrc('directory=/etc/etcd\n') },
    undefined,
  ],
  ['a list of processes', { 'ps.txt': `  PID CMD\n  812 ${line}\n` }, unknown],
  [
    'what systemctl shows with its directory',
    {
      'show.txt': `ExecStart={ path=/usr/bin/etcd ; argv[]=${line} ; ignore_errors=no ; start_time=[n/a] }\nEnvironment=\nWorkingDirectory=/etc/etcd\n`,
    },
    undefined,
  ],
  ['a script next to its files', { 'start.sh': `#!/bin/sh\nexec ${line}\n` }, undefined],
])('%s that names its files by relative paths', async (_, settings, says) => {
  await using directory = await directoryWith({ ...settings, ...filesIn('') });

  const { verdict, results } = await audit({
    paths: [directory.path],
    maps: [],
    etcdVersion: '3.5.16',
  });
  const open = results.flatMap((result) =>
    result.verdict.status === 'inconclusive' ? [JSON.stringify(result.verdict)] : [],
  );

  expect(verdict.status).toBe(says === undefined ? 'pass' : 'incomplete');
  expect(open.join('\n')).toContain(says ?? '');
});

test('a file is missing where a relative path leads to, whatever has its name elsewhere', async () => {
  await using directory = await directoryWith({
    'etc/systemd/system/etcd.service': unit('WorkingDirectory=/etc/etcd', `ExecStart=${line}`),
    'etc/etcd/other.crt': filesOfMember['ca.crt'],
    ...filesIn('opt/etcd/'),
  });

  const { verdict } = await audit({ paths: [directory.path], maps: [], etcdVersion: '3.5.16' });

  expect(verdict.status).not.toBe('pass');
});

const security = (kind: string) =>
  `${kind}:\n  cert-file: server.crt\n  key-file: server.key\n  trusted-ca-file: ca.crt\n  client-cert-auth: true`;

test('a configuration file without a process names the files next to it', async () => {
  const settings = flagsOfMember('').map((word) => word.slice(2).replace('=', ': '));
  const flat = settings.slice(0, 6);
  const text = [
    ...flat,
    security('client-transport-security'),
    security('peer-transport-security'),
  ].join('\n');
  await using directory = await directoryWith({ 'etcd.yml': text, ...filesIn('') });

  const { verdict } = await audit({ paths: [directory.path], maps: [], etcdVersion: '3.5.16' });

  expect(verdict.status).toBe('pass');
});

const ofHost = { units: 'etc/systemd/system/', files: 'etc/etcd/' };

test.each<[string, typeof ofHost, readonly string[], string | undefined]>([
  ['elsewhere on the host', ofHost, [], '/etcd.yml was not given'],
  ['next to the unit', { units: '', files: '' }, [], 'file etcd.yml is /etcd.yml'],
  ['where the process starts', ofHost, ['WorkingDirectory=/etc/etcd'], undefined],
])('a configuration file %s, named by a relative path', async (_, at, directives, says) => {
  const start = 'ExecStart=/usr/bin/etcd --config-file=etcd.yml';
  const settings = flagsOfMember('').map((word) => word.slice(2).replace('=', ': '));
  const text = [
    ...settings.slice(0, 6),
    ...['client', 'peer'].map((kind) =>
      security(`${kind}-transport-security`).replaceAll('file: ', 'file: /etc/etcd/'),
    ),
  ].join('\n');
  await using directory = await directoryWith({
    [`${at.units}etcd.service`]: unit(...directives, start),
    [`${at.files}etcd.yml`]: text,
    ...filesIn(at.files),
  });

  const { verdict } = await audit({ paths: [directory.path], maps: [], etcdVersion: '3.5.16' });

  expect(verdict.status).toBe(says === undefined ? 'pass' : 'incomplete');
  expect(JSON.stringify(verdict.notUnderstood)).toContain(says ?? '[]');
});
