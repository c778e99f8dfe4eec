import { expect, test } from 'vitest';
import { audit } from '../../../src/audit.ts';
import { directoryWith } from '../../support/directory.ts';

const servers = 'https://10.0.0.1:2379,https://10.0.0.2:2379';

function pod(...variables: readonly (readonly [string, string])[]): string {
  const env = variables.map(([name, value]) => `    - {name: ${name}, value: '${value}'}`);
  return `apiVersion: v1
kind: Pod
metadata: {name: kube-apiserver}
spec:
  containers:
  - name: kube-apiserver
    command: [kube-apiserver, '--etcd-servers=${servers}']
    env:
${env.join('\n')}
`;
}

function unit(...lines: readonly string[]): string {
  return `[Service]\n${lines.join('\n')}\nExecStart=/usr/bin/kube-apiserver --etcd-servers=${servers}\n`;
}

const sent = (hosts: string, who = 'kube-apiserver (1.22 and later)') =>
  `HTTPS_PROXY sends ${who} to ${hosts} through a proxy, and what comes of that was not predicted`;

test.each([
  {
    what: 'a manifest',
    file: 'kube-apiserver.yaml',
    text: pod(['HTTPS_PROXY', 'http://user:pa55word@proxy:3128']),
    says: [sent('10.0.0.1 and 10.0.0.2')],
  },
  {
    what: 'a manifest that exempts one member',
    file: 'kube-apiserver.yaml',
    text: pod(['https_proxy', 'http://proxy:3128'], ['NO_PROXY', '10.0.0.1,.svc']),
    says: [sent('10.0.0.2')],
  },
  {
    what: 'a manifest that exempts the network',
    file: 'kube-apiserver.yaml',
    text: pod(['HTTPS_PROXY', 'http://proxy:3128'], ['NO_PROXY', '10.0.0.0/8']),
    says: [],
  },
  {
    what: 'a manifest with another variable',
    file: 'kube-apiserver.yaml',
    text: pod(['HTTP_PROXY', 'http://proxy:3128']),
    says: [],
  },
  {
    what: 'a unit',
    file: 'kube-apiserver.service',
    text: unit('Environment=HTTPS_PROXY=http://proxy:3128 NO_PROXY=10.0.0.1'),
    says: [sent('10.0.0.2')],
  },
  {
    what: 'a unit without a proxy',
    file: 'kube-apiserver.service',
    text: unit('Environment=NO_PROXY=10.0.0.1'),
    says: [],
  },
  {
    what: 'variables of etcdctl',
    file: 'etcdctl.env',
    text: `ETCDCTL_API=3\nETCDCTL_ENDPOINTS=${servers}\nHTTPS_PROXY=http://proxy:3128\n`,
    says: [sent('10.0.0.1 and 10.0.0.2', 'etcdctl (3.5 and later)')],
  },
])('$what says what goes through HTTPS_PROXY', async ({ file, text, says }) => {
  await using directory = await directoryWith({ [file]: text });

  const report = await audit({ paths: [directory.path], maps: [] });

  const { assumptions, sentence } = report.verdict;
  expect(assumptions.flatMap(({ because }) => (/PROXY/.test(because) ? [because] : []))).toEqual(
    says,
  );
  for (const each of says) expect(sentence).toContain(each);
  expect(JSON.stringify(report)).not.toContain('pa55word');
});
