import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { compose, files, flags, judged, pod } from '../../support/containers.ts';

const line = flags('10.0.0.1').join(' ');
const refused = expect.stringContaining('settings-refused-at-start etcd-0 --listen-client-urls');

/** One sound member as a unit. */
function unit(more: string, others: Readonly<Record<string, string>> = {}) {
  return {
    ...files,
    'etc/systemd/system/etcd.service': `[Service]\nUser=root\n${more}\n`,
    ...others,
  };
}

/** What a settings file says, with another address to listen on. */
function listening(given: Readonly<Record<string, string>>, host: string) {
  return Object.fromEntries(
    Object.entries(given).map(([path, text]) => [
      path,
      text.replace(
        '--listen-client-urls=https://0.0.0.0:',
        () => `--listen-client-urls=https://${host}:`,
      ),
    ]),
  );
}

describe('a dollar that is written twice is one to etcd', () => {
  test.each([
    ['a pod', listening(pod(''), '$$(IP)')],
    ['a compose file', listening(compose(''), '$${IP}')],
    ['a unit', listening(unit(`ExecStart=/usr/bin/etcd ${line}`), '$${IP}')],
  ])('in %s', async (_, given) => {
    const { status, found } = await judged(given);

    expect(status).toBe('fail');
    expect(found).toContainEqual(refused);
  });

  test.each([
    ['a pod', listening(pod('    env: [{name: IP, value: 0.0.0.0}]'), '$(IP)'), 'pass'],
    ['a compose file', { ...listening(compose(''), '${IP}'), '.env': 'IP=0.0.0.0\n' }, 'pass'],
    ['a pod, before Kustomize replaces it', listening(pod(''), '$(IP)'), 'incomplete'],
    ['a compose file, where the shell may set it', listening(compose(''), '${IP}'), 'incomplete'],
  ])('and one that is written once is a variable in %s', async (_, given, expected) => {
    const { status, found } = await judged(given);

    expect({ status, found }).toEqual({ status: expected, found: [] });
  });
});

describe('a variable that a script needs and nothing sets ends it', () => {
  const script = (start: string, url = 'https://${IP}:2379') =>
    `${start}; exec etcd ${line.replace('https://0.0.0.0:2379', url)}`;
  const cases = [
    ['set -u', script('set -u')],
    ['${IP:?}', script('true', 'https://${IP:?not set}:2379')],
  ] as const;

  test.each(cases)('as sh has it: %s', (_, text) => {
    expect(spawnSync('/bin/sh', ['-c', text]).status).not.toBe(0);
  });

  test.each(cases)('in a unit: %s', async (_, text) => {
    const given = unit('ExecStart=/opt/run.sh', { 'opt/run.sh': `#!/bin/sh\n${text}\n` });

    expect(await judged(given)).toMatchObject({
      status: 'fail',
      found: expect.arrayContaining([expect.stringContaining('the start script')]) as unknown,
    });
  });

  test('not where an image of someone’s own may set it', async () => {
    const text = cases[0][1];
    const set = compose(
      `    entrypoint: ["/bin/sh", "-c", ${JSON.stringify(text.replaceAll('$', '$$$$'))}]`,
    );
    const own = set['docker-compose.yml']?.replace(
      'quay.io/coreos/etcd:v3.5.30',
      'example/store:1',
    );

    expect((await judged({ ...set, 'docker-compose.yml': own ?? '' })).found).toEqual([]);
  });

  test('not where it is set', async () => {
    const given = unit('Environment=IP=0.0.0.0\nExecStart=/opt/run.sh', {
      'opt/run.sh': `#!/bin/sh\n${cases[0][1]}\n`,
    });

    expect(await judged(given)).toMatchObject({ status: 'pass' });
  });
});

describe('a config that a compose file holds', () => {
  const config = (trust: string, more = '') =>
    `configs:
  etcd:
    content: |
      name: etcd-0
      data-dir: /var/lib/etcd
      listen-client-urls: https://\${IP:-0.0.0.0}:2379
      advertise-client-urls: https://etcd:2379
      listen-peer-urls: https://0.0.0.0:2380
      initial-advertise-peer-urls: https://etcd:2380
      initial-cluster: etcd-0=https://etcd:2380${more}
      client-transport-security: {cert-file: /pki/server.crt, key-file: /pki/server.key${trust}}
      peer-transport-security: {cert-file: /pki/server.crt, key-file: /pki/server.key, trusted-ca-file: /pki/ca.crt, client-cert-auth: true}
`;
  const set = (text: string) => {
    const service = compose('    configs: [{source: etcd, target: /etc/etcd.yml}]');
    const command = 'command: ["etcd", "--config-file=/etc/etcd.yml"]';
    const file = service['docker-compose.yml']?.replace(/command: .*/, command) ?? '';
    return { ...service, 'docker-compose.yml': `${file}${text}` };
  };

  test('is what etcd reads', async () => {
    expect(await judged(set(config(', trusted-ca-file: /pki/ca.crt')))).toMatchObject({
      status: 'pass',
      open: [],
    });
    expect(await judged(set(config('')))).toMatchObject({
      status: 'fail',
      found: [expect.stringContaining('client-port-admits-anonymous')],
    });
  });

  test('is not known where the shell may set a variable of it', async () => {
    const { status, open } = await judged(
      set(config(', trusted-ca-file: /pki/ca.crt', '\n      logger: ${LOGGER}')),
    );

    expect(status).toBe('incomplete');
    expect(open).toEqual([expect.stringContaining('logger')]);
  });
});
