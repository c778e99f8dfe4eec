import { beforeAll, expect, test } from 'vitest';
import { deploy } from '../../support/deploy.ts';
import { type Directory, directoryWith } from '../../support/directory.ts';
import { textWith } from '../../support/matching.ts';
import { seedDropIn, seedFiles, seedScript } from '../../support/seed-set.ts';

let seed: Readonly<Record<string, string>>;

beforeAll(async () => {
  seed = await seedFiles();
});

test('fills what settings files leave open, and says where it stands', async () => {
  await using set = await withInventory(`version: 1
members:
  - name: node1
    clientUrls: ["https://etcd-1.lab:2379"]
    flags:
      cert-file: /elsewhere.pem
      client-cert-auth: true
`);

  const { members = [] } = (await deploy({ paths: [set.path], maps: [] })).facts;
  const settings = members[0]?.settings;

  expect(members.map(({ name }) => name)).toEqual(['node1']);
  expect(settings?.advertiseClientUrls).toMatchObject({
    value: ['https://etcd-1.lab:2379'],
    origin: { via: 'inventory', location: { file: set.at('etcd-tls.yaml'), line: 4 } },
  });
  expect(settings?.client.clientCertAuth).toMatchObject({
    value: true,
    origin: { via: 'inventory' },
  });
  expect(settings?.client.certFile).toMatchObject({
    value: '/etc/ssl/certs/etcd/node_1_cert.pem',
    origin: { via: 'environment' },
  });
});

test('members without settings or flags are supposed to be sound, with the certificates of their addresses', async () => {
  await using set = await withInventory(`version: 1
etcdVersion: "3.5.21"
members:
  - name: node1
  - name: zwei
    addresses: [10.104.100.245]
    goVersion: "1.22"
`);

  const { members = [] } = (await deploy({ paths: [set.path], maps: [] })).facts;

  expect(members[1]).toMatchObject({
    name: 'zwei',
    settings: {
      client: {
        certFile: { value: set.at('node_2_cert.pem'), origin: { via: 'assumed' } },
        clientCertAuth: { value: true },
      },
    },
    etcdVersion: { value: '3.5.21', origin: { via: 'inventory', location: { line: 2 } } },
    goVersion: { value: '1.22', origin: { via: 'inventory' } },
  });
});

test('members that only settings files know of are kept, and told', async () => {
  await using set = await withInventory('version: 1\nmembers: [{ name: node2 }]\n');

  const { members, guesses } = (await deploy({ paths: [set.path], maps: [] })).facts;

  expect(members?.map(({ name }) => name)).toEqual(['node2', 'node1']);
  expect(guesses).toContainEqual({
    about: 'node1',
    conclusion: 'member that is not in the inventory',
    because: textWith('10-etcd-member.conf describes it'),
    ambiguous: true,
  });
});

test('its clients dial every member unless told otherwise, and settings files of the same name win', async () => {
  await using set = await withInventory(
    `version: 1
members: [{ name: node1 }]
clients:
  - { name: backup, caFile: ca_cert.pem, verifier: openssl, speaks: gateway }
  - { name: etcdctl, endpoints: ["https://10.104.100.236:2379"] }
`,
    { 'etcd-env.sh': seedScript },
  );

  const { clients } = (await deploy({ paths: [set.path], maps: [] })).facts;

  expect(clients).toMatchObject([
    { name: 'etcdctl', endpoints: { value: ['https://etcd-0.robobee.test:2379'] } },
    {
      name: 'backup',
      verifier: 'openssl',
      speaks: 'gateway',
      endpoints: { value: ['https://10.104.100.236:2379'], origin: { via: 'assumed' } },
      files: [{ deployed: 'ca_cert.pem', file: set.at('ca_cert.pem') }],
    },
  ]);
});

test('leads to settings and certificates outside of the paths that were named', async () => {
  await using set = await directoryWith({
    'inventory/etcd-tls.yaml': `version: 1
members: [{ name: a, settings: ../conf/10-etcd-member.conf }]
maps: { /etc/ssl/certs/etcd: ../certs }
`,
    'conf/10-etcd-member.conf': seedDropIn,
    ...Object.fromEntries(Object.entries(seed).map(([name, text]) => [`certs/${name}`, text])),
  });

  const { members } = (await deploy({ paths: [set.at('inventory')], maps: [] })).facts;

  expect(members).toMatchObject([
    {
      name: 'a',
      files: [
        { file: set.at('certs/node_1_cert.pem') },
        { file: set.at('certs/node_1_key_insecure.pem') },
        {},
      ],
    },
  ]);
});

test('answers of DNS reach the members they are about', async () => {
  await using set = await withInventory(`version: 1
members:
  - { name: node1, reverseNames: { 10.104.100.236: [etcd-1.lab.] } }
  - { name: node2, addresses: [10.104.100.245] }
dns: { 10.104.100.245: [etcd-2.lab] }
`);

  const { members } = (await deploy({ paths: [set.path], maps: [] })).facts;

  expect(members).toMatchObject([
    { reverseNames: { '10.104.100.236': ['etcd-1.lab.'] } },
    { reverseNames: { '10.104.100.245': ['etcd-2.lab'] } },
  ]);
});

test('says how to judge', async () => {
  await using set = await withInventory(
    'version: 1\nconfig: { failOn: low, expiryWarningDays: 7 }\n',
  );

  const { preferences } = await deploy({ paths: [set.path], maps: [] });

  expect(preferences).toEqual({ failOn: 'low', expiryWarningDays: 7 });
});

test('two inventories are refused until one is named', async () => {
  await using set = await directoryWith({
    ...seed,
    'a/etcd-tls.yaml': 'version: 1\nmembers: [{ name: a }]\n',
    'b/etcd-tls.yaml': 'version: 1\nmembers: [{ name: b }]\n',
  });
  const request = { paths: [set.path], maps: [] };

  await expect(deploy(request)).rejects.toThrow('two inventories');
  const { members } = (await deploy({ ...request, inventoryFile: set.at('b/etcd-tls.yaml') }))
    .facts;
  expect(members?.map(({ name }) => name)).toEqual(['b']);
});

async function withInventory(
  inventory: string,
  more: Readonly<Record<string, string>> = {},
): Promise<Directory> {
  return await directoryWith({
    ...seed,
    ...more,
    '10-etcd-member.conf': seedDropIn,
    'etcd-tls.yaml': inventory,
  });
}
