import { describe, expect, test } from 'vitest';
import { audit } from '../../src/audit.ts';
import { ca, files, flags, judged, usages } from '../support/containers.ts';
import { directoryWith } from '../support/directory.ts';

function secret(place = 'name: etcd-tls'): string {
  const data = Object.entries(files)
    .filter(([name]) => /ca|server/.test(name))
    .map(([name, text]) => `  ${name.slice(4)}: ${Buffer.from(text).toString('base64')}\n`);
  return `apiVersion: v1\nkind: Secret\nmetadata: {${place}}\ndata:\n${data.join('')}`;
}

function set(place = 'name: etcd'): string {
  return `apiVersion: apps/v1
kind: StatefulSet
metadata: {${place}}
spec:
  serviceName: etcd
  selector: {matchLabels: {app: etcd}}
  template:
    spec:
      containers:
      - name: etcd
        image: quay.io/coreos/etcd:v3.5.30
        securityContext: {runAsUser: 0}
        command: ${JSON.stringify(['etcd', ...flags('etcd-0.etcd')])}
        volumeMounts: [{name: pki, mountPath: /pki}, {name: data, mountPath: /var/lib/etcd}]
      volumes:
      - {name: pki, secret: {secretName: etcd-tls}}
      - {name: data, emptyDir: {}}
`;
}

describe('a Secret', () => {
  test.each([
    { what: 'given', given: { 'secret.yaml': secret() }, status: 'pass' },
    {
      what: 'given with a namespace, where the pod states none',
      given: { 'secret.yaml': secret('name: etcd-tls, namespace: store') },
      status: 'pass',
    },
    { what: 'not given, and files have the same names', given: files, status: 'incomplete' },
    {
      what: 'not given, and another one has the same keys',
      given: { 'secret.yaml': secret('name: other') },
      status: 'incomplete',
    },
  ])('$what: $status', async ({ given, status }) => {
    expect(await judged({ ...given, 'etcd.yaml': set() })).toEqual({ status, found: [], open: [] });
  });

  test('in another namespace than the pod is not that of the pod', async () => {
    const given = {
      'secret.yaml': secret('name: etcd-tls, namespace: web'),
      'etcd.yaml': set('name: etcd, namespace: store'),
    };

    expect((await judged(given)).status).toBe('incomplete');
  });
});

const merge = (kind: string, name: string, spec: string) =>
  `apiVersion: apps/v1\nkind: ${kind}\nmetadata: {name: ${name}}\nspec:\n  template:\n    spec:\n${spec}\n`;
const container = (what: string) => `      containers:\n      - name: etcd\n        ${what}`;
const operation = (what: string) => {
  const [op, path] = what.split(' ');
  return `- op: ${op}\n  path: ${path}\n  value: 1\n`;
};
const end = 'and patches are not applied';

test('kustomize: the next step is to give what it makes', async () => {
  const kustomization = { 'kustomization.yaml': 'resources: [base]\nnamePrefix: a-\n' };
  await using given = await directoryWith({
    ...files,
    'base/etcd.yaml': set(),
    'base/secret.yaml': secret(),
    ...kustomization,
  });
  const { verdict } = await audit({ paths: [given.path], maps: [] });

  expect(verdict.next).toMatch(/^give the output of `kubectl kustomize` of that directory/);
});

describe('kustomize', () => {
  const base = { 'base/etcd.yaml': set(), 'base/secret.yaml': secret() };
  const withPatch = (patch: string, name = 'p.yaml', target = 'etcd') => ({
    ...base,
    'overlay/kustomization.yaml': `resources: [../base]\npatches:\n- path: ${name}\n  target: {kind: StatefulSet, name: '${target}'}\n`,
    [`overlay/${name}`]: patch,
  });
  const operations =
    '- op: replace\n  path: /spec/template/spec/securityContext/runAsUser\n  value: 1\n';

  test.each<{ what: string; given: Readonly<Record<string, string>>; open?: string }>([
    { what: 'no patch', given: base },
    {
      what: 'a patch of resources',
      given: withPatch(merge('StatefulSet', 'etcd', container('resources: {limits: {cpu: 1}}'))),
    },
    {
      what: 'a patch of another object',
      given: {
        ...base,
        'p.yaml': merge('Deployment', 'web', container('command: [x]').replace('etcd', 'web')),
      },
    },
    ...[
      'args: [x]',
      'command: [x]',
      'env: [{name: A, value: b}]',
      'image: x',
      'securityContext: {runAsUser: 1}',
    ].map((what) => ({
      what: `a patch of ${what}`,
      given: withPatch(merge('StatefulSet', 'etcd', container(what))),
      open: `9 changes ${what.split(':')[0]} of StatefulSet etcd, ${end}`,
    })),
    {
      what: 'a patch that deletes the container',
      given: withPatch(merge('StatefulSet', 'etcd', container('$patch: delete'))),
      open: `9 changes $patch of StatefulSet etcd, ${end}`,
    },
    {
      what: 'a patch that deletes the set',
      given: withPatch(
        'apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: etcd}\n$patch: delete\n',
      ),
      open: `4 changes $patch of StatefulSet etcd, ${end}`,
    },
    {
      what: 'a patch that replaces the containers',
      given: withPatch(
        merge('StatefulSet', 'etcd', '      containers:\n      - $patch: replace\n      - name: x'),
      ),
      open: `8 changes $patch of StatefulSet etcd, ${end}`,
    },
    {
      what: 'a patch that deletes another set',
      given: {
        ...base,
        'p.yaml': 'apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: web}\n$patch: delete\n',
      },
    },
    {
      what: 'a patch of volumes',
      given: withPatch(merge('StatefulSet', 'etcd', '      volumes: []')),
      open: `7 changes volumes of StatefulSet etcd, ${end}`,
    },
    {
      what: 'a JSON patch in a file',
      given: withPatch(operations, 'p.json'),
      open: `1 changes /spec/template/spec/securityContext/runAsUser, ${end}`,
    },
    {
      what: 'a JSON patch that no kustomization names',
      given: { ...base, 'p.yaml': operations },
      open: `1 changes /spec/template/spec/securityContext/runAsUser, ${end}`,
    },
    {
      what: 'an inline patch',
      given: {
        ...base,
        'kustomization.yaml': `resources: [base]\npatchesStrategicMerge:\n- |-\n${merge('StatefulSet', 'etcd', container('args: [x]')).replaceAll(/^/gm, '  ')}`,
      },
      open: `3 changes args of StatefulSet etcd, ${end}`,
    },
    {
      what: 'a patch that was not given',
      given: {
        ...base,
        'kustomization.yaml': 'resources: [base]\npatches:\n- path: p.yaml\n',
      },
      open: `3 applies the patch p.yaml, which was not given, ${end}`,
    },
    {
      what: 'images',
      given: {
        ...base,
        'kustomization.yaml':
          'resources: [base]\nimages:\n- {name: quay.io/coreos/etcd, newTag: y}\n',
      },
      open: `3 changes objects by images, ${end}`,
    },
    ...[
      'images: [{name: example.org/web, newTag: "2"}]',
      'commonLabels: {team: a}',
      'commonAnnotations: {team: a}',
      'replicas: [{name: web, count: 3}]',
    ].map((what) => ({
      what,
      given: { ...base, 'kustomization.yaml': `resources: [base]\n${what}\n` },
    })),
    ...['namePrefix: a-', 'nameSuffix: -a', 'replicas: [{name: etcd, count: 5}]'].map((what) => ({
      what,
      given: { ...base, 'kustomization.yaml': `resources: [base]\n${what}\n` },
      open: `2 changes objects by ${what.split(':')[0]}, ${end}`,
    })),
    ...[
      'remove /spec/template/spec/nodeName',
      'remove /spec/template/spec/containers/0/terminationMessagePath',
      'remove /spec/updateStrategy',
      'remove /spec/template/metadata/labels/team',
      'test /spec/template/spec/volumes',
    ].map((what) => ({ what, given: withPatch(operation(what)) })),
    ...[
      'remove /spec/template/spec/volumes/0',
      'remove /spec/template/spec/containers/0/args/1',
      'remove /spec/template/spec/containers/0',
      'replace /spec/template',
      'replace /metadata/name',
      'replace /spec/replicas',
    ].map((what) => ({
      what,
      given: withPatch(operation(what)),
      open: `1 changes ${what.split(' ')[1]}, ${end}`,
    })),
    ...[
      'transformers: [https://example.test/x]',
      'generators: [x.yaml]',
      'helmCharts: [{name: x}]',
    ].map((what) => ({
      what,
      given: { ...base, 'kustomization.yaml': `resources: [base]\n${what}\n` },
      open: `2 changes objects by ${what.split(':')[0]}, ${end}`,
    })),
    {
      what: 'a component that was not given',
      given: { ...base, 'kustomization.yaml': 'components: [../c]\n' },
      open: `1 adds ../c, which was not given, ${end}`,
    },
    {
      what: 'a component that was given, and changes nothing',
      given: {
        ...base,
        'kustomization.yaml': 'components: [c]\n',
        'c/kustomization.yaml': 'kind: Component\nresources: [x.yaml]\n',
      },
    },
    {
      what: 'resources from elsewhere',
      given: {
        ...base,
        'kustomization.yaml': 'resources:\n- base\n- github.com/example/x?ref=v1\n',
      },
      open: `3 adds github.com/example/x?ref=v1, which was not given, ${end}`,
    },
    ...['e.*', 'e.*c.*d', 'web|etcd', '.*', 'etc.', '[e]tcd'].map((target) => ({
      what: `a patch of objects like ${target}`,
      given: withPatch(operations, 'p.yaml', target),
      open: `1 changes /spec/template/spec/securityContext/runAsUser, ${end}`,
    })),
    ...['w.*', 'e.*x', 'etcd-.*', 'web|tcd', 'etc.*d.*d'].map((target) => ({
      what: `a patch of other objects, like ${target}`,
      given: withPatch(operations, 'p.yaml', target),
    })),
  ])('$what', async ({ given, open }) => {
    expect(await judged(given)).toEqual({
      status: open === undefined ? 'pass' : 'incomplete',
      found: [],
      open: open === undefined ? [] : [open],
    });
  });
});

const named = (text: string) => text.replaceAll(/name: etcd\b/g, `name: ${'a'.repeat(60)}c`);

test('a pattern that takes exponential time to match may mean any object', async () => {
  const { status } = await judged({
    'base/etcd.yaml': named(set()),
    'base/secret.yaml': secret(),
    'kustomization.yaml':
      "resources: [base]\npatches:\n- path: p.yaml\n  target: {name: '(a+)+b'}\n",
    'p.yaml': '- op: remove\n  path: /spec/template/spec/volumes\n',
  });

  expect(status).toBe('incomplete');
});

test('a configuration file that was not given opens no port', async () => {
  const unit =
    '[Service]\nUser=root\nExecStart=/usr/bin/etcd --config-file=/etc/etcd/etcd.conf.yml\n';

  const { status, found } = await judged({ ...files, 'etcd.service': unit });

  expect({ status, found }).toEqual({ status: 'incomplete', found: [] });
});

const pki = async (host: string) => {
  const leaf = await ca.issue({ commonName: 'etcd', hosts: [host, 'localhost'], usages });
  return {
    'pki/ca.crt': ca.certificatePem,
    'pki/server.crt': leaf.certificatePem,
    'pki/server.key': leaf.privateKeyPem,
  };
};

describe('the namespace of a pod in its settings', () => {
  const service = 'etcd-0.etcd.$(SPACE).svc';
  const words = flags(service);
  const etcd = (metadata: string) => `kind: StatefulSet
apiVersion: apps/v1
metadata: {${metadata}}
spec:
  serviceName: etcd
  selector: {matchLabels: {app: etcd}}
  template:
    spec:
      containers:
      - name: etcd
        image: quay.io/coreos/etcd:v3.5.30
        command: ${JSON.stringify(['etcd', ...words])}
        env: [{name: SPACE, valueFrom: {fieldRef: {fieldPath: metadata.namespace}}}]
        volumeMounts: [{name: pki, mountPath: /pki}, {name: data, mountPath: /var/lib/etcd}]
      volumes: [{name: pki, hostPath: {path: /etc/pki}}]
  volumeClaimTemplates: [{metadata: {name: data}}]
`;
  const inStore = pki('etcd-0.etcd.store.svc');

  test('counts where the object states it', async () => {
    const given = { ...(await inStore), 'etcd.yaml': etcd('name: etcd, namespace: store') };
    const other = { ...(await inStore), 'etcd.yaml': etcd('name: etcd, namespace: web') };

    expect(await judged(given)).toEqual({ status: 'pass', found: [], open: [] });
    expect((await judged(other)).found.join()).toContain('advertised-name-not-in-certificate');
  });

  test('is not known where the object does not state it', async () => {
    const { status, found, open } = await judged({
      ...(await inStore),
      'etcd.yaml': etcd('name: etcd'),
    });

    expect({ status, found }).toEqual({ status: 'incomplete', found: [] });
    expect(open.join()).toContain('a placeholder that is replaced before etcd reads it');
  });

  test.each([
    ['store', 'pass'],
    ['web', 'incomplete'],
  ])('is replaced by kustomize with %s', async (namespace, status) => {
    const given = {
      ...(await inStore),
      'etcd.yaml': etcd('name: etcd, namespace: store'),
      'kustomization.yaml': `resources: [etcd.yaml]\nnamespace: ${namespace}\n`,
    };

    expect(await judged(given)).toMatchObject({ status, found: [] });
  });
});
