import { expect, test } from 'vitest';
import { audit } from '../../src/audit.ts';
import { compose, files, flags, pod } from '../support/containers.ts';
import { directoryWith } from '../support/directory.ts';

async function verdictOf(given: Readonly<Record<string, string>>) {
  await using set = await directoryWith(given);
  const { verdict } = await audit({
    paths: [set.path],
    maps: [{ prefix: '/etc/pki', directory: set.at('pki') }],
  });
  return verdict;
}

const options = flags('10.0.0.1').join(' ').replaceAll('/pki/', '/etc/pki/');
const unit = (line: string) => ({
  ...files,
  'etcd.service': `[Service]\nUser=root\n${line}\nExecStart=/usr/bin/etcd ${options}\n`,
});
const reference = (kind: string, name: string, more = '') =>
  pod(`    envFrom: [{${kind}: {name: ${name}${more}}}]`);
const configMap =
  'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: extra, namespace: kube-system}\ndata: {ETCD_LOG_LEVEL: info}\n';

const forms = [
  {
    name: '/etc/default/etcd',
    optional: unit('EnvironmentFile=-/etc/default/etcd'),
    needed: unit('EnvironmentFile=/etc/default/etcd'),
    given: { 'etc/default/etcd': 'ETCD_LOG_LEVEL=info\n' },
  },
  {
    name: 'extra.env',
    optional: compose('    env_file: [{path: extra.env, required: false}]'),
    needed: compose('    env_file: [extra.env]'),
    given: { 'extra.env': 'ETCD_LOG_LEVEL=info\n' },
  },
  {
    name: 'ConfigMap extra',
    optional: reference('configMapRef', 'extra', ', optional: true'),
    needed: reference('configMapRef', 'extra'),
    given: { 'extra.yaml': configMap },
  },
  {
    name: 'Secret extra',
    optional: reference('secretRef', 'extra', ', optional: true'),
    needed: reference('secretRef', 'extra'),
  },
];

test.each(forms)('$name need not exist, and what it sets was not seen', async (form) => {
  const { status, sentence, assumptions } = await verdictOf(form.optional);

  expect(status).toBe('pass');
  expect(sentence).toContain(`; what ${form.name} sets was not seen`);
  expect(sentence).toContain('read as complete settings');
  expect(assumptions.map(({ about }) => about)).toContain(`what ${form.name} sets`);
});

test.each(forms)('$name that must exist was not given', async ({ needed }) => {
  expect((await verdictOf(needed)).status).toBe('incomplete');
});

test.each(forms.filter(({ given }) => given !== undefined))(
  '$name that was given is read',
  async ({ optional, given }) => {
    const { status, sentence } = await verdictOf({ ...optional, ...given });

    expect(status).toBe('pass');
    expect(sentence).not.toContain('was not seen');
    expect(sentence).not.toContain('read as complete settings');
  },
);
