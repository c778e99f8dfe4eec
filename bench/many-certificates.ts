import { spawnSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { issueAuthority } from '../testcluster/issue/issue.ts';
import { withDirectory } from './directory.ts';
import { againstBudget, environment, showRow, tellUsage, type Usage, usageIn } from './measure.ts';

const sizes = [2_500, 5_000, 10_000] as const;

/** `check` on thousands of certificates: is it linear, how many a second, in how much memory? */
export async function benchManyCertificates(): Promise<void> {
  await withDirectory(async (directory) => {
    const authority = await issueAuthority({ commonName: 'bench-ca' });
    const leaves: string[] = [];
    for (let index = 0; index < sizes[2]; index += 1) {
      const host = `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`;
      const leaf = await authority.issue({
        commonName: `client-${index}`,
        hosts: [host],
        usages: ['clientAuth'],
      });
      leaves.push(leaf.certificatePem);
    }
    process.stdout.write('\ncheck on many certificates, one file each\n');
    const bare = userTime(['-e', '0']).seconds;
    for (const size of sizes) {
      const set = join(directory, String(size));
      await mkdir(set);
      await writeFile(join(set, 'ca.pem'), authority.certificatePem);
      for (const [index, pem] of leaves.slice(0, size).entries()) {
        await writeFile(join(set, `client-${index}.pem`), pem);
      }
      const { seconds, megabytes } = userTime(['dist/cli/main.js', 'check', set, '--quiet']);
      const rate = Math.round(size / (seconds - bare));
      showRow(
        `${size} certificates`,
        seconds * 1000,
        `${againstBudget(rate, ' a second', { atLeast: 5000 })}, ${againstBudget(megabytes, ' MB', { atMost: 200 })}`,
      );
    }
  });
}

function userTime(parameters: readonly string[]): Usage {
  const options = { encoding: 'utf8', maxBuffer: 1 << 28, env: environment } as const;
  return usageIn(spawnSync('node', [...tellUsage, ...parameters], options).stderr);
}
