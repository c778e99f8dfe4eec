import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { prometheus } from '../../src/report/prometheus.ts';
import { isMissing } from '../support/missing.ts';
import { allPassed, certificateFile, everyVerdict } from './every-verdict.ts';

const line =
  /^(?:# (?:HELP|TYPE) [a-z_]+ \S.*|[a-z_]+(?:\{[a-z_]+="(?:[^"\\]|\\["\\n])*"(?:,[a-z_]+="(?:[^"\\]|\\["\\n])*")*\})? -?\d+)$/;

test('gives when certificates end, what was found and when it ran', async () => {
  await expect(prometheus(everyVerdict)).toMatchFileSnapshot('golden/every-verdict.prom');
});

test.each([everyVerdict, allPassed])('follows the exposition format line by line', (report) => {
  const lines = prometheus(report).split('\n');

  expect(lines.pop()).toBe('');
  expect(lines.filter((each) => !line.test(each))).toEqual([]);
});

test('has no series twice, even for a certificate that a file holds twice', () => {
  const file = certificateFile('a.pem', { subject: 'CN=a', serialNumber: '1' });
  const twice = { ...file, blocks: [...file.blocks, ...file.blocks] };

  const series = prometheus({ ...allPassed, facts: { files: [twice] } }).match(
    /^etcd_tls_certificate.*/gm,
  );

  expect(series).toEqual([
    'etcd_tls_certificate_not_after_timestamp_seconds{file="a.pem",subject="CN=a",serial="1",role="",node=""} 1798761600',
  ]);
});

test.skipIf(isMissing('promtool'))('satisfies promtool', () => {
  expect(() => promtool(prometheus(everyVerdict))).not.toThrow();
});

/** Throws, with what it complains of, when the metrics are not well formed or badly named. */
function promtool(input: string): void {
  execFileSync('promtool', ['check', 'metrics'], { input, stdio: ['pipe', 'ignore', 'pipe'] });
}
