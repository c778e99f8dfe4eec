import { expect, test } from 'vitest';
import { readSettings } from '../../../src/collect/settings/read-settings.ts';

/** Files of Ansible, Helm and Puppet before anything fills them in, and where they are named. */
const templates: Readonly<Record<string, readonly [path: string, text: string, line: number]>> = {
  'values of Bitnami’s chart': [
    'values.yaml',
    'auth:\n  client:\n    secureTransport: false\n    existingSecret: ""\n    certFilename: cert.pem\n',
    3,
  ],
  'a manifest of Helm': [
    'templates/statefulset.yaml',
    'kind: StatefulSet\nspec:\n  {{- if .Values.tls }}\n  env:\n  - name: ETCD_CERT_FILE\n    value: /c\n  {{- end }}\n',
    3,
  ],
  'etcd’s configuration file in Jinja': [
    'etcd.conf.yml.j2',
    'name: n1\nlisten-client-urls: https://{{ ip }}:2379\n{% if ca %}\nclient-transport-security:\n  trusted-ca-file: /ca\n{% endif %}\n',
    2,
  ],
  'a unit in Jinja': [
    'etcd.service.j2',
    '[Service]\nExecStart={{ bin_dir }}/etcd --name n1 {% if tls %}--quiet{% endif %} {{ more | default("") }}\n',
    2,
  ],
  'variables of an inventory': [
    'group_vars/all.yml',
    'etcd_extra_vars:\n  ETCD_CLIENT_CERT_AUTH: "false"\n',
    2,
  ],
};

test.each(Object.entries(templates))('%s: named, and not judged', async (_, [path, text, line]) => {
  const { members, notUnderstood } = await read({ [path]: text });

  expect(members).toEqual([]);
  expect(notUnderstood[0]).toMatchObject({ path, line });
  expect(notUnderstood.map(({ reason }) => reason).join()).not.toMatch(/`(?:…|\{\{)`/);
});

test('a configuration file that a unit names and that is a template', async () => {
  const { members, notUnderstood } = await read({
    'etc/systemd/system/etcd.service':
      '[Service]\nExecStart=/usr/bin/etcd --config-file /etc/e.yml\n',
    'etc/e.yml': '{% if a %}\nname: n1\n{% endif %}\n',
  });

  expect(members).toEqual([]);
  expect(notUnderstood[0]).toMatchObject({ path: 'etc/e.yml', line: 1 });
});

test('braces in a comment make no template of a configuration file', async () => {
  const { members } = await read({
    'etc/systemd/system/etcd.service':
      '[Service]\nExecStart=/usr/bin/etcd --config-file /etc/e.yml\n',
    'etc/e.yml': '# {{ ansible_managed }}\nname: [n1\n',
  });

  expect(members[0]?.sources).toContainEqual(
    expect.objectContaining({ unreadable: expect.anything() as unknown }),
  );
});

test('of kubespray’s environment file every literal value is read', async () => {
  const { members, notUnderstood } = await read({
    'etcd.env.j2': `ETCD_NAME={{ etcd_member_name }}
ETCD_INITIAL_CLUSTER_TOKEN=k8s_etcd
{% if etcd_metrics_port is defined %}
ETCD_LISTEN_METRICS_URLS=http://127.0.0.1:{{ etcd_metrics_port }}
{% endif %}
ETCD_LISTEN_CLIENT_URLS=https://{{ etcd_address | ansible.utils.ipwrap }}:2379,https://127.0.0.1:2379
ETCD_PEER_CLIENT_CERT_AUTH=True
ETCD_CLIENT_CERT_AUTH={{ etcd_secure_client | lower}}
`,
  });
  const variables = members[0]?.sources.flatMap((source) =>
    source.kind === 'environment' ? source.variables.map(({ name, value }) => [name, value]) : [],
  );

  expect(variables).toEqual([
    ['ETCD_INITIAL_CLUSTER_TOKEN', 'k8s_etcd'],
    ['ETCD_PEER_CLIENT_CERT_AUTH', 'True'],
  ]);
  expect(
    notUnderstood.map(({ line }) => line).toSorted((one, other) => (one ?? 0) - (other ?? 0)),
  ).toEqual([1, 3, 4, 6, 8]);
});

async function read(texts: Readonly<Record<string, string>>) {
  const files = Object.entries(texts).map(([path, text]) => ({ path, text }));
  return await readSettings(files, {
    find: (deployed) => files.find(({ path }) => deployed === `/${path}`),
    paths: files.map(({ path }) => path),
  });
}
