import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { program } from '../../src/cli/program.ts';
import { isRun, stepsOf } from './page.ts';

const pages = ['README.md', ...(await readdir('docs')).map((name) => join('docs', name))].filter(
  (path) => path.endsWith('.md'),
);

/** The commands that `outputs.test.ts` does not run, one line each. */
const notRun = (
  await Promise.all(
    pages.map(async (path) =>
      stepsOf(await readFile(path, 'utf8'))
        .map(({ command }) => command)
        .filter((command) => !isRun(command))
        .flatMap(({ code, note }) =>
          code
            .replaceAll(/\\\n\s*/g, '')
            .split('\n')
            .filter((line) => /\betcd-tls-audit \w/.test(line))
            .map((line) => ({ path, line, reason: note.replace('not run: ', '') })),
        ),
    ),
  )
).flat();

test('few commands of the pages are not run', () => {
  expect(notRun.length).toBeGreaterThan(5);
  expect(notRun.length).toBeLessThan(12);
});

test.each(notRun)(
  '$path: the options of "$line" exist, and it has a reason',
  ({ line, reason }) => {
    const [, name, rest = ''] = /\betcd-tls-audit (\w+)([^|>']*)/.exec(line) ?? [];
    const command = program(() => {}).commands.find((each) => each.name() === name);
    const known = command?.options.flatMap(({ long, short }) => [long, short]);
    const used = rest.split(/\s+/).filter((word) => word.startsWith('-') && word !== '-');

    expect(reason).toMatch(/^(needs|does not end)/);
    expect(known).toEqual(expect.arrayContaining(used.map((option) => option.replace(/=.*/, ''))));
  },
);
