import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { version } from '../src/version.ts';

test("the program's version is the package's", async () => {
  const manifest: unknown = JSON.parse(await readFile('package.json', 'utf8'));

  expect(manifest).toMatchObject({ version });
});
