import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { judge } from '../../../src/audit.ts';
import { collect } from '../../../src/collect/collect.ts';
import { parseEvidence, serializeEvidence } from '../../../src/collect/evidence-file.ts';
import type { Random } from '../../oracle/random.ts';
import { directoryWith } from '../../support/directory.ts';
import { seedDropIn, seedFiles } from '../../support/seed-set.ts';
import { checkReport } from '../check-report.ts';
import { hostileText } from '../hostile-text.ts';
import { settingsSamples } from '../settings-samples.ts';
import { type FuzzTarget, tried } from '../target.ts';

/** What is no file, or none that ends. */
const devices = ['/dev/zero', '/dev/random', '/dev/tty', '/proc/self/environ', '/proc/self/mem'];

/** Directories of links in circles, to devices and to nothing, under hostile names: read to an end, and told. */
export const directories: FuzzTarget = {
  name: 'directories',
  mostMilliseconds: 5000,
  inputs: 80,
  async prepare() {
    const outside = await directoryWith({ 'a.conf': seedDropIn, 'd/b.conf': seedDropIn });
    execFileSync('mkfifo', [outside.at('fifo')]);
    // Links that leave the directory lead here: what a host has elsewhere differs from machine to machine.
    const files = Object.entries({ ...(await seedFiles()), '10-etcd.conf': seedDropIn });
    const aims = [...devices, outside.path, outside.at('d'), outside.at('fifo')];
    return async (random) => {
      const root = await mkdtemp(join(tmpdir(), 'etcd-tls-audit-fuzz-'));
      try {
        const made = await grow(root, [...files, ...settingsSamples], aims, random);
        return await tried(made.join('\n'), async () => {
          const saved = serializeEvidence(await collect({ paths: [root], maps: [] }));
          await checkReport(judge(parseEvidence(saved, 'evidence.json')), random);
        });
      } finally {
        await rm(root, { recursive: true });
      }
    };
  },
};

/** Ten entries in directories that grow; what was made, one a line. */
async function grow(
  root: string,
  files: readonly (readonly [name: string, text: string])[],
  aims: readonly string[],
  random: Random,
): Promise<readonly string[]> {
  const folders = [root];
  const paths = [root];
  const made: string[] = [];
  for (let count = 0; count < 10; count += 1) {
    const [file, text] = random.pick(files);
    const name = random.below(3) === 0 ? `${count}${nameOf(random)}` : `${count}${basename(file)}`;
    const path = join(random.pick(folders), name);
    const aim = random.below(2) === 0 ? random.pick(aims) : random.pick(paths);
    switch (random.below(3)) {
      case 0:
        await writeFile(path, text);
        break;
      case 1:
        await mkdir(path);
        folders.push(path);
        break;
      default:
        await symlink(random.below(2) === 0 ? aim : relative(dirname(path), aim) || '.', path);
    }
    paths.push(path);
    made.push(`${relative(root, path)} ${aim}`);
  }
  return made;
}

/** Without what no file system takes. */
function nameOf(random: Random): string {
  return hostileText(random)
    .replaceAll(/[/\0]|[\ud800-\udfff]/g, '_')
    .slice(0, 60);
}
