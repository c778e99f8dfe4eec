import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { expect, test } from 'vitest';
import { entry } from '../support/program.ts';
import { writeSets } from '../support/sets.ts';

const audit = [entry];
const testcluster = ['--import', 'tsx', 'testcluster/main.ts'];

test.each([
  { args: [...audit, 'checks'], closed: 'stdout', code: 0 },
  { args: [...audit, '--help'], closed: 'stdout', code: 0 },
  { args: [...audit, 'nonsense'], closed: 'stderr', code: 2 },
  { args: [...audit, 'check', 'nowhere'], closed: 'stderr', code: 2 },
  { args: [...testcluster, 'faults'], closed: 'stdout', code: 0 },
] as const)('$args ends quietly when $closed is closed', async ({ args, closed, code }) => {
  const child = spawn(process.execPath, args);
  const other = closed === 'stdout' ? child.stderr : child.stdout;
  const printed: string[] = [];
  other.setEncoding('utf8').on('data', (text: string) => printed.push(text));
  child[closed].destroy();
  await once(child, 'close');

  expect({ code: child.exitCode, printed }).toEqual({ code, printed: [] });
});

test.each([['checks'], ['collect', 'fixed'], ['check', 'fixed', '--report', 'json']])(
  '%s says that its output could not be written',
  async (...args) => {
    await using sets = await writeSets();
    const full = openSync('/dev/full', 'w');

    const child = spawn(process.execPath, [entry, ...args], {
      cwd: sets.root,
      stdio: ['ignore', full, 'pipe'],
    });
    const said: string[] = [];
    child.stderr?.setEncoding('utf8').on('data', (text: string) => said.push(text));
    await once(child, 'close');
    closeSync(full);

    expect({ code: child.exitCode, said: said.join('') }).toEqual({
      code: 2,
      said:
        'etcd-tls-audit: cannot write to standard output: no space left on device\n' +
        'hint: check whether the disk is full\n',
    });
  },
);
