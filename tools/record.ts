/**
 * `npm run record` writes docs/recording.cast, which `asciinema play` shows: the built program on the
 * document's set as it is, then fixed, then on a line of a log. What it says is what it really
 * said; only the typing and the pauses are made up, so that the same output gives the same file.
 */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { writeCertSet } from '../testcluster/cert-set.ts';

/** What the recording shows, and how each command has to end. */
const scenes: readonly Scene[] = [
  {
    says: '# The certificates of a well-known how-to, as they stand',
    types: 'check seed',
    code: 1,
  },
  { says: '# The same set with its mistakes fixed', types: 'check fixed', code: 0 },
  {
    says: '# A line of a log, and the set that it is about',
    types: 'explain etcd.log --set seed',
    code: 1,
  },
];

const logLine = 'x509: certificate is valid for 10.104.100.236, 37.58.99.228, not 192.168.56.102';

interface Scene {
  readonly says: string;
  readonly types: string;
  readonly code: number;
}

/** Seconds, type and text, as asciicast version 2 has them. */
type Event = readonly [seconds: number, type: 'o', text: string];

const [target = 'docs/recording.cast'] = process.argv.slice(2);
const directory = await mkdtemp(join(tmpdir(), 'recording-'));
try {
  await writeCertSet(join(directory, 'seed'), { settings: 'seed' });
  await writeCertSet(join(directory, 'fixed'), { settings: 'fixed' });
  await writeFile(join(directory, 'etcd.log'), `${logLine}\n`);
  await writeFile(target, cast(await play()));
} finally {
  await rm(directory, { recursive: true });
}

async function play(): Promise<readonly Event[]> {
  const events: Event[] = [];
  let now = 0.5;
  const show = (text: string, pause: number): void => {
    events.push([Math.round(now * 1000) / 1000, 'o', text]);
    now += pause;
  };
  for (const { says, types, code } of scenes) {
    show(`${says}\r\n`, 1);
    show('$ ', 0.5);
    for (const letter of `etcd-tls-audit ${types}`) show(letter, 0.04);
    show('\r\n', 0.3);
    for (const line of (await run(types.split(' '), code)).split('\n')) show(`${line}\r\n`, 0.05);
    show(`$ echo $?\r\n${code}\r\n\r\n`, 4);
  }
  return events;
}

/** Runs the built program in the directory with the sets; it must end as the scene says. */
async function run(words: readonly string[], expected: number): Promise<string> {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [resolve('dist/cli/main.js'), ...words], {
    cwd: directory,
    env: { PATH, HOME, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  const code = await new Promise((settle, refuse) => {
    child.once('error', refuse).once('close', settle);
  });
  if (code === expected) return text.trimEnd();
  throw new Error(`${words.join(' ')} ended with ${String(code)} instead of ${expected}`);
}

function cast(events: readonly Event[]): string {
  const header = { version: 2, width: 80, height: 40, title: 'etcd-tls-audit' };
  return [header, ...events].map((line) => `${JSON.stringify(line)}\n`).join('');
}
