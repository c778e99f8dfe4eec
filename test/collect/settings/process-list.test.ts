import { describe, expect, test } from 'vitest';
import { readSettings } from '../../../src/collect/settings/read-settings.ts';
import { files, flags, judged } from '../../support/containers.ts';

const sound = flags('10.0.0.1').map((word) => word.replace('=/pki', '=/etc/pki'));
const variables = sound.map((word) => {
  const [name = '', value = 'true'] = word.slice(2).split(/=(.*)/s);
  return `ETCD_${name.toUpperCase().replaceAll('-', '_')}=${value}`;
});

/** What `systemctl show` prints of one unit. */
function shown(argv: string, environment: readonly string[] = []): string {
  return [
    'Type=notify',
    `ExecStart={ path=/usr/bin/etcd ; argv[]=/usr/bin/etcd${argv} ; ignore_errors=no ; start_time=[n/a] ; stop_time=[n/a] ; pid=0 ; code=(null) ; status=0/0 }`,
    `ExecStartEx={ path=/usr/bin/etcd ; argv[]=/usr/bin/etcd${argv} ; flags= ; start_time=[n/a] ; stop_time=[n/a] ; pid=0 ; code=(null) ; status=0/0 }`,
    ...(environment.length === 0 ? [] : [`Environment=${environment.join(' ')}`]),
    'Id=etcd.service',
    '',
  ].join('\n');
}

async function membersIn(text: string) {
  const file = { path: 'show.txt', text };
  const { members } = await readSettings([file], { find: () => undefined });
  return members.map(({ name, sources }) => ({
    name,
    set: sources.flatMap((source) =>
      source.kind === 'environment' ? source.variables.map((each) => each.name) : [],
    ),
    words: sources.flatMap((source) =>
      source.kind === 'flags' ? source.arguments.map((each) => each.text) : [],
    ),
  }));
}

describe('systemctl show', () => {
  test('of two units keeps their environments apart', async () => {
    const text = [
      shown(' --name e1', ['ETCD_CLIENT_CERT_AUTH=true']),
      shown(' --name e2', ['ETCD_AUTO_TLS=true']),
    ].join('\n');

    expect(await membersIn(text)).toMatchObject([
      { name: 'e1', set: ['ETCD_CLIENT_CERT_AUTH'] },
      { name: 'e2', set: ['ETCD_AUTO_TLS'] },
    ]);
  });

  test('of an etcd without arguments has its settings in the environment', async () => {
    expect(await judged({ ...files, 'show.txt': shown('', variables) })).toMatchObject({
      status: 'pass',
      open: [],
    });
    const open = variables.map((each) =>
      each.replace('LISTEN_CLIENT_URLS=https', 'LISTEN_CLIENT_URLS=http'),
    );
    expect((await judged({ ...files, 'show.txt': shown('', open) })).status).toBe('fail');
  });

  test('puts the variables of the environment into the arguments', async () => {
    const text = shown(' --name ${NAME} $DAEMON_ARGS $NONE', [
      'NAME=e1',
      '"DAEMON_ARGS=--client-cert-auth --peer-client-cert-auth"',
    ]);

    expect(await membersIn(text)).toMatchObject([
      { name: 'e1', words: ['--name', 'e1', '--client-cert-auth', '--peer-client-cert-auth'] },
    ]);
  });

  test('of a shell gives its script the variables of the unit', async () => {
    const script = `GOMAXPROCS=$(nproc) /usr/bin/etcd --name="\${ETCD_NAME}" --listen-client-urls="\${ETCD_LISTEN_CLIENT_URLS}"`;
    const command = (path: string) =>
      shown('', variables).replaceAll('argv[]=/usr/bin/etcd', `argv[]=${path} -c ${script}`);

    for (const path of ['/bin/bash', '/bin/sh -e', '/usr/bin/env bash']) {
      const text = command(path);
      expect(await membersIn(text)).toMatchObject([
        {
          name: 'etcd-0',
          words: ['--name=etcd-0', '--listen-client-urls=https://0.0.0.0:2379'],
        },
      ]);
      expect((await judged({ ...files, 'show.txt': text })).found).toEqual([]);
    }
  });

  test('leaves arguments open whose variables are in a file that was not given', async () => {
    const text = `${shown(` ${sound.join(' ')} $ETCD_OPTIONS`)}EnvironmentFiles=/etc/default/etcd (ignore_errors=yes)\n`;
    const { status, open } = await judged({ ...files, 'show.txt': text });

    expect(status).toBe('incomplete');
    expect(open.join()).toContain('etcd takes arguments from `$ETCD_OPTIONS`');
  });

  test('of the properties of a command alone says that the environment is missing', async () => {
    const { status, open } = await judged({ ...files, 'show.txt': shown('') });

    expect(status).toBe('incomplete');
    expect(open.join()).toContain('etcd has no arguments here, and its environment');
  });

  test('of five hundred units takes a moment', { timeout: 10_000 }, async () => {
    const text = Array.from({ length: 500 }, (_, index) =>
      shown(` --name e${index}`, ['ETCD_CLIENT_CERT_AUTH=true', 'A=b']),
    ).join('\n');
    const members = await membersIn(text);

    expect(members).toHaveLength(500);
    expect(members.every(({ set }) => set.length === 1 || set.length === 2)).toBe(true);
  });
});

const tree = (command: string) =>
  `● etcd.service - etcd\n   Main PID: 812 (etcd)\n     CGroup: /system.slice/etcd.service\n             └─812 /usr/bin/etcd${command}\n`;
const line = ` ${sound.join(' ')}`;

describe('systemctl status', () => {
  test('with whole lines passes', async () => {
    const set = { ...files, 'status.txt': tree(line) };

    expect(await judged(set)).toEqual({ status: 'pass', found: [], open: [] });
  });

  test.each([
    ['in a path', '--peer-trusted-ca-file=/etc/pki/c'],
    ['in a switch', '--peer-client-ce'],
    ['before a value', '--trusted-ca-file'],
    ['in an address', '--listen-client-urls=http'],
  ])('that is cut off %s is named', async (_, last) => {
    const at = sound.findIndex((word) => last.startsWith(word.replace(/=.*/, '')));
    const before = sound.slice(0, at < 0 ? -1 : at);
    for (const end of [`${last}…`, `${last}...`, `${last.replace('=', ' ')}…`]) {
      const text = tree(` ${[...before, end].join(' ')}`);
      const { status, found, open } = await judged({ ...files, 'status.txt': text });

      expect({ end, status, found }).toEqual({ end, status: 'incomplete', found: [] });
      expect(open).toContain('4 the line is cut off; `systemctl status --full` prints all of it');
    }
  });

  test.each(['e', 'et', 'etc'])(
    'with a line that ends in a name after %s is named',
    async (name) => {
      const text = [
        header,
        row('etcd', '').padEnd(79 - name.length, '/usr/local/libexec') + `/${name}`,
        row('root', '/sbin/init'),
      ];
      const { status, open } = await judged({ ...files, 'ps.txt': text.join('\n') });

      expect({ status, open }).toEqual({
        status: 'incomplete',
        open: ['2 the name of a program that may be etcd is cut off; `ps -efww` prints all of it'],
      });
    },
  );

  test.each([
    ['PID     ELAPSED COMMAND', '  812 10-00:00:01 '],
    ['    ELAPSED COMMAND', '10-00:00:01 '],
    ['%CPU  PPID   PID     ELAPSED CMD', ' 0.1     1   812 10-00:00:01 '],
    [
      'EUSER      PID NLWP                  STARTED ARGS',
      'etcd       812   11 Sat Nov 28 10:00:00 2026 ',
    ],
  ])('with the columns %s passes', async (columns, values) => {
    const text = `${columns}\n${values}/usr/bin/etcd${line}\n`;

    expect(await judged({ ...files, 'list.txt': text })).toEqual({
      status: 'pass',
      found: [],
      open: [],
    });
  });

  test('of an etcd without arguments says where its settings are', async () => {
    const { status, open } = await judged({ ...files, 'status.txt': tree('') });

    expect(status).toBe('incomplete');
    expect(open).toEqual([
      '4 etcd has no arguments here, and its environment is not in the list: give its unit, or a copy of /proc/PID/environ',
    ]);
  });

  test('of an etcd without arguments adds nothing to its unit', async () => {
    const unit = `[Service]\nEnvironmentFile=/etc/default/etcd\nExecStart=/usr/bin/etcd\n`;
    const set = {
      ...files,
      'etc/systemd/system/etcd.service': unit,
      'etc/default/etcd': `${variables.join('\n')}\n`,
    };

    const alone = await judged(set);
    expect(alone).toMatchObject({ status: 'pass' });
    expect(await judged({ ...set, 'status.txt': tree('') })).toEqual(alone);
  });
});

const header = 'USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND';
const row = (user: string, command: string) =>
  `${user.padEnd(12)} 812  0.0  0.1   1111  2222 ?        Ssl  10:00   0:01 ${command}`;

describe('ps', () => {
  test('with whole lines passes', async () => {
    const text = `${header}\n${row('root', '/sbin/init')}\n${row('etcd', `/usr/bin/etcd${line}`)}\n`;

    expect(await judged({ ...files, 'ps.txt': text })).toEqual({
      status: 'pass',
      found: [],
      open: [],
    });
  });

  test.each([
    ['of which another one ends at the same width', 160, true],
    ['after the program', 80, false],
    ['at the width of a wide terminal', 132, false],
    ['at the width of a terminal of BusyBox', 131, false],
    ['in a switch', undefined, false],
  ])('with a line %s is named', async (_, width, hasOther) => {
    const all = row('etcd', `/usr/bin/etcd${line}`);
    const text = [
      header,
      all.slice(0, width ?? all.length - 5),
      ...(hasOther ? [row('root', `/usr/bin/node ${'x'.repeat(200)}`).slice(0, width)] : []),
      row('root', 'grep --color=auto etcd').slice(0, width),
    ].join('\n');
    const { status, found, open } = await judged({ ...files, 'ps.txt': text });

    expect({ status, found }).toEqual({ status: 'incomplete', found: [] });
    expect(open).toContain('2 the line is cut off; `ps -efww` prints all of it');
  });

  test('of members with lines of one length is whole', async () => {
    const lines = [1, 2, 3].map((number) =>
      row('etcd', `/usr/bin/etcd${line.replaceAll('etcd-0', `etcd-${number}`)}`),
    );
    const { open } = await judged({ ...files, 'ps.txt': `${header}\n${lines.join('\n')}\n` });

    expect(open).toEqual([]);
  });

  describe('next to the unit that starts the process', () => {
    const start = `${line} --initial-cluster-state=existing`;
    const unit = {
      'etc/systemd/system/etcd.service': `[Service]\nUser=root\nExecStart=/usr/bin/etcd${start}\n`,
    };
    const membersBeside = async (seen: string) => {
      const text = `${header}\n${row('root', `/usr/bin/etcd${seen}`)}\n`;
      const texts = Object.entries({ ...unit, 'ps.txt': text });
      const given = texts.map(([path, each]) => ({ path, text: each }));
      const { members } = await readSettings(given, { find: () => undefined });
      return members.map(({ kind, runs }) => ({ kind, runs }));
    };

    test('shows that its member has started', async () => {
      expect(await membersBeside(start)).toEqual([{ kind: 'systemd', runs: true }]);
    });

    test('is no second member with other arguments', async () => {
      expect(await membersBeside(start.replace('--client-cert-auth', ''))).toEqual([
        { kind: 'systemd', runs: undefined },
      ]);
    });
  });

  test('of an etcd without arguments says where its settings are', async () => {
    const text = `${header}\n${row('etcd', '/usr/bin/etcd')}\n${row('root', 'tail -f /var/log/etcd')}\n`;

    expect((await judged({ ...files, 'ps.txt': text })).open).toEqual([
      '2 etcd has no arguments here, and its environment is not in the list: give its unit, or a copy of /proc/PID/environ',
    ]);
  });
});
