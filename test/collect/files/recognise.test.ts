import { expect, test } from 'vitest';
import {
  isMoreThanProcess,
  isOfProcess,
  namesSettings,
} from '../../../src/collect/files/recognise.ts';

test.each([
  'etcd.conf',
  '10-etcd-member.conf',
  'etc/default/etcd',
  'etcd.conf.yml',
  'etcd.service',
  'etcd-member.service.d/tls.conf',
  'etc/etcd/etcd.conf',
  'etc/systemd/system/etcd.service',
  'etc/conf.d/etcd',
  'etc/etcd.conf',
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
  'etc/logrotate.d/etcd',
  'usr/lib/tmpfiles.d/etcd.conf',
  'usr/lib/sysusers.d/etcd.conf',
  'etc/sudoers.d/etcd',
  'etc/rsyslog.d/10-etcd.conf',
  'etc/monit/conf.d/etcd',
  'n1/etc/telegraf/telegraf.d/etcd.conf',
  'etc/dnsmasq.d/etcd.conf',
])('%s does not', (path) => {
  expect(namesSettings(path)).toBe(false);
});

const words = Buffer.from('etcd\0--name\0a\0');
const large = Buffer.from(`etcd\0${'x'.repeat(3 * 2 ** 20)}\0`);

test.each(['proc/812/cmdline', 'environ', '812.environ', 'etcd-cmdline.txt', 'proc_812_environ'])(
  '%s is a copy of what /proc has of a process',
  (path) => {
    expect(isOfProcess(path, words)).toBe(true);
    expect(isMoreThanProcess(path, large)).toBe(true);
  },
);

test.each(['environments', 'environments.tar.gz', 'environment.bin', 'cmdlines.db'])(
  '%s is none',
  (path) => {
    expect(isOfProcess(path, words)).toBe(false);
    expect(isMoreThanProcess(path, large)).toBe(false);
  },
);

test('an archive that is called as one is none', () => {
  const archive = Buffer.alloc(3 * 2 ** 20, 1);

  expect(isMoreThanProcess('environ.tar.gz', archive)).toBe(false);
});
