import { createPrivateKey } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeCertSet } from '../../testcluster/cert-set.ts';
import { formats } from '../../src/report/index.ts';
import { runProgram } from '../support/program.ts';

const made = { root: '', fragments: new Map<string, string>() };

beforeAll(async () => {
  made.root = await mkdtemp(join(tmpdir(), 'etcd-tls-audit-keys-'));
  for (const keys of ['ecdsa', 'rsa'] as const) {
    const certificates = await writeCertSet(join(made.root, keys), { settings: 'seed', keys });
    for (const name of await readdir(certificates)) {
      if (name.includes('key'))
        addFragments(name, await readFile(join(certificates, name), 'utf8'));
    }
  }
});

afterAll(() => rm(made.root, { recursive: true }));

/** What of a key would betray it: its PEM lines and its secret numbers in hex and both base64s. */
function addFragments(name: string, pem: string): void {
  const lines = pem.split('\n').filter((line) => line.length >= 40 && !line.startsWith('-'));
  const { d = '', p = '', q = '' } = createPrivateKey(pem).export({ format: 'jwk' });
  const secrets = [d, p, q].filter(Boolean).map((value) => Buffer.from(value, 'base64url'));
  const shapes = secrets.flatMap((secret) =>
    // Base64 of the DER has one of three alignments.
    [0, 1, 2].map((skipped) => secret.subarray(skipped).toString('base64').slice(0, 24)),
  );
  const hex = secrets.map((secret) => secret.toString('hex').slice(0, 32));
  const colons = hex.map((text) => text.replace(/..(?=.)/g, '$&:'));
  // The first PEM line of a key may hold nothing but its algorithm.
  for (const fragment of [...lines.slice(1), ...shapes, ...hex, ...colons]) {
    made.fragments.set(fragment.toLowerCase(), name);
  }
}

const commands: readonly (readonly string[])[] = [
  ...formats.map((format) => ['check', 'SET', '--verbose', '--report', format]),
  ['check', 'SET', '--standard', 'cis-1.12'],
  ['check', 'SET', '--replace', 'SET'],
  ['verify', 'SET', '--endpoints', 'https://127.0.0.1:1', '--timeout=1s', '--report', 'json'],
  ['init', 'SET', '--output', '-'],
  ['explain', 'SET/certs/node_1_key_insecure.pem', '--report', 'json'],
  ['explain', 'SET/certs/node_1_key_insecure.pem'],
  ['render', 'SET/certs/node_1_key_insecure.pem'],
  ['check', '--evidence', 'SET/certs/node_1_key_insecure.pem'],
  ['check', 'SET', '--inventory', 'SET/certs/node_1_key_insecure.pem'],
  ['check', 'SET', '--waivers', 'SET/certs/node_1_key_insecure.pem'],
  ['check', 'SET', '--baseline', 'SET/certs/node_1_key_insecure.pem'],
  ['verify', 'SET', '--cacert', 'SET/certs/node_1_key_insecure.pem', '--timeout=1s'],
];

test.each(
  (['ecdsa', 'rsa'] as const).flatMap((keys) =>
    commands.map((args) => ({ args: args.map((word) => word.replace('SET', keys)) })),
  ),
)('nothing of a private key leaves by $args', async ({ args }) => {
  const { stdout, stderr } = await runProgram(args, { cwd: made.root });
  const written = `${stdout}${stderr}`.toLowerCase();

  expect(made.fragments.size).toBeGreaterThan(50);
  expect([...made.fragments].filter(([fragment]) => written.includes(fragment))).toEqual([]);
  expect(written).not.toMatch(/-----begin [a-z ]*private key/);
});

test('the evidence in a file holds nothing of a private key', async () => {
  await runProgram(['check', 'rsa', '--save-evidence', 'e.json'], { cwd: made.root });

  const written = (await readFile(join(made.root, 'e.json'), 'utf8')).toLowerCase();
  expect([...made.fragments.keys()].filter((fragment) => written.includes(fragment))).toEqual([]);
});
