import { expect, test } from 'vitest';
import { readYaml } from '../../src/collect/settings/yaml.ts';
import { decodeValue, type Decoded, unsupportedIn } from '../../src/etcd/config-values.ts';
import type { DocumentNode } from '../../src/model/settings.ts';
import golden from './golden/yaml-scalars.json' with { type: 'json' };

/** Tags, of which no settings have any, and a lone dash, which is a list. */
const left = new Set(['!!str_1', '!!float 1', '-']);

test.each(golden.filter(({ text }) => !left.has(text)))('reads $text as etcd does', async (row) => {
  const yaml = await readYaml({ path: 'etcd.conf.yml', text: `s: ${row.text}\n` }, '1.1');
  const document = yaml.ok ? yaml.documents[0] : undefined;
  const value = document?.kind === 'map' ? document.entries[0]?.value : undefined;
  if (value === undefined) throw new Error(`no value in ${row.text}`);

  // The decoder alone makes text of numbers and booleans; in etcd's own structs real etcd 3.3 to 3.6 refuses them.
  const text = unsupportedIn(value) === undefined ? decodeValue(value, 'string') : refused;
  expect(decoded(text, '')).toBe(isText(value) ? row.string : null);
  expect(decoded(decodeValue(value, 'bool'), false)).toBe(row.bool);
  const number = decoded(decodeValue(value, 'uint'), '0');
  expect(number === null ? null : Number(number)).toBe(row.uint);
});

function isText(value: DocumentNode): boolean {
  if (value.kind !== 'scalar' || unsupportedIn(value) !== undefined) return false;
  return value.value === null || typeof value.value === 'string';
}

const refused: Decoded = { ok: false, found: 'number', wanted: 'string' };

/** What is refused is null, and what is not set is Go's zero. */
function decoded<Zero>(value: Decoded, zero: Zero) {
  return value.ok ? (value.value ?? zero) : null;
}
