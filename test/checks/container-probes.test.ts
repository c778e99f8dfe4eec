import { describe, expect, test } from 'vitest';
import {
  ca,
  compose,
  files,
  flags,
  judged,
  pod,
  sound,
  usages,
  wrongCa,
} from '../support/containers.ts';

interface Case {
  readonly what: string;
  readonly given: Readonly<Record<string, string>>;
  readonly status: 'pass' | 'fail' | 'incomplete';
  readonly found?: readonly string[];
  readonly open?: readonly string[];
}

const line = (options: string, endpoint = 'https://127.0.0.1:2379') =>
  `etcdctl ${options} --endpoints=${endpoint} endpoint health`;
const inWords = (text: string, ...before: readonly string[]) =>
  JSON.stringify([...before, ...text.split(' ')]);
const inShell = (text: string, ...before: readonly string[]) => JSON.stringify([...before, text]);
const healthcheck = (command: string) => compose(`    healthcheck: {test: ${command}}`);
const probe = (name: string, command: string) => pod(`    ${name}: {exec: {command: ${command}}}`);
const request = (name: string, what: string) =>
  pod(`    ${name}: {${what}}`, '  hostNetwork: true');

const failsOn = (number: number) => ({
  status: 'fail' as const,
  found: [`unknown-authority pki/other.crt ${number}`],
});
const rejected = (name: string, number = 13) => ({
  status: 'fail' as const,
  found: [`health-probe-rejected etcd-0 ${name} ${number}`],
});

describe('compose', () => {
  test.each<Case>([
    { what: 'no healthcheck', given: compose(''), status: 'pass' },
    { what: 'CMD-SHELL', given: healthcheck(inShell(line(sound), 'CMD-SHELL')), status: 'pass' },
    { what: 'CMD-SHELL', given: healthcheck(inShell(line(wrongCa), 'CMD-SHELL')), ...failsOn(7) },
    { what: 'a text alone', given: healthcheck(JSON.stringify(line(wrongCa))), ...failsOn(7) },
    { what: 'CMD', given: healthcheck(inWords(line(sound), 'CMD')), status: 'pass' },
    { what: 'CMD', given: healthcheck(inWords(line(wrongCa), 'CMD')), ...failsOn(7) },
    {
      what: 'CMD with a shell',
      given: healthcheck(inShell(line(wrongCa), 'CMD', 'sh', '-c')),
      ...failsOn(7),
    },
    { what: 'NONE', given: healthcheck(inWords(line(wrongCa), 'NONE')), status: 'pass' },
    {
      what: 'a check that is disabled',
      given: compose(`    healthcheck: {disable: true, test: ${inWords(line(wrongCa), 'CMD')}}`),
      status: 'pass',
    },
    {
      what: 'the environment of the container',
      given: compose(`    environment:
      ETCDCTL_CACERT: /pki/other.crt
      ETCDCTL_CERT: /pki/client.crt
      ETCDCTL_KEY: /pki/client.key
      ETCDCTL_ENDPOINTS: https://127.0.0.1:2379
    healthcheck: {test: [CMD, etcdctl, endpoint, health]}`),
      ...failsOn(8),
    },
    {
      what: 'the environment of the container, in the shell',
      given: compose(`    environment: {CA: /pki/other.crt}
    healthcheck: {test: ${inShell(line(sound).replace('/pki/ca.crt', '$$CA'), 'CMD-SHELL')}}`),
      ...failsOn(8),
    },
    {
      what: 'no certificate',
      given: healthcheck(inWords(line('--cacert=/pki/ca.crt'), 'CMD')),
      status: 'fail',
      found: ['client-without-certificate etcd-healthcheck 7'],
    },
    {
      what: 'a path outside every mount',
      given: healthcheck(inWords(line(sound.replaceAll('/pki/', '/certs/')), 'CMD')),
      status: 'fail',
      found: ['file-hidden-from-process etcd-healthcheck /certs/ca.crt 7'],
    },
    {
      what: 'a port on which nothing listens',
      given: healthcheck(inWords(line(sound, 'https://127.0.0.1:4001'), 'CMD')),
      status: 'incomplete',
    },
    {
      what: 'curl without a certificate',
      given: healthcheck('[CMD, curl, -fk, "https://127.0.0.1:2379/health"]'),
      ...rejected('healthcheck', 7),
    },
    {
      what: 'curl at the metrics port',
      given: healthcheck('[CMD-SHELL, "curl -f http://127.0.0.1:2381/health || exit 1"]'),
      status: 'pass',
    },
    {
      what: 'curl with a certificate',
      given: healthcheck(
        '[CMD, curl, -f, --cacert, /pki/ca.crt, --cert, /pki/client.crt, --key, /pki/client.key, "https://127.0.0.1:2379/health"]',
      ),
      status: 'pass',
    },
    {
      what: 'curl with a wrong CA',
      given: healthcheck(
        '[CMD, curl, -f, --cacert, /pki/other.crt, --cert, /pki/client.crt, --key, /pki/client.key, "https://127.0.0.1:2379/health"]',
      ),
      ...failsOn(7),
    },
    {
      what: 'wget without a certificate',
      given: healthcheck('"wget -q -O- --no-check-certificate https://localhost:2379/health"'),
      ...rejected('healthcheck', 7),
    },
    {
      what: 'a script that was not given',
      given: healthcheck('[CMD, /scripts/health.sh]'),
      status: 'incomplete',
      open: [
        '7 the healthcheck runs `health.sh`, which was not given, so that its connections to etcd are not known',
      ],
    },
  ])('$what: $status', async ({ given, status, found = [], open = [] }) => {
    expect(await judged(given)).toEqual({ status, found, open });
  });

  test('each container has a loopback of its own', async () => {
    const other = await ca.issue({ commonName: 'b', hosts: ['b'], usages });
    const [a = ''] = Object.values(healthcheck(inWords(line(sound), 'CMD'))).slice(-1);
    const b = a
      .replaceAll('etcd-0', 'b')
      .replaceAll('//etcd:', '//b:')
      .replace('\n  etcd:', '\n  b:')
      .replaceAll('/pki/server', '/pki/b')
      .replace('data:/', 'b:/')
      .replace('services:\n', '');
    const list = 'etcd-0=https://etcd:2380,b=https://b:2380';
    const both = (a + b).replaceAll(/--initial-cluster=[^"]*/g, `--initial-cluster=${list}`);
    const given = {
      ...files,
      'pki/b.crt': other.certificatePem,
      'pki/b.key': other.privateKeyPem,
      'docker-compose.yml': both,
    };

    const { found } = await judged(given);

    expect(found).toEqual(['client-endpoint-not-in-certificate b-healthcheck 13']);
  });
});

describe('pod', () => {
  test.each<Case>([
    { what: 'no probe', given: pod(''), status: 'pass' },
    ...['livenessProbe', 'readinessProbe', 'startupProbe'].flatMap((name): readonly Case[] => [
      { what: name, given: probe(name, inWords(line(sound))), status: 'pass' },
      { what: name, given: probe(name, inWords(line(wrongCa))), ...failsOn(13) },
    ]),
    {
      what: 'a probe in a shell',
      given: probe('livenessProbe', inShell(`ETCDCTL_API=3 ${line(wrongCa)}`, '/bin/sh', '-ec')),
      ...failsOn(13),
    },
    {
      what: 'a variable in a probe',
      given: pod(`    env: [{name: CA, value: /pki/other.crt}]
    livenessProbe: {exec: {command: ${inWords(line(sound).replace('/pki/ca.crt', '$(CA)'))}}}`),
      ...failsOn(14),
    },
    {
      what: 'a hook',
      given: pod(`    lifecycle: {preStop: {exec: {command: ${inWords(line(wrongCa))}}}}`),
      ...failsOn(13),
    },
    {
      what: 'an init container',
      given: pod(
        '',
        `  initContainers:
  - name: wait
    image: quay.io/coreos/etcd:v3.5.30
    command: ${inWords(line(wrongCa, 'https://10.0.0.1:2379'))}
    volumeMounts: [{name: pki, mountPath: /pki}]`,
      ),
      ...failsOn(8),
    },
    {
      what: 'kubelet at the metrics port, as kubeadm writes it',
      given: request(
        'livenessProbe',
        'httpGet: {host: 127.0.0.1, path: /health, port: 2381, scheme: HTTP}',
      ),
      status: 'pass',
    },
    {
      what: 'kubelet at the client port, over TLS',
      given: request('livenessProbe', 'httpGet: {path: /health, port: 2379, scheme: HTTPS}'),
      ...rejected('livenessProbe'),
    },
    {
      what: 'kubelet at the client port by its name',
      given: request('readinessProbe', 'httpGet: {path: /health, port: client, scheme: HTTPS}'),
      ...rejected('readinessProbe'),
    },
    {
      what: 'kubelet at the client port, without TLS',
      given: request('livenessProbe', 'httpGet: {path: /health, port: 2379}'),
      ...rejected('livenessProbe'),
    },
    {
      what: 'kubelet at the metrics port, over TLS',
      given: request('startupProbe', 'httpGet: {path: /health, port: 2381, scheme: HTTPS}'),
      ...rejected('startupProbe'),
    },
    {
      what: 'gRPC',
      given: request('livenessProbe', 'grpc: {port: 2379}'),
      ...rejected('livenessProbe'),
    },
    {
      what: 'a TCP socket',
      given: request('livenessProbe', 'tcpSocket: {port: 2379}'),
      status: 'pass',
    },
  ])('$what: $status', async ({ given, status, found = [], open = [] }) => {
    expect(await judged(given)).toEqual({ status, found, open });
  });
});

describe('other forms', () => {
  const started = ['etcd', ...flags('etcd')];
  const run = (health: string) =>
    `#!/bin/sh\ndocker run --name etcd -u 0 -v /etc/pki:/pki -v data:/var/lib/etcd ` +
    `--health-cmd="${health}" quay.io/coreos/etcd:v3.5.30 ${started.join(' ')}\n`;
  const inspect = (health: string) =>
    JSON.stringify(
      [
        {
          Name: '/etcd',
          Path: 'etcd',
          Args: started.slice(1),
          Config: {
            Image: 'quay.io/coreos/etcd:v3.5.30',
            User: '0',
            Env: [],
            Cmd: started,
            Healthcheck: { Test: ['CMD-SHELL', health] },
          },
          HostConfig: { Binds: ['/etc/pki:/pki', 'data:/var/lib/etcd'], NetworkMode: 'bridge' },
        },
      ],
      undefined,
      1,
    );
  const quadlet = (health: string) =>
    `[Container]\nImage=quay.io/coreos/etcd:v3.5.30\nUser=0\nVolume=/etc/pki:/pki\nVolume=data:/var/lib/etcd\n` +
    `Exec=${started.join(' ')}\nHealthCmd=${health}\n`;

  test.each([
    { form: 'docker run', file: 'run.sh', write: run, at: 2 },
    { form: 'docker inspect', file: 'inspect.json', write: inspect, at: 49 },
    { form: 'quadlet', file: 'etcd.container', write: quadlet, at: 7 },
  ])('$form', async ({ file, write, at }) => {
    const good = await judged({ ...files, [file]: write(line(sound)) });
    const bad = await judged({ ...files, [file]: write(line(wrongCa)) });

    expect(good).toEqual({ status: 'pass', found: [], open: [] });
    expect(bad).toEqual({ ...failsOn(at), open: [] });
  });
});
