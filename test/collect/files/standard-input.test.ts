import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { issueAuthority } from '../../support/pki.ts';

const program = `
  import { collectAll } from './src/collect/collect.ts';
  collectAll({ paths: ['-'], maps: [] }).then(
    ([{ facts }]) => console.log(facts.files.map(({ path }) => path).join()),
    ({ code, hint }) => console.log(code, hint),
  );
`;

test('Secrets may come through standard input', async () => {
  const { certificatePem } = await issueAuthority({ commonName: 'etcd-ca' });
  const data = { 'ca.crt': Buffer.from(certificatePem).toString('base64') };
  const secret = { kind: 'Secret', metadata: { name: 'etcd', namespace: 'db' }, data };

  expect(await collectFromInput(JSON.stringify(secret))).toBe('secret/db/etcd/ca.crt');
  expect(await collectFromInput(certificatePem)).toBe('stdin');
  expect(await collectFromInput('')).toMatch(/^NOTHING_FOUND /);
});

async function collectFromInput(input: string): Promise<string> {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '--eval', program],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  child.stdin.end(input);
  const [output] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  return output.trim();
}
