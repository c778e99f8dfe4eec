import { readdir, readFile, symlink, truncate } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { directoryWith } from '../support/directory.ts';
import { runProgram } from '../support/program.ts';
import { documentNode } from '../../src/schema/settings.ts';
import { limits, notOfInput } from './limits.ts';

const said = z.looseObject({
  verdict: z.looseObject({ status: z.string(), notUnderstood: z.array(z.unknown()) }),
});
const named = '--name a --listen-client-urls=http://0.0.0.0:2379';
const start = `etcd ${named}\n`;
const many = (count: number, text: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => text(index)).join('');

/** A set that holds what was not given, as the file of a ConfigMap of a ConfigMap. */
function nested(depth: number, text: string): string {
  const data = {
    [depth === 0 ? 'etcd.env' : 'config.yaml']: depth === 0 ? text : nested(depth - 1, text),
  };
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: `c${depth}` },
    data,
  });
}

const job = (body: string) =>
  `job "etcd" {\n group "g" {\n task "etcd" {\n driver = "docker"\n config {\n image = "quay.io/coreos/etcd:v3.5.21"\n args = ["--name=a"]\n }\n ${body}\n }\n }\n}\n`;

/** Files in a directory, and what `check` says of them. */
const files: Readonly<Record<string, readonly [Readonly<Record<string, string>>, RegExp]>> = {
  'a large certificate file': [{ 'ca.crt': 'x'.repeat(17 * 2 ** 20) }, /ca\.crt.*too large/],
  'a large text': [
    { 'settings.dat': `${start}${'a\n'.repeat(2.5 * 2 ** 20)}` },
    /too large to be read as settings/,
  ],
  'a command line without end': [
    { cmdline: `etcd\0--name\0a\0${'x'.repeat(2.2 * 2 ** 20)}` },
    /cmdline.*too large/,
  ],
  'a packed file without end': [
    {
      'user-data': `#cloud-config\nwrite_files:\n- path: /etc/etcd.env\n  encoding: gz+b64\n  content: ${gzipSync(`ETCD_NAME=a\n${'#'.repeat(5 * 2 ** 20)}`).toString('base64')}\n`,
    },
    /user-data.*(?:unpack|packed|cannot be read|not understood)/,
  ],
  'JSON of a million values': [
    { 'etcd.yaml': `{"kind":"List","items":[${'1,'.repeat(1_000_001)}1]}` },
    /too large or nested too deeply/,
  ],
  'processes with many words': [
    {
      'etcd.service': `[Service]\n${many(400, () => `ExecStartPre=/usr/bin/etcdctl ${'a '.repeat(1000)}\n`)}ExecStart=/usr/bin/etcd\n`,
    },
    /more than 300000 words and variables/,
  ],
  'texts in texts': [{ 'a.yaml': nested(7, 'ETCD_NAME=a\n') }, /not in a known settings format/],
  'a script of many steps': [
    {
      'etcd.sh': `#!/bin/sh\n${'for i in 1 2 3 4 5 6 7 8 9; do '.repeat(5)}:; ${'done; '.repeat(5)}\n${start}`,
    },
    /runs more commands than are followed/,
  ],
  'functions that call functions': [
    {
      'etcd.sh': `#!/bin/sh\n${many(20, (index) => `f${index}() { f${index + 1}; }\n`)}f20() { ${start} }\nf0\n`,
    },
    /mentions --listen-client-urls, but is not in a known settings format/,
  ],
  'a loop over many words': [
    {
      'etcd.sh': `#!/bin/sh\nfor i in ${many(80, (index) => `${index} `)}; do A=$i; done\netcd --name $A\n`,
    },
    /--name is `\$\{A\}`/,
  ],
  'scripts that source scripts': [
    Object.fromEntries(
      Array.from({ length: 9 }, (_, index) => [
        `s${index}.sh`,
        index === 8 ? start : `#!/bin/sh\n. ./s${index + 1}.sh\netcd --name b\n`,
      ]),
    ),
    /is sourced through too many files/,
  ],
  'a script that is nested deeply': [
    { 'etcd.sh': `#!/bin/sh\n${'( '.repeat(70)}${start.trim()}${' )'.repeat(70)}\n` },
    /commands are nested too deeply/,
  ],
  'brackets in a script': [
    { 'etcd.sh': `#!/bin/bash\nA=${'('.repeat(60)}x${')'.repeat(60)}\n${start}` },
    /etcd\.sh","line":2/,
  ],
  'wrappers that start wrappers': [
    {
      'etcd.service': `[Service]\nExecStart=/usr/bin/env ${'nice env '.repeat(8)}/usr/bin/etcd ${named}\n`,
    },
    /more than 8 shells, wrappers and scripts start one another/,
  ],
  'blocks in a job': [
    { 'etcd.nomad': job(`${'a { '.repeat(70)}${'} '.repeat(70)}`) },
    /etcd\.nomad/,
  ],
  'replicas of a StatefulSet': [
    {
      'etcd.yaml': `apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: etcd}\nspec:\n  replicas: 30\n  selector: {matchLabels: {a: b}}\n  template: {spec: {containers: [{name: etcd, image: "etcd:v3.5.21", command: [etcd, --listen-client-urls=http://0.0.0.0:2379]}]}}\n`,
    },
    /30 replicas/,
  ],
};

test.each(Object.entries(files))('%s', { timeout: 120_000 }, async (_, [content, says]) => {
  await using set = await directoryWith({
    'client.env': 'ETCDCTL_ENDPOINTS=https://10.0.0.1:2379\n',
    ...content,
  });

  const { stdout, stderr, code } = await runProgram(['check', set.path, '--report', 'json']);

  const { verdict } = said.parse(JSON.parse(stdout));
  expect(JSON.stringify(verdict.notUnderstood)).toMatch(says);
  expect([stderr, code]).toEqual(['', verdict.status === 'fail' ? 1 : 3]);
});

test('links that lead to links', async () => {
  await using set = await directoryWith({ f: 'x' });
  for (let index = 0; index < 45; index += 1) {
    await symlink(set.at(index === 0 ? 'f' : `l${index - 1}`), set.at(`l${index}`));
  }
  await symlink(set.at('l44'), set.at('server.crt'));

  const { stdout } = await runProgram(['check', set.path]);

  expect(stdout).toMatch(/server\.crt/);
  expect(stdout).toMatch(/INCOMPLETE/);
});

test('standard input without end', { timeout: 120_000 }, async () => {
  const { code, stderr } = await runProgram(['check', '-'], { input: 'a'.repeat(65 * 2 ** 20) });

  expect(stderr).toContain('standard input is larger than 64 MiB');
  expect(code).toBe(2);
});

test('a large report', async () => {
  await using set = await directoryWith({ 'report.json': '{' });
  await truncate(set.at('report.json'), 257 * 2 ** 20);

  const { code, stderr } = await runProgram(['render', set.at('report.json')]);

  expect(stderr).toMatch(/report\.json.*(?:larger|too large|MiB)/);
  expect(code).toBe(2);
});

test('evidence that is nested deeply', () => {
  let document: unknown = { kind: 'scalar', value: 1, location: { file: 'a' } };
  for (let depth = 0; depth < 300; depth += 1) {
    document = { kind: 'list', location: { file: 'a' }, items: [document] };
  }

  expect(documentNode.safeParse(document).success).toBe(false);
});

test('a name without end on standard error', async () => {
  const { stderr } = await runProgram(['check', 'é '.repeat(15_000)]);

  expect(stderr).toMatch(/… \(\d+ characters\)/);
});

/** The number that the source gives a constant, or a property of one. */
function valueOf(source: string, constant: string): number {
  const [name = '', property] = constant.split('.');
  const [, written = ''] =
    new RegExp(`^(?:export )?const ${name}(?:: \\w+)? = ([^;]+);`, 'm').exec(source) ?? [];
  const number =
    property === undefined
      ? written
      : new RegExp(`\\b${property}: ([\\d_* +]+)`).exec(written)?.[1];
  if (!/^[\d_* +]+$/.test(number ?? '')) return Number.NaN;
  return (number ?? '')
    .split('+')
    .map((sum) =>
      sum
        .split('*')
        .reduce((product, factor) => product * Number(factor.replaceAll(/[_ ]/g, '')), 1),
    )
    .reduce((sum, each) => sum + each, 0);
}

function shownValue(value: number, unit: string): string {
  const mebibytes = value / 2 ** 20;
  if (unit === 'bytes' && Number.isInteger(mebibytes)) return `${mebibytes} MiB`;
  return `${value.toLocaleString('en-US')}${unit === '' ? '' : ` ${unit}`}`;
}

test('the table of limits has the values of the sources', async () => {
  const rows = await Promise.all(
    limits.map(async ([what, unit, file, constant, why, then, shown]) => {
      const value = valueOf(await readFile(`src/${file}`, 'utf8'), constant);
      expect(value, `${file} ${constant}`).toBeGreaterThan(0);
      return [what, shownValue(value, unit), why, then, `\`${shown[0].replace('test/', '')}\``];
    }),
  );
  const table = [
    ['Limit of', 'Value', 'Why', 'Beyond it', 'Shown by'],
    ['---', '---', '---', '---', '---'],
    ...rows,
  ]
    .map((cells) => `| ${cells.join(' | ')} |\n`)
    .join('');

  await expect(`${heading}\n${table}`).toMatchFileSnapshot('../../docs/limits.md');
});

const heading = `# Limits

Every input is bounded. What is beyond a limit is named, and never part of a PASS. This page is written from the sources (\`npm run docs\`), and
for each limit a test gives an input that is beyond it.
`;

test.each(limits)('$0 has a test', async (...[, , , , , , [file, title]]) => {
  if (file === 'test/docs/limits.test.ts' && title in files) return;
  expect(await readFile(file, 'utf8')).toContain(`'${title}'`);
});

test('every constant that bounds something is in the table, or bounds no input', async () => {
  const sources = (await readdir('src', { recursive: true })).filter((file) =>
    /^(?:collect|cli|schema)\/.*\.ts$/.test(file),
  );
  const found = await Promise.all(
    sources.map(async (file) => {
      const text = await readFile(`src/${file}`, 'utf8');
      const names = text.matchAll(
        /^(?:export )?const ((?:most|deepest|longest|highest)\w*|\w*[lL]imits?|bounds|kept)(?:: \w+)? = (?:[\d_* +]+;|\{ \w+: \d)/gm,
      );
      return Array.from(names, ([, name = '']) => `${file} ${name}`);
    }),
  );
  const listed = limits.map(([, , file, constant]) => `${file} ${constant.split('.')[0]}`);

  expect(
    found
      .flat()
      .filter((each) => !listed.includes(each))
      .toSorted(),
  ).toEqual(notOfInput.toSorted());
});
