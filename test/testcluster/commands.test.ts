import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { up } from '../../testcluster/commands.ts';

test('a cluster is not written into a directory that holds something else', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'etcd-tls-audit-up-'));
  try {
    const kept = join(directory, 'kept');
    await writeFile(kept, 'kept');

    await expect(up({ directory, runtime: 'native' })).rejects.toThrow(
      `${directory} is not empty: give a new directory`,
    );
    expect(await readFile(kept, 'utf8')).toBe('kept');
  } finally {
    await rm(directory, { recursive: true });
  }
});
