import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { version } from '../../src/version.ts';

const execute = promisify(execFile);
const built = process.env['ETCD_TLS_AUDIT_BUILD'] ?? 'dist';

interface Component {
  readonly name: string;
  readonly version: string;
  readonly licenses: readonly object[];
  readonly hashes: readonly object[];
}

interface Bill {
  readonly metadata: { readonly component: Pick<Component, 'name' | 'version'> };
  readonly components: readonly Component[];
}

test('the bill of materials lists what is installed with it, and what is packed into it', async () => {
  const { components, metadata } = await sbom();
  const lock = JSON.parse(await readFile('package-lock.json', 'utf8')) as Lock;
  const runtime = Object.entries(lock.packages)
    .filter(([path, { dev }]) => path !== '' && dev !== true)
    .map(([path, one]) => `${path.replace(/^.*node_modules\//, '')}@${one.version}`);
  const notices = await readFile(join(built, 'THIRD-PARTY-NOTICES.txt'), 'utf8');
  const packed = [...notices.matchAll(/^((?:@[\w.-]+\/)?[\w.-]+) (\d+\.\d+\.\d+\S*)$/gm)];

  const listed = components.map((one) => `${one.name}@${one.version}`);
  expect(listed.toSorted()).toEqual([...new Set(runtime)].toSorted());
  expect(packed.length).toBeGreaterThan(3);
  expect(listed).toEqual(expect.arrayContaining(packed.map(([, name, of]) => `${name}@${of}`)));
  expect(metadata.component).toMatchObject({ name: 'etcd-tls-audit', version });
  expect(components.filter(({ licenses, hashes }) => !licenses?.[0] || !hashes[0])).toEqual([]);
});

test('the bill of materials is the same each time', async () => {
  expect(await sbom()).toEqual(await sbom());
});

test('the same sources build to the same bytes elsewhere', { timeout: 180_000 }, async () => {
  // On the disk of the sources, so that the packages need no copy.
  await mkdir('.cache', { recursive: true });
  const elsewhere = await mkdtemp(join('.cache', 'rebuilt-'));
  try {
    for (const name of ['src', 'tools', 'package.json', 'tsconfig.json']) {
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

interface Lock {
  readonly packages: Readonly<Record<string, { readonly dev?: boolean; readonly version: string }>>;
}

async function sbom(): Promise<Bill> {
  const { stdout } = await execute('npm', ['run', '--silent', 'sbom'], { maxBuffer: 1e8 });
  return JSON.parse(stdout) as Bill;
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
