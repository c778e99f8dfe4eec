import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { compareWithGo, describeDifference, readLimbo, readVerdicts } from './limbo/compare.ts';

/** 41 MB that are not ours lie beside the repository; CONTRIBUTING says where to get them. */
const folder = new URL('../../../shared/limbo/', import.meta.url);
/** Every case of the core and each tenth of the generated ones; `npm run conformance` runs them all. */
const slice = 10;

if (existsSync(folder)) {
  const names = await readdir(new URL('go-verdicts/', folder));
  const cases = readLimbo(await readJson('limbo.json.gz')).filter(
    ({ id }, index) => !id.startsWith('bettertls::') || index % slice === 0,
  );

  test.each(names)('judges x509-limbo as the Go of %s did, in the same words', async (name) => {
    const recorded = readVerdicts(await readJson(`go-verdicts/${name}`));
    const { differences, verdicts } = compareWithGo(cases, recorded);

    expect(differences.map(describeDifference)).toEqual([]);
    expect(verdicts[1]).toBeGreaterThan(1_000);
  });
} else {
  test('x509-limbo is absent, so that nothing was compared with Go', () => {
    process.stderr.write(
      `\nNOT COMPARED WITH GO: ${folder.pathname} is absent. See CONTRIBUTING, "npm run conformance".\n\n`,
    );
    expect(existsSync(folder)).toBe(false);
  });
}

async function readJson(name: string): Promise<unknown> {
  return JSON.parse(gunzipSync(await readFile(new URL(name, folder))).toString('utf8'));
}
