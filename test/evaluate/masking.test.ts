import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { audit } from '../../src/audit.ts';
import { severityOf } from '../../src/model/finding.ts';
import type { Report, Waiver } from '../../src/model/report.ts';
import { isAtLeast } from '../../src/model/severity.ts';
import { directoryWith } from '../support/directory.ts';
import { issueAuthority } from '../support/pki.ts';

const numbers = [1, 2, 3] as const;

const waiver: Waiver = {
  check: 'client-without-certificate',
  target: 'etcdctl',
  reason: 'used by hand only, with flags',
  owner: 'me',
  expires: '2099-12-31',
};

/** What every member is started with; a mistake is made in what comes before. */
function unit(number: number, listen: string, advertisedScheme: string): string {
  const host = `10.0.0.${number}`;
  const cluster = numbers.map(
    (each) => `n${each}=${each === 1 ? advertisedScheme : 'https'}://10.0.0.${each}:2380`,
  );
  const flags = [
    `--name n${number}`,
    `--listen-client-urls ${listen}`,
    `--advertise-client-urls https://${host}:2379`,
    `--listen-peer-urls https://${host}:2380`,
    `--initial-advertise-peer-urls ${number === 1 ? advertisedScheme : 'https'}://${host}:2380`,
    `--initial-cluster ${cluster.join(',')}`,
    ...['', 'peer-'].flatMap((peer) => [
      `--${peer}cert-file /c/n${number}.crt`,
      `--${peer}key-file /c/n${number}.key`,
      `--${peer}trusted-ca-file /c/ca.crt`,
      `--${peer}client-cert-auth`,
    ]),
    '--enable-grpc-gateway=false',
  ];
  return `[Service]\nExecStart=/usr/bin/etcd ${flags.join(' ')}\n`;
}

async function certificates(): Promise<Record<string, string>> {
  const authority = await issueAuthority({ commonName: 'etcd-ca' });
  const files: Record<string, string> = { 'c/ca.crt': authority.certificatePem };
  for (const number of numbers) {
    const hosts = [`10.0.0.${number}`, '127.0.0.1', 'localhost'];
    const node = await authority.issue({
      commonName: `n${number}`,
      hosts,
      usages: ['serverAuth', 'clientAuth'],
    });
    files[`c/n${number}.crt`] = node.certificatePem;
    files[`c/n${number}.key`] = node.privateKeyPem;
  }
  return files;
}

async function judge(settings: Record<string, string>, waivers: readonly Waiver[] = []) {
  await using directory = await directoryWith({ ...(await certificates()), ...settings });
  const maps = [{ prefix: '/c', directory: directory.at('c') }];
  return await audit({ paths: [directory.path], maps, etcdVersion: '3.5.30' }, { waivers });
}

/** `check at target` of all that fails the run. */
function grave({ results }: Report): readonly string[] {
  return results
    .filter((result) => result.verdict.status === 'fail' && result.waived === undefined)
    .filter((result) => isAtLeast(severityOf(result), 'high'))
    .map(({ check, target }) => `${check.id} at ${target.name}`);
}

const advertisedInClear = Object.fromEntries(
  numbers.map((number) => [
    `n${number}.service`,
    unit(number, `https://10.0.0.${number}:2379`, 'http'),
  ]),
);

const strayClient = {
  'etcdctl.env': 'ETCDCTL_ENDPOINTS=https://10.0.0.1:2379\nETCDCTL_CACERT=/c/ca.crt\n',
};

const peersRefused = [
  'handshake-refused at peer n2 -> http://10.0.0.1:2380',
  'handshake-refused at peer n3 -> http://10.0.0.1:2380',
];

test('a client that connects with TLS to a port without is a finding, whatever else is said of the port', async () => {
  const settings = Object.fromEntries(
    numbers.map((number) => [
      `n${number}.service`,
      unit(number, `https://10.0.0.${number}:2379,http://127.0.0.1:4001`, 'https'),
    ]),
  );
  const report = await judge({
    ...settings,
    'etcdctl.env':
      'ETCDCTL_ENDPOINTS=https://127.0.0.1:4001\nETCDCTL_CACERT=/c/ca.crt\nETCDCTL_CERT=/c/n1.crt\nETCDCTL_KEY=/c/n1.key\n',
  });

  expect(report.verdict.status).toBe('fail');
  expect(grave(report)).toEqual(['handshake-refused at client etcdctl -> https://127.0.0.1:4001']);
});

test('peers that are refused stay findings next to a client that is at fault itself', async () => {
  const alone = await judge(advertisedInClear);
  const together = await judge({ ...advertisedInClear, ...strayClient });

  expect(grave(alone)).toEqual(peersRefused);
  expect(grave(together)).toEqual([...peersRefused, 'client-without-certificate at etcdctl']);
});

test('a waiver covers the connections of its finding, lists them, and covers no others', async () => {
  const report = await judge({ ...advertisedInClear, ...strayClient }, [waiver]);

  expect(report.verdict.status).toBe('fail');
  expect(grave(report)).toEqual(peersRefused);
  expect(report.results.filter(({ waived }) => waived !== undefined)).toMatchObject([
    { folded: ['client etcdctl -> https://10.0.0.1:2379'] },
  ]);
});

const found = '../shared/found/masking';

test.skipIf(!existsSync(found)).each([
  { paths: ['s3'], expected: ['handshake-refused at client etcdctl -> https://127.0.0.1:4001'] },
  { paths: ['s2'], expected: peersRefused },
  {
    paths: ['s2', 'etcdctl.env'],
    expected: [...peersRefused, 'client-without-certificate at etcdctl'],
  },
])('the same is said of $paths as found', async ({ paths, expected }) => {
  const report = await audit({
    paths: ['certs', ...paths].map((path) => `${found}/${path}`),
    maps: [{ prefix: '/c', directory: `${found}/certs` }],
    etcdVersion: '3.5.30',
  });

  expect(report.verdict.status).toBe('fail');
  expect(grave(report)).toEqual(expected);
});
