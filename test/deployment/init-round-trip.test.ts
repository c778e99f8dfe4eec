import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { mkdir, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { judge, look } from '../../src/audit.ts';
import { initialInventory } from '../../src/collect/init.ts';
import { deploymentOf } from '../../src/deployment/deployment.ts';
import type { Evidence } from '../../src/model/evidence.ts';
import { directoryWith } from '../support/directory.ts';
import { issueAuthority } from '../support/pki.ts';
import { configurationLayouts } from '../layouts/configurations.ts';
import { kubernetesLayouts } from '../layouts/kubernetes.ts';
import { filesOf } from '../layouts/plan.ts';
import { podLayouts } from '../layouts/pods.ts';
import { serviceLayouts } from '../layouts/services.ts';
import { writeSets } from '../support/sets.ts';
import { twoClusters } from '../support/two-clusters.ts';

const found = '../shared/found/sets';
const sets = ['forms', 'inputs', 'small'].flatMap((kind) =>
  existsSync(join(found, kind))
    ? readdirSync(join(found, kind)).map((name) => join(found, kind, name))
    : [],
);
if (sets.length === 0)
  process.stderr.write(`skipped: init of the sets of ${found}, which is not here\n`);

test.skipIf(sets.length === 0).each(sets.length === 0 ? ['any set'] : sets)(
  'init of %s changes nothing',
  async (path) => {
    const { before, after } = await roundTrip(path);

    expect(after).toEqual(before);
  },
);

test.each([...kubernetesLayouts, ...configurationLayouts, ...serviceLayouts, ...podLayouts])(
  'init of the files of $tool changes nothing',
  async ({ plan }) => {
    const files = Object.entries(await filesOf(plan)).filter(([, text]) => text !== '');
    await using set = await directoryWith(Object.fromEntries(files));

    const { before, after } = await roundTrip(set.path);

    expect(after).toEqual(before);
  },
);

test('init of the document, as it stands and fixed, changes nothing', async () => {
  await using written = await writeSets();

  for (const set of [written.seed, written.fixed]) {
    const { before, after } = await roundTrip(set);
    expect(after).toEqual(before);
  }
});

test.each([
  { what: "kops' main and events", variant: {} },
  { what: 'two environments with the same names', variant: { sameNames: true } },
  { what: 'two clusters with a fault', variant: { foreign: 'etcd-events-c' } },
])('init of $what keeps the clusters apart, with their names', async ({ variant }) => {
  await using set = await twoClusters(variant);

  const { before, after, text } = await roundTrip(set.path);

  expect(after).toEqual(before);
  expect(new Set(after.parties.map(({ cluster }) => cluster)).size).toBe(2);
  expect(parse(text)).toMatchObject({ version: 2, clusters: [{ name: 'etcd-a' }, {}] });
});

test('the inventory says which clusters there are where settings do not', async () => {
  await using set = await twoClusters();
  const before = await look({ paths: [set.path], maps: [] });
  const text = initialInventory(deploymentOf(before), set.path);
  const [first = '', second = ''] =
    text.match(/ {2}- name: \S+\n {4}members:[^]*?(?=\n {2}- name|\n\n#)/g) ?? [];
  // A member of the one is listed in the other: what is written down wins over what settings state.
  const moved = second.replaceAll(/^ {6}- name: etcd-events-c\n(?: {8}.*\n)*/gm, '');
  const [entry = ''] = second.match(/ {6}- name: etcd-events-c\n(?: {8}.*\n)*/) ?? [];
  const swapped = first.replace('    members:\n', () => `    members:\n${entry}`);
  await writeFile(
    set.at('etcd-tls.yaml'),
    text.replace(first, () => swapped).replace(second, () => moved),
  );

  const { members = [] } = deploymentOf(await look({ paths: [set.path], maps: [] })).facts;

  expect(entry).not.toBe('');
  expect(members.find(({ name }) => name === 'etcd-events-c')?.cluster).toBe('etcd-a');
});

test('certificates alone stay what they were guessed to be, until the guess is confirmed', async () => {
  await using set = await certificatesAlone();
  const evidence = await look({ paths: [set.path], maps: [] });
  const text = initialInventory(deploymentOf(evidence), set.at('elsewhere'));
  const confirmed = text.replaceAll(/^ *guessed: true.*\n/gm, '');
  await writeFile(set.at('confirmed.yaml'), confirmed);

  const inventoryFile = set.at('confirmed.yaml');
  const { members = [] } = deploymentOf(
    await look({ paths: [set.path], maps: [], inventoryFile }),
  ).facts;

  expect(text).toContain('guessed: true');
  expect(members.map(({ name, known }) => [name, known])).toEqual([['node1', 'settings']]);
});

test.each([
  { what: "easy-rsa's copy by serial number", copy: 'certs_by_serial/1DEC7C85.pem' },
  { what: 'what an editor left', copy: 'node1.pem~' },
  { what: "a package manager's old file", copy: 'node1.pem.rpmsave' },
  { what: 'a backup of the directory', copy: 'pki.bak/node1.pem' },
  { what: "kubeadm's backup", copy: 'tmp/kubeadm-backup-etcd-2026/pki/etcd/server.pem' },
])('$what is no member', async ({ copy }) => {
  await using set = await certificatesAlone(copy);

  const { members = [] } = deploymentOf(await look({ paths: [set.path], maps: [] })).facts;

  expect(members.map(({ name }) => name)).toEqual(['node1']);
});

test('the serving certificate of a kubelet is no member', async () => {
  const ca = await issueAuthority({ commonName: 'kubernetes' });
  const kubelet = await ca.issue({
    commonName: 'system:node:worker-0',
    hosts: ['10.0.0.20', 'worker-0'],
    usages: ['serverAuth', 'clientAuth'],
  });
  await using set = await certificatesAlone();
  await writeFile(set.at('worker-0.pem'), kubelet.certificatePem);

  const { members = [] } = deploymentOf(await look({ paths: [set.path], maps: [] })).facts;

  expect(members.map(({ name }) => name)).toEqual(['node1']);
});

async function certificatesAlone(copy?: string) {
  const ca = await issueAuthority({ commonName: 'etcd-ca' });
  const { certificatePem, privateKeyPem } = await ca.issue({
    commonName: 'node1',
    hosts: ['10.0.0.1', '127.0.0.1'],
    usages: ['serverAuth', 'clientAuth'],
  });
  return await directoryWith({
    'ca.pem': ca.certificatePem,
    'node1.pem': certificatePem,
    'node1-key.pem': privateKeyPem,
    ...(copy !== undefined && { [copy]: certificatePem }),
  });
}

/** Writes the inventory into another directory, as `init --output` does, and judges with it. */
async function roundTrip(path: string) {
  await using elsewhere = await directoryWith({});
  await mkdir(elsewhere.at('inventory'));
  const inventoryFile = elsewhere.at('inventory/etcd-tls.yaml');
  const before = await look({ paths: [path], maps: [] });
  const text = initialInventory(deploymentOf(before), elsewhere.at('inventory'));
  await writeFile(inventoryFile, text);

  const after = await look({ paths: [path], maps: [], inventoryFile });

  return { before: judgedOf(before), after: judgedOf(after), text };
}

function partiesOf(evidence: Evidence) {
  const { members = [], clients = [] } = deploymentOf(evidence).facts;
  // The inventory lists the members of each cluster together.
  return [...members, ...clients]
    .map(({ name, known, cluster }) => ({ name, known, cluster }))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

function judgedOf(evidence: Evidence) {
  const { results, verdict } = judge(evidence);
  const findings = results
    .filter(({ verdict: { status } }) => status === 'fail' || status === 'inconclusive')
    .map(({ check, target, verdict: { status } }) => `${check.id} ${target.name} ${status}`);
  return {
    parties: partiesOf(evidence),
    status: verdict.status,
    findings: [...new Set(findings)].toSorted(),
  };
}
