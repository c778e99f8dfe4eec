import { describe, expect, test } from 'vitest';
import { compose, files, flags, judged, pod } from '../support/containers.ts';

const etcd = flags('10.0.0.1').join(' ').replaceAll('/pki/', '/etc/pki/');
const unit = (more: string, scripts: Readonly<Record<string, string>> = {}) => ({
  ...files,
  ...scripts,
  'etcd.service': `[Service]\nUser=root\nExecStart=/usr/bin/etcd ${etcd}\n${more}\n`,
});
const inUnit = (script: string) =>
  unit(`ExecStartPost=/bin/bash -c '${script.replaceAll('$', '$$$$')}'`);
const inFile = (script: string) =>
  unit('ExecStartPost=/opt/health.sh', { 'opt/health.sh': `#!/bin/bash\n${script}\n` });
const inContainer = (script: string) =>
  compose(
    `    healthcheck: {test: ${JSON.stringify(['CMD-SHELL', script.replaceAll('$', '$$$$')])}}`,
  );
const inPod = (script: string, name = 'livenessProbe') => {
  const handler = `{exec: {command: ${JSON.stringify(['bash', '-c', script])}}}`;
  return pod(
    name === 'postStart' ? `    lifecycle: {postStart: ${handler}}` : `    ${name}: ${handler}`,
  );
};

const open = { status: 'incomplete', found: [] };
const passes = { status: 'pass', found: [], open: [] };
const ask = 'curl -fk https://127.0.0.1:2379/health';
const answered = 'curl -f http://127.0.0.1:2381/health';

function nested(command: string, depth: number): string {
  return depth === 0 ? command : nested(`echo $(${command})`, depth - 1);
}

describe('a request in what is not followed', () => {
  test('is an open question that names the place and the reason', async () => {
    const reasons = ['commands within words are nested too deeply'];

    expect((await judged(inUnit(nested(ask, 14)))).open).toEqual(
      reasons.map((each) => `4 ${each}`),
    );
    expect((await judged(inFile(`true\n${nested(ask, 14)}`))).open).toEqual(
      reasons.map((each) => `3 ${each}`),
    );
  });

  test.each([
    nested(ask, 14),
    `echo "${ask}" | sh`,
    `echo https://127.0.0.1:2379/health | xargs curl -fk`,
    `case x in x) true;& y) ${ask};; esac`,
    `python3 -c "import urllib.request as r; r.urlopen(\\"https://127.0.0.1:2379/health\\")"`,
    `$(cat /etc/request) https://127.0.0.1:2379/health`,
    `host=$(cat /etc/host):2379; curl -fk https://$host/health`,
    `: https://127.0.0.1:2379; curl -fk -K /etc/curl.conf`,
  ])('of a unit: %s', async (script) => {
    expect(await judged(inUnit(script))).toMatchObject(open);
    expect(await judged(inFile(script))).toMatchObject(open);
  });

  test.each([`sh <<EOF\n${ask}\nEOF`, `python3 <<EOF\nopen("https://127.0.0.1:2379/health")\nEOF`])(
    'of a unit, in a here-document: %s',
    async (script) => {
      expect(await judged(inFile(script))).toMatchObject(open);
    },
  );

  test('behind an alias, which bash expands in no script', async () => {
    const script = `( alias ask="${ask}" ); true`;

    expect(await judged(inContainer(script))).toMatchObject(open);
    expect(await judged(inFile(script))).toMatchObject(open);
    expect(await judged(inUnit(script))).toEqual(passes);
  });

  test('at another port of etcd', async () => {
    const given = inUnit(nested(ask, 14));
    const moved = Object.fromEntries(
      Object.entries(given).map(([name, text]) => [name, text.replaceAll('2379', '12379')]),
    );

    expect(await judged(moved)).toMatchObject(open);
  });

  test.each([nested(ask, 14), `echo "${ask}" | sh`])('of a container: %s', async (script) => {
    expect(await judged(inContainer(script))).toMatchObject(open);
    for (const name of ['livenessProbe', 'readinessProbe', 'postStart']) {
      expect(await judged(inPod(script, name))).toMatchObject(open);
    }
  });
});

const service = (hook: string) => ({
  ...files,
  'etc/init.d/etcd': `#!/sbin/openrc-run\ncommand=/usr/bin/etcd\ncommand_args="${etcd}"\ncommand_user=root\n${hook}\n`,
});

describe('a service of OpenRC', () => {
  test.each(['start_pre', 'start_post', 'healthcheck'])('%s', async (name) => {
    expect((await judged(service(`${name}() {\n  ${ask}\n}`))).found).toEqual([
      `health-probe-rejected etcd-0 ${name} 5`,
    ]);
    expect((await judged(service(`${name}() {\n  ${nested(ask, 14)}\n}`))).open).toEqual([
      '6 commands within words are nested too deeply',
    ]);
    expect(await judged(service(`${name}() {\n  ${ask} || true\n}`))).toEqual(passes);
    expect(await judged(service(`${name}() {\n  ${answered}\n}`))).toEqual(passes);
    const inScript = {
      ...service(`${name}() {\n  /opt/ask.sh\n}`),
      'opt/ask.sh': `#!/bin/sh\n${ask}\n`,
    };
    expect((await judged(inScript)).found).toEqual([`health-probe-rejected etcd-0 ${name} 5`]);
  });
});

const starting = (before: string) => ({
  ...files,
  'start.sh': `#!/bin/bash\n( ${before} )\nexec etcd ${etcd}\n`,
});

test('etcdctl in what is not followed of a script that starts etcd', async () => {
  const ctl = 'etcdctl --endpoints=https://127.0.0.1:2379 endpoint health';
  expect((await judged(starting(nested(ctl, 14)))).open).toEqual([
    '2 commands within words are nested too deeply',
  ]);
  expect(await judged(starting(nested('mkdir /var/lib/etcd', 14)))).toEqual(passes);
});

test.each(['* * * * *', '*/5 * * * *', '0 3 * * *'])('cron: %s', async (when) => {
  const table = (command: string) => ({
    ...unit(''),
    'etc/cron.d/backup': `${when} root ${command}\n`,
  });

  expect(await judged(table(ask))).toMatchObject(open);
  expect(await judged(table('find /var/log -mtime +7 -delete'))).toEqual(passes);
});

describe('what is followed, or has nothing to do with etcd, stays a pass', () => {
  test.each([
    nested(answered, 3),
    `sh -c "${answered}"`,
    'curl -fLO https://example.org/etcd.tar.gz | sh',
    'alias ll="ls -l"; ll /var/lib/etcd',
    'python3 -c "print(1)"',
    'cat <<< starting',
  ])('%s', async (script) => {
    expect(await judged(inUnit(script))).toEqual(passes);
  });
});
