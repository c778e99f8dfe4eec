import { describe, expect, test } from 'vitest';
import { fetchedBinaries } from '../../testcluster/etcd-binaries.ts';
import { run } from '../../testcluster/run.ts';
import { directoryWith } from '../support/directory.ts';
import { judged } from '../support/judged.ts';
import { skipWithout } from '../support/skip-without.ts';

const endpoints = '--endpoints=https://10.0.0.1:2379';
const tls = '--cacert=/etc/etcd/ca.pem --cert=/etc/etcd/client.pem --key=/etc/etcd/client-key.pem';
const asked = `etcdctl ${endpoints} get a`;
const variables = [
  'export ETCDCTL_CACERT=/etc/etcd/ca.pem',
  'export ETCDCTL_CERT=/etc/etcd/client.pem',
  'export ETCDCTL_KEY=/etc/etcd/client-key.pem',
].join('\n');

async function script(text: string, others: Readonly<Record<string, string>> = {}) {
  return await judged({ 'ask.sh': text, ...others });
}

async function unit(words: string, before = '') {
  const text = `[Service]\n${before}ExecStart=/usr/bin/${words}\n`;
  return await judged({ 'h/etc/systemd/system/ask.service': text });
}

const logins = [
  (command: string) => `#!/bin/bash -l\n${command}\n`,
  (command: string) => `#!/bin/bash --login\n${command}\n`,
  (command: string) => `#!/bin/sh\nbash -lc '${command}'\n`,
  (command: string) => `#!/bin/sh\nbash --login -c '${command}'\n`,
  (command: string) => `#!/bin/sh\nsh -l -c '${command}'\n`,
  (command: string) => `#!/bin/sh\nsu - etcd -c '${command}'\n`,
  (command: string) => `#!/bin/sh\nsu -lc '${command}' etcd\n`,
  (command: string) => `#!/bin/sh\nrunuser -l etcd -c '${command}'\n`,
  (command: string) => `#!/bin/sh\nsudo -iu etcd ${command}\n`,
  (command: string) => `#!/bin/sh\n. /etc/etcdctl.env\n${command}\n`,
] as const;

describe('variables in files that were not given', () => {
  test.each(logins.map((login) => [login('etcdctl'), login] as const))(
    'leave open how etcdctl connects: %j',
    async (_, login) => {
      const without = await script(login(asked));
      const whole = await script(login(`${asked} ${tls}`));

      expect(without).toMatchObject({ status: 'incomplete', failing: [] });
      expect(whole).toMatchObject({ status: 'incomplete', failing: [] });
      for (const { reasons } of [without, whole]) {
        expect(reasons).toEqual([
          expect.stringMatching(
            /^etcdctl may take variables from \/etc\/(?:profile and ~\/\.(?:bash_)?profile|etcdctl\.env), which w(?:as|ere) not given$/,
          ),
        ]);
      }
    },
  );

  test.each(logins.slice(0, -1).map((login) => [login('etcdctl'), login] as const))(
    'do not excuse what is set: %j',
    async (_, login) => {
      const wrong = tls.replace('/etc/etcd/ca.pem', '/etc/etcd/client.pem');

      expect(await script(login(`${asked} ${wrong}`))).toMatchObject({
        status: 'fail',
        failing: ['unknown-authority'],
      });
    },
  );

  test.each(['#!/bin/bash', '#!/bin/bash -e', '#!/bin/sh'])(
    'are not asked for by a shell that reads none: %s',
    async (first) => {
      const quoted = (words: string) => `${first}\nbash -c '${words}'\n`;

      expect((await script(quoted(`${asked} ${tls}`))).status).toBe('pass');
      expect((await script(quoted(asked))).failing).toEqual(['client-without-certificate']);
    },
  );

  test('may be in the environment file of a unit', async () => {
    const file = 'EnvironmentFile=/etc/etcdctl.env\n';

    expect(await unit(asked, file)).toMatchObject({ status: 'incomplete', failing: [] });
    expect((await unit(`${asked} ${tls}`, file)).status).toBe('incomplete');
    expect((await unit(asked)).failing).toEqual(['client-without-certificate']);
  });

  test('may be in one that is optional, where something is left out', async () => {
    const file = 'EnvironmentFile=-/etc/etcdctl.env\n';

    expect(await unit(asked, file)).toMatchObject({ status: 'incomplete', failing: [] });
    const whole = await unit(`${asked} ${tls}`, file);
    expect(whole.status).toBe('pass');
    expect(whole.assumed).toContain('what /etc/etcdctl.env sets was not seen');
    expect((await unit(`${asked} ${tls}`)).assumed).not.toContain(whole.assumed.at(-1));
  });

  test('may come of what is not followed', async () => {
    const followed = await script(`#!/bin/sh\nask\n${asked}\n`);
    const open = await script(`#!/bin/sh\neval "$(ask)"\n${asked}\n`);

    expect(open).toMatchObject({ status: 'incomplete', failing: [] });
    expect(followed.failing).toEqual(['client-without-certificate']);
  });
});

/** The files of a home, and which flag of etcdctl each has a variable for. */
const homes = [
  { '.bash_profile': 'user', '.profile': 'write-out' },
  { '.bash_login': 'password', '.profile': 'write-out' },
  { '.profile': 'write-out' },
] as const;

function variableOf(flag: string): string {
  return `ETCDCTL_${flag.toUpperCase().replace('-', '_')}`;
}

function exporting(home: Readonly<Record<string, string>>, directory = '') {
  return Object.fromEntries(
    Object.entries(home).map(([name, flag]) => [
      `${directory}${name}`,
      `export ${variableOf(flag)}=json\n`,
    ]),
  );
}

describe('profiles that were given', () => {
  const profile = { 'h/etc/profile': 'umask 022\n' };

  test('set what the command line leaves out', async () => {
    const login = '#!/bin/bash -l\n';
    const given = { ...profile, 'h/root/.bash_profile': variables };

    expect((await script(`${login}${asked}\n`, given)).status).toBe('pass');
    expect((await script(`${login}${asked} ${tls}\n`, given)).failing).toEqual([
      'client-settings-refused',
    ]);
    const system = { 'h/etc/profile': variables, 'h/root/.profile': 'umask 022\n' };
    expect((await script(`${login}${asked}\n`, system)).status).toBe('pass');
  });

  test.each(homes.flatMap((home) => ['bash', 'dash'].map((shell) => [shell, home] as const)))(
    'are those that the real shell reads: %s, %j',
    async (shell, home) => {
      await using directory = await directoryWith(exporting(home));
      const { stdout } = await run(shell, ['-lc', 'env'], {
        environment: { HOME: directory.path },
      });
      const given = { ...profile, ...exporting(home, 'h/root/') };

      for (const flag of Object.values(home)) {
        const command = `etcdctl ${endpoints} ${tls} --${flag}=json get a`;
        const { failing } = await script(`#!/bin/sh\n${shell} -lc '${command}'\n`, given);
        const isRead = stdout.includes(`${variableOf(flag)}=`);
        expect(failing).toEqual(isRead ? ['client-settings-refused'] : []);
      }
    },
  );
});

describe('real etcdctl', () => {
  skipWithout('etcd');

  test('ends over a flag and a variable of a profile', async () => {
    await using home = await directoryWith({ '.bash_profile': 'export ETCDCTL_WRITE_OUT=json\n' });
    for (const { etcdctl, version } of await fetchedBinaries()) {
      const words = '--endpoints=127.0.0.1:1 --dial-timeout=100ms --command-timeout=100ms get a';
      const ask = async (option: string) => {
        const command = `${etcdctl} -w table ${words}`;
        const environment = { HOME: home.path, ETCDCTL_API: '3' };
        return (await run('bash', [option, command], { environment })).stderr;
      };
      const says = 'conflicting environment variable';

      expect(await ask('-c')).not.toContain(says);
      expect((await ask('-lc')).includes(says)).toBe(!version.startsWith('3.3'));
    }
  }, 60_000);
});

test('variables that say nothing of connections are no client', async () => {
  const told = await judged({ 'h/root/.profile': 'export ETCDCTL_WRITE_OUT=json\n' });
  const asks = await judged({
    'h/root/.profile': 'export ETCDCTL_ENDPOINTS=https://10.0.0.1:2379\n',
  });

  expect(told.failing).toEqual([]);
  expect(asks.failing).toEqual(['client-without-certificate']);
});

async function started(shell: string, others: Readonly<Record<string, string>> = {}) {
  const text =
    '[Service]\nEnvironmentFile=/etc/default/etcd\n' +
    `ExecStart=/bin/${shell} "exec etcd --log-level=info"\n`;
  return await judged({ 'n1/etc/systemd/system/etcd.service': text, ...others });
}

describe('etcd in a login shell', () => {
  test('may have variables in a profile', async () => {
    const given = { 'n1/etc/profile': 'umask 022\n', 'n1/root/.bash_profile': 'umask 022\n' };
    const conflict = { ...given, 'n1/root/.bash_profile': 'export ETCD_LOG_LEVEL=warn\n' };

    expect((await started('bash -c')).status).toBe('pass');
    expect(await started('bash -lc')).toMatchObject({
      status: 'incomplete',
      reasons: [
        'etcd may take variables from /etc/profile and ~/.bash_profile, which were not given',
      ],
    });
    expect((await started('bash -lc', given)).status).toBe('pass');
    expect((await started('bash -lc', conflict)).failing).toContain('settings-refused-at-start');
  });
});
