import { rm, writeFile } from 'node:fs/promises';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { faultsIn } from '../../testcluster/faults/more.ts';

async function moduleWith(text: string): Promise<readonly string[]> {
  const directory = await mkdtemp(join(tmpdir(), 'etcd-faults-'));
  try {
    const file = join(directory, 'faults.mjs');
    await writeFile(file, text);
    return (await faultsIn(file)).map(({ name }) => name);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

test('faults come from a file outside the repository', async () => {
  const text = `export const faults = [{
    name: 'my-fault', what: 'mine', changes: { leaves: { client: { hash: 'SHA-1' } } },
  }];`;

  expect(await moduleWith(text)).toEqual(['my-fault']);
});

test.each([
  { text: 'export const others = [];', says: 'exports nothing called "faults"' },
  { text: 'export const faults = [{ name: "x" }];', says: 'needs a name, what and changes' },
  {
    text: 'export const faults = [{ name: "../x", what: "x", changes: {} }];',
    says: 'needs a name, what and changes',
  },
])('a file that is none is refused: $says', async ({ text, says }) => {
  await expect(moduleWith(text)).rejects.toThrow(says);
});
