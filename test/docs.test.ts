import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { catalogue as checks } from '../src/checks/index.ts';
import { program } from '../src/cli/program.ts';
import { readInventory } from '../src/collect/inventory/read-inventory.ts';
import { parseWaivers } from '../src/collect/inventory/waivers.ts';
import { flagNamed } from '../src/etcd/flags.ts';

const root = program(() => undefined);

/** Options of etcdctl, of clients of etcd and of npx that the pages speak of. */
const othersOptions = [
  '--debug',
  '--directory',
  '--exclude',
  '--ignore-scripts',
  '--network',
  '--profile',
  '--read-only',
  '--rm',
  '--silent',
  '--etcd-cafile',
  '--etcd-certfile',
  '--etcd-keyfile',
  '--yes',
];

interface Page {
  readonly path: string;
  readonly text: string;
}

/** The pages that people wrote; those of checks and results are written by programs. */
const pages: readonly Page[] = await Promise.all(
  ['README.md', ...(await readdir('docs')).map((name) => join('docs', name))]
    .filter((path) => path.endsWith('.md') && !path.includes('fidelity'))
    .map(async (path) => ({ path, text: await readFile(path, 'utf8') })),
);

interface Command {
  readonly path: string;
  readonly words: readonly string[];
}

const commands = pages.flatMap(({ path, text }) =>
  [...blocks(text, 'sh'), ...inlineCode(text)]
    .flatMap((code) => code.split(/\n|\|| # /))
    .map((part) => part.trim().split(/\s+/))
    .filter(([first, second]) => first === 'etcd-tls-audit' && second !== undefined)
    .map((words): Command => ({ path, words: words.slice(1) })),
);

function blocks(text: string, language: string): readonly string[] {
  const fences = text.matchAll(/^```(\w+)\n(.*?)^```$/gms);
  return [...fences].flatMap(([, kind, code = '']) => (kind === language ? [code] : []));
}

/** What stands between backticks in running text. */
function inlineCode(text: string): readonly string[] {
  const prose = text.replaceAll(/^```\w+\n.*?^```$/gms, '');
  return [...prose.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code.replaceAll(/\s+/g, ' '));
}

function optionsIn(words: readonly string[]): readonly string[] {
  return words.flatMap((word) => /^--[a-z][a-z-]*/.exec(word) ?? []);
}

test.each(commands)('$path: etcd-tls-audit $words is a command that exists', ({ words }) => {
  const command = root.commands.find((candidate) => candidate.name() === words[0]);
  const known = command?.options.map(({ long }) => long);

  expect(root.commands.map((candidate) => candidate.name())).toContain(words[0]);
  for (const option of optionsIn(words)) expect(known).toContain(option);
});

test.each([...pages, { path: 'CONTRIBUTING.md', text: await readFile('CONTRIBUTING.md', 'utf8') }])(
  'every script that $path tells to run is in package.json',
  async ({ text }) => {
    const manifest = await readFile('package.json', 'utf8');
    const named = text.matchAll(/npm run (?:--silent )?([a-z][a-z-]*)/g);

    const names = Array.from(named, ([, name = '']) => name);
    expect(names.filter((name) => !manifest.includes(`    "${name}": "`))).toEqual([]);
  },
);

test('the pages for each use show commands', () => {
  for (const name of ['check', 'verify', 'explain', 'troubleshooting']) {
    expect(commands.map(({ path }) => path)).toContain(`docs/${name}.md`);
  }
});

test.each(pages)('every option that $path names is one of ours or of etcd', ({ text }) => {
  const ours = root.commands.flatMap(({ options }) => options.map(({ long }) => long));
  const named = inlineCode(text).flatMap((code) => optionsIn(code.split(/[\s(]/)));

  const unknown = named.filter(
    (option) =>
      !ours.includes(option) && !othersOptions.includes(option) && !flagNamed(option.slice(2)),
  );

  expect(unknown).toEqual([]);
});

test.each(pages)('every page that $path links to exists, and the heading too', async (page) => {
  const lost: string[] = [];
  for (const [, link = ''] of page.text.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)) {
    const [file = '', heading] = link.split('#');
    const path = file === '' ? page.path : join(dirname(page.path), file);
    const isThere =
      existsSync(path) &&
      (heading === undefined || headings(await readFile(path, 'utf8')).includes(heading));
    if (!isThere) lost.push(link);
  }

  expect(lost).toEqual([]);
});

/** Headings as GitHub makes anchors of them. */
function headings(text: string): readonly string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

test.each(pages)('every check that $path shows in a finding exists', ({ text }) => {
  const ids = checks.map(({ id }) => id);
  const shown = text.matchAll(/^ *(?:critical|high|medium|low|info):[^[]*\[([a-z-]+)\]/gm);

  expect(Array.from(shown, ([, id = '']) => id).filter((id) => !ids.includes(id))).toEqual([]);
});

const yaml = pages.flatMap(({ path, text }) =>
  blocks(text, 'yaml').map((code) => ({ path, code })),
);

test('waivers on the pages are read as waivers', async () => {
  const shown = yaml.filter(({ code }) => code.includes('expires:'));

  expect(shown).not.toEqual([]);
  for (const { path, code } of shown) expect(await parseWaivers(code, path)).toHaveLength(2);
});

test('inventories on the pages are read as inventories', async () => {
  const shown = yaml.filter(({ code }) => /^version: \d\n/.test(code));
  const ids = checks.map(({ id }) => id);

  expect(shown).not.toEqual([]);
  for (const { path, code } of shown) {
    const { config } = await readInventory({ path, text: code });
    for (const id of config.skip ?? []) expect(ids).toContain(id);
  }
});

test('the recording is asciicast 2, in the order of time', async () => {
  const lines = (await readFile('docs/recording.cast', 'utf8')).trimEnd().split('\n');
  const [header, ...events] = lines.map((line): unknown => JSON.parse(line));
  const times = events.map((event) => Number(Array.isArray(event) ? event[0] : Number.NaN));

  expect(header).toMatchObject({ version: 2, width: 80 });
  expect(events).not.toEqual([]);
  for (const event of events) expect(event).toEqual([expect.any(Number), 'o', expect.any(String)]);
  expect(times).toEqual(times.toSorted((left, right) => left - right));
});
