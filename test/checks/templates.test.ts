import { describe, expect, test } from 'vitest';
import { judged } from '../support/judged.ts';

const variables = [
  ['ETCDCTL_CACERT', '/etc/etcd/ca.pem'],
  ['ETCDCTL_CERT', '/etc/etcd/client.pem'],
  ['ETCDCTL_KEY', '/etc/etcd/client-key.pem'],
] as const;

/** A pod of etcdctl with `env:` as given. */
function pod(env: string, volumes = '[{name: c, hostPath: {path: /etc/etcd}}]'): string {
  return `apiVersion: v1
kind: Pod
metadata: {name: ask}
spec:
  hostNetwork: true
  containers:
  - name: etcdctl
    image: quay.io/coreos/etcd:v3.5.16
    command: [etcdctl, '--endpoints=https://10.0.0.1:2379', get, a]
    env:${env}
    volumeMounts: [{name: c, mountPath: /etc/etcd}]
  volumes: ${volumes}
`;
}

function list(change: (value: string) => string = (value) => value): string {
  return variables
    .map(([name, value]) => `\n    - name: ${name}\n      value: ${change(value)}`)
    .join('');
}

const file = variables.map(([name, value]) => `${name}=${value}\n`).join('');
const settings = `ETCDCTL_ENDPOINTS=https://10.0.0.1:2379\n${file}`;

const patroni = `scope: a
restapi: {}
etcd3:
  hosts: 10.0.0.1:2379
  protocol: https
  cacert: /etc/etcd/ca.pem
  cert: /etc/etcd/client.pem
  key: /etc/etcd/client-key.pem
`;

const member = `ETCD_NAME=n4
ETCD_LISTEN_CLIENT_URLS=https://10.0.0.1:2379
ETCD_ADVERTISE_CLIENT_URLS=https://10.0.0.1:2379
ETCD_CERT_FILE=/etc/etcd/n1.pem
ETCD_KEY_FILE=/etc/etcd/n1-key.pem
`;

/** Settings without a template, and with one, by what it fills in. */
const cases: Readonly<Record<string, readonly [path: string, plain: string, template: string]>> = {
  'a value': [
    'ask.yaml',
    pod(list()),
    pod(list((value) => (value.endsWith('client.pem') ? '{{ .Values.cert | quote }}' : value))),
  ],
  'all variables': ['ask.yaml', pod(list()), pod('\n      {{ toYaml .Values.env | indent 4 }}')],
  'the volumes': ['ask.yaml', pod(list()), pod(list(), '{{ toYaml .Values.volumes }}')],
  'a list of variables': ['ask.yaml', pod(list()), pod(' {{ env }}')],
  'lines of a file of variables': ['etcdctl.env.j2', settings, `${settings}{{ more }}\n`],
  'whether variables count': [
    'etcdctl.env.j2',
    settings,
    `{% if tls %}\n${file}{% endif %}\nETCDCTL_ENDPOINTS=https://10.0.0.1:2379\n`,
  ],
  'the endpoints of a configuration file': [
    'patroni.yml',
    patroni,
    patroni.replace('10.0.0.1:2379', '{{ hosts }}'),
  ],
  'a path in a configuration file': [
    'patroni.yml',
    patroni,
    patroni.replace('/etc/etcd/client.pem', '{{ cert }}'),
  ],
};

test.each(Object.entries(cases))(
  'a template that fills in %s is not understood, and nothing is blamed for it',
  async (_, [path, plain, template]) => {
    expect(await judged({ [path]: plain })).toMatchObject({ status: 'pass', reasons: [] });
    const { status, failing, reasons } = await judged({ [path]: template });

    expect({ status, failing }).toEqual({ status: 'incomplete', failing: [] });
    expect(reasons).toEqual([expect.stringMatching(/template|placeholder/)]);
  },
);

test('what a template may add to the settings of a member is not missing', async () => {
  const open = ['client-port-admits-anonymous'];

  expect((await judged({ 'n4/etc/default/etcd': member })).failing).toEqual(
    expect.arrayContaining(open),
  );
  expect((await judged({ 'n4/etc/default/etcd': `${member}{{ more }}\n` })).failing).not.toEqual(
    expect.arrayContaining(open),
  );
});

describe('a file that was not given and may name certificates', () => {
  const urls =
    '--listen-client-urls https://10.0.0.4:2379 --advertise-client-urls https://10.0.0.4:2379';
  const run = (options: string, flags = '') =>
    `#!/bin/sh\ndocker run --network host ${options} quay.io/coreos/etcd:v3.5.16 etcd --name n4 ${urls} ${flags}\n`;

  test('is none that the container lacks', async () => {
    const hidden = ['file-hidden-from-process'];
    const { failing } = await judged({ 'run.sh': run('--env-file /etc/etcd.env') });
    const named = await judged({ 'run.sh': run('', '--cert-file /etc/a --key-file /etc/b') });

    expect(failing).not.toEqual(expect.arrayContaining(hidden));
    expect(named.failing).toEqual(expect.arrayContaining(hidden));
  });
});
