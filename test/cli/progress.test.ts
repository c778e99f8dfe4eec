import { expect, test } from 'vitest';
import { type Progress, progressOn } from '../../src/cli/progress.ts';
import type { LiveProgress } from '../../src/collect/live.ts';
import type { Stage } from '../../src/model/live.ts';

/** A screen that keeps what is written. */
function screenOf(size: { readonly isTTY?: boolean; columns?: number; rows?: number }) {
  const written: string[] = [];
  return { ...size, written, write: (text: string) => written.push(text) };
}

function step(url: string, state: LiveProgress['state'], stage?: Stage): LiveProgress {
  const endpoint = { url, scheme: 'https', host: '10.0.0.1', port: 2379 } as const;
  const given = { ...endpoint, serves: 'client' } as const;
  return { endpoint: given, state, ...(stage && { stage }) };
}

const connected: Stage = { name: 'connect', outcome: 'ok', milliseconds: 3.4 };
const refused: Stage = {
  name: 'tls',
  outcome: 'failed',
  milliseconds: 5,
  code: 'ECONNRESET',
};

function shownOn(screen: Parameters<typeof progressOn>[0]): Progress {
  const progress = progressOn(screen, { quiet: false, verbose: true });
  if (progress === undefined) throw new Error('no progress is shown');
  return progress;
}

const escape = String.fromCharCode(27);

test('elsewhere than on a terminal each endpoint gets one line when it is done', () => {
  const screen = screenOf({});
  const progress = shownOn(screen);

  progress.show(step('https://10.0.0.1:2379', 'running', connected));
  expect(screen.written).toEqual([]);
  progress.show(step('https://10.0.0.1:2379', 'finished', refused));
  progress.end();

  expect(screen.written).toEqual(['https://10.0.0.1:2379: connect 3ms, tls ECONNRESET\n']);
});

test('elsewhere than on a terminal nothing is shown unless details are asked for', () => {
  expect(progressOn(screenOf({}), { quiet: false, verbose: false })).toBeUndefined();
  expect(progressOn(screenOf({ isTTY: true }), { quiet: true, verbose: true })).toBeUndefined();
});

test('on a terminal the table is drawn over itself and gone at the end', () => {
  const screen = screenOf({ isTTY: true, columns: 100, rows: 30 });
  const progress = shownOn(screen);

  progress.show(step('https://10.0.0.1:2379', 'running', connected));
  progress.show(step('https://10.0.0.2:2379', 'running'));
  progress.show(step('https://10.0.0.1:2379', 'finished', refused));
  progress.end();

  const [first = '', second = '', third = '', last = ''] = screen.written;
  expect(first).toMatch(/^0 of 1 endpoints +resolve +connect +bytes +tls +answer$/m);
  expect(second.startsWith(`${escape}[2A${escape}[J0 of 2 endpoints`)).toBe(true);
  // Unfinished endpoints come first.
  expect(third).toMatch(/1 of 2 endpoints[^]*10\.0\.0\.2[^]*10\.0\.0\.1.*3ms.*reset/);
  expect(last).toBe(`${escape}[3A${escape}[J`);
});

test('the table stays within the screen', () => {
  const screen = screenOf({ isTTY: true, columns: 40, rows: 8 });
  const progress = shownOn(screen);

  for (let host = 0; host < 50; host += 1) {
    progress.show(step(`https://10.0.0.${host}:2379`, 'running', connected));
  }

  const lines = (screen.written.at(-1) ?? '').split('\n');
  expect(lines.length).toBeLessThanOrEqual(8);
  expect(lines.filter((line) => line.replaceAll(/^.*\[J/g, '').length >= 40)).toEqual([]);
});

test('control characters of a hostile URL do not reach the screen', () => {
  const screen = screenOf({});

  shownOn(screen).show(step(`https://x${escape}[2J`, 'finished', connected));

  expect(screen.written.join('')).not.toContain(escape);
});
