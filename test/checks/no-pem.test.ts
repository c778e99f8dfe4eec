import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { audit } from '../../src/audit.ts';
import { files, flags } from '../support/containers.ts';
import { directoryWith } from '../support/directory.ts';

const noise = Buffer.from(Array.from({ length: 300 }, (_, index) => (index * 137 + 91) % 256));

/** One member with a file of another kind and name, in its flags, its variables or its configuration file. */
async function judged(setting: string, content: string | Buffer, form: 'unit' | 'configuration') {
  await using set = await directoryWith({ ...files, 'pki/store': content });
  const all = flags('10.0.0.1').map((flag) =>
    flag.startsWith(`--${setting}=`) ? `--${setting}=/pki/store` : flag,
  );
  const text =
    form === 'unit'
      ? `[Service]\nUser=root\nExecStart=/usr/bin/etcd ${all.join(' ')}\n`
      : stringify(configurationOf(all));
  await using settings = await directoryWith({
    [form === 'unit' ? 'etcd.service' : 'etcd.conf.yml']: text,
  });
  const maps = [{ prefix: '/pki', directory: set.at('pki') }];
  const report = await audit({ paths: [settings.path, set.path], maps });
  return JSON.stringify(report.results.filter(({ verdict }) => verdict.status === 'fail'));
}

function configurationOf(all: readonly string[]) {
  const pairs = all.map((flag): readonly [string, string] => {
    const [name = '', value = 'true'] = flag.slice(2).split(/=(.*)/s);
    return [name, value];
  });
  const ofTls = /^(?:peer-)?(?:cert-file|key-file|trusted-ca-file|client-cert-auth)$/;
  const section = (start: string) =>
    Object.fromEntries(
      pairs
        .filter(([name]) => ofTls.test(name) && name.startsWith('peer-') === (start === 'peer-'))
        .map(([name, value]) => [name.slice(start.length), value === 'true' ? true : value]),
    );
  return {
    ...Object.fromEntries(pairs.filter(([name]) => !ofTls.test(name))),
    'client-transport-security': section(''),
    'peer-transport-security': section('peer-'),
  };
}

const says = {
  'cert-file': 'tls: failed to find any PEM data in certificate input',
  'key-file': 'tls: failed to find any PEM data in key input',
};

test.each(['unit', 'configuration'] as const)(
  'a file that is no PEM exists, and etcd says what it lacks: %s',
  async (form) => {
    for (const [setting, words] of Object.entries(says)) {
      for (const content of [noise, 'no certificate\n']) {
        const found = await judged(setting, content, form);

        expect(found).toContain(words);
        expect(found).not.toMatch(/no such file|does not exist/);
      }
    }
  },
);

test('as a CA it makes an empty list, with which etcd starts and accepts no client', async () => {
  const found = await judged('trusted-ca-file', noise, 'unit');

  expect(found).toContain('empty-authority-file');
  expect(found).not.toMatch(/no such file|does not exist/);
});
