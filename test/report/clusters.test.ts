import { beforeAll, expect, test } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { github } from '../../src/report/github.ts';
import { junit } from '../../src/report/junit.ts';
import { markdown } from '../../src/report/markdown.ts';
import { prometheus } from '../../src/report/prometheus.ts';
import { sarif } from '../../src/report/sarif.ts';
import { text } from '../../src/report/text.ts';
import { realReports } from './html/real-reports.ts';

let two: Report;

beforeAll(async () => {
  ({ two } = await realReports());
});

test('the headline says in which cluster the most urgent is', () => {
  expect(two.verdict).toMatchObject({ status: 'fail' });
  expect(two.verdict.sentence).toMatch(/most urgent: .* in cluster etcd-a \(etcd-b\)/);
});

test('text has a section for each cluster, the worst first, with its own handshakes', () => {
  const [, first = '', rest = ''] = text(two).split(/^Cluster /m);
  const [second = ''] = rest.split('Could not check');

  expect(first).toMatch(/^etcd-a: 1 high/);
  expect(first).toContain('Handshakes');
  expect(first).not.toContain('etcd-events');
  expect(second).toMatch(/^etcd-events-a: 3 medium/);
  expect(second).toContain('Handshakes');
  expect(second).not.toMatch(/etcd-b\b/);
});

test('Markdown has a heading, a table and handshakes for each cluster', () => {
  const lines = markdown(two).split('\n');

  expect(lines.filter((line) => line.startsWith('### Cluster'))).toEqual([
    '### Cluster `etcd-a`: 1 high, 3 medium',
    '### Cluster `etcd-events-a`: 3 medium',
  ]);
  expect(lines.filter((line) => line.startsWith('Handshakes of cluster'))).toHaveLength(2);
});

test('the other formats have a field for the cluster', () => {
  expect(sarif(two)).toContain('"cluster": "etcd-events-a"');
  expect(junit(two)).toContain('<property name="cluster" value="etcd-events-a"/>');
  expect(github(two)).toContain('in cluster etcd-a');
  expect(prometheus(two)).toContain(
    'etcd_tls_audit_findings{severity="medium",cluster="etcd-events-a"} 3',
  );
});
