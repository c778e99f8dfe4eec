import { execFileSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startEtcd } from './collect/support/start-etcd.ts';
import { runProgram } from './support/program.ts';
import { skipWithout } from './support/skip-without.ts';

skipWithout('etcd');

/** Text that is written into a file of `src`, before a line that is there; without one the file is new. */
interface Edit {
  readonly file: string;
  readonly before?: string;
  readonly text: string;
}

/** What CONTRIBUTING.md says that has to be written, here without a word more. */
const check: readonly Edit[] = [
  {
    file: 'checks/cluster/unfriendly-endpoint.ts',
    text: `import { defineCheck, fail, pass } from '../../model/check.ts';

export const unfriendlyEndpoint = defineCheck({
  id: 'unfriendly-endpoint',
  title: 'An endpoint does not greet',
  severity: 'low',
  rationale: 'Shows what a check takes.',
  remediation: 'Greet.',
  references: [],
  needs: ['greetings'],
  targets: ({ greetings }) => greetings,
  examine: ({ words, target }) =>
    words === 'welcome' ? pass : fail({ message: \`\${target.name} says \${words}\` }),
});
`,
  },
  {
    file: 'checks/index.ts',
    before: '/** Everything that has results and a page',
    text: "import { unfriendlyEndpoint } from './cluster/unfriendly-endpoint.ts';\n",
  },
  { file: 'checks/index.ts', before: '  tls12Accepted,\n];', text: '  unfriendlyEndpoint,\n' },
];

const format: readonly Edit[] = [
  {
    file: 'report/names.ts',
    text: `import type { Report } from '../model/report.ts';
import { printable } from './escape.ts';

export function names({ facts }: Report): string {
  return (facts.endpoints ?? []).map(({ target }) => \`\${printable(target.name)}\\n\`).join('');
}
`,
  },
  {
    file: 'report/index.ts',
    before: '} as const satisfies Record',
    text: "  names: async () => (await import('./names.ts')).names,\n",
  },
];

const liveFact: readonly Edit[] = [
  {
    file: 'collect/probes/greetings.ts',
    text: `import type { Seen } from '../../model/live.ts';
import type { Greeting } from '../../schema/live.ts';
import type { Look } from './closer-look.ts';

export async function greetingsOf({ endpoint: { url } }: Look): Promise<readonly Seen<Greeting>[]> {
  return [{ url, words: 'who is there' }];
}
`,
  },
  {
    file: 'schema/live.ts',
    before: '/** What `verify` alone can see, each',
    text: `export type Greeting = Deployed<typeof greeting>;
const greeting = rowsOf({ words: text });

`,
  },
  {
    file: 'schema/live.ts',
    before: '  endpoints: endpointObservation,',
    text: '  greetings: greeting,\n',
  },
  {
    file: 'collect/probes/questions.ts',
    before: 'type Questions =',
    text: "import { greetingsOf } from './greetings.ts';\n",
  },
  {
    file: 'collect/probes/questions.ts',
    before: '  offers: offersOf,',
    text: '  greetings: greetingsOf,\n',
  },
];

let copy: string;
let entry: string;

beforeAll(async () => {
  await mkdir('.cache', { recursive: true });
  copy = await mkdtemp(resolve('.cache', 'adding-'));
  entry = join(copy, 'dist', 'cli', 'unbundled.js');
  await cp('src', join(copy, 'src'), { recursive: true });
  await cp('tsconfig.json', join(copy, 'tsconfig.json'));
  for (const { file, before, text } of [...check, ...format, ...liveFact]) {
    const path = join(copy, 'src', file);
    await writeFile(path, before === undefined ? text : await withText(path, before, text));
  }
  execFileSync('npx', ['tsc', '-p', copy], { stdio: 'pipe' });
  await writeFile(
    entry,
    "import { run } from './run.js';\nprocess.exitCode = await run(process.argv.slice(2));\n",
  );
});

afterAll(async () => {
  await rm(copy, { recursive: true, force: true });
});

async function withText(path: string, before: string, text: string): Promise<string> {
  const source = await readFile(path, 'utf8');
  expect(source.split(before)).toHaveLength(2);
  return source.replace(before, () => text + before);
}

test.each([
  { what: 'a check', edits: check, files: 2 },
  { what: 'a report format', edits: format, files: 2 },
  { what: 'a live fact', edits: liveFact, files: 3 },
])('$what takes $files files, as CONTRIBUTING.md says', async ({ what, edits, files }) => {
  const touched = new Set(edits.map(({ file }) => file));
  const guide = await readFile('CONTRIBUTING.md', 'utf8');
  const [row = ''] = guide.match(new RegExp(`^\\| ${what} .*$`, 'm')) ?? [];
  const [, number, named = ''] = row
    .split('|')
    .map((cell) => cell.trim())
    .slice(1);

  expect(touched.size).toBe(files);
  expect(Number(number)).toBe(files);
  for (const file of [...touched].filter((each) =>
    edits.some((edit) => edit.file === each && edit.before !== undefined),
  )) {
    expect(named).toContain(`src/${file}`);
  }
});

test('nothing else is needed: the fact is observed, saved, read back, checked and shown in the format', async () => {
  await using etcd = await startEtcd();
  const evidence = join(etcd.directory, 'evidence.json');
  const verify = [
    'verify',
    '--endpoints',
    etcd.client.url,
    '--cacert',
    etcd.file('ca'),
    '--only',
    'unfriendly-endpoint',
  ];

  const seen = await runProgram([...verify, '--save-evidence', evidence, '--report', 'names'], {
    entry,
  });
  const saved: unknown = JSON.parse(await readFile(evidence, 'utf8'));
  const again = await runProgram(
    ['check', '--evidence', evidence, '--only', 'unfriendly-endpoint', '--report', 'json'],
    { entry },
  );
  const help = await runProgram(['check', '--help'], { entry });
  await writeFile(evidence, JSON.stringify(saved).replace('"who is there"', '7'));
  const malformed = await runProgram(['check', '--evidence', evidence], { entry });

  expect(seen.stdout).toBe(`${etcd.client.url}\n`);
  expect(JSON.parse(again.stdout)).toMatchObject({
    results: [
      {
        check: 'unfriendly-endpoint',
        verdict: { status: 'fail', message: `${etcd.client.url} says who is there` },
      },
    ],
  });
  expect(help.stdout).toContain('names');
  expect(malformed.code).toBe(2);
  expect(malformed.stderr).toContain('greetings[0].words');
});
