import { expect, test } from 'vitest';
import { files, flags, judged } from '../../support/containers.ts';

const etcd = `[Service]\nUser=root\nExecStart=/usr/bin/etcd ${flags('10.0.0.1').join(' ').replaceAll('=/pki', '=/etc/pki')}\n`;
const tls =
  '--etcd-cafile=/etc/pki/ca.crt --etcd-certfile=/etc/pki/client.crt --etcd-keyfile=/etc/pki/client.key';
const clientOf = (line: string) => ({
  ...files,
  'etcd.service': etcd,
  'client.service': `[Service]\nUser=root\nEnvironmentFile=-/etc/client.env\nExecStart=/usr/bin/${line}\n`,
});

test.each([
  `kube-apiserver --etcd-servers=https://10.0.0.1:2379 $KUBE_ARGS`,
  `kube-apiserver $KUBE_ETCD_SERVERS $KUBE_ARGS`,
  `flanneld --etcd-endpoints=https://10.0.0.1:2379 $FLANNEL_OPTIONS`,
  `etcd grpc-proxy start --endpoints=https://10.0.0.1:2379 $PROXY_OPTIONS`,
])('%s: its files may be in arguments that were not given', async (line) => {
  const { status, found, open } = await judged(clientOf(line));

  expect({ status, found }).toEqual({ status: 'incomplete', found: [] });
  expect(open).toEqual([
    expect.stringMatching(
      /^4 [\w-]+ takes arguments from `\$\w+`, whose value is not in the given files/,
    ),
  ]);
});

test('arguments that are all there leave nothing open', async () => {
  const line = `kube-apiserver --etcd-servers=https://10.0.0.1:2379 ${tls}`;

  expect(await judged(clientOf(line))).toEqual({ status: 'pass', found: [], open: [] });
});

test('a certificate that the line itself leaves out is missing', async () => {
  const line = 'kube-apiserver --etcd-servers=https://10.0.0.1:2379';

  expect((await judged(clientOf(line))).found.join()).toContain('client-without-certificate');
});
