import { describe, expect, test } from 'vitest';
import { readMemberSettings } from '../../../src/etcd/read-member-settings.ts';
import { etcdVersion } from '../../../src/etcd/version.ts';
import { readSettings } from '../../../src/collect/settings/read-settings.ts';

/** As the document that this program was born from has it, dots included. */
const seedDropIn = `[Service]
...
Environment="ETCD_CERT_FILE=/etc/ssl/certs/etcd/node_1_cert.pem"
Environment="ETCD_KEY_FILE=/etc/ssl/certs/etcd/node_1_key_insecure.pem"
Environment="ETCD_PEER_CERT_FILE=/etc/ssl/certs/etcd/node_1_cert.pem"
Environment="ETCD_PEER_KEY_FILE=/etc/ssl/certs/etcd/node_1_key_insecure.pem"
Environment="ETCD_PEER_TRUSTED_CA_FILE=/etc/ssl/certs/etcd/ca_cert.pem"
Environment="ETCD_PEER_CLIENT_CERT_AUTH=true"
`;

test('reads the drop-in of the seed and knows that it leaves things out', async () => {
  const path = 'etcd-member.service.d/10-etcd-member.conf';
  const { member, settings, problems } = await onlyMember({ [path]: seedDropIn });

  expect(member).toMatchObject({ kind: 'systemd', partial: true, files: [path] });
  expect(settings.client).toMatchObject({
    certFile: {
      value: '/etc/ssl/certs/etcd/node_1_cert.pem',
      origin: {
        via: 'environment',
        name: 'ETCD_CERT_FILE',
        location: { file: path, line: 3 },
      },
    },
    keyFile: { value: '/etc/ssl/certs/etcd/node_1_key_insecure.pem' },
  });
  expect(settings.client.trustedCaFile).toBeUndefined();
  expect(settings.peer).toMatchObject({
    trustedCaFile: { value: '/etc/ssl/certs/etcd/ca_cert.pem' },
    clientCertAuth: { value: true, origin: { location: { line: 8 } } },
  });
  expect(problems.filter(({ kind }) => kind === 'refused-at-start')).toEqual([]);
});

test('reads a unit’s command line over continued lines, quotes and substitutions', async () => {
  const { member, settings } = await onlyMember({
    'etcd.service': [
      '[Unit]',
      'Environment=ETCD_NAME=not-here',
      '[Service]',
      "Environment=DIR=/pki 'MORE=--peer-cert-file=/p.pem --peer-key-file=/p.key' PERCENT=50%%",
      'ExecStart=-/usr/bin/etcd \\',
      '  --name=n1 \\',
      '# a comment between continued lines',
      '  --cert-file "${DIR}/a b.pem" \\',
      '  --key-file=/k\\x20k.pem $MORE',
    ].join('\n'),
  });

  expect(member).toMatchObject({ name: 'n1', partial: false });
  expect(settings.client).toMatchObject({
    certFile: { value: '/pki/a b.pem', origin: { location: { file: 'etcd.service', line: 8 } } },
    keyFile: { value: '/k k.pem', origin: { location: { line: 9 } } },
  });
  expect(settings.peer).toMatchObject({
    certFile: { value: '/p.pem' },
    keyFile: { value: '/p.key' },
  });
});

describe('puts drop-ins together as systemd does', () => {
  const unit = '[Service]\nExecStart=/usr/bin/etcd\nEnvironment=ETCD_NAME=a ETCD_DATA_DIR=/d\n';

  test('the last by file name winning, whatever folder it lies in', async () => {
    const { settings } = await onlyMember({
      'host/etc/systemd/system/etcd.service.d/10-first.conf': named('first'),
      'host/lib/systemd/system/etcd.service': unit,
      'host/lib/systemd/system/etcd.service.d/20-last.conf': named('last'),
    });

    expect(settings.name?.value).toBe('last');
  });

  test('an empty assignment taking everything back', async () => {
    const { member, settings } = await onlyMember({
      'etcd.service': unit,
      'etcd.service.d/reset.conf':
        '[Service]\nEnvironment=\nExecStart=\nExecStart=/opt/etcd --snapshot-count=5\n',
    });

    expect(settings.name).toBeUndefined();
    expect(member.sources).toContainEqual({
      kind: 'flags',
      arguments: [
        { text: '--snapshot-count=5', location: { file: 'etcd.service.d/reset.conf', line: 4 } },
      ],
    });
  });

  test('one host’s apart from another’s', async () => {
    const { members } = await readSettings(
      files({
        'a/etcd.service.d/10.conf': named('a'),
        'b/etcd.service.d/10.conf': named('b'),
      }),
      nothingElse,
    );

    expect(members.map(({ name }) => name)).toEqual(['a', 'b']);
  });

  test('loose ones that set the same variables as different hosts', async () => {
    const { members } = await readSettings(
      files({ 'node1.conf': named('a'), 'node2.conf': named('b') }),
      nothingElse,
    );

    expect(members.map(({ name }) => name)).toEqual(['a', 'b']);
  });

  test('loose ones that complete each other as one', async () => {
    const { members } = await readSettings(
      files({
        '10-name.conf': named('a'),
        '20-tls.conf': '[Service]\nEnvironment=ETCD_CERT_FILE=/c.pem\n',
      }),
      nothingElse,
    );

    expect(members).toMatchObject([{ name: 'a', files: ['10-name.conf', '20-tls.conf'] }]);
  });
});

test('lets environment files win over Environment=, wherever they are named', async () => {
  const given = files({
    'etcd.service':
      '[Service]\nEnvironmentFile=-/etc/default/etcd\nExecStart=/usr/bin/etcd\nEnvironment=ETCD_NAME=unit\n',
    'default/etcd': '# comment\nETCD_NAME="file"\nETCD_DATA_DIR=/var/lib/etcd # not a comment\n',
  });
  const { members, clients } = await readSettings(given, {
    find: (path) => (path === '/etc/default/etcd' ? given[1] : undefined),
  });

  expect(members).toMatchObject([
    { name: 'file', files: ['etcd.service', 'default/etcd'], partial: false },
  ]);
  expect(clients).toEqual([]);
  const { settings } = readMemberSettings(members[0]?.sources ?? [], etcdVersion('3.5.21'));
  expect(settings.dataDir).toMatchObject({
    value: '/var/lib/etcd # not a comment',
    origin: { location: { file: 'default/etcd', line: 3 } },
  });
});

test('asks for an environment file next to the unit that names it', async () => {
  const unit = '[Service]\nEnvironmentFile=/etc/etcd.env\nExecStart=/usr/bin/etcd\n';
  const given = files({
    'a/etcd.service': unit,
    'a/etcd.env': 'ETCD_NAME=a\n',
    'b/etcd.service': unit,
    'b/etcd.env': 'ETCD_NAME=b\n',
  });
  const { members } = await readSettings(given, {
    find: (_, from) => given.find(({ path }) => path === from.replace('etcd.service', 'etcd.env')),
  });

  expect(members.map(({ name }) => name)).toEqual(['a', 'b']);
});

test('says which file was not given', async () => {
  const { member } = await onlyMember({
    'etcd.service':
      '[Service]\nEnvironmentFile=/etc/etcd.env\nExecStart=/usr/bin/etcd --cert-file=/c.pem\n',
  });

  expect(member).toMatchObject({ partial: true, missingFiles: ['/etc/etcd.env'] });
});

test.each([
  { value: '/etc/etcd.env', lines: [2] },
  { value: '-/etc/etcd.env', lines: [] },
])('a unit whose EnvironmentFile=$value was not given: $lines', async ({ value, lines }) => {
  const text = `[Service]\nEnvironmentFile=${value}\nExecStart=/usr/bin/etcd --cert-file=/c.pem\n`;
  const { notUnderstood } = await readSettings(files({ 'etcd.service': text }), {
    find: () => undefined,
  });

  expect(notUnderstood.map(({ line }) => line)).toEqual(lines);
});

test('takes variables back that are unset', async () => {
  const { settings } = await onlyMember({
    'etcd.service':
      '[Service]\nEnvironment=ETCD_NAME=a ETCD_DATA_DIR=/d\nUnsetEnvironment=ETCD_NAME\nExecStart=/usr/bin/etcd\n',
  });

  expect(settings.name).toBeUndefined();
  expect(settings.dataDir?.value).toBe('/d');
});

test('does not make a name of what the host alone knows', async () => {
  const text = '[Service]\nEnvironment=ETCD_NAME=%m\nExecStart=/usr/lib/coreos/etcd-wrapper\n';
  const { members, notUnderstood } = await readSettings([{ path: 'etcd.service', text }], {
    find: () => undefined,
  });

  expect(members).toMatchObject([{ partial: true }]);
  expect(members[0]?.name).toBeUndefined();
  expect(notUnderstood).toMatchObject([{ path: 'etcd.service', line: 2 }]);
});

test('reads the configuration file that a unit names', async () => {
  const given = files({
    'etcd.service': '[Service]\nExecStart=/usr/bin/etcd --config-file /etc/etcd/etcd.conf.yml\n',
    'etcd.conf.yml': 'name: n1\nlisten-client-urls: https://10.0.0.1:2379\n',
  });
  const { members } = await readSettings(given, { find: () => given[1] });

  expect(members).toMatchObject([
    { name: 'n1', files: ['etcd.service', 'etcd.conf.yml'], partial: false },
  ]);
});

test('takes no unit for etcd that starts something else', async () => {
  const { members, clients } = await readSettings(
    files({ 'nginx.service': '[Service]\nExecStart=/usr/sbin/nginx\n' }),
    nothingElse,
  );

  expect({ members, clients }).toEqual({ members: [], clients: [] });
});

const nothingElse = { find: () => undefined };

function named(name: string): string {
  return `[Service]\nEnvironment=ETCD_NAME=${name}\n`;
}

function files(texts: Readonly<Record<string, string>>) {
  return Object.entries(texts).map(([path, text]) => ({ path, text }));
}

async function onlyMember(texts: Readonly<Record<string, string>>) {
  const { members } = await readSettings(files(texts), nothingElse);
  expect(members).toHaveLength(1);
  const [member] = members;
  if (member === undefined) throw new Error('no member was read');
  return { member, ...readMemberSettings(member.sources, etcdVersion('3.5.21')) };
}
