import { createPrivateKey } from 'node:crypto';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { certificateFormats } from '../../src/report/certificates/formats.ts';
import { formats } from '../../src/report/index.ts';
import { isMissing } from '../support/missing.ts';
import { directoryWith, type Directory } from '../support/directory.ts';
import { outputOf } from '../support/output-of.ts';
import { fromPem, issueAuthority, type KeyKind } from '../support/pki.ts';

const password = 'hunter2-Correct-Horse';
const authority = await issueAuthority({ commonName: 'etcd-ca' });
const certificate = fromPem(authority.certificatePem);
const keys = await Promise.all(
  (['ec-p256', 'ec-p384', 'rsa-2048', 'ed25519'] satisfies KeyKind[]).map(async (kind) => {
    const { privateKeyPem } = await issueAuthority({ commonName: 'secret', key: kind });
    return { kind, pem: privateKeyPem, der: fromPem(privateKeyPem) };
  }),
);
const openssh = isMissing('sshKeygen') ? [] : [await opensshKey()];

test.skipIf(isMissing('sshKeygen'))('a key of OpenSSH is among them', () => {
  expect(openssh).toMatchObject([{ kind: 'openssh' }]);
});

async function opensshKey() {
  await using directory = await directoryWith({});
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', directory.at('key')]);
  const text = await readFile(directory.at('key'), 'utf8');
  return { kind: 'openssh', pem: text, der: fromPem(text) };
}

/** Nothing listens there; where it is read from a variable or an option, its password stays inside as well. */
const secretUrl = `https://root:${password}@127.0.0.1:1`;

type Files = readonly (readonly [name: string, content: string | Uint8Array])[];

/** A DER element. */
function element(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const length = Buffer.from([0x82, content.length >> 8, content.length & 0xff]);
  return Buffer.concat([Uint8Array.of(tag), length, content]);
}

function pem(label: string, bytes: Uint8Array): string {
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

/** The key where a certificate should be, in every way in which it was seen to get out, and in its neighbours. */
function blocks(key: Uint8Array): Files {
  const hidden = {
    behind: Buffer.concat([certificate, key]),
    inside: element(0x30, certificate.subarray(4), key),
    sequence: element(0x30, key),
    octets: element(0x04, key),
    twice: element(0x30, element(0x30, key)),
    truncated: Buffer.concat([certificate.subarray(0, certificate.length >> 1), key]),
    alone: key,
  };
  const labels = ['CERTIFICATE', 'TRUSTED CERTIFICATE', 'X509 CRL', 'CERTIFICATE REQUEST', 'DATA'];
  const inPem = Object.entries(hidden).flatMap(([how, bytes]) =>
    labels.map((label) => [`${how}-${label.replaceAll(' ', '-')}.crt`, pem(label, bytes)] as const),
  );
  const bare = Object.entries(hidden).map(([how, bytes]) => [`${how}.der`, bytes] as const);
  const indented = pem('CERTIFICATE', hidden.behind).replaceAll(/^/gm, '  ');
  const label = `-----BEGIN ${Buffer.from(key).toString('base64')}-----\nAA==\n-----END X-----\n`;
  return [...inPem, ...bare, ['indented.crt', indented], ['label.crt', label]];
}

/** Settings files with a secret in place of a value. */
function settings(value: string): Files {
  const json = JSON.stringify(value);
  const url = `https://root:${password}@10.0.0.1:2379`;
  return Object.entries({
    'etcd.env': `ETCD_NAME=node1\nETCD_KEY_FILE=${json}\nETCD_CERT_FILE="${value}"\nETCD_LISTEN_CLIENT_URLS=${url}\nETCD_ADVERTISE_CLIENT_URLS=${url}\nETCD_UNKNOWN=${json}\nDB_PASSWORD=${password}\nHTTPS_PROXY=http://u:${password}@proxy:3128\n`,
    'etcd.service': `[Service]\nEnvironment=ETCD_KEY_FILE=${json}\nEnvironment="DB_PASSWORD=${password}"\nExecStart=/usr/bin/etcd --name node1 --key-file=${json} --advertise-client-urls ${url} --unknown ${password} --other=${password}\n`,
    'docker-compose.yml': `services:\n  etcd:\n    image: quay.io/coreos/etcd:v3.5.21\n    environment:\n      ETCD_NAME: node1\n      ETCD_KEY_FILE: ${json}\n      ETCD_ROOT_PASSWORD: ${password}\n      ETCD_ADVERTISE_CLIENT_URLS: ${url}\n`,
    'pod.yaml': `apiVersion: v1\nkind: Pod\nmetadata: {name: etcd}\nspec:\n  containers:\n  - name: etcd\n    image: etcd:v3.5.21\n    command: [etcd, --name=node1, ${JSON.stringify(`--key-file=${value}`)}, "--advertise-client-urls=${url}"]\n    env:\n    - {name: ETCD_PEER_KEY_FILE, value: ${json}}\n    - {name: PASSWORD, value: ${password}}\n`,
    'etcd.conf.yml': `name: node1\nadvertise-client-urls: ${url}\nclient-transport-security:\n  key-file: ${json}\n  secret: ${json}\nunknown: ${json}\nnested: {password: ${password}}\n`,
    'etcdctl.sh': `export ETCDCTL_ENDPOINTS=${url}\nexport ETCDCTL_KEY=${json}\nexport ETCDCTL_USER=root:${password}\nexport ETCDCTL_PASSWORD=${password}\netcdctl --user root:${password} --key ${json} --endpoints root:${password}@10.0.0.1:2379 get /\n`,
    'kube-apiserver.yaml': `apiVersion: v1\nkind: Pod\nmetadata: {name: kube-apiserver}\nspec:\n  containers:\n  - name: kube-apiserver\n    command: [kube-apiserver, "--etcd-servers=${url}", ${JSON.stringify(`--etcd-keyfile=${value}`)}]\n`,
    'config.yaml': `datastore-endpoint: ${url}\ndatastore-keyfile: ${json}\ntoken: ${password}\n`,
    'patroni.yml': `scope: main\netcd3:\n  host: 10.0.0.1:2379\n  protocol: https\n  key: ${json}\n  username: root\n  password: ${password}\n`,
    'etcd-tls.yaml': `version: 1\nmembers:\n  - name: node1\n    clientUrls: ["${url}"]\n    flags: {key-file: ${json}}\nclients:\n  - {name: c, endpoints: ["${url}"], keyFile: ${json}}\n`,
    'secret.yaml': `kind: Secret\nmetadata: {name: etcd}\ndata:\n  tls.crt: ${Buffer.from(value).toString('base64')}\n  password: ${Buffer.from(password).toString('base64')}\nstringData:\n  ca.crt: ${json}\n`,
    'broken.yaml': `kind: Pod\ncommand: [etcd\n  key: ${json}: : ${url}\n`,
    'etcd.log': `{"level":"warn","msg":"rejected connection","endpoint":"${url}","error":"remote error: tls: bad certificate ${value.replaceAll('\n', ' ').replaceAll('"', '')}"}\n`,
  });
}

/** How a secret would show itself: as it is, in the three alignments of base64, in hex, and as JSON escapes it. */
function tracesOf(secret: Uint8Array): readonly string[] {
  const bytes = Buffer.from(secret);
  const aligned = [0, 1, 2].map((skipped) =>
    bytes.subarray(skipped).toString('base64').slice(0, 20),
  );
  const hex = bytes.toString('hex');
  return [
    ...aligned,
    hex.slice(0, 32),
    hex.slice(0, 32).toUpperCase(),
    hex.slice(0, 32).replaceAll(/..(?=.)/g, '$&:'),
  ];
}

const traces = new Map<string, string>([
  [password, 'password'],
  ...tracesOf(Buffer.from(password)).map((trace) => [trace, 'password'] as const),
]);
for (const { kind, pem: text, der } of [...keys, ...openssh]) {
  const lines = text.split('\n').filter((line) => line.length >= 40 && !line.startsWith('-'));
  for (const line of lines.slice(1)) traces.set(line, `line of ${kind}`);
  if (kind === 'openssh') {
    for (const trace of tracesOf(der.subarray(-60))) traces.set(trace, kind);
    continue;
  }
  const { d = '', p = '', q = '' } = createPrivateKey(text).export({ format: 'jwk' });
  for (const number of [d, p, q].filter(Boolean)) {
    for (const trace of tracesOf(Buffer.from(number, 'base64url')))
      traces.set(trace, `number of ${kind}`);
  }
}

const made: { root?: Directory } = {};
beforeAll(async () => {
  vi.stubEnv('ETCDCTL_ENDPOINTS', secretUrl);
  vi.stubEnv('ETCDCTL_USER', `root:${password}`);
  vi.stubEnv('ETCDCTL_PASSWORD', password);
  made.root = await directoryWith({ 'ca.crt': authority.certificatePem });
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await made.root?.[Symbol.asyncDispose]();
});

async function everyOutput(directory: string, file: string): Promise<string> {
  const out = join(directory, '..', 'out');
  await mkdir(out, { recursive: true });
  const reports = formats.flatMap((format) => ['--report', `${format}=${join(out, format)}`]);
  const printed: string[] = [];
  for (const args of [
    ['check', directory, '--verbose', ...reports, '--save-evidence', join(out, 'evidence')],
    ['check', directory, '--verbose'],
    ['check', directory, '--standard', 'cis-1.12'],
    ['check', directory, '--replace', directory],
    [
      'verify',
      directory,
      '--endpoints',
      secretUrl,
      '--timeout=1s',
      '--verbose',
      '--report',
      'json',
    ],
    ['verify', directory, '--endpoints', secretUrl, '--timeout=1s', '--verbose'],
    ['verify', '--endpoints', secretUrl, '--cacert', file, '--cert', file, '--key', file],
    ['verify', directory, '--timeout=1s', '--save-evidence', join(out, 'verified')],
    ['check', directory, '--endpoints', secretUrl, '--cacert', join(directory, 'ca.crt')],
    ['certs', secretUrl],
    ['certs', file],
    ...certificateFormats.map((format) => ['certs', directory, '--detail', '--report', format]),
    ['collect', directory],
    ['init', directory, '--output', '-'],
    ['explain', file],
    ['explain', file, '--set', directory],
    ['explain', file, '--report', 'json'],
    ['render', file],
    ['diff', file, file],
    ['check', directory, '--evidence', file],
    ['check', directory, '--inventory', file],
    ['check', directory, '--waivers', file],
    ['check', directory, '--baseline', file],
    ['render', join(out, 'json'), '--report', 'html'],
    ['check', '--evidence', join(out, 'evidence')],
  ]) {
    printed.push((await outputOf(args)).output);
  }
  const files = await readdir(out);
  const texts = await Promise.all(files.map((name) => readFile(join(out, name), 'latin1')));
  return [...printed, ...texts].join('\n');
}

const cases = [
  ...[...keys, ...openssh].map(({ kind, der }) => ({
    what: `${kind} in PEM blocks`,
    files: blocks(der),
  })),
  ...[...keys, ...openssh].flatMap(({ kind, pem: text, der }) =>
    [
      { how: 'as it is', value: text },
      { how: 'on one line', value: text.trim().replaceAll('\n', ' ') },
      { how: 'with escaped line breaks', value: text.replaceAll('\n', String.raw`\n`) },
      { how: 'as base64 of its PEM', value: Buffer.from(text).toString('base64') },
      { how: 'as base64 of its DER', value: Buffer.from(der).toString('base64') },
      { how: 'as base64url', value: Buffer.from(der).toString('base64url') },
      { how: 'as hex', value: Buffer.from(der).toString('hex') },
    ].map(({ how, value }) => ({ what: `${kind} in settings, ${how}`, files: settings(value) })),
  ),
];

test.each(cases)(
  'no secret leaves by any command: $what',
  { timeout: 240_000 },
  async ({ files }) => {
    const root = made.root?.path ?? '';
    const found: string[] = [];
    let length = 0;
    for (const [name, content] of Object.entries(files)) {
      const directory = join(root, name, 'set');
      await mkdir(directory, { recursive: true });
      await writeFile(join(directory, 'ca.crt'), authority.certificatePem);
      await writeFile(join(directory, name), content);
      const output = await everyOutput(directory, join(directory, name));
      length += output.length;
      for (const [trace, what] of traces) {
        const at = output.indexOf(trace);
        if (at >= 0)
          found.push(
            `${name}: ${what} at ${JSON.stringify(output.slice(Math.max(0, at - 80), at + 40))}`,
          );
      }
    }

    expect(length).toBeGreaterThan(10_000);
    expect(found.slice(0, 10)).toEqual([]);
  },
);
