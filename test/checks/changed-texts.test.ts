import { describe, expect, test } from 'vitest';
import { files, flags, judged } from '../support/containers.ts';

const variables = flags('10.0.0.1')
  .map((flag) => flag.replaceAll('/pki/', '/etc/pki/').split(/=(.*)/s))
  .map(([name = '', value = 'true']) => [name.slice(2).toUpperCase().replaceAll('-', '_'), value]);
const environment = variables.map(([name, value]) => `ETCD_${name}=${value}\n`).join('');
const unit = '[Service]\nUser=root\nEnvironmentFile=/etc/etcd/env\nExecStart=/usr/bin/etcd\n';
const passes = { status: 'pass', found: [], open: [] };
const indented = (text: string) => text.replaceAll(/^(?=.)/gm, '    ');

const cloudConfig = (commands: string, more = '') => ({
  ...files,
  'user-data': `#cloud-config
write_files:
- path: /etc/etcd/env
  content: |
${indented(environment)}${more}- path: /etc/systemd/system/etcd.service
  content: |
${indented(unit)}runcmd:
${commands}- systemctl start etcd
`,
});

const withFix = (text: string) => ({
  ...cloudConfig('- /root/fix.sh\n'),
  'root/fix.sh': `#!/bin/sh\n${text}\n`,
});

const script = (more: string) => ({
  ...files,
  'install.sh': `#!/bin/sh\nrm -f /etc/etcd/env\ncat > /etc/etcd/env <<'EOF'\n${environment}EOF\n${more}cat > /etc/systemd/system/etcd.service <<'EOF'\n${unit}EOF\nsystemctl start etcd\n`,
});

const ignition = (file: object, more: object = {}, ofUnit: object = {}) => ({
  ...files,
  'config.ign': JSON.stringify({
    ignition: { version: '3.3.0', ...more },
    storage: {
      files: [
        {
          path: '/etc/etcd/env',
          contents: { source: `data:,${encodeURIComponent(environment)}` },
          ...file,
        },
      ],
    },
    systemd: { units: [{ name: 'etcd.service', enabled: true, contents: unit, ...ofUnit }] },
  }),
});

describe('a file that is written, and changed before etcd reads it', () => {
  test.each([
    ['- sed -i s/true/false/ /etc/etcd/env\n', '`sed` may change /etc/etcd/env'],
    ['- [sed, -i, /AUTH/d, /etc/etcd/env]\n', '`sed` may change /etc/etcd/env'],
    ['- cp /root/env /etc/etcd/env\n', '`cp` may change /etc/etcd/env'],
    ['- curl -o /etc/etcd/env https://example.test/env\n', '`curl` may change /etc/etcd/env'],
    ['- echo ETCD_CLIENT_CERT_AUTH=false >> /etc/etcd/env\n', 'adds to /etc/etcd/env is not read'],
  ])('by cloud-init: %s', async (command, reason) => {
    const { status, found, open } = await judged(cloudConfig(command));

    expect({ status, found }).toEqual({ status: 'incomplete', found: [] });
    expect(open.join()).toContain(reason);
  });

  test('by a script of cloud-init, or by what it appends', async () => {
    const fix =
      '- path: /root/fix.sh\n  content: |\n    #!/bin/sh\n    sed -i /AUTH/d /etc/etcd/env\n';
    const added =
      '- path: /etc/etcd/env\n  append: true\n  content: |\n    ETCD_CLIENT_CERT_AUTH=false\n';

    expect((await judged(cloudConfig('- /root/fix.sh\n', fix))).status).toBe('incomplete');
    expect((await judged(cloudConfig('', added))).status).toBe('incomplete');
    expect(await judged(cloudConfig('', fix))).toEqual(passes);
  });

  test.each([
    ['- /root/fix.sh\n', '/root/fix.sh was not given, and may change /etc/etcd/env'],
    ['- [bash, -x, /root/fix.sh]\n', '/root/fix.sh was not given'],
    ['- sudo /opt/setup --all\n', '/opt/setup was not given'],
    ['- python3 /root/fix.py\n', '/root/fix.py was not given'],
    ['- curl -s https://example.test/fix | sh\n', '`sh` reads as its input was not given'],
  ])('by what cloud-init starts and was not given: %s', async (command, reason) => {
    const { status, found, open } = await judged(cloudConfig(command));

    expect({ status, found }).toEqual({ status: 'incomplete', found: [] });
    expect(open.join()).toContain(reason);
  });

  test('not by a script that was given and leaves it alone', async () => {
    expect(await judged(withFix('mkdir -p /var/lib/etcd'))).toEqual(passes);
    expect((await judged(withFix('sed -i /AUTH/d /etc/etcd/env'))).status).toBe('incomplete');
  });

  test.each([
    ['of both parts', '', false],
    ['of the first part', 'sed -i /AUTH/d /etc/etcd/env', true],
  ])(
    'a script of cloud-config to which is appended is read whole: %s',
    async (_, first, changes) => {
      const given = cloudConfig('- [sh, /root/own.sh]\n');
      const parts = [
        `- { path: /root/own.sh, content: "mkdir -p /var/lib/etcd\\n${first}\\n" }`,
        '- { path: /root/own.sh, content: "true\\n", append: true }',
      ];
      const userData = given['user-data'].replace(
        'write_files:',
        ['write_files:', ...parts].join('\n'),
      );

      const { status } = await judged({ ...given, 'user-data': userData });

      expect(status).toBe(changes ? 'incomplete' : 'pass');
    },
  );

  test('by a script that was not given and that the script which writes it starts', async () => {
    const { status, open } = await judged(script('./fix.sh\n'));

    expect(status).toBe('incomplete');
    expect(open.join()).toContain('./fix.sh was not given, and may change /etc/etcd/env');
  });

  test.each([
    '- /usr/local/bin/etcdctl version\n',
    '- [/usr/sbin/update-ca-certificates]\n',
    '- swapoff -a\n',
    '- /opt/bin/systemctl daemon-reload\n',
    '- mkdir -p /var/lib/etcd\n',
    '- sed -i s/a/b/ /etc/hosts\n',
    '- chmod 600 /etc/etcd/env\n',
    '- [cat, /etc/etcd/env]\n',
  ])('other commands of cloud-init change nothing: %s', async (command) => {
    expect(await judged(cloudConfig(command))).toEqual(passes);
  });

  test('by the script that writes it', async () => {
    const { status, open } = await judged(script('sed -i /AUTH/d /etc/etcd/env\n'));

    expect(status).toBe('incomplete');
    expect(open.join()).toContain('`sed` may change /etc/etcd/env once it is written');
    expect(await judged(script('chown root /etc/etcd/env\n'))).toEqual(passes);
  });

  test.each([
    'mv etcd.service /etc/systemd/system/',
    'mv etcd.service /etc/systemd/system/etcd.service',
    'install -m 644 etcd.service /etc/systemd/system/',
    'cp etcd.service /etc/systemd/system/; rm etcd.service',
    'scp etcd.service root@n1:/etc/systemd/system/',
    'touch etcd.service; systemctl start etcd',
  ])('what a script moves, copies or removes is not changed: %s', async (command) => {
    const words = flags('10.0.0.1').map((flag) => flag.replaceAll('/pki/', '/etc/pki/'));
    const start = `[Service]\nUser=root\nExecStart=/usr/bin/etcd ${words.join(' ')}\n`;
    const text = `#!/bin/sh\ncat > etcd.service <<'EOF'\n${start}EOF\n${command}\n`;
    const over = text.replace(command, `mv /root/other.service etcd.service; ${command}`);

    expect(await judged({ ...files, 'install.sh': text })).toEqual(passes);
    expect((await judged({ ...files, 'install.sh': over })).status).toBe('incomplete');
  });

  test.each([
    [ignition({ append: [{ source: 'data:,A%3D1' }] }), 'is appended to /etc/etcd/env is not read'],
    [ignition({}, { config: { merge: [{ source: 'https://example.test/a.ign' }] } }), '(merge)'],
    [ignition({}, { config: { replace: { source: 'https://example.test/a.ign' } } }), '(replace)'],
    [ignition({}, {}, { mask: true }), 'systemd does not start etcd.service, a masked unit'],
  ])('by Ignition: %#', async (given, reason) => {
    const { status, found, open } = await judged(given);

    expect({ status, found }).toEqual({ status: 'incomplete', found: [] });
    expect(open.join()).toContain(reason);
  });

  test('what is empty in Ignition changes nothing', async () => {
    const given = ignition({ append: [] }, { config: { merge: [] } }, { mask: false });

    expect(await judged(given)).toEqual(passes);
  });
});

describe('a service of OpenRC', () => {
  const exported = variables.map(([name, value]) => `export ETCD_${name}="${value}"\n`).join('');
  const words = variables
    .map(([name = '', value]) => `--${name.toLowerCase().replaceAll('_', '-')}=${value}`)
    .join(' ');
  const open = words.replaceAll(/ --(?:client-cert-auth|trusted-ca-file)=\S+/g, '');
  const service = (body: string, conf = exported) => ({
    ...files,
    'etc/init.d/etcd': `#!/sbin/openrc-run\ncommand=/usr/bin/etcd\ncommand_user=root\n${body}`,
    'etc/conf.d/etcd': conf,
  });
  const admits = [expect.stringContaining('client-port-admits-anonymous')];

  test.each([
    ['start_pre() {\n unset ETCD_CLIENT_CERT_AUTH ETCD_TRUSTED_CA_FILE\n}\n', exported],
    [`start_pre() {\n command_args="${open}"\n}\n`, ''],
    [`start() {\n start-stop-daemon --start --exec /usr/bin/etcd -- ${open}\n}\n`, ''],
    [
      'start() {\n start-stop-daemon --start --exec /usr/bin/etcd -- ${ARGS}\n}\n',
      `ARGS="${open}"\n`,
    ],
    [`command_args="${words}"\nstart() {\n /usr/bin/etcd ${open} &\n}\n`, ''],
  ])('opens the port by its own functions: %#', async (body, conf) => {
    expect((await judged(service(body, conf))).found).toEqual(admits);
  });

  test.each([
    [
      'start() {\n start-stop-daemon --start --exec /usr/bin/etcd -- $ARGS\n}\n',
      `ARGS="${words}"\n`,
    ],
    ['start_pre() {\n checkpath -d /var/lib/etcd\n}\n', exported],
    [`start_pre() {\n command_args="${words}"\n}\n`, ''],
    [`start() {\n start-stop-daemon --start --exec /usr/bin/etcd -- ${words}\n}\n`, ''],
    [
      `command_args="${open}"\nstart_stop_daemon_args="--env ETCD_CLIENT_CERT_AUTH=true"\n`,
      exported,
    ],
  ])('guards the port: %#', async (body, conf) => {
    expect((await judged(service(body, conf))).found).toEqual([]);
  });
});
