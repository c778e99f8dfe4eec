import { expect, test } from 'vitest';
import { httpRequestOf } from '../src/collect/settings/clients/http-request.ts';
import { isOfSeveral } from '../src/collect/settings/generated-member.ts';
import { parse } from '../src/collect/settings/shell/parse.ts';

const many = 200_000;

test('many one-letter options in one word', () => {
  const word = { text: `-${'s'.repeat(many)}` };

  expect(httpRequestOf('curl', [word, { text: 'https://10.0.0.1:2379' }]).urls).toHaveLength(1);
});

test('many files of one name', () => {
  const files = Array.from({ length: many }, (_, at) => `${at}/pki/ca.crt`);
  const context = { files, find: () => undefined };

  expect(isOfSeveral('/pki/ca.crt', 'etcd.conf', context)).toBe(true);
});

test.each([`for i in ${'a '.repeat(many)}; do etcd; done`, `etcd "${'$a '.repeat(many)}"`])(
  'a script of many words or variables',
  (script) => {
    expect(parse(script).kind).toBe('sequence');
  },
);
