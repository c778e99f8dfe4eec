import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, expect, test, vi } from 'vitest';
import { createDeadline, sooner } from '../../../src/collect/probes/deadline.ts';
import { createGate, createLanes } from '../../../src/collect/probes/gate.ts';
import { watchLag } from '../../../src/collect/probes/lag.ts';
import { createLatch } from '../../../src/collect/probes/latch.ts';
import { block } from '../support/block.ts';

afterEach(() => {
  vi.useRealTimers();
});

test('lanes run so many at a time, in order', async () => {
  const lanes = createLanes(2);
  const order: number[] = [];
  let now = 0;
  let most = 0;

  await Promise.all(
    [1, 2, 3, 4, 5].map((number) =>
      lanes(async () => {
        now += 1;
        most = Math.max(most, now);
        order.push(number);
        await Promise.resolve();
        now -= 1;
      }),
    ),
  );

  expect(order).toEqual([1, 2, 3, 4, 5]);
  expect(most).toBe(2);
});

test('a lane is free again after a failure', async () => {
  const lanes = createLanes(1);

  await expect(lanes(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  await expect(lanes(() => Promise.resolve('yes'))).resolves.toBe('yes');
});

test('who takes long makes room without leaving', async () => {
  vi.useFakeTimers();
  const gate = createGate({ busy: 1, inside: 2, patienceMs: 500 });
  const first = await gate.enter();
  const waitingSecond = gate.enter();
  vi.advanceTimersByTime(500);
  const second = await waitingSecond;
  let third = false;
  const waiting = gate.enter().then((place) => {
    third = true;
    return place;
  });
  await vi.advanceTimersByTimeAsync(60_000);

  // Two are inside, and the house holds no more, however long they take.
  expect(third).toBe(false);

  first.leave();
  (await waiting).leave();
  second.leave();
});

test('a deadline tells all once, and latecomers too', async () => {
  const controller = new AbortController();
  const deadline = createDeadline(600_000, controller.signal);
  const seen: string[] = [];
  deadline.onEnd((code) => seen.push(`early ${code}`));
  deadline.onEnd(() => seen.push('took it back'))();

  controller.abort();
  controller.abort();
  await new Promise<void>((resolve) => {
    deadline.onEnd((code) => {
      seen.push(`late ${code}`);
      resolve();
    });
  });

  expect(seen).toEqual(['early ABORTED', 'late ABORTED']);
  expect([deadline.code(), deadline.left()]).toEqual(['ABORTED', 0]);
});

test('a sooner deadline ends with the other one, and leaves it alone', () => {
  const controller = new AbortController();
  const whole = createDeadline(600_000, controller.signal);
  const part = sooner(whole, 500_000);

  controller.abort();

  expect(part.code()).toBe('ABORTED');
});

test('a sooner deadline that passes is no end of the whole', async () => {
  const whole = createDeadline(600_000);
  const part = sooner(whole, 1);

  await new Promise<void>((resolve) => {
    part.onEnd(() => resolve());
  });

  expect([part.code(), whole.code()]).toEqual(['TIMEOUT', undefined]);
  whole.release();
});

test('an operator who was faster than the start ends it at the start', () => {
  expect(createDeadline(600_000, AbortSignal.abort()).code()).toBe('ABORTED');
});

test('a latch opens when the last one has measured', async () => {
  const latch = createLatch(600_000);
  const seen: string[] = [];
  const first = latch.begin();
  const second = latch.begin();
  const waiting = latch.quiet().then(() => seen.push('quiet'));

  first();
  await Promise.resolve();
  seen.push('one left');
  second();
  await waiting;

  expect(seen).toEqual(['one left', 'quiet']);
  await latch.quiet();
});

test('a latch opens for those who cannot wait for the slowest', async () => {
  const latch = createLatch(1);
  latch.begin();

  await expect(latch.quiet()).resolves.toBeUndefined();
});

test('time in which this process was too busy counts against no endpoint', async () => {
  const lag = watchLag();
  const deadline = createDeadline(200, undefined, lag);
  const gate = createGate({ busy: 1, inside: 9, patienceMs: 200, lag });
  const first = await gate.enter();
  let isIn = false;
  const second = gate.enter().then((place) => {
    isIn = true;
    return place;
  });
  await pause(30);

  block(400);
  await pause(10);

  expect(deadline.code()).toBeUndefined();
  expect(isIn).toBe(false);
  expect(lag.total()).toBeGreaterThan(200);
  await pause(600);
  expect(deadline.code()).toBe('TIMEOUT');
  expect(isIn).toBe(true);
  first.leave();
  (await second).leave();
  lag.release();
});
