import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { startedByScript } from '../../src/collect/settings/started.ts';
import { directoryWith } from '../support/directory.ts';
import { judged } from '../support/judged.ts';

const endpoints = '--endpoints=https://10.0.0.1:2379';
const ask = `etcdctl ${endpoints} get a`;
const variables =
  'export ETCDCTL_CACERT=/etc/etcd/ca.pem ETCDCTL_CERT=/etc/etcd/client.pem ETCDCTL_KEY=/etc/etcd/client-key.pem\n';

/** Ways to start a shell, with what comes before the command. */
const starts = [
  "BASH_ENV=$HOME/file bash -c 'COMMAND'",
  "BASH_ENV='$HOME/file' bash -c 'COMMAND'",
  'BASH_ENV=$HOME/file bash $HOME/command',
  "BASH_ENV=$HOME/file bash -lc 'COMMAND'",
  "BASH_ENV=$HOME/file bash --posix -c 'COMMAND'",
  "BASH_ENV=$HOME/file bash -ic 'COMMAND'",
  "BASH_ENV=$HOME/file dash -c 'COMMAND'",
  "ENV=$HOME/file dash -c 'COMMAND'",
  "ENV=$HOME/file dash -ic 'COMMAND'",
  "ENV=$HOME/file bash -ic 'COMMAND'",
  "bash -ic 'COMMAND'",
  "bash --norc -ic 'COMMAND'",
  "bash --noprofile -lc 'COMMAND'",
  "bash -lc 'COMMAND'",
  "dash -lc 'COMMAND'",
];

test.each(starts)('%s reads the files that the real shell reads', async (start) => {
  const files = {
    file: 'export ETCD_A=variable\n',
    '.bashrc': 'export ETCD_A=rc\n',
    '.profile': 'export ETCD_A=profile\n',
    command: '"$HOME/etcd"\n',
  };
  await using home = await directoryWith({ ...files, etcd: '#!/bin/sh\necho "<$ETCD_A>"\n' });
  execFileSync('chmod', ['+x', home.at('etcd')]);
  const script = `HOME=${home.path}; export HOME\n${start.replace('COMMAND', '"$HOME/etcd"')}\n`;
  const real = execFileSync('/bin/sh', ['-c', `PATH=${home.path}:/usr/bin:/bin\n${script}`], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { PATH: '/usr/bin:/bin' },
  }).toString();

  const given = new Map(Object.entries(files).map(([name, text]) => [home.at(name), text]));
  given.set('/etc/profile', '');
  const find = (path: string) => {
    const text = given.get(path);
    return text === undefined ? undefined : { path, text };
  };
  const { started } = startedByScript({ path: 'script', text: `#!/bin/sh\n${script}` }, { find });
  const etcd = started.filter(({ program }) => program === 'etcd');
  const read = etcd.map(({ variables: all }) => {
    const value = all.findLast(({ name }) => name === 'ETCD_A')?.value;
    return `<${value ?? ''}>`;
  });

  expect(read).toEqual(real.trim().split('\n').slice(-1));
});

function unit(variable: string) {
  const text = `[Service]\nEnvironment=${variable}\nExecStart=/bin/bash -c "exec etcd --name n4"\n`;
  return { 'n4/etc/systemd/system/etcd.service': text };
}

describe('a file that a shell reads before its script', () => {
  test.each([
    [`export BASH_ENV=/etc/x.env\nbash -c '${ask}'`, '/etc/x.env'],
    [`export ENV=/etc/x.env\nsh -ic '${ask}'`, '/etc/x.env'],
    [`bash -ic '${ask}'`, '~/.bashrc'],
    [`bash -lc '${ask}'`, '/etc/profile and ~/.bash_profile'],
  ])('may set again what was set before: %j', async (command, file) => {
    const { status, failing, reasons } = await judged({
      'ask.sh': `#!/bin/sh\n${variables.replace('client.pem', 'n1-key.pem')}${command}\n`,
    });

    expect({ status, failing }).toEqual({ status: 'incomplete', failing: [] });
    expect(reasons).toEqual([expect.stringContaining(`etcdctl may take variables from ${file}`)]);
  });

  test('does not set what stands after it', async () => {
    for (const name of ['BASH_ENV', 'ENV']) {
      const text = `#!/bin/sh\n${variables}export ${name}=/etc/x.env\nsh -c '${ask}'\n`;
      expect((await judged({ 'ask.sh': text })).status).toBe('pass');
    }
  });

  test('may hold the settings of etcd', async () => {
    const refused = ['handshake-refused'];

    expect((await judged(unit('A=b'))).failing).toEqual(expect.arrayContaining(refused));
    expect(await judged(unit('BASH_ENV=/etc/x.env'))).toMatchObject({
      status: 'incomplete',
      failing: [],
    });
  });
});

/** As Debian 12 and RHEL 9 have them. */
const profiles = {
  Debian: {
    'h/etc/profile': `if [ "$(id -u)" -eq 0 ]; then
  PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
else
  PATH="/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games"
fi
export PATH

if [ "\${PS1-}" ]; then
  if [ "\${BASH-}" ] && [ "$BASH" != "/bin/sh" ]; then
    if [ -f /etc/bash.bashrc ]; then
      . /etc/bash.bashrc
    fi
  else
    if [ "$(id -u)" -eq 0 ]; then
      PS1='# '
    else
      PS1='$ '
    fi
  fi
fi

if [ -d /etc/profile.d ]; then
  for i in /etc/profile.d/*.sh; do
    if [ -r $i ]; then
      . $i
    fi
  done
  unset i
fi
`,
    'h/root/.profile': `if [ "$BASH" ]; then
  if [ -f ~/.bashrc ]; then
    . ~/.bashrc
  fi
fi
`,
    'h/root/.bashrc': `case $- in
    *i*) ;;
      *) return;;
esac
alias ls='ls --color=auto'
export ETCDCTL_CERT=/etc/etcd/n1-key.pem
`,
  },
  'Red Hat': {
    'h/etc/profile': `pathmunge () {
    case ":\${PATH}:" in
        *:"$1":*)
            ;;
        *)
            PATH=$1:$PATH
    esac
}
pathmunge /usr/sbin
export PATH
for i in /etc/profile.d/*.sh /etc/profile.d/sh.local ; do
    if [ -r "$i" ]; then
        if [ "\${-#*i}" != "$-" ]; then
            . "$i"
        else
            . "$i" >/dev/null
        fi
    fi
done
unset i
unset -f pathmunge
`,
    'h/etc/profile.d/sh.local': '#Add any required envvar overrides to this file\numask 022\n',
    'h/root/.bash_profile': `if [ -f ~/.bashrc ]; then
    . ~/.bashrc
fi
`,
    'h/root/.bashrc': "alias rm='rm -i'\n",
  },
};

describe.each(Object.entries(profiles))('the profile of %s', (_, profile) => {
  const script = { 'h/ask.sh': `#!/bin/bash -l\n${ask}\n` };

  test('reads the files of its directory', async () => {
    const given = { ...profile, ...script, 'h/other.sh': 'exit 0\n' };
    const wrong = variables.replace('client.pem', 'n1-key.pem');

    expect(await judged({ ...given, 'h/etc/profile.d/etcd.sh': variables })).toMatchObject({
      status: 'pass',
      failing: [],
      reasons: [],
    });
    expect((await judged({ ...given, 'h/etc/profile.d/etcd.sh': wrong })).failing).not.toEqual([]);
  });

  test('leaves open what is in a directory that was not given', async () => {
    expect(await judged({ ...profile, ...script, 'h/etc/profile.d/sh.local': '' })).toMatchObject({
      status: 'incomplete',
      failing: [],
    });
  });
});

function account(shell: string) {
  return { 'h/etc/passwd': `etcd:x:1:1::/home/etcd:${shell}\n` };
}

describe('the shell of a user', () => {
  const asked = `#!/bin/bash\n${variables}su etcd -c 'a=(x); [[ x == x ]] && ${ask}'\n`;
  const given = { 'h/ask.sh': asked };

  test('is the one of the account, where the accounts were given', async () => {
    expect((await judged({ ...given, ...account('/bin/bash') })).status).toBe('pass');
    expect((await judged(given)).status).toBe('incomplete');
    expect((await judged({ ...given, ...account('/bin/fish') })).status).toBe('incomplete');
  });

  test('runs no command where it is none', async () => {
    expect(await judged({ ...given, ...account('/usr/sbin/nologin') })).toMatchObject({
      status: 'incomplete',
      failing: [],
      reasons: ['the shell of this user is /usr/sbin/nologin, which runs no commands'],
    });
    const stated = { 'h/ask.sh': asked.replace('su etcd', 'su -s /bin/bash etcd') };
    expect((await judged({ ...stated, ...account('/usr/sbin/nologin') })).status).toBe('pass');
  });
});

test('a script that another one starts has the variables of that one', async () => {
  const own = { 'b.sh': `#!/bin/bash\n${ask}\n` };

  expect((await judged(own)).failing).toEqual(['client-without-certificate']);
  expect(
    await judged({ ...own, 'ask.sh': `#!/bin/bash\n${variables}bash ./b.sh\n` }),
  ).toMatchObject({
    status: 'pass',
    failing: [],
  });
});
