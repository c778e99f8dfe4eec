import { expect, test } from 'vitest';
import { namesSettings } from '../../../src/collect/files/recognise.ts';

test.each([
  'etcd.conf',
  '10-etcd-member.conf',
  'etc/default/etcd',
  'etcd.conf.yml',
  'etcd.service',
  'etcd-member.service.d/tls.conf',
  'node1.etcd.env',
  'kube-apiserver.yaml',
  'flanneld.conf',
])('%s promises settings', (path) => {
  expect(namesSettings(path)).toBe(true);
});

test.each([
  'nginx.conf',
  'README',
  'etcd-waivers.yaml',
  'etcd-tls.yaml',
  'etcd.log',
  'etcd-report.json',
  'metcdx.conf',
])('%s does not', (path) => {
  expect(namesSettings(path)).toBe(false);
});
