import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { directoryWith } from '../support/directory.ts';
import { issueAuthority } from '../support/pki.ts';
import { runProgram } from '../support/program.ts';

const ca = (await issueAuthority({ commonName: 'ca' })).certificatePem;

const waivers = {
  parameters: ['check', 'ca.crt', '--waivers', 'fifo'],
  text: 'waivers: []\n',
  exit: 3,
};

const log = { parameters: ['explain', 'fifo'], text: 'remote error: tls: bad certificate\n' };

test.each([
  { ...waivers, seconds: 0, says: '' },
  { ...waivers, seconds: 3, says: 'etcd-tls-audit: waiting for fifo, which gives nothing yet\n' },
  { ...log, exit: 1, seconds: 0, says: '' },
  {
    ...log,
    exit: 1,
    seconds: 3,
    says: 'etcd-tls-audit: waiting for fifo, which gives nothing yet\n',
  },
])(
  '$parameters.0 reads a FIFO that something writes to after $seconds s, and says what it waits for',
  async ({ parameters, text, exit, seconds, says }) => {
    await using directory = await directoryWith({ 'ca.crt': ca });
    execFileSync('mkfifo', [directory.at('fifo')]);

    const [{ code, stderr }] = await Promise.all([
      runProgram(parameters, { cwd: directory.path }),
      setTimeout(seconds * 1000).then(async () => writeFile(directory.at('fifo'), text)),
    ]);

    expect(code).toBe(exit);
    expect(stderr).toBe(says);
  },
);
