import { describe, expect, test } from 'vitest';
import { files, flags, judged } from '../support/containers.ts';

const onHost = (text: string) => text.replaceAll('/pki/', '/etc/pki/');
const etcd = onHost(flags('10.0.0.1').join(' '));
const unit = (more: string) => ({
  ...files,
  'etcd.service': `[Service]\nUser=root\nExecStart=/usr/bin/etcd ${etcd}\n${more}\n`,
});
const passes = { status: 'pass', found: [], open: [] };
const pair = '--cert /etc/pki/client.crt --key /etc/pki/client.key';

const service = (ca: string) => ({
  'etcd-health.timer': '[Timer]\nOnCalendar=minutely\n',
  'etcd-health.service': `[Service]\nType=oneshot\nUser=root\nExecStart=/usr/bin/curl -f --cacert /etc/pki/${ca} ${pair} https://127.0.0.1:2379/health\n`,
});
const job = (check: string) => ({
  ...files,
  'etcd.nomad.hcl': `job "etcd" {
  group "etcd" {
    network {
      port "client" { static = 2379 }
      port "metrics" {
        static = 32381
        to = 2381
      }
      port "any" { }
    }
    task "etcd" {
      driver = "docker"
      user   = "0"
      config {
        image   = "quay.io/coreos/etcd:v3.5.30"
        command = "etcd"
        args    = ${JSON.stringify(flags('etcd'))}
        volumes = ["/etc/pki:/pki", "/var/lib/etcd:/var/lib/etcd"]
      }
      service {
        port = "client"
        check {
          ${check.replaceAll('; ', '\n          ')}
        }
      }
    }
  }
}
`,
});

describe('curl and wget in a hook of the unit of etcd', () => {
  test.each(['ExecStartPost', 'ExecReload'])('%s without a certificate', async (name) => {
    const hook = `${name}=/usr/bin/curl -fk https://127.0.0.1:2379/health`;

    expect(await judged(unit(hook))).toEqual({
      status: 'fail',
      found: [`health-probe-rejected etcd-0 ${name} 4`],
      open: [],
    });
  });

  test('in a shell, without TLS', async () => {
    const hook = `ExecStartPost=/bin/sh -c 'until wget -qO- http://127.0.0.1:2379/health; do sleep 1; done'`;

    expect((await judged(unit(hook))).found).toEqual([
      'health-probe-rejected etcd-0 ExecStartPost 4',
    ]);
  });

  test.each([
    'ExecStartPost=/usr/bin/curl -f http://127.0.0.1:2381/health',
    `ExecStartPost=/usr/bin/curl -f --cacert /etc/pki/ca.crt ${pair} https://127.0.0.1:2379/health`,
    'ExecStartPost=-/usr/bin/curl -fk https://127.0.0.1:2379/health',
    'ExecStartPre=/usr/bin/curl -fLO https://github.com/etcd-io/etcd/releases/download/v3.5.30/etcd.tar.gz',
    'ExecStartPost=/usr/bin/curl -X PUT http://127.0.0.1:8500/v1/agent/check/pass/etcd',
  ])('%s', async (hook) => {
    expect(await judged(unit(hook))).toEqual(passes);
  });

  test('with a wrong CA', async () => {
    const hook = `ExecStartPost=/usr/bin/curl -f --cacert /etc/pki/other.crt ${pair} https://127.0.0.1:2379/health`;

    expect((await judged(unit(hook))).found).toEqual(['unknown-authority pki/other.crt 4']);
  });

  test('at a port where etcd does not listen', async () => {
    const hook = 'ExecStartPost=/usr/bin/curl -f http://127.0.0.1:9999/health';

    expect(await judged(unit(hook))).toEqual({ status: 'incomplete', found: [], open: [] });
  });
});

test('curl in a unit of its own, which a timer starts', async () => {
  expect(await judged({ ...unit(''), ...service('ca.crt') })).toEqual(passes);
  expect((await judged({ ...unit(''), ...service('other.crt') })).found).toEqual([
    'unknown-authority pki/other.crt 4',
  ]);
});

describe('a check of a Nomad service', () => {
  test.each([
    ['type = "http"; path = "/health"', 'fail'],
    ['type = "grpc"', 'fail'],
    ['type = "http"; path = "/health"; port = "metrics"', 'pass'],
    ['type = "http"; path = "/health"; port = 2381', 'pass'],
    ['type = "http"; path = "/health"; port = "any"', 'incomplete'],
    ['type = "http"; path = "/health"; port = 8080', 'incomplete'],
    ['type = "http"; protocol = "https"; path = "/health"; tls_skip_verify = true', 'incomplete'],
    ['type = "tcp"', 'pass'],
  ])('%s: %s', async (check, status) => {
    const found = status === 'fail' ? ['health-probe-rejected etcd-0 check 22'] : [];

    expect(await judged(job(check))).toMatchObject({ status, found });
  });
});
