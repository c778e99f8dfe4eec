import { describe, expect, test } from 'vitest';
import { judged } from '../support/judged.ts';

const urls =
  '--listen-client-urls https://10.0.0.1:2379 --advertise-client-urls https://10.0.0.1:2379';
const peers =
  '--listen-peer-urls https://10.0.0.1:2380 --initial-advertise-peer-urls https://10.0.0.1:2380 --initial-cluster n1=https://10.0.0.1:2380';
const files = {
  CERT_FILE: '/etc/etcd/n1.pem',
  KEY_FILE: '/etc/etcd/n1-key.pem',
  CLIENT_CERT_AUTH: 'true',
  PEER_CERT_FILE: '/etc/etcd/n1.pem',
  PEER_KEY_FILE: '/etc/etcd/n1-key.pem',
  PEER_TRUSTED_CA_FILE: '/etc/etcd/ca.pem',
  PEER_CLIENT_CERT_AUTH: 'true',
};

function run(command: string): string {
  return `#!/bin/sh\nexec 2>&1\nexport ETCD_TRUSTED_CA_FILE=/etc/etcd/ca.pem\nexec ${command} etcd --name n1 ${urls} ${peers}\n`;
}

function service(command: string, trusted = '/etc/etcd/ca.pem \nnot read\n') {
  const given: Record<string, string> = {
    'h/etc/sv/etcd/env/ETCD_TRUSTED_CA_FILE': trusted,
    'h/etc/sv/etcd/run': run(command),
  };
  for (const [name, value] of Object.entries(files)) {
    given[`h/etc/sv/etcd/env/ETCD_${name}`] = `${value}\n`;
  }
  return given;
}

describe('a directory with a file for each variable', () => {
  test.each([
    'chpst -u etcd -e ./env',
    'chpst -e /etc/sv/etcd/env',
    'setuidgid etcd envdir env softlimit -m 100000000',
    's6-setuidgid etcd s6-envdir ./env',
  ])('is read by %s', async (command) => {
    const anySystemCa = ['any-system-authority-admitted'];
    const wrong = await judged(service(command, '/etc/etcd/n1-key.pem\n'));

    expect((await judged(service(command))).failing).toEqual([]);
    expect(wrong.failing).not.toEqual([]);
    // An empty file takes a variable away.
    expect((await judged(service(command, ''))).failing).toEqual(anySystemCa);
  });

  test('that was not given is an open question', async () => {
    const { status, failing } = await judged({
      'h/etc/sv/etcd/run': run('chpst -e ./env'),
    });

    expect(failing).not.toContain('client-port-admits-anonymous');
    expect(status).not.toBe('pass');
  });

  test('and that nothing reads is not understood', async () => {
    const path = 'h/etc/sv/etcd/env';
    const name = 'ETCD_LISTEN_CLIENT_URLS';

    expect(await judged({ [`${path}/${name}`]: 'http://0.0.0.0:2379\n' })).toMatchObject({
      status: 'incomplete',
      reasons: [`is named as the variable ${name}, and nothing that was given reads it`],
    });
    expect((await judged({ [`${path}/TZ`]: 'UTC\n' })).status).toBe('pass');
    // Nor is what a script writes there.
    const writes = `#!/bin/sh\ncat > /${path}/${name} <<EOF\nhttp://0.0.0.0:2379\nEOF\n`;
    expect((await judged({ 'h/opt/prepare.sh': writes })).reasons).toContain(
      `is named as the variable ${name}, and nothing that was given reads it`,
    );
  });
});

const flags = `--name n4 ${urls.replaceAll('https', 'http')}`;

/** Forms that start processes and are not read, and what is said of them. */
const unread = {
  'ecosystem.config.js': [
    `module.exports = { apps: [{ script: 'etcd', args: '${flags}' }] };\n`,
    'but is a configuration of pm2, which is not read',
  ],
  'cookbooks/etcd/recipes/default.rb': [
    `execute 'etcd ${flags}'\n`,
    'but is not in a known settings format',
  ],
  'h/etc/init/etcd.conf': [
    `start on runlevel [2345]\nenv ETCD_CERT_FILE=/etc/etcd/n1.pem\nexec etcd ${flags}\n`,
    'but is a job of Upstart, which is not read',
  ],
  'h/etc/s6/etcd/run': [
    `#!/bin/execlineb -P\nexport ETCD_CERT_FILE /etc/etcd/n1.pem\netcd ${flags}\n`,
    'but is a script of execline, which is not read',
  ],
} as const;

test.each(Object.entries(unread))(
  '%s is named, and nothing is blamed in it',
  async (path, [text, reason]) => {
    const { status, failing, reasons } = await judged({ [path]: text });

    expect({ status, failing }).toEqual({ status: 'incomplete', failing: [] });
    expect(reasons).toEqual([expect.stringContaining(reason)]);
  },
);

test('program source that starts nothing is passed over', async () => {
  expect((await judged({ 'lib/etcd.js': `run('etcd ${flags}');\n` })).status).toBe('pass');
});
