import { readFile } from 'node:fs/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { readInventory } from '../../../src/collect/inventory/read-inventory.ts';
import { inventoryJsonSchema } from '../../../src/collect/inventory/schema.ts';
import { waiversJsonSchema } from '../../../src/collect/inventory/waivers-schema.ts';
import { textLike } from '../../support/matching.ts';
import { parseWaivers } from '../../../src/collect/inventory/waivers.ts';

const whole = `version: 1
etcdVersion: "3.5.21"
members:
  - name: node1
    addresses: [10.0.0.1]
    hostnames: [etcd-1.example.org]
    reverseNames: { 10.0.0.1: [etcd-1.example.org] }
    clientUrls: ["https://10.0.0.1:2379"]
    peerUrls: ["https://10.0.0.1:2380"]
    settings: conf/etcd.conf.yml
    flags:
      client-cert-auth: true
      cipher-suites: [TLS_AES_128_GCM_SHA256, TLS_CHACHA20_POLY1305_SHA256]
    files:
      /etc/etcd/server.crt: certs/server.crt
clients:
  - name: etcdctl
    endpoints: [etcd-1.example.org:2379]
    caFile: certs/ca.crt
maps:
  /etc/etcd: certs
dns:
  etcd-1.example.org: [10.0.0.1]
config:
  expiryWarningDays: 14
  failOn: medium
  skip: [wildcard-name]
`;

test('reads members, clients, answers of DNS and how to judge, with the place of each flag', async () => {
  const inventory = await read(whole);

  expect(inventory).toMatchObject({
    path: 'deploy/etcd-tls.yaml',
    etcdVersion: { value: '3.5.21', location: { line: 2, column: 1 } },
    members: [
      {
        name: 'node1',
        location: { file: 'deploy/etcd-tls.yaml', line: 4 },
        settings: ['deploy/conf/etcd.conf.yml'],
        files: { '/etc/etcd/server.crt': 'deploy/certs/server.crt' },
      },
    ],
    clients: [{ name: 'etcdctl', kind: 'client', verifier: 'go', speaks: 'grpc' }],
    maps: [{ prefix: '/etc/etcd', directory: 'deploy/certs' }],
    config: { expiryWarningDays: 14, failOn: 'medium', skip: ['wildcard-name'] },
  });
  expect(inventory.members[0]?.flags).toMatchObject([
    { name: 'client-cert-auth', value: 'true', location: { line: 12, column: 7 } },
    { name: 'cipher-suites', value: 'TLS_AES_128_GCM_SHA256,TLS_CHACHA20_POLY1305_SHA256' },
    { name: 'advertise-client-urls', value: 'https://10.0.0.1:2379' },
    { name: 'initial-advertise-peer-urls', value: 'https://10.0.0.1:2380' },
  ]);
});

test.each([
  { text: 'version: 1\nmembers: [', message: ':2:', hint: /YAML/ },
  { text: '', message: 'the file is empty', hint: /version: 2/ },
  { text: 'version: 3', message: ':1:1: version must be 1 or 2', hint: /version: 2/ },
  { text: 'members: []', message: 'version must be 1 or 2', hint: /version: 2/ },
  {
    text: 'version: 1\nclusters: []',
    message: ':2:1: unknown key "clusters"',
    hint: /version: 2/,
  },
  {
    text: 'version: 1\nignore: [a]',
    message: ':2:1: unknown key "ignore"',
    hint: /version: 2/,
  },
  {
    text: 'version: 2\nmembers: []',
    message: ':2:1: unknown key "members"',
    hint: /under `clusters`/,
  },
  {
    text: 'version: 2\nclusters:\n  - members: []\n  - name: b',
    message: ':3:5: clusters.0.name is missing',
    hint: /its own name/,
  },
  {
    text: 'version: 2\nclusters:\n  - name: a\n  - name: a',
    message: ':4:5: two clusters have the name "a"',
    hint: /its own name/,
  },
  {
    text: 'version: 2\nclusters:\n  - members:\n      - name: a\n        adresses: []',
    message: ':5:9: unknown key "adresses" in clusters.0.members.0',
    hint: /spelling/,
  },
  {
    text: 'version: 1\nmembers:\n  - name: a\n    adresses: [10.0.0.1]',
    message: ':4:5: unknown key "adresses" in members.0',
    hint: /spelling/,
  },
  {
    text: 'version: 1\netcdVersion: 3.5',
    message: ':2:1: etcdVersion must be text',
    hint: /quotes/,
  },
  {
    text: 'version: 1\nmembers:\n  - name: a\n    addresses: 10.0.0.1',
    message: ':4:5: members.0.addresses must be a list',
    hint: /brackets/,
  },
  {
    text: 'version: 1\nmembers:\n  - addresses: []',
    message: ':3:5: members.0.name is missing',
    hint: /init/,
  },
  {
    text: 'version: 1\nmembers:\n  - nam: a',
    message: ':3:5: unknown key "nam" in members.0',
    hint: /spelling/,
  },
  {
    text: 'version: 1\nmembers:\n  - name: a\n    clientUrls: [10.0.0.1]',
    message: ':4:18: members.0.clientUrls.0: write a URL such as https://10.0.0.1:2379',
    hint: /init/,
  },
  {
    text: 'version: 1\nmembers:\n  - name: a\n    flags:\n      client-cert-auht: true',
    message: ':5:7: etcd has no flag "client-cert-auht"',
    hint: /did you mean client-cert-auth/,
  },
  {
    text: 'version: 1\nmembers:\n  - name: a\n    flags: { client-cert-auth: "yes" }',
    message: ':4:14: etcd cannot read "yes" for --client-cert-auth: parse error',
    hint: /command line/,
  },
  {
    text: 'version: 1\nmembers:\n  - name: a\n    settings: 5',
    message: ':4:5: members.0.settings must be text or a list',
    hint: /^correct it there/,
  },
  {
    text: 'version: 1\nmembers:\n  - name: ""',
    message: ':3:5: members.0.name must not be empty',
    hint: /^correct it there/,
  },
  {
    text: 'version: 1\nmembers:\n  - name: a\n    flags: { "--name": a }',
    message: ':4:14: members.0.flags.--name: write the flag without dashes before it',
    hint: /^correct it there/,
  },
  {
    text: 'version: 1\nconfig: { expiryWarningDays: 0 }',
    message: ':2:11: config.expiryWarningDays must be more than 0',
    hint: /^correct it there/,
  },
  { text: 'version: 1\nversion: 1', message: ':2:1: "version" is set twice', hint: /one/ },
  {
    text: 'version: 1\nconfig:\n  failOn: urgent',
    message: ':3:3: config.failOn must be critical or high or medium or low or info',
    hint: /init/,
  },
])('refuses it with $message', async ({ text, message, hint }) => {
  const failure = await read(text).then(
    () => undefined,
    (error: unknown) => error,
  );

  expect(failure).toMatchObject({ name: 'InputError', code: 'INVENTORY_MALFORMED' });
  expect(String(failure)).toContain(`deploy/etcd-tls.yaml`);
  expect(String(failure)).toContain(message);
  expect(failure).toMatchObject({ hint: textLike(hint) });
});

describe('waivers', () => {
  const waiver = '{check: wildcard-name, target: "*", reason: old, owner: me, expires: 2027-01-31}';

  test.each([`[${waiver}]`, `waivers: [${waiver}]`])('are read from %s', async (text) => {
    expect(await parseWaivers(text, 'waivers.yaml')).toEqual([
      { check: 'wildcard-name', target: '*', reason: 'old', owner: 'me', expires: '2027-01-31' },
    ]);
  });

  test('hold no password, which reports would print', async () => {
    const url = 'https://root:hunter2@10.0.0.1:2379';
    const text = JSON.stringify([
      { check: 'a', target: url, reason: `see ${url}`, owner: 'me', expires: '2027-01-31' },
    ]);

    const waivers = JSON.stringify(await parseWaivers(text, 'waivers.yaml'));

    expect(waivers).toContain('https://***@10.0.0.1:2379');
    expect(waivers).not.toContain('hunter2');
  });

  test.each([
    [
      '- {check: a, target: b, reason: c, owner: d, expires: soon}',
      ':1:46: 0.expires: write a date',
    ],
    [
      '- {check: a, target: b, reason: c, owner: d, expires: 2027-02-31}',
      'this date does not exist',
    ],
    [
      '- {check: client-dials-no-member, target: b, reason: c, owner: d, expires: 2027-01-31}',
      ':1:4: check "client-dials-no-member" has been renamed',
    ],
    [
      'waivers: [{check: client-dials-no-member, target: b, reason: c, owner: d, expires: 2027-01-31}]',
      ':1:12: check "client-dials-no-member" has been renamed',
    ],
    ['- {check: a, target: b, owner: d, expires: 2027-01-31}', ':1:3: 0.reason is missing'],
  ])('%s is refused', async (text, message) => {
    await expect(parseWaivers(text, 'waivers.yaml')).rejects.toThrow(message);
  });
});

test.each([
  { name: 'inventory', schema: inventoryJsonSchema() },
  { name: 'waivers', schema: waiversJsonSchema() },
])('the published schema of the $name is in sync with the code', async ({ name, schema }) => {
  const text = `${JSON.stringify(schema, undefined, 2)}\n`;

  await expect(text).toMatchFileSnapshot(`../../../schemas/${name}.schema.json`);
});

const two = `version: 2
clusters:
  - name: main
    members: [{ name: a, addresses: [10.0.0.1] }]
    clients: [{ name: etcdctl }]
  - name: events
    members:
      - name: b
        addresses: [10.0.0.2]
ignore: [old/*.pem]
`;

test('version 2 says which member and client is of which cluster, and what to ignore', async () => {
  expect(await read(two)).toMatchObject({
    members: [
      { name: 'a', cluster: 'main', location: { line: 4 } },
      { name: 'b', cluster: 'events', location: { line: 8 } },
    ],
    clients: [{ name: 'etcdctl', cluster: 'main' }],
    ignore: ['old/*.pem'],
  });
});

test('version 2 with one cluster reads as version 1 does', async () => {
  const text = 'version: 2\nclusters:\n  - members: [{ name: a }]\n    clients: [{ name: c }]\n';
  const first = await read('version: 1\nmembers: [{ name: a }]\nclients: [{ name: c }]\n');

  expect(withoutPlaces(await read(text))).toBe(withoutPlaces(first));
});

test('the published schema takes what the program takes', () => {
  const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true });
  addFormats.default(ajv);
  const validate = ajv.compile(inventoryJsonSchema());

  for (const text of [whole, two]) {
    validate(parse(text));
    expect(validate.errors).toBeNull();
  }
  expect(validate({ version: 1, member: [] })).toBe(false);
});

test('the example in the documentation is one', async () => {
  const page = await readFile('docs/inventory.md', 'utf8');
  const [, text = ''] = /```yaml\n([\s\S]*?)```/.exec(page) ?? [];

  expect(await read(text)).toMatchObject({
    members: [{ name: 'node1' }],
    clients: [{ name: 'backup' }],
  });
});

function withoutPlaces(inventory: unknown): string {
  return JSON.stringify(inventory, (key, value: unknown) =>
    key === 'location' ? undefined : value,
  );
}

async function read(text: string) {
  return await readInventory({ path: 'deploy/etcd-tls.yaml', text });
}
