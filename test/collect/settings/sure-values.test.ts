import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { audit } from '../../../src/audit.ts';
import { directoryWith } from '../../support/directory.ts';
import { compose, files, flags, judged, pod } from '../../support/containers.ts';

const line = flags('10.0.0.1').join(' ');
const refused: unknown = expect.stringContaining(
  'settings-refused-at-start etcd-0 --listen-client-urls',
);

/** One sound member as a unit. */
function unit(more: string, others: Readonly<Record<string, string>> = {}) {
  return {
    ...files,
    'etc/systemd/system/etcd.service': `[Service]\nUser=root\n${more}\n`,
    ...others,
  };
}

/** What a settings file says, with another address to listen on. */
function listening(given: Readonly<Record<string, string>>, host: string) {
  return Object.fromEntries(
    Object.entries(given).map(([path, text]) => [
      path,
      text.replace(
        '--listen-client-urls=https://0.0.0.0:',
        () => `--listen-client-urls=https://${host}:`,
      ),
    ]),
  );
}

describe('a dollar that is written twice is one to etcd', () => {
  test.each([
    ['a pod', listening(pod(''), '$$(IP)')],
    ['a compose file', listening(compose(''), '$${IP}')],
    ['a unit', listening(unit(`ExecStart=/usr/bin/etcd ${line}`), '$${IP}')],
  ])('in %s', async (_, given) => {
    const { status, found } = await judged(given);

    expect(status).toBe('fail');
    expect(found).toContainEqual(refused);
  });

  test.each([
    ['a pod', listening(pod('    env: [{name: IP, value: 0.0.0.0}]'), '$(IP)'), 'pass'],
    ['a compose file', { ...listening(compose(''), '${IP}'), '.env': 'IP=0.0.0.0\n' }, 'pass'],
    ['a pod, before Kustomize replaces it', listening(pod(''), '$(IP)'), 'incomplete'],
    ['a compose file, where the shell may set it', listening(compose(''), '${IP}'), 'incomplete'],
  ])('and one that is written once is a variable in %s', async (_, given, expected) => {
    const { status, found } = await judged(given);

    expect({ status, found }).toEqual({ status: expected, found: [] });
  });
});

const startWith = (start: string, url = 'https://${IP}:2379') =>
  `${start}; exec etcd ${line.replace('https://0.0.0.0:2379', url)}`;

describe('a variable that a script needs and nothing sets ends it', () => {
  const cases = [
    ['set -u', startWith('set -u')],
    ['${IP:?}', startWith('true', 'https://${IP:?not set}:2379')],
  ] as const;

  test.each(cases)('as sh has it: %s', (_, text) => {
    expect(spawnSync('/bin/sh', ['-c', text]).status).not.toBe(0);
  });

  test.each(cases)('in a unit: %s', async (_, text) => {
    const given = unit('ExecStart=/opt/run.sh', { 'opt/run.sh': `#!/bin/sh\n${text}\n` });

    expect(await judged(given)).toMatchObject({
      status: 'fail',
      found: expect.arrayContaining([expect.stringContaining('the start script')]) as unknown,
    });
  });

  test('not where an image of someone’s own may set it', async () => {
    const text = cases[0][1];
    const set = compose(
      `    entrypoint: ["/bin/sh", "-c", ${JSON.stringify(text.replaceAll('$', '$$$$'))}]`,
    );
    const own = set['docker-compose.yml']?.replace(
      'quay.io/coreos/etcd:v3.5.30',
      'example/store:1',
    );

    expect((await judged({ ...set, 'docker-compose.yml': own ?? '' })).found).toEqual([]);
  });

  test('not where it is set', async () => {
    const given = unit('Environment=IP=0.0.0.0\nExecStart=/opt/run.sh', {
      'opt/run.sh': `#!/bin/sh\n${cases[0][1]}\n`,
    });

    expect(await judged(given)).toMatchObject({ status: 'pass' });
  });
});

describe('variables that a wrapper starts etcd without', () => {
  test.each([
    ['env -i', 'env -i sh -c \'echo "$ETCD_LISTEN_CLIENT_URLS"\''],
    [
      'env -u ETCD_LISTEN_CLIENT_URLS',
      'env -u ETCD_LISTEN_CLIENT_URLS printenv ETCD_LISTEN_CLIENT_URLS',
    ],
  ])('are no settings of etcd: %s', async (wrapper, shown) => {
    const given = 'ETCD_LISTEN_CLIENT_URLS=http://0.0.0.0:2379';
    const { stdout } = spawnSync('/bin/sh', ['-c', `${given} ${shown}`], { encoding: 'utf8' });
    const set = (command: string) =>
      unit(`Environment=${given}\nExecStart=${command}/usr/bin/etcd ${line}`);

    expect(stdout.trim()).toBe('');
    expect(await judged(set(`/usr/bin/${wrapper} `))).toMatchObject({ status: 'pass', open: [] });
    // etcd ends over a flag next to its variable.
    expect(await judged(set(''), '3.5.30')).toMatchObject({ status: 'fail' });
  });

  test('may be settings of it behind sudo, whose policy decides', async () => {
    const given = unit(
      `Environment=ETCD_LOG_LEVEL=debug\nExecStart=/usr/bin/sudo -u root /usr/bin/etcd ${line}`,
    );

    expect(await judged(given)).toMatchObject({ status: 'incomplete' });
  });
});

const configs = (trust: string, more = '') =>
  `configs:
  etcd:
    content: |
      name: etcd-0
      data-dir: /var/lib/etcd
      listen-client-urls: https://\${IP:-0.0.0.0}:2379
      advertise-client-urls: https://etcd:2379
      listen-peer-urls: https://0.0.0.0:2380
      initial-advertise-peer-urls: https://etcd:2380
      initial-cluster: etcd-0=https://etcd:2380${more}
      client-transport-security: {cert-file: /pki/server.crt, key-file: /pki/server.key${trust}}
      peer-transport-security: {cert-file: /pki/server.crt, key-file: /pki/server.key, trusted-ca-file: /pki/ca.crt, client-cert-auth: true}
`;

const withConfigs = (text: string) => {
  const service = compose('    configs: [{source: etcd, target: /etc/etcd.yml}]');
  const command = 'command: ["etcd", "--config-file=/etc/etcd.yml"]';
  const file = service['docker-compose.yml']?.replace(/command: .*/, command) ?? '';
  return { ...service, 'docker-compose.yml': `${file}${text}` };
};

describe('a config that a compose file holds', () => {
  test('is what etcd reads', async () => {
    expect(await judged(withConfigs(configs(', trusted-ca-file: /pki/ca.crt')))).toMatchObject({
      status: 'pass',
      open: [],
    });
    expect(await judged(withConfigs(configs('')))).toMatchObject({
      status: 'fail',
      found: [expect.stringContaining('client-port-admits-anonymous')],
    });
  });

  test('is not known where the shell may set a variable of it', async () => {
    const { status, open } = await judged(
      withConfigs(configs(', trusted-ca-file: /pki/ca.crt', '\n      logger: ${LOGGER}')),
    );

    expect(status).toBe('incomplete');
    expect(open).toEqual([expect.stringContaining('logger')]);
  });
});

describe('scripts of a host that are not followed', () => {
  const sound = unit(`ExecStart=/usr/bin/etcd ${line}`);
  const long = `${'for a in $(ls); do if [ $a = 1 ]; then x=$a; fi; '.repeat(12)}f${'; done'.repeat(12)}`;
  const texts = (name: string) => [
    `#!/bin/sh\nwhile eval "$1"; do ${name} -v $x; eval "$x"; done\n`,
    `#!/bin/sh\ncat <<EOF\nhelp of ${name}\nEOF\n${long}\n`,
    `#!/bin/sh\ndocker version | grep -v ${name}\n`,
  ];

  test.each(texts('pigz'))('are no question where they do not name etcd', async (text) => {
    expect(await judged({ ...sound, 'etc/alternatives/tool': text })).toMatchObject({ open: [] });
  });

  test('are one where they do', async () => {
    const [, help = ''] = texts('etcdctl');

    expect((await judged({ ...sound, 'etc/cron.daily/tool': help })).open).not.toEqual([]);
  });
});

test('Java’s own CAs are no key store of etcd', async () => {
  const store = `\u00fe\u00ed\u00fe\u00ed${'\0'.repeat(64)}`;
  const at = async (path: string) => {
    await using set = await directoryWith({
      ...files,
      [path]: new Uint8Array(Buffer.from(store, 'latin1')),
    });
    const { verdict } = await audit({ paths: [set.path], maps: [] });
    return verdict.notUnderstood.map(({ reason }) => reason);
  };

  expect(await at('etc/ssl/certs/java/cacerts')).toEqual([]);
  expect(await at('etc/etcd/server.jks')).toEqual([expect.stringContaining('Java key store')]);
});

/** The settings of a service or container, which start etcd by these words. */
function startedBy(words: readonly string[], image: string) {
  const change = (text: string) =>
    text
      .replace(/command: .*/, () => `command: ${JSON.stringify(words)}`)
      .replace('quay.io/coreos/etcd:v3.5.30', image);
  return [compose(''), pod('')].map((set) =>
    Object.fromEntries(Object.entries(set).map(([path, text]) => [path, change(text)])),
  );
}

const alone = (host: string) => ['etcd', ...flags(host)];
const byShell = (host: string) => ['/bin/sh', '-c', `exec ${alone(host).join(' ')}`];
const statusesBy = async (words: (host: string) => readonly string[], image: string) => {
  const [service = {}] = startedBy(words('etcd'), image);
  const [, container = {}] = startedBy(words('10.0.0.1'), image);
  const found = [await judged(service), await judged(container)];
  return found.map(({ status }) => status);
};

describe('official images of etcd have no shell since 3.4.24 and 3.5.7', () => {
  test.each(['v3.4.24', 'v3.4.37', 'v3.5.7', 'v3.6.4'].map((tag) => `quay.io/coreos/etcd:${tag}`))(
    'so that %s does not start with one',
    async (image) => {
      expect(await statusesBy(byShell, image)).toEqual(['fail', 'fail']);
      expect(await statusesBy(alone, image)).toEqual(['pass', 'pass']);
    },
  );

  test.each([
    'quay.io/coreos/etcd:v3.4.23',
    'quay.io/coreos/etcd:v3.5.6',
    'example.org/etcd:3.5.7',
  ])('and %s may have one', async (image) => {
    expect(await statusesBy(byShell, image)).toEqual(['pass', 'pass']);
  });
});

describe('a unit with two commands', () => {
  const twice = '[Service]\nExecStart=/usr/bin/etcd --name=other\n';
  const drop = (more: string) => ({
    ...unit(''),
    'etc/systemd/system/etcd.service': twice,
    'etc/systemd/system/etcd.service.d/10.conf': `[Service]\nUser=root\n${more}ExecStart=/usr/bin/etcd ${line}\n`,
  });

  test('starts nothing, and the member is the one that was meant', async () => {
    const { status, found, open } = await judged(drop(''));

    expect({ status, open }).toEqual({ status: 'fail', open: [] });
    expect(found).toEqual([expect.stringContaining('settings-refused-at-start etcd-0 ExecStart')]);
  });

  test('starts where the first was taken back', async () => {
    expect(await judged(drop('ExecStart=\n'))).toMatchObject({ status: 'pass' });
  });
});

const listWith = (more: string) => ({
  ...files,
  'ps.txt': `  PID TTY      STAT   TIME COMMAND\n  812 ?        Ssl    0:10 /usr/bin/etcd ${line} ${more}\n`,
});

describe('the environment that `ps e` prints behind the arguments', () => {
  test('is none of them', async () => {
    const { status, found } = await judged(listWith('LANG=C PATH=/usr/bin:/bin HOME=/root'));

    expect({ status, found }).toEqual({ status: 'pass', found: [] });
  });

  test('may set what etcd refuses next to its flag', async () => {
    const more = 'ETCD_NAME=other PATH=/usr/bin:/bin';

    expect(await judged(listWith(more), '3.5.30')).toMatchObject({ status: 'fail' });
  });
});

describe('program source and recipes with settings of etcd', () => {
  const sound = unit(`ExecStart=/usr/bin/etcd ${line}`);
  const sentence = async (path: string, text: string) => {
    await using set = await directoryWith({ ...sound, [path]: text });
    const maps = [{ prefix: '/pki', directory: set.at('pki') }];
    const { verdict } = await audit({ paths: [set.path], maps });
    return { status: verdict.status, sentence: verdict.sentence.replaceAll(`${set.path}/`, '') };
  };

  test.each([
    ['start.py', 'subprocess.run(["etcd", "--listen-client-urls=http://0.0.0.0:2379"])\n'],
    ['cmd/main.go', 'exec.Command("etcd", "--listen-client-urls=http://0.0.0.0:2379")\n'],
    ['lib/run.rb', 'system("etcd --listen-client-urls=http://0.0.0.0:2379")\n'],
    ['Makefile', 'run:\n\tetcd --listen-client-urls=http://0.0.0.0:2379 --name=$(NAME)\n'],
    ['notes.txt', 'ETCD_LISTEN_CLIENT_URLS is http://0.0.0.0:2379 there\n'],
    ['test/run.py', 'subprocess.run(["etcd", "--listen-client-urls=http://0.0.0.0:2379"])\n'],
  ])('are no part of a PASS: %s', async (path, text) => {
    const found = await sentence(path, text);

    expect(found.status).toBe('pass');
    expect(found.sentence).toContain(
      `${path} mentions settings of etcd or of a client and was not read`,
    );
  });

  test.each([
    ['start.py', 'print("etcd is up")\n'],
    ['Makefile', 'build:\n\tgo build ./...\n'],
    ['README.md', '`etcd --listen-client-urls=http://0.0.0.0:2379`\n'],
    ['testdata/run.py', 'subprocess.run(["etcd", "--listen-client-urls=http://0.0.0.0:2379"])\n'],
  ])('are not named where they set nothing, or are data of tests: %s', async (path, text) => {
    const found = await sentence(path, text);

    expect(found.status).toBe('pass');
    expect(found.sentence).not.toContain('was not read');
  });
});

const settings = (trust: string) => `name: etcd-0
data-dir: /var/lib/etcd
listen-client-urls: https://0.0.0.0:2379
advertise-client-urls: https://10.0.0.1:2379
listen-peer-urls: https://0.0.0.0:2380
initial-advertise-peer-urls: https://10.0.0.1:2380
initial-cluster: etcd-0=https://10.0.0.1:2380
client-transport-security: {cert-file: /pki/server.crt, key-file: /pki/server.key${trust}}
peer-transport-security: {cert-file: /pki/server.crt, key-file: /pki/server.key, trusted-ca-file: /pki/ca.crt, client-cert-auth: true}
`;

const withVolume = (source: string) => {
  const text = compose('')['docker-compose.yml'] ?? '';
  return text
    .replace(/command: .*/, 'command: ["etcd", "--config-file=/etc/etcd/etcd.yml"]')
    .replace('"./data:', `"${source}:/etc/etcd/etcd.yml:ro", "./data:`);
};

const writing = (trust: string) =>
  unit('ExecStart=/opt/run.sh', {
    'opt/run.sh': `#!/bin/sh\ncat > /etc/etcd/etcd.yml <<EOF\n${settings(trust)}EOF\nexec /usr/bin/etcd --config-file /etc/etcd/etcd.yml\n`,
  });

describe('a configuration file that a script writes before it starts etcd', () => {
  test('is what etcd reads', async () => {
    expect(await judged(writing(', trusted-ca-file: /pki/ca.crt'))).toMatchObject({
      open: [],
      found: [],
    });
    expect(await judged(writing(''))).toMatchObject({
      status: 'fail',
      open: [],
      found: [expect.stringContaining('client-port-admits-anonymous')],
    });
  });

  test('is not the host’s own where something else is mounted there', async () => {
    const own = settings(', trusted-ca-file: /pki/ca.crt').replaceAll('10.0.0.1:', 'etcd:');
    const given = (source: string) => ({
      ...files,
      'docker-compose.yml': withVolume(source),
      'etc/etcd/etcd.yml': own,
    });

    expect(await judged(given('./prod.yml'))).toMatchObject({ status: 'incomplete' });
    expect(await judged(given('./etc/etcd/etcd.yml'))).toMatchObject({ status: 'pass' });
  });
});

test('a Makefile with a target etcd is no settings file', async () => {
  const sound = unit(`ExecStart=/usr/bin/etcd ${line}`);

  expect(await judged({ ...sound, Makefile: 'etcd:\n\tgo build ./...\n' })).toMatchObject({
    status: 'pass',
    open: [],
  });
});
