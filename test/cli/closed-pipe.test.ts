import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { entry } from '../support/program.ts';

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
