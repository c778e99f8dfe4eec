import { expect, test } from 'vitest';
import { withRelativePaths } from '../../src/cli/relative-paths.ts';
import { everyVerdict } from '../report/every-verdict.ts';

const report = {
  ...everyVerdict,
  gaps: [{ what: '/home/me/set/ca.pem', because: 'x', asked: true }],
};

test('absolute paths below the working directory become relative', async () => {
  const { gaps } = withRelativePaths(report, ['/home/me/set'], '/home/me');

  expect(gaps[0]?.what).toBe('set/ca.pem');
});

test.each([
  { paths: ['set'], directory: '/home/me' },
  { paths: ['/etc/etcd'], directory: '/home/me' },
  { paths: ['/home/me/set'], directory: '/' },
])('$paths in $directory change nothing', async ({ paths, directory }) => {
  expect(withRelativePaths(report, paths, directory)).toBe(report);
});
