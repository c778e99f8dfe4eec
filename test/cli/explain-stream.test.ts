import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { entry } from '../support/program.ts';

/** As etcd writes them, each about another client. */
const expired = (port: number) =>
  line(
    port,
    'x509: certificate has expired or is not yet valid: current time 2026-01-02T00:00:00Z is after 2026-01-01T00:00:00Z',
  );
const refused = (port: number) => line(port, 'EOF');

test('a stream that stays open is concluded when it pauses, and again only when that changes', async () => {
  await using stream = explaining();

  stream.write(refused(1));
  await stream.says(/harmless/i);
  for (let port = 2; port < 30; port += 1) stream.write(refused(port));
  stream.write(expired(40));
  await stream.says(/EXPIRED/);
  for (let port = 50; port < 80; port += 1) stream.write(expired(port));
  stream.end();

  expect(await stream.code()).toBe(1);
  expect(stream.conclusions()).toBe(2);
});

test('a stream that never pauses is concluded all the same', async () => {
  await using stream = explaining();
  let port = 0;
  // New kinds of lines, each sooner than the pause that is waited for.
  const busy = setInterval(() => {
    port += 1;
    stream.write(line(port, `x509: certificate is valid for 10.0.0.1, not 10.0.0.${port}`));
    stream.write(expired(port));
  }, 50);

  await stream.says(/EXPIRED|SAN/);
  clearInterval(busy);
  stream.end();
  expect(await stream.code()).toBe(1);
});

function line(port: number, error: string): string {
  return JSON.stringify({
    level: 'warn',
    ts: '2026-01-02T00:00:00.000Z',
    caller: 'embed/config_logging.go:169',
    msg: 'rejected connection',
    'remote-addr': `10.0.0.7:${40_000 + port}`,
    'server-name': '',
    error,
  });
}

function explaining() {
  const child = spawn(process.execPath, [entry, 'explain', '-'], {
    env: { PATH: process.env['PATH'] ?? '' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  const closed = once(child, 'close');
  return {
    write: (text: string) => child.stdin.write(`${text}\n`),
    end: () => child.stdin.end(),
    conclusions: () => said.split(/^(?=Cause: |Undecided: |Harmless: )/m).length,
    async says(words: RegExp) {
      while (!words.test(said)) await once(child.stdout, 'data');
    },
    async code(): Promise<number | null> {
      await closed;
      return child.exitCode;
    },
    async [Symbol.asyncDispose]() {
      child.kill();
      await closed;
    },
  };
}
