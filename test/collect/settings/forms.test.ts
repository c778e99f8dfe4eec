import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { audit } from '../../../src/audit.ts';
import { readMemberSettings } from '../../../src/etcd/read-member-settings.ts';
import { etcdVersion } from '../../../src/etcd/version.ts';
import { forms } from '../../../src/collect/settings/forms/index.ts';
import { readSettings } from '../../../src/collect/settings/read-settings.ts';
import type { TextFile } from '../../../src/model/draft.ts';
import { unguarded as flags, open, written } from './written.ts';

/** A folder in which each file exports one thing by the same name, and the index that lists them. */
const folders = [
  {
    folder: 'src/collect/settings/forms',
    exported: 'form',
    type: 'SettingsForm',
    from: '../settings-form.ts',
    about: 'Every form of settings.',
    list: 'forms',
  },
  {
    folder: 'src/collect/settings/clients',
    exported: 'client',
    type: 'EtcdClient',
    from: './etcd-client.ts',
    about: 'Every client of etcd whose settings are read.',
    list: 'clients',
  },
];

function variable(name: string): string {
  return name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

test.each(folders)('the index of $folder lists all of its files', async (each) => {
  const { folder, exported, type, from, about, list } = each;
  const names = readdirSync(folder)
    .filter((name) =>
      readFileSync(`${folder}/${name}`, 'utf8').includes(`export const ${exported}: ${type}`),
    )
    .map((name) => name.replace(/\.ts$/, ''))
    .toSorted();
  const index = [
    '// Generated from the files of this folder by test/collect/settings/forms.test.ts; `npm run docs` updates it.',
    ...names.map((name) => `import { ${exported} as ${variable(name)} } from './${name}.ts';`),
    `import type { ${type} } from '${from}';`,
    '',
    `/** ${about} */`,
    `export const ${list}: readonly ${type}[] = [`,
    ...names.map((name) => `  ${variable(name)},`),
    '];',
    '',
  ];

  await expect(index.join('\n')).toMatchFileSnapshot(`../../../${folder}/index.ts`);
});

test.each(Object.entries(written(flags)))('reads %s', async (_, texts) => {
  const { members, notUnderstood } = await read(texts);

  expect(notUnderstood).toEqual([]);
  expect(members).toMatchObject([{ name: 'e1' }]);
  const sources = members.flatMap((member) => member.sources);
  const said = sources.flatMap((source) => (source.kind === 'flags' ? source.arguments : []));
  expect(said.map(({ text }) => text.split('=')[0])).toContain('--cert-file');
  // What is said of a setting is said where it is written.
  for (const { text, location } of said.filter((word) => word.text.startsWith('--cert-file'))) {
    const file = Object.entries(texts).find(([path]) => path === location?.file)?.[1] ?? '';
    const line = file.split('\n')[(location?.line ?? 0) - 1] ?? '';
    expect(/^[ \t]*content: |^\{/.test(line) || line.includes(text)).toBe(true);
  }
});

test.each(Object.entries(open))(
  'says that %s was not understood',
  async (_, [path, line, text]) => {
    const { notUnderstood } = await read({ [path]: text });

    expect(notUnderstood).toMatchObject([{ path, line }]);
  },
);

test.each([
  ['an address in a comment', 'a.conf', '# https://10.0.0.1:2379\n'],
  [
    'an address without TLS',
    'haproxy.cfg',
    'backend etcd\n  mode tcp\n  server n1 10.0.0.1:2379\n',
  ],
  ['a longer number', 'a.conf', 'peer https://10.0.0.1:23790\n'],
  ['prose', 'notes.txt', 'etcd answers at https://10.0.0.1:2379\n'],
])('passes over %s', async (_, path, text) => {
  const { notUnderstood } = await read({ [path]: text });

  expect(notUnderstood.filter(({ isSource }) => isSource !== true)).toEqual([]);
});

test('takes the environment out of what systemctl show prints', async () => {
  const { members } = await read({
    'show.txt': `Environment=ETCD_LISTEN_CLIENT_HTTP_URLS=http://0.0.0.0:8080 "ETCD_NAME=e 2"\nEnvironmentFiles=/etc/default/etcd (ignore_errors=yes)\nEnvironmentFiles=/etc/other (ignore_errors=no)\nExecStart={ path=/usr/bin/etcd ; argv[]=/usr/bin/etcd ${flags} ; ignore_errors=no ; pid=0 }\n`,
    'etc/default/etcd': 'ETCD_CLIENT_CRL_FILE=/crl.pem\n',
  });
  const set = members.flatMap(({ sources }) =>
    sources.flatMap((source) => (source.kind === 'environment' ? source.variables : [])),
  );

  expect(set.map(({ name, value, location }) => [name, value, location?.line])).toEqual([
    ['ETCD_LISTEN_CLIENT_HTTP_URLS', 'http://0.0.0.0:8080', 1],
    ['ETCD_NAME', 'e 2', 1],
    ['ETCD_CLIENT_CRL_FILE', '/crl.pem', 1],
  ]);
  expect(members).toMatchObject([{ missingFiles: ['/etc/other'] }]);
});

test.each([
  ['nothing', '', 'Environment=ETCD_NAME=e1'],
  ['a variable', ' $DAEMON_ARGS', 'Environment="DAEMON_ARGS=--name e1"'],
  ['a variable that is set nowhere', ' $OPTIONS --name e1', 'Environment='],
])('systemctl show prints a command with %s after its program', async (_, after, variables) => {
  const { members, notUnderstood } = await read({
    'show.txt': `${variables}\nExecStart={ path=/usr/bin/etcd ; argv[]=/usr/bin/etcd${after} ; ignore_errors=no ; pid=0 }\n`,
  });

  expect(notUnderstood).toEqual([]);
  expect(members).toMatchObject([{ name: 'e1' }]);
});

test('an init script is read where the unit of its name is of another host', async () => {
  const { members } = await read({
    'etc/init.d/etcd': '#!/bin/sh\nexec /usr/bin/etcd --name other\n',
    'node2/etc/systemd/system/etcd.service': `[Service]\nExecStart=/usr/bin/etcd ${flags}\n`,
  });

  expect(new Set(members.map(({ name }) => name))).toEqual(new Set(['e1', 'other']));
});

test('a file of the name of the program is the program, unless it is an init script', async () => {
  const unit = { path: 'etcd.service', text: `[Service]\nExecStart=/opt/etcd/etcd ${flags}\n` };
  const text = '#!/bin/sh\nexec /opt/etcd/etcd.real "$@" --data-dir /d\n';
  const wordsWith = async (path: string) => {
    const script = { path, text };
    const { members } = await readSettings([unit, script], {
      find: (wanted) => (wanted === '/opt/etcd/etcd' ? script : undefined),
    });
    return members.flatMap(({ sources }) =>
      sources.flatMap((source) => (source.kind === 'flags' ? source.arguments : [])),
    );
  };

  expect((await wordsWith('bin/etcd')).map((word) => word.text)).toContain('--data-dir');
  expect((await wordsWith('etc/init.d/etcd'))[1]?.text).toBe('e1');
});

/** Forms of which the text is in another test of this folder. */
const elsewhere = new Set([
  'compose-configs',
  'kubeadm',
  'rancher',
  'talos',
  'config-map',
  'client-config',
  'environment-file',
  'etcd-config',
  'issued',
  'object-variables',
]);

test.each(forms.map((form) => [form.name, form] as const))(
  'the form %s is tried here',
  (name, form) => {
    const texts = [
      ...Object.values(written(flags)).flatMap((files) => Object.entries(files)),
      ...Object.values(open).map(([path, , text]) => [path, text] as const),
    ];
    const isTried = texts.some(([path, text]) => form.recognises({ path, text }));

    expect(isTried || elsewhere.has(name)).toBe(true);
  },
);

test('variables and the user of a property list of launchd are those of its process', async () => {
  const { members } = await read({
    'etcd.plist': `<plist version="1.0"><dict>\n<key>ProgramArguments</key><array><string>etcd</string></array>\n<key>UserName</key><string>etcd</string>\n<key>EnvironmentVariables</key><dict>\n<key>ETCD_NAME</key><string>a &amp; b</string>\n<key>ETCD_CERT_FILE</key><string/>\n</dict></dict></plist>`,
  });

  expect(members).toMatchObject([{ name: 'a & b', kind: 'launchd' }]);
  expect(members[0]?.directives).toMatchObject([{ name: 'User', value: 'etcd' }]);
});

test('the environment next to a command line is that of its process', async () => {
  const { members, notUnderstood } = await read({
    'proc/812/cmdline': '/usr/bin/etcd\0--name\0e1\0--initial-cluster-token\0\0',
    'proc/812/environ': 'HOME=/\0ETCD_CERT_FILE=/etc/etcd/a b.crt\0',
  });

  expect(notUnderstood).toEqual([]);
  expect(members).toMatchObject([{ name: 'e1', files: ['proc/812/cmdline', 'proc/812/environ'] }]);
  const variables = members[0]?.sources.flatMap((source) =>
    source.kind === 'environment' ? source.variables : [],
  );
  expect(variables).toContainEqual(
    expect.objectContaining({ name: 'ETCD_CERT_FILE', value: '/etc/etcd/a b.crt' }),
  );
});

test('a carriage return at the end of a line that a shell sources is part of the value', async () => {
  const { members } = await read({
    'run.sh': '#!/bin/sh\nset -a\n. ./etcd.env\nexec etcd\n',
    'etcd.env': 'ETCD_NAME=e1\r\nETCD_CLIENT_CERT_AUTH=true\r\n',
  });

  expect(members[0]?.name).toBe('e1\r');
});

test('systemd passes over lines that begin with export', async () => {
  const { members, notUnderstood } = await read({
    'etc/systemd/system/etcd.service':
      '[Service]\nEnvironmentFile=/etc/etcd/env\nExecStart=/usr/bin/etcd\n',
    'etc/etcd/env': 'ETCD_NAME=e1\nexport ETCD_CLIENT_CERT_AUTH=true\n',
  });

  expect(notUnderstood).toEqual([]);
  expect(members).toMatchObject([
    {
      name: 'e1',
      problems: [{ kind: 'without-effect', location: { file: 'etc/etcd/env', line: 2 } }],
    },
  ]);
});

test('an override file of Compose is no member, and is not understood', async () => {
  const base = {
    'docker-compose.yml':
      'services:\n  e1:\n    image: quay.io/coreos/etcd:v3.5.12\n    environment:\n      ETCD_NAME: e1\n',
  };
  const path = 'docker-compose.override.yml';
  const text = 'services:\n  e1:\n    environment:\n      ETCD_CLIENT_CERT_AUTH: "false"\n';

  const whole = await read(base);
  const { members, notUnderstood } = await read({ ...base, [path]: text });

  expect(whole.notUnderstood).toEqual([]);
  expect(members.map(({ origin }) => origin.file)).toEqual(['docker-compose.yml']);
  expect(notUnderstood).toMatchObject([{ path }]);
});

test('systemd takes a byte order mark for a part of the first name', async () => {
  const path = 'etc/etcd/env';
  const unit = {
    path: 'etc/systemd/system/etcd.service',
    text: '[Service]\nEnvironmentFile=/etc/etcd/env\nExecStart=/usr/bin/etcd\n',
  };
  const file = { path, text: 'ETCD_NAME=e1\nETCD_CLIENT_CERT_AUTH=true\n' };
  const marked: TextFile = { ...file, hasByteOrderMark: true };

  const sound = await readSettings([unit, file], { find: () => file });
  const broken = await readSettings([unit, marked], { find: () => marked });

  expect(sound.members[0]?.name).toBe('e1');
  expect(sound.notUnderstood).toEqual([]);
  expect(broken.members[0]?.name).not.toBe('e1');
  expect(broken.members[0]?.problems).toMatchObject([
    { kind: 'without-effect', location: { file: path, line: 1 } },
  ]);
});

test('an environment file whose variables are in a client’s command line is understood', async () => {
  const { clients, notUnderstood } = await read({
    'etc/systemd/system/flanneld.service':
      '[Service]\nEnvironmentFile=/etc/sysconfig/flanneld\nExecStart=/usr/bin/flanneld -etcd-endpoints=${FLANNEL_ETCD_ENDPOINTS} $FLANNEL_OPTIONS\n',
    'etc/sysconfig/flanneld':
      'FLANNEL_ETCD_ENDPOINTS="https://a:2379"\nFLANNEL_OPTIONS="-etcd-cafile=/ca.pem -etcd-certfile=/c.pem -etcd-keyfile=/k.pem"\n',
  });

  expect(clients).toMatchObject([{ kind: 'flanneld', certFile: { value: '/c.pem' } }]);
  expect(notUnderstood).toEqual([]);
});

test.each([
  {
    what: 'prose',
    path: 'NOTES.md',
    text: 'Start it:\n\n    etcd --listen-client-urls https://a:2379\n',
  },
  {
    what: 'a log',
    path: 'journal',
    text: 'Nov 28 10:00:00 a etcd[1]: ETCD_NAME=a --initial-cluster b\n',
  },
  {
    what: 'program source',
    path: 'main.go',
    text: 'cmd := exec.Command("etcd", "--listen-client-urls", url)\n',
  },
  { what: 'a comment', path: 'etcd.cfg', text: '# ETCD_NAME=a\n' },
  {
    what: 'OpenSSL’s configuration',
    path: 'openssl.cnf',
    text: '[ etcd ]\nsubjectAltName = DNS:etcd-0\n',
  },
])('passes over $what', async ({ path, text }) => {
  const { members, notUnderstood } = await read({ [path]: text });

  expect(members).toEqual([]);
  expect(notUnderstood.filter(({ isSource }) => isSource !== true)).toEqual([]);
});

async function read(texts: Readonly<Record<string, string>>) {
  const files = Object.entries(texts).map(([path, text]) => ({ path, text }));
  return await readSettings(files, {
    find: (deployed) =>
      files.find(({ path }) => deployed === `/${path}` || deployed.endsWith(path)),
    paths: files.map(({ path }) => path),
  });
}

const found = new URL('../../../../shared/found/sets/', import.meta.url);

/** Sets that are next to the repository where they are at hand; each has one fault, in one form. */
describe.skipIf(!existsSync(found))('sets that were found wrong', () => {
  const sets = existsSync(found) ? readdirSync(new URL('forms/', found)) : ['any set'];

  test.each(sets)('%s gives the finding, or is not understood', async (set) => {
    const directory = fileURLToPath(new URL(`forms/${set}`, found));
    const report = await audit({ paths: [directory], maps: [] });
    const failed = report.results.filter(({ verdict }) => verdict.status === 'fail');

    expect(
      failed.some(({ check }) => check.id === 'client-port-admits-anonymous') ||
        (report.facts.notUnderstood ?? []).length > 0,
    ).toBe(true);
  });
});

test('takes the peer URL that a member listens on where all that starts a cluster is left out', async () => {
  const text = 'name: n1\nlisten-peer-urls: https://10.0.0.1:2380\n';
  const { members } = await read({ 'etcd.conf.yml': text });
  const { settings } = readMemberSettings(members[0]?.sources ?? [], etcdVersion('3.5.21'));

  expect(settings.initialAdvertisePeerUrls).toMatchObject({
    value: ['https://10.0.0.1:2380'],
    origin: { via: 'assumed' },
  });
});
