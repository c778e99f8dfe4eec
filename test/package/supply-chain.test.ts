import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { version } from '../../src/version.ts';

const execute = promisify(execFile);
const built = process.env['ETCD_TLS_AUDIT_BUILD'] ?? 'dist';

const named = z.looseObject({ name: z.string(), version: z.string() });
const bill = z.looseObject({
  metadata: z.looseObject({ component: named }),
  components: z.array(
    z.looseObject({
      ...named.shape,
      licenses: z.array(z.looseObject({})).min(1),
      hashes: z.array(z.looseObject({ alg: z.literal('SHA-512') })).min(1),
    }),
  ),
});
const lockFile = z.looseObject({
  packages: z.record(
    z.string(),
    z.looseObject({ version: z.string(), dev: z.boolean().optional() }),
  ),
});

test('the bill of materials lists what is installed with it, and what is packed into it', async () => {
  const { components, metadata } = await sbom();
  const { packages } = lockFile.parse(JSON.parse(await readFile('package-lock.json', 'utf8')));
  const runtime = Object.entries(packages)
    .filter(([path, { dev }]) => path !== '' && dev !== true)
    .map(([path, one]) => `${path.replace(/^.*node_modules\//, '')}@${one.version}`);
  const notices = await readFile(join(built, 'THIRD-PARTY-NOTICES.txt'), 'utf8');
  const packed = [...notices.matchAll(/^((?:@[\w.-]+\/)?[\w.-]+) (\d+\.\d+\.\d+\S*)$/gm)];

  const listed = components.map((one) => `${one.name}@${one.version}`);
  expect(listed.toSorted()).toEqual([...new Set(runtime)].toSorted());
  expect(packed.length).toBeGreaterThan(3);
  expect(listed).toEqual(expect.arrayContaining(packed.map(([, name, of]) => `${name}@${of}`)));
  expect(metadata.component).toMatchObject({ name: 'etcd-tls-audit', version });
});

test('the bill of materials is the same each time', async () => {
  expect(await sbom()).toEqual(await sbom());
});

test('the same sources build to the same bytes elsewhere', { timeout: 180_000 }, async () => {
  // On the disk of the sources, so that the packages need no copy.
  await mkdir('.cache', { recursive: true });
  const elsewhere = await mkdtemp(join('.cache', 'rebuilt-'));
  try {
    for (const name of ['src', 'tools', 'testcluster', 'package.json', 'tsconfig.json']) {
      await cp(name, join(elsewhere, name), { recursive: true });
    }
    // Links to directories would be followed back to here, and paths are a part of the bundle.
    await execute('cp', ['-al', 'node_modules', elsewhere]);
    await execute('npm', ['run', 'build'], { cwd: elsewhere });

    expect(await hashes(join(elsewhere, 'dist'))).toEqual(await hashes(built));
  } finally {
    await rm(elsewhere, { recursive: true });
  }
});

async function sbom(): Promise<z.infer<typeof bill>> {
  const { stdout } = await execute('npm', ['run', '--silent', 'sbom'], { maxBuffer: 1e8 });
  return bill.parse(JSON.parse(stdout));
}

/** By path; source maps are not published. */
async function hashes(directory: string): Promise<Readonly<Record<string, string>>> {
  const files = await readdir(directory, { recursive: true, withFileTypes: true });
  const published = files.filter((file) => file.isFile() && !file.name.endsWith('.map'));
  const entries = await Promise.all(
    published.map(async (file) => {
      const path = join(file.parentPath, file.name);
      const hash = createHash('sha256').update(await readFile(path));
      return [path.slice(directory.length), hash.digest('hex')] as const;
    }),
  );
  return Object.fromEntries(entries);
}
