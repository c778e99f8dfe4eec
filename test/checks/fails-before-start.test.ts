import { describe, expect, test } from 'vitest';
import { audit } from '../../src/audit.ts';
import { compose, files, flags, judged, pod } from '../support/containers.ts';
import { directoryWith } from '../support/directory.ts';

const onHost = (text: string) => text.replaceAll('/pki/', '/etc/pki/');
const options = onHost(flags('10.0.0.1').join(' '));
const unit = (more: string, start = `/usr/bin/etcd ${options}`) => ({
  ...files,
  'etcd.service': `[Service]\nUser=root\nExecStart=${start}\n${more}\n`,
});
const passes = { status: 'pass', found: [], open: [] };
const stops = (name: string, line: number) => ({
  status: 'fail',
  found: [`settings-refused-at-start etcd-0 ${name} ${line}`],
  open: [],
});

const withScript = (last: string) => ({
  ...unit('ExecStartPre=/usr/local/bin/prepare.sh'),
  'usr/local/bin/prepare.sh': `#!/bin/sh\nmkdir -p /run/etcd\n${last}\n`,
});
const start = (before: string) => unit('', `/bin/sh -c '${before}exec /usr/bin/etcd ${options}'`);
const init = (command: string, more = '') =>
  pod('', `  initContainers:\n  - {name: prepare, image: busybox, command: ${command}${more}}`);
const service = (command: string, condition: string) =>
  compose(
    `    depends_on: {prepare: {condition: ${condition}}}\n  prepare:\n    image: alpine\n    command: ${command}`,
  );
const probe = (name: string, command: string) =>
  pod(`    ${name}: {exec: {command: ["${command}"]}}`);

async function sentenceOf(given: Readonly<Record<string, string>>): Promise<string> {
  await using set = await directoryWith(given);
  const { verdict } = await audit({
    paths: [set.path],
    maps: [{ prefix: '/etc/pki', directory: set.at('pki') }],
  });
  expect(verdict.status).toBe('pass');
  return verdict.sentence;
}

describe('a command of a unit', () => {
  test.each(['ExecStartPre', 'ExecCondition', 'ExecStartPost'])('%s always fails', async (name) => {
    expect(await judged(unit(`${name}=/bin/false`))).toEqual(stops(name, 4));
    expect(await judged(unit(`${name}=/bin/true`))).toEqual(passes);
    expect(await judged(unit(`${name}=-/bin/false`))).toEqual(passes);
  });

  test.each([
    [`/bin/sh -c 'exit 1'`, `/bin/sh -c 'exit 0'`],
    [`/bin/sh -ec 'false; true'`, `/bin/sh -c 'false; true'`],
    [`/usr/bin/env /bin/false`, `/usr/bin/env /bin/true`],
    [`/bin/sh -c 'mkdir -p /run/etcd && exit 3'`, `/bin/sh -c 'mkdir -p /run/etcd || exit 3'`],
    [`/usr/bin/test 1 -gt 2`, `/usr/bin/test 2 -gt 1`],
    [`/usr/bin/test ! -f /etc/etcd/site.conf`, `/usr/bin/test -f /etc/etcd/site.conf`],
  ])('%s', async (failing, passing) => {
    const given = { 'etc/etcd/site.conf': 'SITE=a\n' };

    expect(await judged({ ...unit(`ExecStartPre=${failing}`), ...given })).toEqual(
      stops('ExecStartPre', 4),
    );
    expect(await judged({ ...unit(`ExecStartPre=${passing}`), ...given })).toEqual(passes);
  });

  test('in a script that was given', async () => {
    expect(await judged(withScript('exit 1'))).toEqual(stops('ExecStartPre', 4));
    expect(await judged(withScript('exit 0'))).toEqual(passes);
  });

  test('in a drop-in without its unit', async () => {
    const variables = flags('10.0.0.1').map((flag) => {
      const [name = '', value = 'true'] = onHost(flag).replace(/^--/, '').split(/=(.*)/s);
      return `Environment="ETCD_${name.toUpperCase().replaceAll('-', '_')}=${value}"`;
    });
    const dropIn = (more: string) => ({
      ...files,
      'etcd.service.d/10.conf': ['[Service]', ...variables, more, ''].join('\n'),
    });

    expect((await judged(dropIn('ExecStartPre=/bin/false'))).status).toBe('fail');
    expect((await judged(dropIn('ExecStartPre=/bin/true'))).status).toBe('pass');
  });

  test.each([
    '/usr/bin/test -f /etc/etcd/ready',
    `/bin/sh -c '[ -f /etc/etcd/ready ] || exit 1'`,
    '/usr/bin/systemctl is-active docker',
  ])('what depends on the machine is named: %s', async (command) => {
    const [program = ''] = command.split(' ');
    const name = `ExecStartPre (${program.replace(/^.*\//, '')})`;

    expect(await sentenceOf(unit(`ExecStartPre=${command}`))).toContain(
      `${name} was not tried on the hosts`,
    );
    expect(await sentenceOf(unit('ExecStartPre=/bin/mkdir -p /run/etcd'))).not.toContain('tried');
  });
});

describe('a script that starts etcd', () => {
  test.each([
    ['exit 1; ', 'true; '],
    ['exit 0; ', '(exit 1); '],
    ['set -e; false; ', 'set -e; false || true; '],
    ['mkdir -p /x; exit 2; ', 'mkdir -p /x; '],
    ['die() { exit 3; }; die; ', 'die() { exit 3; }; '],
    ['if true; then exit 1; fi; ', 'if false; then exit 1; fi; '],
    ['set -e; sh -c "exit 1"; ', 'sh -c "exit 1"; '],
    ['etcd --version; exit 1; ', 'etcd --version; '],
    ['false && ', 'true && '],
    ['[ a = b ] && ', '[ a = a ] && '],
    ['exec false; ', '(exec false); '],
    ['/usr/bin/etcdctl --endpoints=http://10.0.0.9:2379 version; exit 1; ', ''],
  ])('always ends before: %s', async (before, passing) => {
    const { status, found } = await judged(start(before));

    expect({ status, found }).toMatchObject({
      status: 'fail',
      found: expect.arrayContaining([
        'settings-refused-at-start etcd-0 the start script 3',
      ]) as unknown,
    });
    expect(await judged(start(passing))).toEqual(passes);
  });

  test.each(['exec /opt/run; ', '/opt/run || exit 1; true || '])(
    'is not blamed where another program may start etcd: %s',
    async (before) => {
      const { found } = await judged(start(before));

      expect(found).toEqual([]);
    },
  );

  test('may end before', async () => {
    expect(await sentenceOf(start('[ -f /etc/etcd/ready ] || exit 1; '))).toContain(
      'the start script (etcd.service) was not tried on the hosts',
    );
    expect(await sentenceOf(start('mkdir -p /run/etcd || exit 1; '))).not.toContain('tried');
  });
});

describe('a container before that of etcd', () => {
  test.each(['["false"]', '["sh", "-c", "exit 3"]'])('always fails: %s', async (command) => {
    expect(await judged(init(command))).toEqual(stops('init container', 6));
    expect(await judged(init(command, ', restartPolicy: Always'))).toEqual(passes);
  });

  test('succeeds, or was not tried', async () => {
    expect(await judged(init('["mkdir", "-p", "/x"]'))).toEqual(passes);
    expect(
      await sentenceOf(init('["sh", "-c", "until nslookup etcd; do sleep 1; done"]')),
    ).toContain('init container (prepare) was not tried on the hosts');
  });

  test.each(['["false"]', 'sh -c "exit 1"'])('of a service: %s', async (command) => {
    expect(await judged(service(command, 'service_completed_successfully'))).toEqual(
      stops('depends_on', 7),
    );
    expect(await judged(service(command, 'service_started'))).toEqual(passes);
    expect(await judged(service('"true"', 'service_completed_successfully'))).toEqual(passes);
  });
});

describe('a probe', () => {
  test.each(['livenessProbe', 'startupProbe'])('%s', async (name) => {
    expect((await judged(probe(name, 'false'))).found).toEqual([
      `settings-refused-at-start etcd-0 ${name} 13`,
    ]);
    expect(await judged(probe(name, 'true'))).toEqual(passes);
  });

  test('of readiness', async () => {
    expect((await judged(probe('readinessProbe', 'false'))).status).toBe('incomplete');
    expect(await judged(probe('readinessProbe', 'true'))).toEqual(passes);
  });
});

const openrc = (pre: string) => ({
  ...files,
  'init.d/etcd': `#!/sbin/openrc-run\ncommand=/usr/bin/etcd\ncommand_args="${options}"\ncommand_user="root"\nstart_pre() {\n\t${pre}\n}\n`,
});

test('a service of OpenRC', async () => {
  expect((await judged(openrc('false'))).found).toEqual([
    'settings-refused-at-start etcd-0 start_pre 5',
  ]);
  expect(await judged(openrc('checkpath -d /var/lib/etcd'))).toEqual(passes);
});

const quadlet = (more: string) => ({
  ...files,
  'etc/containers/systemd/etcd.container': [
    '[Container]',
    'Image=quay.io/coreos/etcd:v3.5.30',
    'Network=host',
    'User=0',
    'Volume=/etc/pki:/etc/pki:ro',
    `Exec=etcd ${options}`,
    '[Service]',
    more,
    '',
  ].join('\n'),
});

test('a unit of Podman', async () => {
  expect((await judged(quadlet('ExecStartPre=/bin/false'))).found).toEqual([
    'settings-refused-at-start etcd-0 ExecStartPre 8',
  ]);
  expect(await judged(quadlet('ExecStartPre=/bin/true'))).toEqual(passes);
  expect(await sentenceOf(quadlet('ExecStartPre=/opt/prepare.sh'))).toContain(
    'what prepare.sh does before the start was not seen',
  );
});

describe('a condition of a unit', () => {
  const off = { 'etc/etcd/off': 'since Monday\n' };
  const conditional = (condition: string) => ({
    ...files,
    ...off,
    'etcd.service': `[Unit]\n${condition}\n[Service]\nUser=root\nExecStart=/usr/bin/etcd ${options}\n`,
  });

  test('does not hold', async () => {
    expect(await judged(conditional('ConditionPathExists=!/etc/etcd/off'))).toEqual(
      stops('ConditionPathExists', 2),
    );
    expect(await judged(conditional('ConditionPathExists=/etc/etcd/off'))).toEqual(passes);
  });

  test('was not tried', async () => {
    expect(await sentenceOf(conditional('ConditionPathExists=/etc/etcd/ready'))).toContain(
      'ConditionPathExists (/etc/etcd/ready) was not tried on the hosts',
    );
    expect(await sentenceOf(conditional('Documentation=man:etcd'))).not.toContain('tried');
  });
});
