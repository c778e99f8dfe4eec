import { describe, expect, test } from 'vitest';
import { audit } from '../support/audit-twice.ts';
import type { Report } from '../../src/model/report.ts';
import { directoryWith } from '../support/directory.ts';
import { issueAuthority } from '../support/pki.ts';
import { type ClientFiles, clientForms } from './client-forms.ts';
import { clientObjects } from './client-objects.ts';
import { urgentIn } from './urgent.ts';

const names = ['etcd1', 'etcd2', 'etcd3'];
const address = (name: string) => `10.41.0.${name.at(-1)}`;
const endpoints = names.map((name) => `https://${address(name)}:2379`);
const deployed = {
  ca: '/etc/etcd-client/ca.crt',
  cert: '/etc/etcd-client/client.crt',
  key: '/etc/etcd-client/client.key',
};
const given = {
  ca: `client${deployed.ca}`,
  cert: `client${deployed.cert}`,
  key: `client${deployed.key}`,
};

/** A cluster with a CA for clients and one for peers, and what one client has of it. */
const sound = await soundSet();
const cluster = Object.fromEntries(
  Object.entries(sound).filter(([path]) => !path.startsWith('client/')),
);
const wrong = await issueAuthority({ commonName: 'another-ca' });
const foreign = await wrong.issue({ commonName: 'client', usages: ['clientAuth'] });

/** What is wrong, and which finding says so at which file; `%`: at the line of the settings with this path. */
const mistakes = [
  {
    what: 'CA',
    files: { [given.ca]: wrong.certificatePem },
    found: `unknown-authority: ${given.ca} at %:${deployed.ca}`,
  },
  {
    what: 'certificate',
    files: { [given.cert]: foreign.certificatePem, [given.key]: foreign.privateKeyPem },
    found: `unknown-authority: ${given.cert} at ${given.cert}:`,
  },
  {
    what: 'key',
    files: { [given.key]: foreign.privateKeyPem },
    found: `key-of-another-certificate: ${given.key} at ${given.key}:`,
  },
];

describe.each(clientForms)('$tool', ({ client, path, text }) => {
  const settingsText = text(endpoints, deployed);
  const settings = { [`client${path}`]: settingsText };

  test('is judged with the files that it names', async () => {
    const { report } = await judged(settings);

    expect(namesOf(report)).toEqual([client]);
    expect(report.verdict.status).toBe('pass');
    expect(report.verdict.notUnderstood).toEqual([]);
  });

  test.each(mistakes)('with a wrong $what', async ({ files, found }) => {
    const place = found.replace(/%:(.*)$/, (_, value: string) => {
      const line = settingsText.split('\n').findIndex((each) => each.includes(value)) + 1;
      return `client${path}:${line}`;
    });
    expect((await judged({ ...settings, ...files })).urgent).toEqual([place]);
  });

  test('with a mistyped path of its key', async () => {
    const mistyped = { [`client${path}`]: text(endpoints, { ...deployed, key: '/etc/typo.key' }) };
    const { verdict } = (await judged(mistyped)).report;

    expect([verdict.status, verdict.sentence]).toEqual([
      'incomplete',
      expect.stringMatching(/typo\.key/),
    ]);
  });
});

describe.each(clientObjects)('$tool', ({ client, keys, objects }) => {
  const material = {
    ca: sound[given.ca] ?? '',
    cert: sound[given.cert] ?? '',
    key: sound[given.key] ?? '',
  };
  const written = (files: Partial<ClientFiles> = {}) => ({
    'objects.yaml': objects(endpoints, { ...material, ...files }),
  });

  test('is judged with what its Secret holds', async () => {
    const { report } = await judged(written(), cluster);

    expect(namesOf(report)).toEqual([client]);
    expect([report.verdict.status, report.verdict.notUnderstood]).toEqual(['pass', []]);
  });

  test.each([
    { what: 'CA', files: { ca: wrong.certificatePem }, id: 'unknown-authority', file: 'ca' },
    {
      what: 'certificate',
      files: { cert: foreign.certificatePem, key: foreign.privateKeyPem },
      id: 'unknown-authority',
      file: 'cert',
    },
    {
      what: 'key',
      files: { key: foreign.privateKeyPem },
      id: 'key-of-another-certificate',
      file: 'key',
    },
  ] as const)('with a wrong $what', async ({ files, id, file }) => {
    const { urgent } = await judged(written(files), cluster);

    expect(urgent).toHaveLength(1);
    expect(urgent[0]).toContain(keys[file]);
    expect(urgent[0]).toMatch(new RegExp(`^${id}: `));
  });
});

describe('a kubeconfig', async () => {
  const kubernetes = await issueAuthority({ commonName: 'kubernetes' });
  const kubelet = await kubernetes.issue({ commonName: 'agent', usages: ['clientAuth'] });
  const files = (key = kubelet.privateKeyPem) => ({
    'etcd1/etc/kubernetes/kubelet.conf': kubeconfig,
    'etcd1/var/lib/kubelet/pki/kubelet-client.crt': kubelet.certificatePem,
    'etcd1/var/lib/kubelet/pki/kubelet-client.key': key,
  });

  test('is no client of etcd, and neither is its certificate', async () => {
    const { report } = await judged(files(), cluster);

    expect([report.verdict.status, report.facts.clients]).toEqual(['pass', []]);
    expect(report.facts.guesses).toContainEqual(
      expect.objectContaining({
        about: 'kubelet-client.crt',
        conclusion:
          'certificate of a kubeconfig, which connects to https://10.41.0.9:6443, not to etcd',
        because: 'kubelet.conf names it',
      }),
    );
  });

  test('hides nothing of a client of etcd that has a file of the same name', async () => {
    const { 'etcd1/var/lib/kubelet/pki/kubelet-client.crt': certificate, ...rest } = files();
    const { report } = await judged({ ...rest, 'app/kubelet-client.crt': certificate }, cluster);

    expect(report.facts.clients).toMatchObject([{ name: 'kubelet', known: 'supposed' }]);
  });

  test('hides nothing by the name of a file alone', async () => {
    const { 'etcd1/var/lib/kubelet/pki/kubelet-client.crt': certificate, ...rest } = files();
    const relative = kubeconfig.replaceAll('/var/lib/kubelet/pki/', '');
    const named = { ...rest, 'etcd1/etc/kubernetes/kubelet.conf': relative };
    const { report } = await judged({ ...named, 'app/kubelet-client.crt': certificate }, cluster);

    expect(report.facts.clients).toMatchObject([{ name: 'kubelet', known: 'supposed' }]);
  });
});

const kubeconfig = `apiVersion: v1
kind: Config
clusters:
- name: kubernetes
  cluster:
    certificate-authority: /etc/kubernetes/pki/ca.crt
    server: https://10.41.0.9:6443
users:
- name: kubelet
  user:
    client-certificate: /var/lib/kubelet/pki/kubelet-client.crt
    client-key: /var/lib/kubelet/pki/kubelet-client.key
`;

function namesOf(report: Report): readonly string[] {
  const clients = report.facts.clients ?? [];
  return clients.filter(({ known }) => known === 'settings').map(({ name }) => name);
}

type Files = Readonly<Record<string, string>>;

async function judged(files: Files, around: Files = sound) {
  await using set = await directoryWith({ ...around, ...files });
  const report = await audit({ paths: [set.path], maps: [], etcdVersion: '3.5.30' });
  return { report, urgent: urgentIn(report, set.path) };
}

async function soundSet(): Promise<Files> {
  const clients = await issueAuthority({ commonName: 'etcd-client-ca' });
  const peers = await issueAuthority({ commonName: 'etcd-peer-ca' });
  const files: Record<string, string> = {};
  for (const name of names) {
    const leaf = {
      commonName: name,
      hosts: [name, 'localhost', address(name), '127.0.0.1'],
      usages: ['serverAuth', 'clientAuth'] as const,
    };
    const pki = `${name}/etc/etcd/pki`;
    const server = await clients.issue(leaf);
    const peer = await peers.issue(leaf);
    files[`${pki}/ca.crt`] = clients.certificatePem;
    files[`${pki}/peer-ca.crt`] = peers.certificatePem;
    files[`${pki}/server.crt`] = server.certificatePem;
    files[`${pki}/server.key`] = server.privateKeyPem;
    files[`${pki}/peer.crt`] = peer.certificatePem;
    files[`${pki}/peer.key`] = peer.privateKeyPem;
    files[`${name}/etc/systemd/system/etcd.service`] = unitOf(name);
  }
  const client = await clients.issue({ commonName: 'client', usages: ['clientAuth'] });
  files[given.ca] = clients.certificatePem;
  files[given.cert] = client.certificatePem;
  files[given.key] = client.privateKeyPem;
  return files;
}

function unitOf(name: string): string {
  const initial = names.map((each) => `${each}=https://${address(each)}:2380`).join(',');
  const flags = {
    name,
    'data-dir': '/var/lib/etcd',
    'listen-client-urls': `https://${address(name)}:2379`,
    'advertise-client-urls': `https://${address(name)}:2379`,
    'listen-peer-urls': `https://${address(name)}:2380`,
    'initial-advertise-peer-urls': `https://${address(name)}:2380`,
    'initial-cluster': initial,
    'cert-file': '/etc/etcd/pki/server.crt',
    'key-file': '/etc/etcd/pki/server.key',
    'client-cert-auth': 'true',
    'trusted-ca-file': '/etc/etcd/pki/ca.crt',
    'peer-cert-file': '/etc/etcd/pki/peer.crt',
    'peer-key-file': '/etc/etcd/pki/peer.key',
    'peer-client-cert-auth': 'true',
    'peer-trusted-ca-file': '/etc/etcd/pki/peer-ca.crt',
  };
  const words = Object.entries(flags).map(([flag, value]) => `--${flag}=${value}`);
  return `[Service]\nUser=root\nExecStart=/usr/local/bin/etcd ${words.join(' ')}\n`;
}
