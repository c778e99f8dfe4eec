import { symlink, truncate } from 'node:fs/promises';
import { beforeAll, expect, test } from 'vitest';
import { deploy } from '../support/deploy.ts';
import type { Deployment } from '../../src/model/deployment.ts';
import { type Directory, directoryWith } from '../support/directory.ts';
import { textLike, textWith } from '../support/matching.ts';
import { issueAuthority } from '../support/pki.ts';
import { seedDropIn, seedFiles, seedScript } from '../support/seed-set.ts';

let seed: Readonly<Record<string, string>>;

beforeAll(async () => {
  seed = await seedFiles();
});

test('reads the whole seed document: three members by one drop-in, and etcdctl', async () => {
  await using set = await directoryWith({
    ...seed,
    '10-etcd-member.conf': seedDropIn,
    'etcd-env.sh': seedScript,
  });

  const { facts } = await collectFrom(set);

  expect(facts.members?.map(({ name }) => name)).toEqual(['node1', 'node2', 'node3']);
  expect(facts.clients?.map(({ name }) => name)).toEqual(['etcdctl']);
  expect(facts.files).toHaveLength(9);
});

test("gives the other nodes the first one's settings with files of their own, and says so", async () => {
  await using set = await directoryWith({ ...seed, '10-etcd-member.conf': seedDropIn });

  const { facts } = await collectFrom(set);
  const node2 = facts.members?.find(({ name }) => name === 'node2');

  expect(node2?.settings.client.certFile).toMatchObject({
    value: '/etc/ssl/certs/etcd/node_2_cert.pem',
    origin: {
      via: 'assumed',
      because: 'no settings of node2 were given; assumed to be like those of node1',
    },
  });
  expect(node2?.settings.client.clientCertAuth).toBeUndefined();
  expect(node2?.settings.peer.clientCertAuth).toMatchObject({ value: true });
  expect(node2?.files).toContainEqual({
    deployed: '/etc/ssl/certs/etcd/node_2_key_insecure.pem',
    file: set.at('node_2_key_insecure.pem'),
    because: 'its name is like that of the file of the member whose settings were given',
  });
  expect(guess(facts, 'node_2_cert.pem')).toMatchObject({
    conclusion: 'server and peer certificate of node2',
    because: textWith('named like node_1_cert.pem'),
  });
});

test('takes URLs that no file gives from the first address of the certificate, and says so', async () => {
  await using set = await directoryWith({ ...seed, '10-etcd-member.conf': seedDropIn });

  const { facts } = await collectFrom(set);
  const [node1] = facts.members ?? [];

  expect(node1?.addresses).toEqual(['10.104.100.236', '37.58.99.228']);
  expect(node1?.hostnames).toEqual([]);
  expect(node1?.settings.advertiseClientUrls).toMatchObject({
    value: ['https://10.104.100.236:2379'],
    origin: { via: 'assumed' },
  });
  expect(node1?.settings.listenPeerUrls).toMatchObject({
    value: ['https://10.104.100.236:2380'],
    origin: { via: 'assumed' },
  });
  expect(guess(facts, 'node1')).toMatchObject({ ambiguous: true });
});

test.each([
  {
    url: 'https://10.104.100.236:2380',
    addresses: ['10.104.100.236'],
    hostnames: ['37.58.99.228'],
  },
  {
    url: 'https://etcd-1.lab:2380',
    addresses: ['10.1.1.1'],
    hostnames: ['etcd-1.lab', '10.104.100.236', '37.58.99.228'],
  },
  {
    url: 'https://127.0.0.2:2380',
    addresses: ['127.0.0.1'],
    hostnames: ['127.0.0.2', '10.104.100.236', '37.58.99.228'],
  },
])(
  'a member with the peer URL $url dials from $addresses',
  async ({ url, addresses, hostnames }) => {
    const dropIn = `${seedDropIn}Environment=ETCD_INITIAL_ADVERTISE_PEER_URLS=${url}\n`;
    await using set = await directoryWith({ ...seed, '10-etcd-member.conf': dropIn });

    const { facts } = await deploy({
      paths: [set.path],
      maps: [],
      resolve: [{ name: 'etcd-1.lab', address: '10.1.1.1' }],
    });

    expect(facts.members?.[0]).toMatchObject({ addresses, hostnames });
  },
);

test('a member whose settings forget its certificate is not supposed a second time', async () => {
  await using set = await directoryWith({
    ...seed,
    'node1/etcd.service.d/tls.conf': memberDropIn(1, '10.104.100.236', '/etc/etcd/nothing.pem'),
    'node2/etcd.service.d/tls.conf': memberDropIn(2, '10.104.100.245', '/etc/etcd/node_2_cert.pem'),
  });

  const { facts } = await collectFrom(set);

  expect(facts.members?.map(({ name }) => name)).toEqual(['node1', 'node2', 'node3']);
});

test.each([
  { what: 'text', content: 'hello\nworld\n', isListed: true },
  { what: 'bytes', content: new Uint8Array([0, 1, 2, 0, 255]), isListed: true },
  { what: 'comments', content: '# ETCD_NAME=a\n\n[Service]\n; nothing\n', isListed: false },
  { what: 'settings', content: memberDropIn(1, '10.104.100.236', '/c.pem'), isListed: false },
])('a drop-in of $what is listed: $isListed', async ({ content, isListed }) => {
  await using set = await directoryWith({ ...seed, '10-etcd-member.conf': content });

  const { facts } = await collectFrom(set);

  const listed = facts.files?.filter(({ path }) => path === set.at('10-etcd-member.conf'));
  expect(listed?.map(({ unreadable }) => unreadable?.kind)).toEqual(
    isListed ? ['no-settings'] : [],
  );
});

test('members that are reached through loopback alone dial from 127.0.0.1', async () => {
  const command = 'etcd --name a --initial-advertise-peer-urls https://127.0.0.2:2380';
  await using set = await directoryWith({
    'etcd.service': `[Service]\nExecStart=/usr/bin/${command}\n`,
  });

  const { facts } = await collectFrom(set);

  expect(facts.members?.[0]).toMatchObject({
    name: 'a',
    addresses: ['127.0.0.1'],
    hostnames: ['127.0.0.2'],
  });
});

test('without settings supposes mutual TLS on both ports and a client that dials every member', async () => {
  await using set = await directoryWith(seed);

  const { facts } = await collectFrom(set);
  const [node1] = facts.members ?? [];

  expect(node1?.settings.client).toMatchObject({
    certFile: { value: set.at('node_1_cert.pem'), origin: { via: 'assumed' } },
    keyFile: { value: set.at('node_1_key_insecure.pem') },
    trustedCaFile: { value: set.at('ca_cert.pem') },
    clientCertAuth: { value: true },
  });
  expect(facts.clients).toMatchObject([
    {
      name: 'client',
      certFile: { value: set.at('client_cert.pem'), origin: { via: 'assumed' } },
      caFile: { value: set.at('ca_cert.pem') },
      endpoints: {
        value: [
          'https://10.104.100.236:2379',
          'https://10.104.100.245:2379',
          'https://10.104.100.239:2379',
        ],
      },
    },
  ]);
  expect(guess(facts, 'node_1_cert.pem')).toMatchObject({
    conclusion: 'server and peer certificate of node1',
    because: 'its SANs are 10.104.100.236 and 37.58.99.228; its key is node_1_key_insecure.pem',
  });
});

test('finds roles by content where the names of the files say nothing', async () => {
  const names = [
    'ca_cert',
    'node_1_cert',
    'node_1_key_insecure',
    'client_cert',
    'client_key_insecure',
  ];
  const renamed = names.map((name, index) => [`${'abcde'[index]}.pem`, seed[`${name}.pem`] ?? '']);
  await using set = await directoryWith(Object.fromEntries(renamed));

  const { facts } = await collectFrom(set);

  expect(facts.members).toMatchObject([
    {
      settings: {
        client: { certFile: { value: set.at('b.pem') }, keyFile: { value: set.at('c.pem') } },
      },
    },
  ]);
  expect(facts.clients).toMatchObject([{ certFile: { value: set.at('d.pem') } }]);
});

test('a client certificate that may also serve is a client all the same when it names no host', async () => {
  await using set = await directoryWith(await seedFiles(['serverAuth', 'clientAuth']));

  const { facts } = await collectFrom(set);

  expect(facts.members).toHaveLength(3);
  expect(facts.clients).toHaveLength(1);
});

test('follows --map before any search by name', async () => {
  await using set = await directoryWith({
    'conf/10-etcd-member.conf': seedDropIn,
    ...prefixed('old/', seed),
    ...prefixed('new/', seed),
  });

  const { facts } = await deploy({
    paths: [set.path],
    maps: [{ prefix: '/etc/ssl/certs/etcd', directory: set.at('new') }],
  });

  expect(facts.members?.[0]?.files[0]).toMatchObject({
    deployed: '/etc/ssl/certs/etcd/node_1_cert.pem',
    file: set.at('new/node_1_cert.pem'),
  });
});

test('says which files could be meant when a name is not unique', async () => {
  await using set = await directoryWith({
    '10-etcd-member.conf': seedDropIn,
    ...prefixed('old/', seed),
    ...prefixed('new/', seed),
    'new/node_1_cert.pem': seed['node_2_cert.pem'] ?? '',
  });

  const { facts } = await collectFrom(set);

  expect(facts.members?.[0]?.files[0]).toEqual({
    deployed: '/etc/ssl/certs/etcd/node_1_cert.pem',
    by: 'several',
    because: textLike(/^2 files have this name .*use --map to choose one$/),
  });
});

test('says of keys whose CA or whose certificate is not there', async () => {
  const [known, unrelated] = [
    await issueAuthority({ commonName: 'a' }),
    await issueAuthority({ commonName: 'b' }),
  ];
  await using set = await directoryWith({
    ...seed,
    'other-ca.crt': known.certificatePem,
    'other-ca.key': known.privateKeyPem,
    'lost.key': unrelated.privateKeyPem,
  });

  const { facts } = await collectFrom(set);

  expect(guess(facts, 'other-ca.key')).toMatchObject({ conclusion: 'private key of other-ca.crt' });
  expect(guess(facts, 'lost.key')).toMatchObject({ ambiguous: true });
  expect(guess(facts, 'node_1_key_insecure.pem')).toBeUndefined();
});

test('files of the same name are told apart by their paths', async () => {
  await using set = await directoryWith({
    'a/ca.crt': seed['ca_cert.pem'] ?? '',
    'b/ca.crt': seed['ca_cert.pem'] ?? '',
  });

  const { facts } = await collectFrom(set);

  expect(facts.guesses?.map(({ about }) => about)).toEqual([
    set.at('a/ca.crt'),
    set.at('b/ca.crt'),
  ]);
});

test('versions that the operator gives hold for every member', async () => {
  await using set = await directoryWith(seed);

  const { facts } = await deploy({
    paths: [set.path],
    maps: [],
    etcdVersion: 'v3.4.23',
    goVersion: '1.19',
  });

  expect(facts.members?.[2]).toMatchObject({
    etcdVersion: { value: '3.4.23', origin: { via: 'flag' } },
    goVersion: { value: '1.19', origin: { via: 'flag' } },
  });
});

test('judges for the moment asked for', async () => {
  await using set = await directoryWith(seed);

  const { collectedAt } = await deploy({
    paths: [set.path],
    maps: [],
    at: '2030-01-01T00:00:00.000Z',
  });

  expect(collectedAt).toBe('2030-01-01T00:00:00.000Z');
});

test('has a gap instead of members where only a CA was given', async () => {
  await using set = await directoryWith({ 'ca.pem': seed['ca_cert.pem'] ?? '' });

  const { facts, gaps } = await collectFrom(set);

  expect(facts.members).toBeUndefined();
  expect(gaps.members).toMatch(/etcd-tls\.yaml$/);
});

test('supposes no cluster of a hundred members', async () => {
  const authority = await issueAuthority({ commonName: 'ca' });
  const files: Record<string, string> = { 'ca.pem': authority.certificatePem };
  for (let index = 0; index < 40; index += 1) {
    const { certificatePem } = await authority.issue({
      hosts: [`10.0.0.${index}`],
      usages: ['serverAuth'],
    });
    files[`host${index}.pem`] = certificatePem;
  }
  await using set = await directoryWith(files);

  const { facts, gaps } = await collectFrom(set);

  expect(facts.members).toBeUndefined();
  expect(gaps.members).toMatch(/^40 server certificates and no settings/);
});

test('holds no private key', async () => {
  await using set = await directoryWith({
    ...seed,
    'mislabelled.pem': (seed['node_1_key_insecure.pem'] ?? '').replaceAll(
      'PRIVATE KEY',
      'CERTIFICATE',
    ),
  });
  const keys = Object.entries(seed).filter(([name]) => name.includes('_key_'));

  const evidence = JSON.stringify(await collectFrom(set));

  for (const [, pem] of keys) expect(evidence).not.toContain(pem.split('\n')[1]);
});

test.each([
  {
    what: 'a directory without a certificate',
    files: { 'README.md': '# hello' },
    code: 'NOTHING_FOUND',
  },
  {
    what: 'a file of binary junk called .pem',
    files: { 'ca.pem': Uint8Array.from([0, 1, 2, 255]) },
    code: 'NOTHING_FOUND',
  },
  {
    what: 'an inventory that is no YAML',
    files: { 'etcd-tls.yaml': 'members: [' },
    code: 'INVENTORY_MALFORMED',
  },
])('refuses $what with a hint', async ({ files, code }) => {
  await using set = await directoryWith(files);

  const failure = await failureOf(collectFrom(set));

  expect(failure).toMatchObject({ name: 'InputError', code, hint: textLike(/./) });
});

test('reports malformed YAML that it comes across, and refuses it where it is named', async () => {
  await using set = await directoryWith({ ...seed, 'broken.yaml': 'kind: Pod\nspec: [\n' });

  const { facts } = await collectFrom(set);
  const named = await failureOf(deploy({ paths: [set.at('broken.yaml')], maps: [] }));

  expect(facts.files).toHaveLength(9);
  expect(facts.notUnderstood).toEqual([
    { path: set.at('broken.yaml'), line: 3, reason: textWith('not valid YAML') },
  ]);
  expect(named).toMatchObject({ code: 'SETTINGS_MALFORMED', message: textWith('broken.yaml:3') });
});

test('refuses a path that does not exist', async () => {
  const failure = await failureOf(deploy({ paths: ['/nowhere/at/all'], maps: [] }));

  expect(failure).toMatchObject({
    code: 'PATH_MISSING',
    message: '/nowhere/at/all does not exist',
  });
});

test('refuses a file of 100 MB unread when it is named, and lists it among others', async () => {
  await using set = await directoryWith({ ...seed, 'big.pem': '' });
  await truncate(set.at('big.pem'), 100 * 1024 * 1024);

  const named = await failureOf(deploy({ paths: [set.at('big.pem')], maps: [] }));
  const { facts } = await collectFrom(set);

  expect(named).toMatchObject({
    code: 'FILE_TOO_LARGE',
    message: textWith('100 MiB'),
  });
  expect(facts.files?.find(({ path }) => path === set.at('big.pem'))).toMatchObject({
    unreadable: { kind: 'too-large', text: 'too large: 100 MiB' },
  });
});

test('passes over large files and dead links that are not called like certificates', async () => {
  await using set = await directoryWith({ ...seed, db: '' });
  await truncate(set.at('db'), 100 * 1024 * 1024);
  await symlink('nothing', set.at('current'));
  await symlink('nothing', set.at('old.pem'));

  const { facts } = await collectFrom(set);

  expect(facts.files?.filter(({ unreadable }) => unreadable !== undefined)).toMatchObject([
    { path: set.at('old.pem'), unreadable: { kind: 'missing' }, linkTarget: 'nothing' },
  ]);
});

test('is not led in circles by symbolic links', async () => {
  await using set = await directoryWith(prefixed('set/', seed));
  await symlink('..', set.at('set/up'));
  await symlink('loop', set.at('set/loop'));

  const { facts } = await collectFrom(set);
  const named = await failureOf(deploy({ paths: [set.at('set/loop')], maps: [] }));

  expect(facts.members).toHaveLength(3);
  expect(facts.files?.find(({ path }) => path.endsWith('loop'))).toMatchObject({
    unreadable: { kind: 'link-loop', text: 'too many levels of symbolic links' },
    linkTarget: 'loop',
  });
  expect(named).toMatchObject({ code: 'FILE_UNREADABLE', hint: textWith('loop') });
});

function memberDropIn(number: number, address: string, certificate: string): string {
  return `[Service]
Environment=ETCD_NAME=node${number} ETCD_INITIAL_ADVERTISE_PEER_URLS=https://${address}:2380
Environment=ETCD_CERT_FILE=${certificate} ETCD_KEY_FILE=/etc/etcd/node_${number}_key_insecure.pem
`;
}

async function collectFrom(set: Directory): Promise<Deployment> {
  return await deploy({ paths: [set.path], maps: [] });
}

function guess(facts: Deployment['facts'], about: string) {
  return facts.guesses?.find((each) => each.about === about);
}

function prefixed(
  prefix: string,
  files: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(files).map(([name, text]) => [prefix + name, text]));
}

async function failureOf(action: Promise<unknown>): Promise<unknown> {
  return await action.then(
    () => undefined,
    (error: unknown) => error,
  );
}
