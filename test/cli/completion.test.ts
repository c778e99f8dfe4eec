import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { completionScript } from '../../src/cli/completion.ts';
import { program } from '../../src/cli/program.ts';

const root = program(() => undefined);

test.each([
  { typed: ['che'], offered: ['check', 'checks'] },
  { typed: ['verify', '--no-n'], offered: ['--no-negative-probes'] },
  { typed: ['check', '--report', 'sa'], offered: ['sarif'] },
  { typed: ['check', '--fail-on', ''], offered: ['critical', 'high', 'medium', 'low', 'info'] },
  { typed: ['check', 'package.js'], offered: ['package.json'] },
])('bash offers $offered after $typed', ({ typed, offered }) => {
  const words = ['etcd-tls-audit', ...typed].map((word) => `'${word}'`).join(' ');
  const script = `${completionScript(root, 'bash')}
COMP_WORDS=(${words}); COMP_CWORD=${typed.length}; _etcd_tls_audit; printf '%s\\n' "\${COMPREPLY[@]}"`;

  const lines = execFileSync('bash', ['-c', script], { encoding: 'utf8' }).trim().split('\n');

  expect(lines).toEqual(offered);
});

test('every command and option is offered to fish', () => {
  const script = completionScript(root, 'fish');

  for (const command of root.commands) {
    expect(script).toContain(`-a ${command.name()} `);
    for (const { long } of command.options) expect(script).toContain(`-l ${long?.slice(2)}`);
  }
});

test('zsh loads the same words', () => {
  expect(completionScript(root, 'zsh')).toMatch(/^#compdef etcd-tls-audit\n/);
});
