import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { shiftClock } from '../../testcluster/shift-clock.ts';

const canShift = process.platform === 'linux' && process.arch === 'x64';

test.runIf(canShift)('one process tells another time, and only that one', async () => {
  const child = spawn(process.execPath, [
    '-e',
    'process.stdin.on("data", () => console.log(Date.now()))',
  ]);
  const timeIn = async (): Promise<number> => {
    child.stdin.write('?');
    const answer: readonly unknown[] = await once(child.stdout, 'data');
    return Number(String(answer[0]));
  };
  const before = await timeIn();

  await shiftClock(child.pid ?? 0, -3 * 3600);
  const after = await timeIn();
  child.kill();

  expect(Math.abs(before - Date.now())).toBeLessThan(60_000);
  expect(Math.abs(after + 3 * 3_600_000 - Date.now())).toBeLessThan(60_000);
});
