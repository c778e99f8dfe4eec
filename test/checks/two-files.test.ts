import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { catalogue } from '../../src/checks/index.ts';
import { formats } from '../../src/report/index.ts';

const sources = await readSources();

test.each(catalogue)('$id is its file and a line in the index', ({ id }) => {
  const name = id.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  const word = new RegExp(`\\b${name}\\b|/${id}\\.ts'|'${id}'`);
  const importing = sources
    .filter(({ text }) => text.includes(`/${id}.ts'`))
    .map(({ file }) => file);
  // What etcd calls a setting may also be what a check is called.
  const naming = sources
    .filter(({ file, text }) => file.startsWith('checks/') && word.test(text))
    .map(({ file }) => file)
    .filter((file) => !file.endsWith(`/${id}.ts`) && !settingsOfEtcd.includes(id));

  expect(importing).toEqual(['checks/index.ts']);
  expect(naming).toEqual(settingsOfEtcd.includes(id) ? [] : ['checks/index.ts']);
});

const settingsOfEtcd = ['auto-tls', 'peer-auto-tls'];

test.each(formats.filter((format) => format !== 'text'))(
  'the format %s is its own files and a line in the table',
  (format) => {
    const importing = sources
      .filter(({ file }) => file.startsWith('report/') && !file.startsWith(`report/${format}`))
      // The list of certificates has formats of its own.
      .filter(({ file }) => !file.startsWith('report/certificates/'))
      .filter(({ text }) => new RegExp(`'\\./${format}(\\.ts|/page\\.ts)'`).test(text))
      .map(({ file }) => file);
    const telling = ['cli/options.ts', 'cli/completion.ts', 'cli/outputs.ts', 'report/index.ts'];
    const naming = sources.filter(
      ({ file, text }) => telling.includes(file) && text.includes(`'${format}'`),
    );

    expect(importing).toEqual(['report/index.ts']);
    expect(naming).toEqual([]);
  },
);

async function readSources() {
  const files = (await readdir('src', { recursive: true })).filter((file) => file.endsWith('.ts'));
  return await Promise.all(
    files.map(async (file) => ({ file, text: await readFile(join('src', file), 'utf8') })),
  );
}
