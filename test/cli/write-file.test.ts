import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { chmod, lstat, open, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { writeWhole } from '../../src/cli/write-file.ts';
import { parseReport } from '../../src/report/parse-report.ts';
import { directoryWith } from '../support/directory.ts';
import { issueAuthority } from '../support/pki.ts';
import { runProgram } from '../support/program.ts';

const ca = (await issueAuthority({ commonName: 'ca' })).certificatePem;

test('a new file is for all that umask allows, evidence for its owner, and what is replaced keeps its mode', async () => {
  await using directory = await directoryWith({ old: 'old' });
  await chmod(directory.at('old'), 0o640);

  await writeWhole(directory.at('new'), 'a');
  await writeWhole(directory.at('evidence'), 'b', 'owner');
  await writeWhole(directory.at('old'), 'c', 'owner');

  const mode = async (name: string) => ((await stat(directory.at(name))).mode & 0o777).toString(8);
  expect(await mode('new')).toBe((0o666 & ~process.umask()).toString(8));
  expect(await mode('evidence')).toBe('600');
  expect(await mode('old')).toBe('640');
  expect(await readFile(directory.at('old'), 'utf8')).toBe('c');
  expect((await readdir(directory.path)).toSorted()).toEqual(['evidence', 'new', 'old']);
});

test('a device stays a device, and what stands behind a link stays as it is', async () => {
  await using directory = await directoryWith({ victim: 'untouched', 'ca.crt': ca });
  await symlink(directory.at('victim'), directory.at('link'));
  await symlink('nowhere', directory.at('dangling'));
  const before = await lstat('/dev/null');

  await writeWhole('/dev/null', 'text');
  await expect(writeWhole(directory.at('link'), 'x')).rejects.toThrow('is a symbolic link');
  await expect(writeWhole(directory.at('dangling'), 'x')).rejects.toThrow('is a symbolic link');

  expect((await lstat('/dev/null')).rdev).toBe(before.rdev);
  expect((await lstat('/dev/null')).isCharacterDevice()).toBe(true);
  expect(await readFile(directory.at('victim'), 'utf8')).toBe('untouched');
  const streamed = await runProgram([
    'check',
    directory.at('ca.crt'),
    '--report',
    'json=/dev/stdout',
  ]);
  expect(JSON.parse(streamed.stdout)).toHaveProperty('schemaVersion');
});

test('a FIFO stays a FIFO, and its reader gets the report', async () => {
  await using directory = await directoryWith({ 'ca.crt': ca });
  const fifo = directory.at('fifo');
  execFileSync('mkfifo', [fifo]);

  const [read, { code }] = await Promise.all([
    readFile(fifo, 'utf8'),
    runProgram(['check', directory.at('ca.crt'), '--report', `json=${fifo}`]),
  ]);

  expect(code).toBe(3);
  expect(JSON.parse(read)).toHaveProperty('schemaVersion');
  expect((await lstat(fifo)).isFIFO()).toBe(true);
});

test.each([
  { file: 'missing/report.json', says: 'no such file or directory' },
  { file: 'ca.crt/report.json', says: 'not a directory' },
  { file: '.', says: 'is a directory' },
  { file: '/dev/full', says: 'no space left on device' },
])('writing to $file is one line and exit 2', async ({ file, says }) => {
  await using directory = await directoryWith({ 'ca.crt': ca });

  const { code, stderr } = await runProgram(['check', 'ca.crt', '--report', `json=${file}`], {
    cwd: directory.path,
  });

  expect(code).toBe(2);
  expect(stderr.split('\n')[0]).toBe(`etcd-tls-audit: cannot write ${file}: ${says}`);
  expect(stderr.trimEnd().split('\n')).toHaveLength(2);
  expect(await readdir(directory.path)).toEqual(['ca.crt']);
});

test('a full disk leaves the old report and nothing else', async () => {
  await using directory = await directoryWith({});
  const limited = `ulimit -f 4; trap '' XFSZ; exec "$0" --import tsx -e "
    import { writeWhole } from './src/cli/write-file.ts';
    await writeWhole(process.argv[1], 'x'.repeat(1e6)).catch((error) => { console.log(error.message); });
  " -- "$1"`;
  await writeFile(directory.at('report'), 'old');

  const said = execFileSync('bash', ['-c', limited, process.execPath, directory.at('report')], {
    encoding: 'utf8',
  });

  expect(said).toContain('file too large');
  expect(await readFile(directory.at('report'), 'utf8')).toBe('old');
  expect(await readdir(directory.path)).toEqual(['report']);
});

test('two that write the same file at once both succeed, and one of them is there whole', async () => {
  await using directory = await directoryWith({});
  const texts = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(300_000));

  await Promise.all(texts.map((text) => writeWhole(directory.at('report'), text)));

  expect(texts).toContain(await readFile(directory.at('report'), 'utf8'));
  expect(await readdir(directory.path)).toEqual(['report']);
});

test('two processes that write the same file both succeed, and one report is there whole', async () => {
  const certificates = Array.from(
    { length: 50 },
    (_, index) => [`large/${index}.crt`, ca] as const,
  );
  await using directory = await directoryWith({
    'small/ca.crt': ca,
    ...Object.fromEntries(certificates),
  });

  const ended = await Promise.all(
    ['large', 'small', 'large', 'small'].map((set) =>
      runProgram(['check', set, '--report', 'json=report.json'], { cwd: directory.path }),
    ),
  );

  expect(ended.map(({ code }) => code)).toEqual([3, 3, 3, 3]);
  const { facts } = parseReport(await readFile(directory.at('report.json'), 'utf8'));
  expect([1, 50]).toContain(facts.files?.length);
  expect((await readdir(directory.path)).toSorted()).toEqual(['large', 'report.json', 'small']);
});

test('a reader of a file that is being written gets one text as a whole', async () => {
  const texts = ['a'.repeat(2 ** 24), 'b'.repeat(2 ** 23), 'c'];
  await using directory = await directoryWith({ report: 'c' });
  await using held = await open(directory.at('report'));
  const over = { is: false };
  const written = Promise.all(
    texts.map((text) => writeWhole(directory.at('report'), text)),
  ).finally(() => (over.is = true));
  const seen = new Set<string>();
  while (!over.is) {
    seen.add(readFileSync(directory.at('report'), 'utf8'));
    await setImmediate();
  }
  await written;
  seen.add(readFileSync(directory.at('report'), 'utf8'));

  expect(seen.size).toBeGreaterThan(1);
  expect([...seen].filter((text) => !texts.includes(text))).toEqual([]);
  expect(await held.readFile('utf8')).toBe('c');
});

const escape = '\u001b[31mred\u001b[0m\nforged';

test.each([
  { args: [`--${escape}`] },
  { args: ['check', `--${escape}`] },
  { args: [escape] },
  { args: ['check', escape] },
  { args: ['check', '--at', escape] },
  { args: ['check', '--report', escape] },
  { args: ['check', '--report', `json=/nowhere/${escape}`] },
  { args: ['check', '--evidence', escape] },
  { args: ['init', escape] },
  { args: ['init', '--output', `/nowhere/${escape}`] },
  { args: ['render', escape] },
  { args: ['diff', escape, escape] },
  { args: ['explain', '\u001b[31mred'] },
  { args: ['checks', escape] },
  { args: ['completion', escape] },
])('a hostile name in $args reaches the terminal as text of one line', async ({ args }) => {
  await using directory = await directoryWith({ 'ca.crt': ca });

  const { code, stdout, stderr } = await runProgram(args, { cwd: directory.path });

  expect(code).toBe(2);
  expect(`${stdout}${stderr}`).not.toContain('\u001b');
  expect(`${stdout}${stderr}`.split('\n').filter((line) => line.startsWith('forged'))).toEqual([]);
});

test('init tells a hostile name harmlessly', async () => {
  await using directory = await directoryWith({ 'ca.crt': ca });

  const { code, stdout } = await runProgram(['init', 'ca.crt', '--output', `a${escape}`], {
    cwd: directory.path,
  });

  expect(code).toBe(0);
  expect(stdout).not.toContain('\u001b');
});

test('a password in an option that cannot be used is not repeated', async () => {
  const { stderr } = await runProgram([
    'verify',
    '--endpoints',
    'https://root:hunter2@[::1',
    '--timeout=1s',
  ]);

  expect(stderr).not.toContain('hunter2');
});
