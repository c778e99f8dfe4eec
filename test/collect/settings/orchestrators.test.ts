import { describe, expect, test } from 'vitest';
import { readSettings, recogniseSettings } from '../../../src/collect/settings/read-settings.ts';
import { readMemberSettings } from '../../../src/etcd/read-member-settings.ts';
import { etcdVersion } from '../../../src/etcd/version.ts';

const kubeadm = `apiVersion: v1
kind: Pod
metadata:
  name: etcd
  namespace: kube-system
spec:
  containers:
  - name: etcd
    image: registry.k8s.io/etcd:3.5.21-0
    command:
    - etcd
    - --advertise-client-urls=https://10.0.0.11:2379
    - --cert-file=/etc/kubernetes/pki/etcd/server.crt
    - --client-cert-auth=true
    - --initial-advertise-peer-urls=https://10.0.0.11:2380
    - --initial-cluster=cp1=https://10.0.0.11:2380
    - --key-file=/etc/kubernetes/pki/etcd/server.key
    - --listen-client-urls=https://127.0.0.1:2379,https://10.0.0.11:2379
    - --listen-metrics-urls=http://127.0.0.1:2381
    - --listen-peer-urls=https://10.0.0.11:2380
    - --name=cp1
    - --peer-cert-file=/etc/kubernetes/pki/etcd/peer.crt
    - --peer-client-cert-auth=true
    - --peer-key-file=/etc/kubernetes/pki/etcd/peer.key
    - --peer-trusted-ca-file=/etc/kubernetes/pki/etcd/ca.crt
    - --trusted-ca-file=/etc/kubernetes/pki/etcd/ca.crt
    volumeMounts:
    - mountPath: /etc/kubernetes/pki/etcd
      name: etcd-certs
  volumes:
  - hostPath:
      path: /srv/pki/etcd/
      type: DirectoryOrCreate
    name: etcd-certs
`;

test('reads kubeadm’s static pod', async () => {
  const { members, clients } = await read({ 'etcd.yaml': kubeadm });
  const [member] = members;

  expect(clients).toEqual([]);
  expect(member).toMatchObject({
    kind: 'manifest',
    name: 'cp1',
    etcdVersion: {
      value: '3.5.21',
      origin: { name: 'image', location: { file: 'etcd.yaml', line: 9 } },
    },
    mounts: [{ inside: '/etc/kubernetes/pki/etcd', from: 'host', source: '/srv/pki/etcd' }],
    partial: false,
  });
  const { settings, problems } = readMemberSettings(member?.sources ?? [], etcdVersion('3.5.21'));
  expect(problems).toEqual([]);
  expect(settings.peer.trustedCaFile).toMatchObject({
    value: '/etc/kubernetes/pki/etcd/ca.crt',
    origin: { location: { file: 'etcd.yaml', line: 25 } },
  });
});

test('reads a StatefulSet that starts etcd through a shell, with variables and Secrets', async () => {
  const { members, notUnderstood } = await read({
    'set.yaml': `apiVersion: apps/v1
kind: StatefulSet
metadata: {name: etcd, namespace: store}
spec:
  template:
    spec:
      containers:
      - name: etcd
        image: registry.k8s.io/etcd:v3.6.4@sha256:00
        env:
        - name: POD
          valueFrom: {fieldRef: {fieldPath: metadata.name}}
        - name: PKI
          value: /pki
        - name: ETCD_INITIAL_CLUSTER_TOKEN
          valueFrom: {secretKeyRef: {name: token, key: value}}
        command: [/bin/sh, -ec]
        args:
        - |
          ulimit -n 1024
          exec etcd --name=$(POD) \\
            --cert-file=$(PKI)/tls.crt --key-file=$(PKI)/tls.key
        volumeMounts:
        - {name: tls, mountPath: /pki/}
        - {name: conf, mountPath: /conf, subPath: a}
      volumes:
      - name: tls
        secret: {secretName: etcd-server-tls}
      - name: conf
        configMap: {name: etcd-conf}
`,
  });
  const [member] = members;
  const { settings } = readMemberSettings(member?.sources ?? [], etcdVersion('3.6.4'));

  expect(member).toMatchObject({
    etcdVersion: { value: '3.6.4' },
    mounts: [
      { inside: '/pki', from: 'secret', source: 'store/etcd-server-tls' },
      { inside: '/conf', from: 'config-map', source: 'store/etcd-conf/a' },
    ],
    problems: [],
  });
  expect(notUnderstood).toMatchObject([
    {
      path: 'set.yaml',
      line: 15,
      reason: 'the value of ETCD_INITIAL_CLUSTER_TOKEN is not known: only the cluster knows it',
    },
  ]);
  expect(member?.name).toBe('etcd-0');
  expect(settings.client).toMatchObject({
    certFile: { value: '/pki/tls.crt' },
    keyFile: { value: '/pki/tls.key' },
  });
});

test('reads pods out of a list in JSON', async () => {
  const items = ['a', 'b'].map((name) => ({
    kind: 'Pod',
    spec: { containers: [{ name, command: ['etcd', `--name=${name}`] }] },
  }));
  const text = JSON.stringify({ kind: 'List', items }, null, 2);
  const { members } = await read({ 'pods.json': text });

  expect(members.map(({ name }) => name)).toEqual(['a', 'b']);
});

test('reads kube-apiserver’s manifest, with servers of its own for events', async () => {
  const { members, clients } = await read({
    'kube-apiserver.yaml': `apiVersion: v1
kind: Pod
metadata: {name: kube-apiserver, namespace: kube-system}
spec:
  containers:
  - name: kube-apiserver
    command:
    - kube-apiserver
    - --etcd-cafile=/pki/etcd/ca.crt
    - --etcd-certfile=/pki/apiserver-etcd-client.crt
    - --etcd-keyfile=/pki/apiserver-etcd-client.key
    - --etcd-servers=https://10.0.0.1:2379, https://10.0.0.2:2379
    - --etcd-servers-overrides=/events#https://10.0.0.9:2379;https://10.0.0.8:2379
    volumeMounts: [{mountPath: /pki, name: pki}]
  volumes: [{name: pki, hostPath: {path: /etc/kubernetes/pki}}]
`,
  });

  expect(members).toEqual([]);
  expect(clients).toMatchObject([
    {
      name: 'kube-apiserver',
      kind: 'kube-apiserver',
      endpoints: {
        // pflag's string slices keep the blank (encoding/csv).
        value: ['https://10.0.0.1:2379', ' https://10.0.0.2:2379'],
        origin: { location: { file: 'kube-apiserver.yaml', line: 12 } },
      },
      caFile: { value: '/pki/etcd/ca.crt' },
      certFile: { value: '/pki/apiserver-etcd-client.crt' },
      keyFile: { value: '/pki/apiserver-etcd-client.key' },
      verifier: 'go',
      speaks: 'grpc',
      mounts: [{ inside: '/pki', from: 'host', source: '/etc/kubernetes/pki' }],
    },
    {
      name: 'kube-apiserver /events',
      endpoints: { value: ['https://10.0.0.9:2379', 'https://10.0.0.8:2379'] },
      certFile: { value: '/pki/apiserver-etcd-client.crt' },
    },
  ]);
});

describe('reads compose files', () => {
  const compose = `x-etcd: &etcd
  image: \${ETCD_IMAGE:-gcr.io/etcd-development/etcd:v3.6.4}
  env_file: [common.env]
  volumes:
    - ./certs:/etc/ssl/certs/etcd:ro
    - data:/var/lib/etcd
services:
  node1:
    <<: *etcd
    hostname: prod1
    environment:
      ETCD_NAME: node1
      ETCD_CERT_FILE: /etc/ssl/certs/etcd/a.pem
    networks: {etcd: {ipv4_address: 10.104.100.236}}
  node2:
    <<: *etcd
    environment: [ETCD_NAME=node2]
    command: etcd --cert-file "/etc/ssl/certs/etcd/b.pem" --key-file=/k$$.pem
  web:
    image: nginx
volumes: {data: {}}
networks: {etcd: {}}
`;

  test('with anchors, files of variables and fixed addresses', async () => {
    const given = files({ 'docker-compose.yml': compose, 'common.env': 'ETCD_DATA_DIR=/d\n' });
    const { members } = await readSettings(given, { find: () => given[1] });

    expect(members).toMatchObject([
      {
        name: 'node1',
        kind: 'compose',
        addresses: ['10.104.100.236'],
        hostnames: ['node1', 'prod1'],
        etcdVersion: { value: '3.6.4' },
        mounts: [
          { inside: '/etc/ssl/certs/etcd', from: 'host', source: './certs' },
          { inside: '/var/lib/etcd', from: 'other', source: 'the volume data' },
        ],
        files: ['docker-compose.yml', 'common.env'],
        partial: false,
      },
      { name: 'node2', hostnames: ['node2'] },
    ]);
    const [, second] = members.map(
      ({ sources }) => readMemberSettings(sources, etcdVersion('3.6.4')).settings,
    );
    expect(second).toMatchObject({
      dataDir: { value: '/d', origin: { location: { file: 'common.env', line: 1 } } },
      client: {
        certFile: {
          value: '/etc/ssl/certs/etcd/b.pem',
          origin: { location: { file: 'docker-compose.yml' } },
        },
        keyFile: { value: '/k$.pem' },
      },
    });
  });

  test('and says which file of variables was not given', async () => {
    const { members } = await read({ 'docker-compose.yml': compose });

    expect(members[0]).toMatchObject({ partial: true, missingFiles: ['common.env'] });
  });
});

test('takes variables out of a ConfigMap in the same file', async () => {
  const { clients } = await read({
    'calico.yaml': `kind: ConfigMap
apiVersion: v1
metadata: {name: calico-config, namespace: kube-system}
data:
  etcd_endpoints: "https://10.0.0.1:2379"
  etcd_ca: /calico-secrets/etcd-ca
---
kind: DaemonSet
apiVersion: apps/v1
metadata: {name: calico-node, namespace: kube-system}
spec:
  template:
    spec:
      containers:
        - name: calico-node
          image: docker.io/calico/node:v3.29.0
          env:
            - name: ETCD_ENDPOINTS
              valueFrom: {configMapKeyRef: {name: calico-config, key: etcd_endpoints}}
            - name: ETCD_CA_CERT_FILE
              valueFrom: {configMapKeyRef: {name: calico-config, key: etcd_ca}}
            - name: ETCD_KEY_FILE
              valueFrom: {configMapKeyRef: {name: other, key: etcd_key}}
          volumeMounts:
            - {mountPath: /calico-secrets, name: etcd-certs}
      volumes:
        - {name: etcd-certs, secret: {secretName: calico-etcd-secrets}}
`,
  });

  expect(clients).toMatchObject([
    {
      kind: 'calico',
      endpoints: {
        value: ['https://10.0.0.1:2379'],
        origin: { location: { file: 'calico.yaml', line: 5 } },
      },
      caFile: { value: '/calico-secrets/etcd-ca' },
      mounts: [
        { inside: '/calico-secrets', from: 'secret', source: 'kube-system/calico-etcd-secrets' },
      ],
    },
  ]);
  // It is set, to something that is not known.
  expect(clients[0]?.keyFile).toMatchObject({ value: '${ETCD_KEY_FILE}' });
});

test('looks into the containers that a script starts', async () => {
  const given = files({
    'usr/local/bin/etcd': [
      '#!/bin/bash',
      '/usr/bin/docker run \\',
      '  --restart=on-failure:5 --rm \\',
      '  --env-file=/etc/etcd.env -e ETCD_NAME=n1 \\',
      '  -v /etc/ssl/etcd/ssl:/etc/ssl/etcd/ssl:ro --net host \\',
      '  quay.io/coreos/etcd:v3.5.21 \\',
      '  /usr/local/bin/etcd --snapshot-count=5 "$@"',
    ].join('\n'),
    'etcd.env': 'ETCD_NAME=other\nETCD_CERT_FILE=/c.pem\n',
  });
  const { members, notUnderstood } = await readSettings(given, {
    find: (path) => (path === '/etc/etcd.env' ? given[1] : undefined),
  });

  // Whoever starts the script may give it more.
  expect(notUnderstood).toMatchObject([{ path: 'usr/local/bin/etcd', line: 7 }]);
  expect(members).toMatchObject([
    {
      name: 'n1',
      etcdVersion: { value: '3.5.21' },
      mounts: [{ inside: '/etc/ssl/etcd/ssl', from: 'host', source: '/etc/ssl/etcd/ssl' }],
      files: ['usr/local/bin/etcd', 'etcd.env'],
      partial: true,
    },
  ]);
  const { settings, problems } = readMemberSettings(
    members[0]?.sources ?? [],
    etcdVersion('3.5.21'),
  );
  expect(settings.client.certFile?.value).toBe('/c.pem');
  expect(problems.filter(({ name }) => name.includes('$'))).toEqual([]);
});

test('says which file of variables a container was not given with', async () => {
  const { members } = await read({
    'run.sh':
      'docker run --env-file etcd.env --entrypoint etcd img:1 --name=n1 --cert-file=/c.pem\n',
  });

  expect(members).toMatchObject([{ name: 'n1', partial: true, missingFiles: ['etcd.env'] }]);
});

test('takes a configuration file alone for a member', async () => {
  const { members } = await read({
    'n1/config': 'name: n1\npeer-transport-security:\n  cert-file: /p.pem\n',
  });

  expect(members).toMatchObject([{ name: 'n1', kind: 'etcd-config', partial: false }]);
  const { settings } = readMemberSettings(members[0]?.sources ?? [], etcdVersion('3.5.21'));
  expect(settings.peer.certFile).toMatchObject({
    value: '/p.pem',
    origin: { location: { file: 'n1/config', line: 3 } },
  });
});

test('finds the configuration file of a container where it is mounted from', async () => {
  const given = files({
    'etcd.yaml': `kind: Pod
spec:
  containers:
    - name: etcd
      command: [etcd, --config-file=/conf/etcd.yml]
      volumeMounts: [{name: conf, mountPath: /conf}]
  volumes: [{name: conf, hostPath: {path: /srv/etcd}}]
`,
    'etcd.yml': 'name: n1\nlisten-peer-urls: https://10.0.0.1:2380\n',
  });
  const { members } = await readSettings(given, {
    find: (path, from) =>
      path === '/srv/etcd/etcd.yml' && from === 'etcd.yaml' ? given[1] : undefined,
  });

  expect(members).toMatchObject([{ name: 'n1', files: ['etcd.yaml', 'etcd.yml'] }]);
});

test('reads kubespray’s environment file as a member and as etcdctl', async () => {
  const { members, clients } = await read({
    'etcd.env': [
      '# Environment file for etcd v3.5.21',
      'ETCD_NAME=etcd1',
      'ETCD_LISTEN_CLIENT_URLS=https://10.0.0.1:2379,https://127.0.0.1:2379',
      'ETCD_TRUSTED_CA_FILE=/etc/ssl/etcd/ssl/ca.pem',
      'ETCDCTL_ENDPOINTS=https://127.0.0.1:2379',
      'ETCDCTL_CACERT=/etc/ssl/etcd/ssl/ca.pem',
      'ETCDCTL_CERT=/etc/ssl/etcd/ssl/admin-node1.pem',
      'ETCDCTL_KEY=/etc/ssl/etcd/ssl/admin-node1-key.pem',
    ].join('\n'),
  });

  expect(members).toMatchObject([{ name: 'etcd1', kind: 'environment-file' }]);
  expect(clients).toMatchObject([
    { name: 'etcdctl', certFile: { value: '/etc/ssl/etcd/ssl/admin-node1.pem' } },
  ]);
});

test('tells a manifest that is no YAML, and reads on', async () => {
  const { members, notUnderstood } = await read({
    'broken.yaml': 'kind: Pod\nspec: [\n',
    'etcd.yaml': kubeadm,
  });

  expect(members).toHaveLength(1);
  expect(notUnderstood).toMatchObject([{ path: 'broken.yaml', line: 3, malformed: true }]);
});

test('is not blown up by aliases of aliases', async () => {
  const levels = Array.from(
    { length: 30 },
    (_, level) => `a${level + 1}: &a${level + 1} [*a${level}, *a${level}]`,
  );
  const { notUnderstood } = await read({
    'bomb.yaml': `kind: Pod\na0: &a0 x\n${levels.join('\n')}\n`,
  });

  expect(notUnderstood).toMatchObject([{ path: 'bomb.yaml' }]);
});

test.each([
  { of: 'an alias within its own anchor', text: 'kind: Pod\na: &a [*a]\n' },
  { of: 'an alias of nothing', text: 'kind: Pod\na: *b\n' },
  { of: 'lists in lists in lists', text: `kind: Pod\na: ${'['.repeat(5000)}` },
])('is not upset by $of', async ({ text }) => {
  const { notUnderstood } = await read({ 'hostile.yaml': text });

  expect(notUnderstood).toMatchObject([{ path: 'hostile.yaml' }]);
});

test.each([
  { path: 'a.service', text: '[Service]\nExecStart=/bin/true', kind: 'systemd' },
  { path: 'a.yaml', text: 'apiVersion: v1\nkind: Pod\n', kind: 'manifest' },
  { path: 'a.json', text: '{\n  "kind": "Pod",\n  "spec": {}}', kind: 'manifest' },
  { path: 'a.yaml', text: 'version: "3"\nservices:\n  a: {}', kind: 'compose' },
  { path: 'a', text: 'initial-cluster-state: new\n', kind: 'etcd-config' },
  { path: 'a', text: 'export ETCDCTL_API=3\n', kind: 'environment-file' },
  { path: 'a', text: 'ETCD_NAME=a\n', kind: 'environment-file' },
  { path: 'a', text: '/usr/bin/etcd --name a', kind: 'command-line' },
  { path: 'README.md', text: 'ETCD_NAME=a\netcd --name a', kind: undefined },
  { path: 'a', text: 'etcd is a database\n', kind: undefined },
  { path: 'a.pem', text: '-----BEGIN CERTIFICATE-----\n', kind: undefined },
  { path: 'a.yaml', text: 'kind: Secret\n', kind: undefined },
])('recognises $text as $kind', ({ path, text, kind }) => {
  expect(recogniseSettings({ path, text })).toBe(kind);
});

function files(texts: Readonly<Record<string, string>>) {
  return Object.entries(texts).map(([path, text]) => ({ path, text }));
}

async function read(texts: Readonly<Record<string, string>>) {
  return await readSettings(files(texts), { find: () => undefined });
}
