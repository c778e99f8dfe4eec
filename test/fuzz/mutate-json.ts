import type { Random } from '../oracle/random.ts';
import { hostileText } from './hostile-text.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** The value with one to three places changed, as nobody who wrote it by its schema would. */
export function mutateJson(
  value: unknown,
  random: Random,
  planted: readonly string[] = [],
): unknown {
  const copy: unknown = JSON.parse(JSON.stringify(value));
  const holder: Json[] = [isJson(copy) ? copy : null];
  for (let count = 1 + random.below(3); count > 0; count -= 1) mutateOnce(holder, random);
  if (planted.length > 0 && random.below(2) === 0) plant(holder, random, planted);
  return holder[0] ?? null;
}

/** Puts one of the texts behind one of the texts that are there. */
function plant(root: Json[], random: Random, planted: readonly string[]): void {
  let holder: Json[] | { [key: string]: Json } = root;
  for (;;) {
    const keys = Object.keys(holder);
    if (keys.length === 0) return;
    const key = random.pick(keys);
    const item: Json = at(holder, key);
    if (typeof item === 'string') {
      const text = `${item}${random.pick(planted)}`;
      if (Array.isArray(holder)) holder[Number(key)] = text;
      else holder[key] = text;
    }
    if (typeof item !== 'object' || item === null) return;
    holder = item;
  }
}

/** What JSON.parse gives is nothing else. */
function isJson(value: unknown): value is Json {
  return value !== undefined;
}

/** Walks down until it stops by chance, so that every depth has its turn. */
function mutateOnce(root: Json[], random: Random): void {
  let holder: Json[] | { [key: string]: Json } = root;
  for (;;) {
    const keys: readonly string[] = Object.keys(holder);
    if (keys.length === 0) return;
    const key = random.pick(keys);
    const item: Json = at(holder, key);
    if (typeof item !== 'object' || item === null || random.below(12) === 0) {
      change(holder, key, random);
      return;
    }
    holder = item;
  }
}

function at(holder: Json[] | { [key: string]: Json }, key: string): Json {
  return (Array.isArray(holder) ? holder[Number(key)] : holder[key]) ?? null;
}

function change(holder: Json[] | { [key: string]: Json }, key: string, random: Random): void {
  const kind = random.below(5);
  if (Array.isArray(holder)) {
    if (kind === 0) holder.splice(Number(key), 1);
    else holder[Number(key)] = other(holder[Number(key)] ?? null, random);
    return;
  }
  if (kind === 0) delete holder[key];
  else if (kind === 1) holder[hostileText(random)] = other(holder[key] ?? null, random);
  else holder[key] = other(holder[key] ?? null, random);
}

const odd: readonly Json[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  65_536,
  2 ** 53,
  1e308,
  '',
  ' ',
  '0',
  '-1',
  'a'.repeat(20_000),
  [],
  {},
  [[]],
  [{}],
  [null],
  [''],
  { __proto: 1 },
  '9999-12-31T23:59:59.999Z',
  '0000-01-01T00:00:00.000Z',
  '2026-02-30T00:00:00Z',
  'https://',
  'https://[::1',
  '[::1]:x',
  'unix:///x',
  'https://0.0.0.0:0',
  'https://a:99999',
  '::',
  '%zz',
  '3.5',
  'v99.99.99',
  'go0',
  '999999999999999999999.1',
  '/',
  '..',
  '0x7f000001',
  '*.',
  '*',
  'xn--',
  '10.0.0.1/33',
  'CN=',
];

/** Another value, of the same kind half of the time. */
function other(value: Json, random: Random): Json {
  const like = odd.filter((candidate) => typeof candidate === typeof value);
  const kind = random.below(4);
  if (typeof value === 'string' && kind < 2) return hostileText(random);
  if (typeof value === 'number' && kind === 0) return value * random.pick([-1, 0, 1e6, 0.5]);
  if (kind === 1 && like.length > 0) return structuredClone(random.pick(like));
  return structuredClone(random.pick(odd));
}
