import { expect, test } from 'vitest';
import { audit } from '../../src/audit.ts';
import type { Report } from '../../src/model/report.ts';
import { directoryWith } from '../support/directory.ts';
import { issueAuthority } from '../support/pki.ts';
import { configurations, filesWith, type ToolConfiguration } from './configurations.ts';
import type { Files } from './plan.ts';

function configuration(name: string): ToolConfiguration {
  const found = configurations.find(({ tool }) => tool.startsWith(name));
  if (found === undefined) throw new Error(`no configuration of ${name}`);
  return found;
}

interface Judged extends Report {
  /** A path or a sentence without the directory of the set. */
  readonly inSet: (text: string) => string;
}

async function judged(files: Files): Promise<Judged> {
  await using set = await directoryWith(files);
  const report = await audit({ paths: [set.path], maps: [], etcdVersion: '3.5.21' });
  return { ...report, inSet: (text) => text.replaceAll(`${set.path}/`, '') };
}

/** Findings with the line at which they are, or which they cite, but for what holds of every such set. */
function foundIn({ results, inSet }: Judged): readonly string[] {
  const usual = /^(?:known-advisory|peer-port-admits-client|private-key-readable-by-others)$/;
  return results
    .filter(({ check, verdict }) => verdict.status === 'fail' && !usual.test(check.id))
    .map(({ check, target: { location }, verdict }) => {
      const cited = /"actual":"\S* in ([^"]+:\d+)"/.exec(JSON.stringify(verdict))?.[1];
      return inSet(`${check.id} ${cited ?? `${location?.file}:${location?.line}`}`);
    });
}

test.each(configurations)('$tool: a sound set passes by its configuration alone', async (each) => {
  const { facts, verdict } = await judged(await filesWith(each));

  expect(verdict.status).toBe('pass');
  expect(facts.members?.map(({ known }) => known)).toEqual(['settings', 'settings', 'settings']);
});

test.each(configurations.filter(({ layout }) => layout !== 'Talos'))(
  '$tool: what the tool wrote is what runs, and the configuration is named as superseded',
  async (each) => {
    const { facts, verdict, inSet } = await judged(await filesWith(each, undefined, true));
    const superseded = facts.guesses?.filter(({ conclusion }) => conclusion.includes('superseded'));

    expect(verdict.status).toBe('pass');
    expect(facts.members).toHaveLength(3);
    expect(superseded?.map(({ about }) => inSet(about).split('/')[0])).toEqual(
      superseded?.map(({ because }) => /in ([^/]+)\//.exec(inSet(because))?.[1]),
    );
    expect(superseded).toHaveLength(3);
  },
);

const v1beta4 = (...pairs: readonly (readonly [string, string])[]) =>
  pairs.map(([name, value]) => `        - name: ${name}\n          value: "${value}"\n`).join('');
const v1beta3 = (...pairs: readonly (readonly [string, string])[]) =>
  pairs.map(([name, value]) => `            ${name}: "${value}"\n`).join('');
const extraArgument = (line: string) => (text: string) =>
  text.replace('            election-timeout: "5000"\n', (same) => `${same}            ${line}\n`);

const open = [
  ['client-cert-auth', 'false'],
  ['trusted-ca-file', ''],
] as const;

test.each([
  {
    tool: 'kubeadm configuration,',
    what: 'no certificate is asked for',
    change: (text: string) => text + v1beta4(...open),
    finds: ['client-port-admits-anonymous etcd-1/root/kubeadmcfg.yaml:32'],
  },
  {
    tool: 'kubeadm configuration v1beta3',
    what: 'no certificate is asked for',
    change: (text: string) => text + v1beta3(...open),
    finds: ['client-port-admits-anonymous etcd-1/root/kubeadmcfg.yaml:25'],
  },
  {
    tool: 'kubeadm configuration v1beta3',
    what: 'a CA that is not mounted in the pod',
    change: (text: string) => text + v1beta3(['trusted-ca-file', '/etc/kubernetes/pki/ca.crt']),
    finds: ['file-hidden-from-process etcd-1/root/kubeadmcfg.yaml:13'],
  },
  {
    tool: 'kubeadm configuration,',
    what: 'a flag that etcd does not know',
    change: (text: string) => text + v1beta4(['cert-fil', '/a']),
    finds: ['settings-refused-at-start etcd-1/root/kubeadmcfg.yaml:32'],
  },
  {
    tool: 'kubeadm configuration,',
    what: 'plain http',
    change: (text: string) =>
      text.replaceAll(/(name: (?:listen|advertise)-client-urls\n\s+value: http)s/g, '$1'),
    finds: ['plaintext-client-port etcd-1/root/kubeadmcfg.yaml:26'],
  },
  {
    tool: 'k3s',
    what: 'an argument that becomes a key where etcd ignores it',
    change: (text: string) => `${text}  - "client-cert-auth=false"\n`,
    finds: ['setting-without-effect server-1/etc/rancher/k3s/config.yaml:9'],
  },
  {
    tool: 'k3s',
    what: 'exposed metrics',
    change: (text: string) => `${text}etcd-expose-metrics: true\n`,
    finds: ['plaintext-metrics-port server-1/etc/rancher/k3s/config.yaml:9'],
  },
  {
    tool: 'k3s',
    what: 'text where etcd decodes a list',
    change: (text: string) => `${text}  - "cipher-suites=TLS_AES_128_GCM_SHA256"\n`,
    finds: ['settings-refused-at-start server-1/etc/rancher/k3s/config.yaml:9'],
  },
  {
    tool: 'RKE2',
    what: 'a cipher suite that does not exist',
    change: (text: string) => `${text}  - "cipher-suites=[TLS_FOO]"\n`,
    finds: ['settings-refused-at-start server-1/etc/rancher/rke2/config.yaml:9'],
  },
  {
    tool: 'Talos',
    what: 'an argument that Talos keeps for itself',
    change: extraArgument('client-cert-auth: "false"'),
    finds: ['settings-refused-at-start talos-cp-1/system/state/config.yaml:27'],
  },
  {
    tool: 'Talos',
    what: 'metrics for everybody',
    change: extraArgument('listen-metrics-urls: http://0.0.0.0:2381'),
    finds: ['plaintext-metrics-port talos-cp-1/system/state/config.yaml:27'],
  },
])('$tool $what is found at its line', async ({ tool, change, finds }) => {
  const report = await judged(await filesWith(configuration(tool), change));

  expect(foundIn(report)).toEqual(finds);
});

test.each([
  {
    tool: 'kubeadm configuration,',
    what: 'a template',
    change: (text: string) => text + v1beta4(['cipher-suites', '{{ suites }}']),
    names: 'etcd-1/root/kubeadmcfg.yaml:32',
  },
  {
    tool: 'k3s',
    what: 'an argument without a value',
    change: (text: string) => `${text}  - "--auto-tls"\n`,
    names: 'server-1/etc/rancher/k3s/config.yaml:9',
  },
  {
    tool: 'Talos',
    what: 'broken YAML',
    change: (text: string) => text.replace('    etcd:\n', ' etcd:\n'),
    names: 'talos-cp-1/system/state/config.yaml:22',
  },
])('$tool: $what is not understood', async ({ tool, change, names }) => {
  const { facts, verdict, inSet } = await judged(await filesWith(configuration(tool), change));

  expect(verdict.status).toBe('incomplete');
  expect(facts.notUnderstood?.map(({ path, line }) => inSet(`${path}:${line}`))).toEqual([names]);
});

test('a drop-in directory of k3s replaces and adds', async () => {
  const files = await filesWith(configuration('k3s'));
  const directory = 'server-1/etc/rancher/k3s/config.yaml.d';
  const replaced = await judged({ ...files, [`${directory}/a.yaml`]: 'etcd-arg: [name=other]\n' });
  const added = await judged({
    ...files,
    [`${directory}/a.yaml`]: 'etcd-arg+: ["cipher-suites=[TLS_FOO]"]\n',
  });

  expect(replaced.facts.members?.map(({ settings }) => settings.name?.value)).toContain('other');
  expect(foundIn(added)).toEqual([`settings-refused-at-start ${directory}/a.yaml:1`]);
});

test('k3s with another datastore starts no etcd', async () => {
  const files = await filesWith(configuration('k3s'), (text) => `${text}disable-etcd: true\n`);
  const { facts } = await judged(files);

  expect(facts.members?.filter(({ known }) => known === 'settings')).toHaveLength(2);
});

const machine = configuration('Talos');

test.each([
  { what: 'the CA in it', other: false, status: 'pass' },
  { what: 'another CA in it', other: true, status: 'fail' },
])('a machine configuration of Talos is judged with $what', async ({ other, status }) => {
  const files = await filesWith(machine);
  const foreign = await issueAuthority({ commonName: 'other' });
  const own = files['talos-cp-1/system/secrets/etcd/ca.crt'] ?? '';
  const crt = Buffer.from(other ? foreign.certificatePem : own).toString('base64');
  const withAuthority = (text: string) =>
    text.replace(
      '    etcd:\n',
      `    etcd:\n        ca:\n            crt: ${crt}\n            key: ""\n`,
    );
  const entries = Object.entries(files)
    .filter(([path]) => !path.endsWith('/etcd/ca.crt'))
    .map(([path, text]) => [path, path.endsWith('.yaml') ? withAuthority(text) : text] as const);
  const { facts, verdict, inSet } = await judged(Object.fromEntries(entries));

  expect(verdict.status).toBe(status);
  expect(facts.members?.map(({ files: [, , ca] }) => inSet(ca?.file ?? ''))).toContain(
    'talos-cp-1/system/state/config.yaml#/system/secrets/etcd/ca.crt',
  );
});

test.each([
  {
    what: 'Talos without an address',
    text: `version: v1alpha1
machine:
    type: controlplane
    network: {}
cluster:
    etcd: {}
`,
    listens: 'https://0.0.0.0:2379',
  },
  {
    what: 'kubeadm without the node',
    text: `apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
etcd:
  local:
    dataDir: /var/lib/etcd
`,
    listens: 'http://localhost:2379',
  },
])('$what is not blamed for the URLs that it leaves open', async ({ text, listens }) => {
  const report = await judged({ 'configuration.yaml': text });

  expect(report.facts.members?.map(({ settings }) => settings.listenClientUrls.value)).toEqual([
    [listens],
  ]);
  expect(foundIn(report)).toEqual([]);
});

test.each([
  { what: 'no argument', lines: '', finds: [] },
  {
    what: 'client certificates off',
    lines: `        extraArgs:\n${v1beta4(...open)}`,
    finds: ['client-port-admits-anonymous kubeadm-config.yaml:11'],
  },
])('a ConfigMap of kubeadm with $what', async ({ lines, finds }) => {
  const files = await filesWith(configuration('kubeadm configuration,'));
  const own = Object.entries(files).filter(
    ([path]) => path.startsWith('etcd-1/') && !path.endsWith('kubeadmcfg.yaml'),
  );
  const map = `apiVersion: v1
data:
  ClusterConfiguration: |
    apiServer: {}
    apiVersion: kubeadm.k8s.io/v1beta4
    certificatesDir: /etc/kubernetes/pki
    etcd:
      local:
        dataDir: /var/lib/etcd
${lines}    kind: ClusterConfiguration
    kubernetesVersion: v1.34.1
kind: ConfigMap
metadata:
  name: kubeadm-config
  namespace: kube-system
`;
  const report = await judged({ ...Object.fromEntries(own), 'kubeadm-config.yaml': map });

  expect(foundIn(report)).toEqual(finds);
  expect(report.verdict.status).toBe(finds.length === 0 ? 'pass' : 'fail');
});

const lacking = (list: string, name: string) => (text: string) =>
  text.replace(`${list}:\n`, `${list}:\n        - "${name}"\n`);

test.each([
  { list: 'serverCertSANs', name: 'etcd.example.com', at: 'server' },
  { list: 'peerCertSANs', name: '10.30.2.99', at: 'peer' },
  { list: 'serverCertSANs', name: 'etcd-1', at: undefined },
])('kubeadm: $name of $list is missing in the certificate of $at', async ({ list, name, at }) => {
  for (const keepsWritten of [false, true]) {
    const configured = configuration('kubeadm configuration,');
    const report = await judged(await filesWith(configured, lacking(list, name), keepsWritten));
    const found = report.results
      .filter(({ check, verdict }) => check.id.startsWith('requested') && verdict.status === 'fail')
      .map(({ target, verdict }) => [target.name, JSON.stringify(verdict)].map(report.inSet));

    expect(report.verdict.status).toBe('pass');
    expect(found.map(([file]) => file)).toEqual(
      at === undefined ? [] : [`etcd-1/etc/kubernetes/pki/etcd/${at}.crt`],
    );
    for (const [, said] of found) {
      expect(said).toMatch(new RegExp(`${name} \\(${list} in etcd-1/root/kubeadmcfg.yaml:\\d+\\)`));
    }
  }
});

test.each(['ETCD.example.com', 'etcd_1.example.com', ''])(
  'kubeadm rejects the name %j, and writes it into no certificate',
  async (name) => {
    const configured = configuration('kubeadm configuration,');
    const files = await filesWith(configured, lacking('serverCertSANs', name), true);
    const { results, verdict } = await judged(files);
    const requested = results.filter(({ check }) => check.id.startsWith('requested'));

    expect(requested.map((each) => each.verdict.status)).not.toContain('fail');
    expect(verdict.notUnderstood.map(({ reason }) => reason)).toEqual([
      `serverCertSANs has ${name || 'an empty name'}, which is neither an address nor a DNS name in lower case: kubeadm rejects it`,
    ]);
  },
);

test('names of a ConfigMap of kubeadm are looked for in the certificates of its member', async () => {
  const files = await filesWith(configuration('kubeadm configuration,'), undefined, true);
  const own = Object.entries(files).filter(
    ([path]) => path.startsWith('etcd-1/') && !path.endsWith('kubeadmcfg.yaml'),
  );
  const map = `apiVersion: v1
kind: ConfigMap
metadata: {name: kubeadm-config, namespace: kube-system}
data:
  ClusterConfiguration: |
    apiVersion: kubeadm.k8s.io/v1beta4
    kind: ClusterConfiguration
    etcd:
      local:
        serverCertSANs: [etcd.example.com]
`;
  const report = await judged({ ...Object.fromEntries(own), 'kubeadm-config.yaml': map });

  expect(foundIn(report).map((line) => line.split(' ')[0])).toEqual([
    'requested-name-not-in-certificate',
  ]);
});

test('the API server of an external etcd is one client, in its pod and in the configuration', async () => {
  const files = await filesWith(configuration('kubeadm configuration,'), undefined, true);
  const pki = '/etc/kubernetes/pki';
  const endpoints = ['11', '12', '13'].map((last) => `https://10.30.2.${last}:2379`);
  const external = `apiVersion: kubeadm.k8s.io/v1beta4
kind: ClusterConfiguration
etcd:
  external:
    endpoints: [${endpoints.join(', ')}]
    caFile: ${pki}/etcd/ca.crt
    certFile: ${pki}/apiserver-etcd-client.crt
    keyFile: ${pki}/apiserver-etcd-client.key
`;
  const { facts } = await judged({ ...files, 'cp-1/root/kubeadm.yaml': external });

  const stated = facts.clients?.filter(({ known }) => known === 'settings');
  expect(stated?.map(({ name }) => name)).toEqual(['kube-apiserver']);
});
