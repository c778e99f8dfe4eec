import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import {
  compareWithGo,
  describeDifference,
  type LimboCase,
  readLimbo,
  readVerdicts,
} from './limbo/compare.ts';

/** 41 MB that are not ours are next to the repository; CONTRIBUTING says where to get them. */
const folder = new URL('../../../shared/limbo/', import.meta.url);
/** Every case of the core and each tenth of the generated ones; `npm run conformance` runs them all. */
const slice = 10;

const isThere = existsSync(folder);
const names = isThere ? await readdir(new URL('go-verdicts/', folder)) : [];
const cases = isThere ? await readSlice() : [];

test.skipIf(!isThere).each(isThere ? names : ['any release'])(
  'judges x509-limbo as the Go of %s did, in the same words',
  async (name) => {
    const recorded = readVerdicts(await readJson(`go-verdicts/${name}`));
    const { differences, verdicts } = compareWithGo(cases, recorded);

    expect(differences.map(describeDifference)).toEqual([]);
    expect(verdicts[1]).toBeGreaterThan(1_000);
  },
);

test('x509-limbo is there to compare with, or its absence is told', () => {
  const notice = `\nNOT COMPARED WITH GO: ${folder.pathname} is absent, see "npm run conformance" in CONTRIBUTING.\n\n`;
  process.stderr.write(isThere ? '' : notice);

  expect(names.length > 0).toBe(isThere);
});

async function readSlice(): Promise<readonly LimboCase[]> {
  const all = readLimbo(await readJson('limbo.json.gz'));
  return all.filter(({ id }, index) => !id.startsWith('bettertls::') || index % slice === 0);
}

async function readJson(name: string): Promise<unknown> {
  return JSON.parse(gunzipSync(await readFile(new URL(name, folder))).toString('utf8'));
}
