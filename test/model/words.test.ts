import { expect, test } from 'vitest';
import { shellWord } from '../../src/model/words.ts';
import { run } from '../../testcluster/run.ts';

const words = ['etcd.log.1.gz', "it's", 'a b', '$HOME', 'A=b', '~', '', '`id`', 'a\nb'];

test.each(words)('%j is one word for a real shell', async (word) => {
  const { stdout } = await run('sh', ['-c', `printf '%s|' ${shellWord(word)}`]);

  expect(stdout).toBe(`${word}|`);
});

test('a plain name is not quoted', () => {
  expect(shellWord('/var/log/etcd.log.1.gz')).toBe('/var/log/etcd.log.1.gz');
});
