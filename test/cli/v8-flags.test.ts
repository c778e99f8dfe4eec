import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { writeCertSet } from '../../testcluster/cert-set.ts';
import { directoryWith } from '../support/directory.ts';
import { entry, runProgram } from '../support/program.ts';

const megabytesOfNewSpace = `import { getHeapSpaceStatistics } from 'node:v8';
process.on('exit', () => {
  const space = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space');
  process.stderr.write(\`\\n\${space.space_size / 2 ** 20}\\n\`);
});`;

test('the space for new objects does not grow with the files of a large run', async () => {
  const note = 'a file of another program\n'.repeat(40);
  const names = Array.from({ length: 3000 }, (_, index) => `notes/${index}.txt`);
  await using directory = await directoryWith(
    Object.fromEntries(names.map((name) => [name, note])),
  );
  expect(await newSpaceOf(['check', directory.path])).toBeLessThanOrEqual(8);
});

test('the space for new objects grows at once where connections will need it', async () => {
  await using directory = await directoryWith({});
  await writeCertSet(directory.path, { settings: 'fixed' });

  const verify = ['verify', directory.path, '--timeout', '100ms'];
  expect(await newSpaceOf(verify)).toBeGreaterThanOrEqual(16);
});

/** In megabytes, at the end of a run. */
async function newSpaceOf(args: readonly string[]): Promise<number> {
  const hook = `data:text/javascript,${encodeURIComponent(megabytesOfNewSpace)}`;
  const env = { NODE_OPTIONS: `--import ${hook}` };
  const { stderr } = await runProgram(args, { env });
  return Number(stderr.trim().split('\n').at(-1));
}

/** What V8 tells of the code that it makes of JavaScript, and of the expressions that it improves. */
const traces = ['--trace-opt', '--trace-regexp-peephole-optimization'];

test('V8 makes no machine code in a run over a few files', async () => {
  await using directory = await directoryWith({});
  await writeCertSet(directory.path, { settings: 'fixed' });
  const { stdout } = await execute(process.execPath, [...traces, entry, 'check', directory.path]);

  expect(stdout).toContain('PASS');
  expect(stdout).not.toMatch(/^\[(?:marking|compiling|completed) /m);
  expect(stdout).not.toContain('Bytecode:');
});

const execute = promisify(execFile);
