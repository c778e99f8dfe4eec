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
import { tracesOf } from '../support/traces.ts';
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

/** Requests of curl and wget with passwords and keys in every option that takes one. */
function requests(key: string): readonly string[] {
  const url = 'https://127.0.0.1:2379/health';
  const files = '--cacert /pki/ca.crt --cert /pki/a.crt --key /pki/a.key';
  return [
    `curl -f --cacert /pki/ca.crt --cert /pki/a.crt:${password} --key /pki/a.key ${url}`,
    `curl -f --cacert /pki/ca.crt -E /pki/a.crt:${password} --key /pki/a.key ${url}`,
    `curl -f --cacert /pki/ca.crt -E/pki/a.crt:${password} --key /pki/a.key ${url}`,
    `curl -f '--cert=/pki/a.crt:${password}' ${url}`,
    `curl -f ${files} --pass ${password} ${url}`,
    `curl -f ${files} --pass=${password} ${url}`,
    `curl -f ${files} -u root:${password} ${url}`,
    `curl -f ${files} -uroot:${password} ${url}`,
    `curl -f ${files} --user root:${password} ${url}`,
    `curl -f ${files} -x http://u:${password}@proxy:3128 ${url}`,
    `curl -f ${files} --proxy u:${password}@proxy:3128 ${url}`,
    `curl -f ${files} --proxy-user u:${password} ${url}`,
    `curl -f ${files} --proxy-cert /pki/a.crt:${password} --proxy-pass ${password} ${url}`,
    `curl -f ${files} --preproxy socks5://u:${password}@proxy ${url}`,
    `curl -f ${files} -H 'Authorization: Bearer ${password}' --oauth2-bearer ${password} ${url}`,
    `curl -f ${files} -d '{"name":"root","password":"${password}"}' ${url}`,
    `curl -f ${files} https://root:${password}@127.0.0.1:2379/health`,
    `curl -f ${files} root:${password}@127.0.0.1:2379/health`,
    `curl -f --unknown${password} ${url}`,
    `curl -f --cert '${key}' --key '${key}' ${url}`,
    `wget -q --user root --password ${password} --http-password=${password} ${url}`,
    `wget -q --proxy-user=u --proxy-password=${password} ${url}`,
    `wget -q -e https_proxy=http://u:${password}@proxy:3128 ${url}`,
    `wget -q --certificate /pki/a.crt --private-key '${key}' ${url}`,
    `wget -q --header 'Authorization: Bearer ${password}' ${url}`,
  ];
}

/** The same in every place where a health probe is written. */
function probes(key: string): Files {
  const all = requests(key);
  const compose = all.map(
    (request, index) =>
      `  etcd${index}:\n    image: quay.io/coreos/etcd:v3.5.21\n    command: etcd --name n${index}\n` +
      `    healthcheck: {test: ${JSON.stringify(index % 2 === 0 ? ['CMD-SHELL', request] : ['CMD', ...request.split(' ')])}}\n`,
  );
  const pods = all.map((request, index) =>
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: `etcd${index}` },
      spec: {
        containers: [
          {
            name: 'etcd',
            image: 'etcd:v3.5.21',
            command: ['etcd', `--name=n${index}`],
            livenessProbe: { exec: { command: ['/bin/sh', '-c', request] } },
          },
        ],
      },
    }),
  );
  const images = all.map(
    (request) => `FROM quay.io/coreos/etcd:v3.5.21\nHEALTHCHECK CMD ${request}\nCMD ["etcd"]\n`,
  );
  const units = all.map(
    (request) => `ExecStartPre=/bin/sh -c ${JSON.stringify(request)}\nExecStartPost=${request}\n`,
  );
  return [
    ['docker-compose.yml', `services:\n${compose.join('')}`],
    ['pods.yaml', pods.join('\n---\n')],
    ['Dockerfile', images.join('')],
    ['etcd.service', `[Service]\nExecStart=/usr/bin/etcd --name a\n${units.join('')}`],
    [
      'etcd.container',
      `[Container]\nImage=quay.io/coreos/etcd:v3.5.21\n${all.map((request) => `HealthCmd=${request}\n`).join('')}`,
    ],
    ['health.sh', `#!/bin/sh\n${all.join('\n')}\nexec etcd --name a\n`],
    [
      'run.sh',
      all
        .map((request) => `docker run --health-cmd ${JSON.stringify(request)} etcd:v3.5.21 etcd\n`)
        .join(''),
    ],
  ];
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

const traces = new Map<string, string>([
  [password, 'password'],
  ...tracesOf(Buffer.from(password)).map((trace) => [trace, 'password'] as const),
]);
for (const { kind, pem: text, der } of [...keys, ...openssh]) {
  const lines = text.split('\n').filter((line) => line.length >= 40 && !line.startsWith('-'));
  for (const line of lines.slice(1)) traces.set(line, `line of ${kind}`);
  if (kind === 'openssh') {
    for (const trace of tracesOf(Buffer.from(der.subarray(-60)))) traces.set(trace, kind);
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
  ...keys.slice(0, 1).flatMap(({ kind, pem: text, der }) =>
    [text.replaceAll('\n', ' '), Buffer.from(der).toString('base64')].map((value, index) => ({
      what: `requests of health probes, ${kind} ${['as PEM', 'in base64'][index]}`,
      files: probes(value),
    })),
  ),
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
