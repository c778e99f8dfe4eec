import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { readSettings } from '../../../src/collect/settings/read-settings.ts';
import { directoryWith } from '../../support/directory.ts';
import { files, flags, judged, pod } from '../../support/containers.ts';

const line = flags('10.0.0.1').join(' ');
const etcd = `exec /usr/bin/etcd ${line.replace('--trusted-ca-file=/pki/ca.crt', '--trusted-ca-file=$CA')}`;

/** One sound member that a script starts. */
function started(script: string, others: Readonly<Record<string, string>> = {}) {
  const unit = '[Service]\nUser=root\nExecStart=/opt/run.sh\n';
  return { ...files, 'etc/systemd/system/etcd.service': unit, 'opt/run.sh': script, ...others };
}

describe('a file that a script reads may set again what was set before', () => {
  test.each(['sh', 'bash'])('as %s has it', async (shell) => {
    await using set = await directoryWith({ 'other.env': 'CA=other\n' });
    const text = `CA=/pki/ca.crt; . ${set.at('other.env')}; echo "$CA"`;

    expect(spawnSync(shell, ['-c', text], { encoding: 'utf8' }).stdout).toBe('other\n');
  });

  test.each([
    ['a value of a flag', `#!/bin/sh\nCA=/pki/ca.crt\n. /etc/other.env\n${etcd}\n`],
    [
      'a variable of etcd',
      `#!/bin/sh\nexport ETCD_LOG_LEVEL=info CA=/pki/ca.crt\n[ -r /etc/other.env ] && . /etc/other.env\nexec /usr/bin/etcd ${line}\n`,
    ],
    [
      'what Go reads',
      `#!/bin/sh\nexport GODEBUG=x509sha1=1\n. /etc/other.env\nexec /usr/bin/etcd ${line}\n`,
    ],
  ])('so that %s is open where the file was not given', async (_, script) => {
    const without = await judged(started(script));
    const given = await judged(started(script, { 'etc/other.env': 'UNRELATED=1\n' }));

    expect(without).toMatchObject({ status: 'incomplete', found: [] });
    expect(given).toMatchObject({ status: 'pass', open: [] });
  });

  test('but not what is set after it, nor by what init scripts share', async () => {
    const after = `#!/bin/sh\n. /etc/other.env\nCA=/pki/ca.crt\n${etcd}\n`;
    const shared = `#!/bin/sh\nCA=/pki/ca.crt\n. /lib/lsb/init-functions\n${etcd}\n`;

    expect(await judged(started(after))).toMatchObject({ status: 'pass' });
    expect(await judged(started(shared))).toMatchObject({ status: 'pass' });
  });
});

test.each([
  ['names it', '#!/bin/sh\n. /etc/other.env\nexec etcd --listen-client-urls=https://$IP:2379\n'],
  ['sets it before', '#!/bin/sh\nIP=10.0.0.1\n. /etc/other.env\nexec etcd --name=$IP\n'],
])('the next step is to give a file that was not given, where a script %s', async (_, text) => {
  const { notUnderstood } = await readSettings([{ path: 'run.sh', text }], {
    find: () => undefined,
  });

  expect(notUnderstood.map(({ give }) => give)).toEqual(['give /etc/other.env as well']);
});

const withEnvironment = (text: string) => ({
  ...files,
  'etc/systemd/system/etcd.service': `[Service]\nUser=root\nEnvironmentFile=/etc/default/etcd\nExecStart=/usr/bin/etcd ${line}\n`,
  'etc/default/etcd': text,
});

test('systemd ignores exported lines of an environment file', async () => {
  const ignored = await judged(
    withEnvironment('export ETCD_LISTEN_CLIENT_URLS=http://0.0.0.0:2379\n'),
  );

  expect(ignored).toMatchObject({ status: 'pass', open: [] });
  const { status } = await judged(
    withEnvironment('ETCD_LISTEN_CLIENT_URLS=http://0.0.0.0:2379\n'),
    '3.5.30',
  );
  expect(status).toBe('fail');
});

describe('zsh', () => {
  test('reads its own file before a script, as the real one does', async () => {
    await using set = await directoryWith({ '.zshenv': 'export CA=own\n' });
    const env = { ...process.env, ZDOTDIR: set.path };
    const { stdout } = spawnSync('zsh', ['-c', 'echo "$CA"'], { encoding: 'utf8', env });

    expect(stdout).toBe('own\n');
  });

  test('so that what is set there is no setting that etcd starts without', async () => {
    const set = started(`#!/bin/zsh\nexec /usr/bin/etcd ${line}\n`, {
      'etc/zsh/zshenv': 'export ETCD_LOG_LEVEL=info\n',
    });
    const { status, open } = await judged(set);

    expect(status).toBe('incomplete');
    expect(open).toEqual([expect.stringContaining('the script is for zsh')]);
  });
});

const podWith = (first: string, last: string) => {
  const text = pod('')['etcd.yaml']?.replace('    ports:', () => `${first}\n    ports:`) ?? '';
  return {
    ...files,
    'etcd.yaml': text.replace('    volumeMounts:', () => `${last}\n    volumeMounts:`),
  };
};

describe('a template in a comment', () => {
  test.each([
    ['# {{ if .Values.tls }}', '# {{- end }}'],
    ['    # {{- range .Values.ports }}', '    # {{ end }}'],
    ['# {% if tls %}', '# {% endif %}'],
  ])('decides what is between it and its end: %s', async (first, last) => {
    expect((await judged(podWith(first, last))).open).toContainEqual(
      expect.stringContaining('a template decides'),
    );
  });

  test.each([
    ['# {{ if .Values.tls }}\n# - --debug\n# {{- end }}', '# other'],
    ['# {{ ansible_managed }}', '# {{ .Values.note }}'],
  ])('decides nothing where there are comments alone: %j', async (first, last) => {
    expect(await judged(podWith(first, last))).toMatchObject({ status: 'pass', open: [] });
  });
});
