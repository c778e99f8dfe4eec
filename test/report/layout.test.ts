import { expect, test } from 'vitest';
import { wrap } from '../../src/report/layout.ts';

test('a long list without blanks is broken behind its commas', () => {
  expect(wrap('set ALPHA,BETA,GAMMA now', 12)).toEqual(['set', 'ALPHA,BETA,', 'GAMMA now']);
});

test('a name is broken where one of its parts ends, and no line starts with a comma', () => {
  expect(wrap('kube01.service.example.org', 16)).toEqual(['kube01.service.', 'example.org']);
  expect(wrap('/etc/etcd/client_cert.pem', 16)).toEqual(['/etc/etcd/', 'client_cert.pem']);
  expect(wrap('/client_certificate', 12)).toEqual(['/client_cert', 'ificate']);
  expect(wrap('abcdefgh, x', 8)).toEqual(['abcdefg', 'h, x']);
});

test('what has no parts is cut where the line ends', () => {
  expect(wrap('abcdefghij', 4)).toEqual(['abcd', 'efgh', 'ij']);
});
