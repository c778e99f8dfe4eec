import { expect, test } from 'vitest';
import { readYaml } from '../../../src/collect/settings/yaml.ts';

const laughs = [
  'a: &a [x, x]',
  ...'bcdefghijklmnopqrstuvwxyz'.split('').map((name, index) => {
    const before = String.fromCodePoint('a'.codePointAt(0)! + index);
    return `${name}: &${name} [*${before}, *${before}, *${before}, *${before}]`;
  }),
].join('\n');

test.each([
  { kind: 'aliases of aliases', text: laughs },
  { kind: 'plain YAML of megabytes', text: '- a\n'.repeat(1_000_000) },
  { kind: 'brackets in brackets', text: '['.repeat(100_000) + ']'.repeat(100_000) },
  { kind: 'lists in lists', text: `${'- '.repeat(50_000)}a` },
  {
    kind: 'deep JSON of megabytes',
    text: `[${'['.repeat(200_000)}${']'.repeat(200_000)}${',1'.repeat(200_000)}]`,
  },
])('$kind are refused within a budget', async ({ text }) => {
  const read = await readYaml({ path: 'etcd.yaml', text });

  expect(read).toMatchObject({ ok: false });
});

test('thousands of aliases cost as much as thousands of scalars', async () => {
  const text = `base: &base x\nlist:\n${'  - *base\n'.repeat(10_000)}`;
  const read = await readYaml({ path: 'etcd.yaml', text });

  expect(read).toMatchObject({ ok: true });
});

test('an alias means the last anchor of its name before it', async () => {
  const text = 'a: &y {c: &x 2}\nd: &x 3\ne: *y\nf: *x\n';
  const read = await readYaml({ path: 'etcd.yaml', text });

  expect(JSON.stringify(read)).toMatch(/"key":"f".*"value":3/);
});

test('an alias without an anchor is an error with its place', async () => {
  const read = await readYaml({ path: 'etcd.yaml', text: 'a: 1\nb: *nobody\n' });

  expect(read).toMatchObject({
    ok: false,
    error: 'there is no anchor nobody',
    location: { line: 2 },
  });
});

test('a long list of Secrets in JSON is read, without places', async () => {
  const items = Array.from({ length: 20_000 }, (_, index) => ({
    kind: 'Secret',
    metadata: { name: `s${index}` },
  }));
  const read = await readYaml({ path: 'secrets.json', text: JSON.stringify({ items }) });

  expect(read).toMatchObject({ ok: true });
});
