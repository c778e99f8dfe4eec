import { expect, test } from 'vitest';
import { publicText } from '../../src/model/public-text.ts';

test.each([
  ['https://root:hunter2@10.0.0.1:2379', 'https://***@10.0.0.1:2379'],
  ['https://root:a/b@c@10.0.0.1:2379', 'https://***@10.0.0.1:2379'],
  ['n1=https://u:p@a:2380,n2=https://u:p@b:2380', 'n1=https://***@a:2380,n2=https://***@b:2380'],
  ['--endpoints=root:hunter2@10.0.0.1:2379', '--endpoints=***@10.0.0.1:2379'],
  ['ps://root:hunter2https://root:hunter2@a:2379', 'ps://***://***@a:2379'],
  ['https://a:2379,https://b:2379', 'https://a:2379,https://b:2379'],
  ['https://10.0.0.1:2379', 'https://10.0.0.1:2379'],
])('the URLs in %j stay URLs without what is before the host', (text, shown) => {
  expect(publicText(text)).toBe(shown);
  expect(publicText(shown)).toBe(shown);
});
