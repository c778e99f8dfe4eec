import { expect, test } from 'vitest';
import { readYaml } from '../../src/collect/settings/yaml.ts';
import { decodeValue, unsupportedIn } from '../../src/etcd/config-values.ts';
import type { KeyType } from '../../src/etcd/config-keys.ts';
import golden from './golden/yaml-values.json' with { type: 'json' };

const zeroes: Readonly<Partial<Record<KeyType, unknown>>> = {
  string: '',
  bool: false,
  '[]string': null,
};
const types = [
  'string',
  'bool',
  'uint',
  'int',
  'uint32',
  'uint64',
  'int64',
  'time.Duration',
  '[]string',
] as const satisfies readonly KeyType[];

test('values of every type are read as the decoders of etcd 3.4 to 3.7 read them', async () => {
  const read = [];
  for (const { text } of golden) read.push({ text, values: await valuesOf(text) });

  expect(golden.length).toBeGreaterThan(600);
  expect(read).toEqual(golden);
});

/** JSON of the values by type, without the types that refuse the text. */
async function valuesOf(text: string): Promise<string> {
  const yaml = await readYaml({ path: 'etcd.conf.yml', text: `s: ${text}\n` }, '1.1');
  const document = yaml.ok ? yaml.documents[0] : undefined;
  const value = document?.kind === 'map' ? document.entries[0]?.value : undefined;
  if (value === undefined || unsupportedIn(value) !== undefined) return '{}';
  const values = types.toSorted().flatMap((type) => {
    const decoded = decodeValue(value, type);
    if (!decoded.ok) return [];
    const zero = type in zeroes ? zeroes[type] : '0';
    const found = decoded.value ?? zero;
    const isDuration = typeof found === 'string' && type === 'time.Duration';
    return [[type, isDuration ? found.replace(/ns$/, '') : found] as const];
  });
  return JSON.stringify(Object.fromEntries<unknown>(values));
}
