import { spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { issueAuthority } from '../testcluster/issue/issue.ts';
import { withDirectory } from './directory.ts';
import { againstBudget, environment, showRow, tellUsage, usageIn } from './measure.ts';

const sizes = [100, 300] as const;

/** `check` on very many members of one cluster: every one of them connects to every other. */
export async function benchManyMembers(): Promise<void> {
  process.stdout.write('\ncheck on many members\n');
  for (const size of sizes) {
    await withDirectory(async (directory) => {
      await writeMembers(directory, size);
      const options = { encoding: 'utf8', maxBuffer: 1 << 28, env: environment } as const;
      const parameters = [...tellUsage, 'dist/cli/main.js', 'check', directory, '--quiet'];
      const { seconds, megabytes } = usageIn(spawnSync('node', parameters, options).stderr);
      showRow(
        `${size} members, ${size * (size - 1)} peer connections`,
        seconds * 1000,
        `${againstBudget(seconds, ' s', { atMost: 15 })}, ${megabytes.toFixed(0)} MB`,
      );
    });
  }
}

async function writeMembers(directory: string, size: number): Promise<void> {
  const authority = await issueAuthority({ commonName: 'bench-ca' });
  const members = Array.from({ length: size }, (_, index) => ({
    name: `m${index}`,
    address: `10.0.${index >> 8}.${index & 255}`,
  }));
  const initial = members.map(({ name, address }) => `${name}=https://${address}:2380`).join(',');
  for (const { name, address } of members) {
    const own = join(directory, name);
    await mkdir(own);
    const leaf = await authority.issue({
      commonName: name,
      hosts: [address],
      usages: ['serverAuth', 'clientAuth'],
    });
    await writeFile(join(own, 'ca.crt'), authority.certificatePem);
    await writeFile(join(own, `${name}.crt`), leaf.certificatePem);
    await writeFile(join(own, `${name}.key`), leaf.privateKeyPem, { mode: 0o600 });
    await writeFile(join(own, 'etcd.env'), settings(name, address, initial));
  }
}

function settings(name: string, address: string, initial: string): string {
  const files = ['CERT_FILE', 'KEY_FILE', 'TRUSTED_CA_FILE'].map((setting, index) => [
    setting,
    `/etc/etcd/${[`${name}.crt`, `${name}.key`, 'ca.crt'][index] ?? ''}`,
  ]);
  const values = {
    NAME: name,
    LISTEN_CLIENT_URLS: `https://${address}:2379`,
    ADVERTISE_CLIENT_URLS: `https://${address}:2379`,
    LISTEN_PEER_URLS: `https://${address}:2380`,
    INITIAL_ADVERTISE_PEER_URLS: `https://${address}:2380`,
    INITIAL_CLUSTER: initial,
    CLIENT_CERT_AUTH: 'true',
    PEER_CLIENT_CERT_AUTH: 'true',
  };
  const both = files.flatMap(([setting = '', path = '']) => [
    [setting, path],
    [`PEER_${setting}`, path],
  ]);
  return [...Object.entries(values), ...both]
    .map(([setting = '', value = '']) => `ETCD_${setting}=${value}\n`)
    .join('');
}
