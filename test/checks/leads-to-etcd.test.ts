import { describe, expect, test } from 'vitest';
import { compose, files, flags, judged, pod, sound } from '../support/containers.ts';

type Given = Readonly<Record<string, string>>;

const onHost = flags('10.0.0.1').join(' ').replaceAll('/pki/', '/etc/pki/');
const etcd = `[Service]\nUser=root\nExecStart=/usr/bin/etcd ${onHost}\n`;
const unit = (lines: string): Given => ({
  ...files,
  'etcd.service': etcd,
  'app.service': `[Service]\nUser=root\n${lines}\n`,
});
const hook = (line: string): Given => ({ ...files, 'etcd.service': `${etcd}${line}\n` });
const tls = (ca: string) =>
  `--cacert /etc/pki/${ca} --cert /etc/pki/client.crt --key /etc/pki/client.key`;
const inEach = (given: Given, from: string, to: string): Given =>
  Object.fromEntries(Object.entries(given).map(([name, text]) => [name, text.replace(from, to)]));
const withTls = (given: Given) => inEach(given, 'http://0.0.0.0:2381', 'https://0.0.0.0:2381');

const sidecar = (probe: string): Given =>
  inEach(
    pod(''),
    '\n  volumes:',
    `\n  - {name: side, image: "example.org/side:1", securityContext: {runAsUser: 0}, command: [serve], volumeMounts: [{name: pki, mountPath: /pki, readOnly: true}], livenessProbe: ${probe}}\n  volumes:`,
  );
const exec = (...words: readonly string[]) =>
  sidecar(`{exec: {command: ${JSON.stringify(words)}}}`);
const inPod = (ca: string) =>
  [`--cacert`, `/pki/${ca}`, '--cert', '/pki/client.crt', '--key', '/pki/client.key'] as const;
const service = (url: string) =>
  compose(
    `  app:\n    image: example.org/app:1\n    healthcheck: {test: [CMD, curl, -fk, "${url}"]}`,
  );

describe('a probe of another container of the pod', () => {
  test.each<readonly [string, Given, string]>([
    ['curl', exec('curl', '-fk', 'https://127.0.0.1:2379/health'), 'fail'],
    ['curl, without TLS', exec('curl', '-f', 'http://localhost:2379/health'), 'fail'],
    [
      'curl with a wrong CA',
      exec('curl', '-f', ...inPod('other.crt'), 'https://127.0.0.1:2379/health'),
      'fail',
    ],
    [
      'curl with its certificate',
      exec('curl', '-f', ...inPod('ca.crt'), 'https://127.0.0.1:2379/health'),
      'pass',
    ],
    ['curl at the metrics port', exec('curl', '-f', 'http://127.0.0.1:2381/health'), 'pass'],
    ['etcdctl', exec('etcdctl', ...sound.split(' '), 'endpoint', 'health'), 'pass'],
    ['curl at its own port', exec('curl', '-fk', 'https://127.0.0.1:8443/health'), 'pass'],
    ['kubelet at the client port', sidecar('{httpGet: {port: 2379, scheme: HTTPS}}'), 'fail'],
    ['kubelet at the metrics port', sidecar('{httpGet: {port: 2381}}'), 'pass'],
    ['kubelet at its own port', sidecar('{httpGet: {port: 8080}}'), 'pass'],
  ])('%s', async (_, given, status) => {
    expect(await judged(given)).toMatchObject({ status, open: [] });
  });
});

describe('a health check of another service', () => {
  test.each([
    ['https://etcd:2379/health', 'fail'],
    ['https://localhost:8443/health', 'pass'],
    ['https://localhost:2379/health', 'pass'],
    ['http://etcd:2381/health', 'pass'],
  ])('%s: %s', async (url, status) => {
    expect(await judged(service(url))).toMatchObject({ status, open: [] });
  });
});

describe('a service that is nothing but a request', () => {
  test.each([
    ['curl -fk https://etcd:2379/health', 'fail'],
    ['curl -f http://etcd:2381/health', 'pass'],
    ['curl -fkO https://example.org/download/etcd.tar.gz', 'pass'],
  ])('%s: %s', async (command, status) => {
    const given = compose(
      `  watch:\n    image: example.org/curl:1\n    command: [sh, -c, "${command}"]`,
    );
    expect((await judged(given)).status).toBe(status);
  });
});

describe('curl in another unit', () => {
  test.each<readonly [string, Given, string]>([
    ['own port', unit('ExecStartPost=/usr/bin/curl -fk https://127.0.0.1:8443/health'), 'pass'],
    ['API server', unit('ExecStartPost=/usr/bin/curl -fk https://127.0.0.1:6443/readyz'), 'pass'],
    [
      'own port, verified',
      unit('ExecStart=/usr/bin/curl -f --cacert /etc/pki/other.crt https://127.0.0.1:8443/health'),
      'pass',
    ],
    ['metrics port', unit('ExecStart=/usr/bin/curl -f http://127.0.0.1:2381/health'), 'pass'],
    ['client port', unit('ExecStart=/usr/bin/curl -f http://127.0.0.1:2379/health'), 'fail'],
    [
      'metrics port with TLS',
      withTls(unit(`ExecStart=/usr/bin/curl -f ${tls('ca.crt')} https://127.0.0.1:2381/health`)),
      'pass',
    ],
    [
      'metrics port with TLS, and a wrong CA',
      withTls(unit(`ExecStart=/usr/bin/curl -f ${tls('other.crt')} https://127.0.0.1:2381/health`)),
      'fail',
    ],
    [
      'metrics port with TLS, without a certificate',
      withTls(unit('ExecStart=/usr/bin/curl -fk https://127.0.0.1:2381/health')),
      'fail',
    ],
  ])('%s: %s', async (_, given, status) => {
    const starts = given['app.service']?.includes('ExecStart=') === true;
    const whole = starts
      ? given
      : inEach(given, 'ExecStartPost', 'ExecStart=/usr/bin/app\nExecStartPost');
    expect(await judged(whole)).toMatchObject({ status, open: [] });
  });
});

const vault = 'https://vault.example.org:8200/v1/sys/health';

describe('curl in a hook of etcd', () => {
  test.each<readonly [string, Given, string]>([
    [
      'another API, where its failure does not count',
      hook(`ExecStartPost=/bin/sh -c 'curl -f --cacert /etc/pki/other.crt ${vault} || true'`),
      'pass',
    ],
    [
      'etcd, where its failure does not count',
      hook(
        `ExecStartPost=/bin/sh -c 'curl -f ${tls('other.crt')} https://127.0.0.1:2379/ || true'`,
      ),
      'fail',
    ],
    [
      'a port that only the settings show to be one of etcd',
      inEach(
        hook('ExecStartPost=/usr/bin/curl -fk https://10.0.0.1:12379/'),
        '--listen-client-urls=https://0.0.0.0:2379',
        '--listen-client-urls=https://0.0.0.0:12379',
      ),
      'fail',
    ],
  ])('%s: %s', async (_, given, status) => {
    expect((await judged(given)).status).toBe(status);
  });
});

test.each([
  ['http', 2381, 'pass'],
  ['https', 2381, 'fail'],
])('Prometheus at the metrics port, by %s', async (scheme, port, status) => {
  const text = `scrape_configs:\n- job_name: etcd\n  scheme: ${scheme}\n  static_configs:\n  - targets: ["10.0.0.1:${port}"]\n`;

  expect((await judged({ ...hook(''), 'prometheus.yml': text })).status).toBe(status);
});
