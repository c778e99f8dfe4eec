import { spawn } from 'node:child_process';
import { expect, test } from 'vitest';
import { limitsOfUnit, requiredLimits } from '../../src/collect/settings/limits.ts';
import { directoryWith } from '../support/directory.ts';
import { etcdReleases } from '../support/etcd-releases.ts';
import { skipWithout } from '../support/skip-without.ts';

skipWithout('etcd');

/** With sockets alone no port is needed. */
const words = [
  '--data-dir=data',
  '--listen-client-urls=http://127.0.0.1:0',
  '--advertise-client-urls=http://127.0.0.1:0',
  '--listen-peer-urls=http://127.0.0.1:0',
  '--initial-advertise-peer-urls=http://127.0.0.1:1',
  '--initial-cluster=default=http://127.0.0.1:1',
];

const options: Readonly<Record<string, string>> = {
  LimitNOFILE: 'nofile',
  LimitFSIZE: 'fsize',
  LimitAS: 'as',
  LimitDATA: 'data',
};

/** Runs etcd with a limit until it ends or serves clients. */
async function startsWith(etcd: string, name: string, value: string): Promise<boolean> {
  await using set = await directoryWith({ 'etcd.txt': '' });
  const limit = `--${options[name] ?? ''}=${value}`;
  const child = spawn('prlimit', [limit, etcd, ...words], { cwd: set.path, timeout: 20_000 });
  let output = '';
  let serves = false;
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (bytes: Buffer) => {
      output += bytes.toString();
      if (!/serving (?:insecure )?client (?:requests|traffic)/.test(output)) return;
      serves = true;
      child.kill('SIGKILL');
    });
  }
  await new Promise((resolve) => child.on('close', resolve));
  return serves;
}

function endingWith(name: string, value: string): string | undefined {
  const said = [{ name, value, location: { file: 'etcd.service', line: 2 } }];
  return requiredLimits(limitsOfUnit(said))[0]?.ending;
}

const tried = etcdReleases.filter(
  ({ version }, index, all) => all.findIndex((each) => each.version === version) === index,
);

test.each(
  tried.flatMap(({ etcd, version }) =>
    [
      ['LimitNOFILE', '150', '151'],
      ['LimitFSIZE', '63999999', '64000001'],
      ['LimitAS', '268435456', 'infinity'],
      ['LimitDATA', '16777216', 'infinity'],
    ].map(([name = '', few = '', enough = '']) => ({ etcd, version, name, few, enough })),
  ),
)(
  'etcd $version starts with $name=$enough and not with $few',
  { timeout: 60_000 },
  async ({ etcd, name, few, enough }) => {
    expect(endingWith(name, few)).toBe('fails');
    expect(await startsWith(etcd, name, few)).toBe(false);
    expect(endingWith(name, enough)).toBe('succeeds');
    const all = enough === 'infinity' ? 'unlimited' : enough;
    expect(await startsWith(etcd, name, all)).toBe(true);
  },
);
