import { execFileSync, spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { directoryWith } from '../../support/directory.ts';
import { issueAuthority } from '../../support/pki.ts';
import { runProgram } from '../../support/program.ts';
import { skipWithout } from '../../support/skip-without.ts';
import { closedPort } from '../support/servers.ts';

skipWithout('openssl', 'network');

// `openssl s_server` has one connection at a time: all others stand, and their handshakes never begin.
test('verify ends where a server never begins handshakes', { timeout: 60_000 }, async () => {
  const authority = await issueAuthority({ commonName: 'etcd-ca' });
  const { certificatePem, privateKeyPem } = await authority.issue({ hosts: ['127.0.0.1'] });
  await using set = await directoryWith({
    'ca.pem': authority.certificatePem,
    'leaf.pem': certificatePem,
    'key.pem': privateKeyPem,
  });
  const { port } = await closedPort();
  const files = ['-cert', set.at('leaf.pem'), '-key', set.at('key.pem')];
  const args = ['s_server', '-accept', `127.0.0.1:${port}`, '-www', '-quiet', ...files];
  const server = spawn('openssl', args, { stdio: 'ignore' });
  try {
    for (let tries = 0; tries < 100 && !isListening(port); tries += 1) await pause(100);
    const { code } = await runProgram([
      'verify',
      `--endpoints=https://127.0.0.1:${port}`,
      `--cacert=${set.at('ca.pem')}`,
      `--cert=${set.at('leaf.pem')}`,
      `--key=${set.at('key.pem')}`,
      '--timeout=2s',
    ]);

    expect(code).toBe(1);
  } finally {
    server.kill('SIGKILL');
  }
});

function isListening(port: number): boolean {
  return execFileSync('ss', ['-Hltn', `sport = :${port}`], { encoding: 'utf8' }) !== '';
}
