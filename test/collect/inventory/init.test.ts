import { writeFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { deploy } from '../../support/deploy.ts';
import { initialInventory } from '../../../src/collect/init.ts';
import type { Deployment } from '../../../src/model/deployment.ts';
import { directoryWith } from '../../support/directory.ts';
import { issueAuthority } from '../../support/pki.ts';
import { seedDropIn, seedFiles, seedScript } from '../../support/seed-set.ts';

let seed: Readonly<Record<string, string>>;

beforeAll(async () => {
  seed = await seedFiles();
});

test.each([
  { what: 'certificates alone', settings: {} },
  { what: 'a drop-in', settings: { '10-etcd-member.conf': seedDropIn } },
  {
    what: 'a drop-in and a script',
    settings: { '10-etcd-member.conf': seedDropIn, 'etcd-env.sh': seedScript },
  },
])(
  'an inventory made of $what reads back as the same members and clients',
  async ({ settings }) => {
    await using set = await directoryWith({ ...seed, ...settings });
    const before = await deploy({ paths: [set.path], maps: [] });
    const inventory = initialInventory(before).replaceAll(`${set.path}/`, '');

    await writeFile(set.at('etcd-tls.yaml'), inventory);
    const after = await deploy({ paths: [set.path], maps: [] });

    expect(essence(after)).toEqual(essence(before));
  },
);

test('says what was guessed and why', async () => {
  await using set = await directoryWith({ ...seed, '10-etcd-member.conf': seedDropIn });

  const text = initialInventory(await deploy({ paths: [set.path], maps: [] }));

  expect(text).toContain(
    '# guessed: no settings of node2 were given; assumed to be like those of node1',
  );
  expect(text).toMatch(/# please check: node1: is reached at .*it is the first in its certificate/);
  expect(text).toContain('# node_3_cert.pem: server and peer certificate of node3, because ');
});

test('names out of certificates cannot break out of a comment or a value', async () => {
  const authority = await issueAuthority({ commonName: 'ca' });
  const hostile = 'x"\nmembers: []\u001B[31m\u2028# y: *a';
  const leaf = await authority.issue({
    commonName: hostile,
    dnsNames: ['a: [b]'],
    usages: ['serverAuth'],
  });
  await using set = await directoryWith({
    'ca.crt': authority.certificatePem,
    'server.crt': leaf.certificatePem,
    'server.key': leaf.privateKeyPem,
  });

  const text = initialInventory(await deploy({ paths: [set.path], maps: [] }));

  expect(parse(text)).toMatchObject({
    version: 2,
    clusters: [{ members: [{ hostnames: ['a: [b]'] }] }],
  });
  expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Zl}]/u);
});

/** What the inventory is to keep: who there is, where, with which settings and files. */
function essence({ facts }: Deployment) {
  const { members = [], clients = [] } = facts;
  return {
    members: members.map(({ name, addresses, settings, files }) => ({
      name,
      addresses,
      urls: [settings.advertiseClientUrls, settings.listenPeerUrls].map(({ value }) => value),
      tls: [settings.client, settings.peer].map((tls) =>
        Object.entries(tls).map(([key, setting]) => [key, relativeTo(setting.value)]),
      ),
      files: files.map(({ file }) => file),
    })),
    clients: clients.map(({ name, endpoints, certFile, files }) => ({
      name,
      endpoints: endpoints.value,
      hasCertificate: certFile !== undefined,
      files: files.map(({ file }) => file),
    })),
  };
}

/** Paths of files that no settings name are those given, which move with the directory. */
function relativeTo(value: unknown): unknown {
  return typeof value === 'string' ? relative('/', value).split('/').at(-1) : value;
}
