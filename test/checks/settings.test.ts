import { expect, test } from 'vitest';
import { anySystemAuthorityAdmitted } from '../../src/checks/setting/any-system-authority-admitted.ts';
import { autoTls } from '../../src/checks/setting/auto-tls.ts';
import { goDebugOverride } from '../../src/checks/setting/go-debug-override.ts';
import { plaintextClientPort } from '../../src/checks/setting/plaintext-client-port.ts';
import { plaintextClientPortOnLoopback } from '../../src/checks/setting/plaintext-client-port-on-loopback.ts';
import { plaintextPeerPort } from '../../src/checks/setting/plaintext-peer-port.ts';
import { proxyBetweenPeers } from '../../src/checks/setting/proxy-between-peers.ts';
import { settingWithoutEffect } from '../../src/checks/setting/setting-without-effect.ts';
import { settingsHiddenByConfigFile } from '../../src/checks/setting/settings-hidden-by-config-file.ts';
import { unknownSetting } from '../../src/checks/setting/unknown-setting.ts';
import { client, member, members, set } from '../fixtures/builders.ts';
import { reportOn, verdicts } from '../support/verdicts.ts';
import type { SettingsProblem } from '../../src/model/settings-problem.ts';

test.each([
  { url: 'http://10.0.0.1:2379', open: 'fail', loopback: 'pass' },
  { url: 'http://0.0.0.0:2379', open: 'fail', loopback: 'pass' },
  { url: 'unix:///run/etcd.sock', open: 'pass', loopback: 'fail' },
  { url: 'http://[::]:2379', open: 'fail', loopback: 'pass' },
  { url: 'http://127.0.0.1:2379', open: 'pass', loopback: 'fail' },
  { url: 'http://[::1]:2379', open: 'pass', loopback: 'fail' },
  { url: 'http://localhost:2379', open: 'pass', loopback: 'fail' },
  { url: 'https://10.0.0.1:2379', open: 'pass', loopback: 'pass' },
])('listening on $url: open to all $open, to the host $loopback', ({ url, open, loopback }) => {
  const facts = { members: [member({ settings: { listenClientUrls: set([url]) } })] };

  expect(verdicts(plaintextClientPort, facts)).toMatchObject([{ status: open }]);
  expect(verdicts(plaintextClientPortOnLoopback, facts)).toMatchObject([{ status: loopback }]);
});

test.each([
  {
    version: '3.5.30',
    cause: 'etcd 3.5.30 serves the whole client API there as well, for reading and writing',
  },
  { version: '3.6.14', cause: undefined },
])('the client API answers on a plaintext peer port of $version: $cause', ({ version, cause }) => {
  const plain = member({ version });
  const settings = { ...plain.settings, listenPeerUrls: set(['http://10.0.0.1:2380']), peer: {} };

  const [verdict] = verdicts(plaintextPeerPort, { members: [{ ...plain, settings }] });

  expect(verdict).toMatchObject({ status: 'fail' });
  expect(verdict?.status === 'fail' ? verdict.cause : 'no finding').toBe(cause);
});

test('auto-tls with a certificate is ignored by etcd, and here', () => {
  expect(verdicts(autoTls, { members: [member({ client: { autoTls: set(true) } })] })).toEqual([
    { status: 'pass' },
  ]);
});

test('names the port that asks for certificates of any CA', () => {
  const plain = member();
  const { trustedCaFile: _none, ...peer } = plain.settings.peer;
  const settings = { ...plain.settings, peer };

  const results = reportOn(anySystemAuthorityAdmitted, {
    members: [{ ...plain, settings }],
  }).results;

  expect(results).toMatchObject([
    { target: { name: 'node1 client port' }, verdict: { status: 'pass' } },
    {
      target: { name: 'node1 peer port' },
      verdict: { status: 'fail', expected: '--peer-trusted-ca-file' },
    },
  ]);
});

test.each([
  { value: 'x509sha1=1', status: 'fail' },
  { value: 'netdns=go,tlsrsakex=1', status: 'fail' },
  { value: 'netdns=go', status: 'pass' },
])('GODEBUG=$value: $status', ({ value, status }) => {
  const facts = {
    members: [member({ settings: { processEnvironment: { GODEBUG: set(value) } } })],
  };

  expect(verdicts(goDebugOverride, facts)).toMatchObject([{ status }]);
});

test.each([
  { exempt: '', status: 'fail' },
  { exempt: '10.0.0.2', status: 'fail' },
  { exempt: '10.0.0.2,10.0.0.3', status: 'pass' },
  { exempt: '10.0.0.0/8', status: 'pass' },
  { exempt: '*', status: 'pass' },
])('a proxy with NO_PROXY "$exempt": $status', ({ exempt, status }) => {
  const [first, ...others] = members({
    settings: {
      processEnvironment: { HTTPS_PROXY: set('http://u:p@proxy:1'), NO_PROXY: set(exempt) },
    },
  });
  const peers = others.map((each) => ({
    ...each,
    settings: { ...each.settings, processEnvironment: {} },
  }));

  const [verdict] = verdicts(proxyBetweenPeers, { members: [...(first ? [first] : []), ...peers] });

  expect(verdict).toMatchObject({ status });
  expect(JSON.stringify(verdict)).not.toContain('u:p');
});

function problem(kind: SettingsProblem['kind'], name: string, more: Partial<SettingsProblem> = {}) {
  return { kind, name, why: 'unknown-variable' as const, ...more };
}

test('each problem stands at its own place, once, and those without any pass', () => {
  const twice = problem('unknown-variable', 'ETCD_CA_FILE', {
    location: { file: 'a.env', line: 2 },
  });
  const facts = {
    members: [
      member({ with: { problems: [twice, twice, problem('unknown-key', 'certFile')] } }),
      member({ name: 'node2' }),
    ],
    clients: [client()],
  };

  const results = reportOn(unknownSetting, facts).results;

  expect(
    results.map(({ target, verdict }) => [target.name, target.location?.line, verdict.status]),
  ).toEqual([
    ['node1 ETCD_CA_FILE', 2, 'fail'],
    ['node1 certFile', undefined, 'fail'],
    ['node2', undefined, 'pass'],
    ['etcdctl', 3, 'pass'],
  ]);
});

test('all that a configuration file hides is one finding', () => {
  const hidden = ['ETCD_CERT_FILE', 'ETCD_CLIENT_CERT_AUTH'].map((name) =>
    problem('ignored-beside-config-file', name),
  );

  expect(
    verdicts(settingsHiddenByConfigFile, { members: [member({ with: { problems: hidden } })] }),
  ).toMatchObject([
    {
      message: 'the configuration file of node1 disables ETCD_CERT_FILE and ETCD_CLIENT_CERT_AUTH',
    },
  ]);
});

test.each(['plaintext-files', 'plaintext-authentication'] as const)(
  '%s: what is set with an http URL is the finding of the URL',
  (why) => {
    const problems = [problem('without-effect', 'ETCD_CERT_FILE', { why })];
    const facts = { members: [member({ with: { problems } })], clients: [] };

    expect(verdicts(settingWithoutEffect, facts)).toEqual([{ status: 'pass' }]);
  },
);

test('what auto-tls switches off is a part of its finding, and no finding of its own', () => {
  const dropped = {
    kind: 'without-effect',
    why: 'auto-tls',
    name: 'ETCD_TRUSTED_CA_FILE',
    values: { flag: 'auto-tls' },
  } as const;
  const plain = member({ with: { problems: [dropped] } });
  const facts = {
    members: [
      {
        ...plain,
        settings: { ...plain.settings, client: { autoTls: set(true, 'ETCD_AUTO_TLS') } },
      },
    ],
    clients: [],
  };

  expect(verdicts(autoTls, facts)).toMatchObject([
    {
      actual: 'ETCD_AUTO_TLS in 10-etcd-member.conf:3',
      cause: 'the setting disables ETCD_TRUSTED_CA_FILE',
    },
  ]);
  expect(verdicts(settingWithoutEffect, facts)).toEqual([{ status: 'pass' }]);
});
