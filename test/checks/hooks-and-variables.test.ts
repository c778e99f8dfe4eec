import { describe, expect, test } from 'vitest';
import {
  compose,
  flags,
  files,
  judged,
  pod,
  sound,
  withShell,
  wrongCa,
} from '../support/containers.ts';

const endpoint = '--endpoints=https://127.0.0.1:2379';

function unit(more: string): Readonly<Record<string, string>> {
  const command = flags('10.0.0.1').join(' ').replaceAll('/pki/', '/etc/pki/');
  return {
    ...files,
    'etcd.service': `[Service]\nUser=root\nExecStart=/usr/bin/etcd ${command}\n${more}\n`,
  };
}

const onHost = (options: string) => options.replaceAll('/pki/', '/etc/pki/');

describe('a unit', () => {
  test.each(['ExecStartPre', 'ExecStartPost', 'ExecReload', 'ExecStop'])(
    'runs etcdctl as a client in %s',
    async (name) => {
      const line = (options: string) =>
        `${name}=-/usr/bin/etcdctl ${onHost(options)} ${endpoint} endpoint health`;

      expect(await judged(unit(line(sound)))).toEqual({ status: 'pass', found: [], open: [] });
      expect((await judged(unit(line(wrongCa)))).found).toEqual([
        'unknown-authority pki/other.crt 4',
      ]);
    },
  );

  test('takes back what an empty value takes back, and may run anything else', async () => {
    const line = `ExecStartPost=/usr/bin/etcdctl ${onHost(wrongCa)} ${endpoint} endpoint health`;

    expect((await judged(unit(`${line}\nExecStartPost=`))).status).toBe('pass');
    expect((await judged(unit('ExecStartPre=/usr/bin/fetch-certificates.sh'))).status).toBe('pass');
  });
});

describe('a variable of a pod that only the cluster knows', () => {
  const variable = '    env: [{name: POD_IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}]';
  const text = (withShell(pod(variable))['etcd.yaml'] ?? '').replace(
    /command: .*/,
    `command: [sh, -c, "exec etcd ${flags('10.0.0.1').join(' ').replace('0.0.0.0:2379', '$POD_IP:2379')}"]`,
  );

  test('is not empty in a shell', async () => {
    const { status, found, open } = await judged({ ...files, 'etcd.yaml': text });

    expect({ status, found }).toEqual({ status: 'incomplete', found: [] });
    expect(open).toEqual([expect.stringMatching(/POD_IP/)]);
  });

  test('is not empty in a probe', async () => {
    const command = `etcdctl ${sound} --endpoints=https://$POD_IP:2379 endpoint health`;
    const probe = `    livenessProbe: {exec: {command: [sh, -c, "${command}"]}}`;

    expect((await judged(pod(`${variable}\n${probe}`))).status).toBe('incomplete');
  });
});

const settingsMap = (data: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: conf, namespace: kube-system}\ndata: {${data}}\n`;

test('a ConfigMap in a file of its own is given to the pod that takes variables from it', async () => {
  const given = pod('    envFrom: [{configMapRef: {name: conf}}]');
  const fine = await judged({
    ...given,
    'conf.yaml': settingsMap('ETCD_QUOTA_BACKEND_BYTES: "8589934592"'),
  });
  const twice = await judged({ ...given, 'conf.yaml': settingsMap('ETCD_CERT_FILE: /x') });

  expect(fine).toEqual({ status: 'pass', found: [], open: [] });
  expect(twice.found).toEqual(['settings-refused-at-start etcd-0 ETCD_CERT_FILE 4']);
});

const versionTwo = (ca: string) =>
  `ETCDCTL_API=2 etcdctl --ca-file=/pki/${ca} --cert-file=/pki/client.crt --key-file=/pki/client.key ${endpoint} cluster-health`;
const checked = (ca: string) => compose(`    healthcheck: {test: "${versionTwo(ca)}"}`);

test('etcdctl with API version 2 has flags of its own', async () => {
  const other = await judged(checked('other.crt'), '3.5.30');

  // etcd 3.5 serves version 2 only with `--enable-v2`.
  const notServed = 'version-two-not-served etcd-healthcheck 7';
  expect((await judged(checked('ca.crt'), '3.5.30')).found).toEqual([notServed]);
  expect(other.found).toEqual(['unknown-authority pki/other.crt 7', notServed]);
  // Since 3.6 the flags end etcdctl before the CA would, which is wrong with each release.
  expect((await judged(checked('other.crt'))).found).toEqual(other.found);
});
