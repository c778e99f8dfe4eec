import { expect, test } from 'vitest';
import { clients } from '../../../src/collect/settings/clients/index.ts';
import { type FileSigns, isTold } from '../../../src/collect/settings/file-signs.ts';
import { forms } from '../../../src/collect/settings/forms/index.ts';

/** By the name of a form or client: what is recognised in each of the ways that there are. */
const samples: Readonly<Record<string, readonly string[]>> = {
  'cloud-config': ['#cloud-config\n', 'write_files:\n', 'coreos:\n'],
  'cluster-config': [
    '  extraArgs:\n',
    '  rawArgs:\n',
    '  extra_args:\n',
    '  extra_args_array:\n',
    '  etcd-arg:\n',
    '  etcd-expose-metrics:\n',
  ],
  compose: ['services:\n'],
  'config-map': ['kind: ConfigMap\ndata:\n', '{"kind": "Secret", "stringData": {}}'],
  'crictl-inspect': ['{"status": {}, "runtimeSpec": {}}'],
  'docker-inspect': ['[{"Path": "etcd", "Config": {"Cmd": []}}]'],
  'etcd-config': [
    'client-transport-security:\n',
    'peer-transport-security:\n',
    'listen-client-urls: a\n',
    'listen-peer-urls: a\n',
    'initial-cluster: a\n',
    'initial-cluster-state: new\n',
    '"initial-cluster-token": a\n',
    'advertise-client-urls: a\n',
    'initial-advertise-peer-urls: a\n',
  ],
  'here-document': ['cat > a <<EOF\nEOF\n', 'echo a | tee b\n', 'echo a > b\n'],
  ignition: [
    '{"ignition": {"version": "3.4.0"}}',
    'variant: fcos\n',
    'storage:\n  contents: a\n',
    'systemd:\n  - dropins:\n',
  ],
  issued: ['{"certificate": "-----BEGIN CERTIFICATE-----"}'],
  'kubeadm, a form': ['kind: ClusterConfiguration\n', '"kind": "ClusterConfiguration"\n'],
  'compose-configs': ['services:\nconfigs:\n  a:\n    content: b\n'],
  launchd: ['<plist><key>Program</key></plist>'],
  nomad: ['job "etcd" {\n'],
  'object-variables': ['kind: ConfigMap\n  ETCD_NAME: a\n', 'kind: Secret\n  ETCDCTL_CACERT: a\n'],
  openrc: ['#!/sbin/openrc-run\n', '#!/sbin/runscript\n'],
  quadlet: ['[Container]\n'],
  supervisor: ['[program:etcd]\n'],
  talos: ['machine:\n  type: controlplane\ncluster:\n', 'cluster:\nmachine:\n  type: init\n'],
  calico: ['kind: CalicoAPIConfig\n', '{"etcd_endpoints": "a"}'],
  clientv3: ['endpoints: []\nca-file: a\n', 'cert-file: a\nendpoints: []\n'],
  felix: ['EtcdEndpoints = a\n'],
  k0s: ['  externalCluster:\n'],
  'kubeadm, a client': ['  kind: ClusterConfiguration\n'],
  kubeconfig: ['kind: Config\nclusters:\n', '{"clusters": []}\n"kind": "Config"\n'],
  m3: ['  - etcdClusters:\n'],
  prometheus: ['scrape_configs:\n'],
  ring: ['  store: etcd\n', '  primary: "etcd"\n', '  secondary: etcd\n'],
  traefik: ['  [providers.etcd]\n', 'providers:\n  etcd:\n'],
};

interface Known extends FileSigns {
  readonly name: string;
}

const told: readonly Known[] = [
  ...forms.map((form) => (form.name === 'kubeadm' ? { ...form, name: 'kubeadm, a form' } : form)),
  ...clients.flatMap(({ name, words, recognises }) =>
    words === undefined || recognises === undefined
      ? []
      : [{ name: name === 'kubeadm' ? 'kubeadm, a client' : name, words, recognises }],
  ),
].filter(({ words }) => words !== undefined);

test('whatever is told by words is tried here', () => {
  expect(Object.keys(samples).toSorted()).toEqual(told.map(({ name }) => name).toSorted());
});

test.each(told)('no file without the words of $name is one', ({ name, words = [], recognises }) => {
  const texts = samples[name] ?? [];
  const without = texts.map((text) =>
    words.reduce((left, word) => left.replaceAll(word, `%${word.slice(1)}`), text),
  );

  const path = 'a';
  expect(texts.map((text) => isTold({ path, text }, { words, recognises }))).toEqual(
    texts.map(() => true),
  );
  expect(without.map((text) => recognises({ path, text }))).toEqual(texts.map(() => false));
  expect(words.filter((word) => !texts.some((text) => text.includes(word)))).toEqual([]);
});
