import { describe, expect, test } from 'vitest';
import { audit } from '../../src/audit.ts';
import { compose, files, flags, judged, withShell } from '../support/containers.ts';
import { threeMembers } from '../support/three-members.ts';

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

  const ask = 'curl -sk https://127.0.0.1:2379/health';

  test.each([
    ask,
    `sleep 5; ${ask}`,
    `${ask} || exit 1`,
    `${ask} || { echo down; exit 1; }`,
    `${ask} || exit 1; echo ok`,
    `${ask} | grep -q true`,
    `if ! ${ask}; then exit 1; fi; echo ok`,
    `if ${ask}; then echo ok; else exit 1; fi`,
    `while ! ${ask}; do sleep 1; done; echo ok`,
    `set -e; ${ask}; echo ok`,
  ])('its failure is that of the hook: %s', async (script) => {
    expect(await judged(unit(`ExecStartPost=/bin/sh -c '${script}'`))).toEqual({
      status: 'fail',
      found: ['health-probe-rejected etcd-0 ExecStartPost 4'],
      open: [],
    });
  });

  test.each([
    `${ask} || true`,
    `${ask} || :`,
    `${ask} || false || true`,
    `! ${ask}`,
    `if ${ask}; then echo ok; fi; true`,
    `${ask}; exit 0`,
    `for i in 1 2 3; do ${ask} && break; sleep 1; done`,
    `${ask} & sleep 1`,
  ])('its failure does not count: %s', async (script) => {
    expect(await judged(unit(`ExecStartPost=/bin/sh -c '${script}'`))).toEqual(passes);
  });

  test.each([
    `${ask} 2>&1 | grep -q curl`,
    `until ${ask}; do sleep 1; [ -e /stop ] && break; done`,
    `${ask} || other`,
  ])('whether its failure counts is not followed: %s', async (script) => {
    expect(await judged(unit(`ExecStartPost=/bin/sh -c '${script}'`))).toEqual({
      status: 'incomplete',
      found: [],
      open: [],
    });
    const answered = script.replace('https://127.0.0.1:2379', 'http://127.0.0.1:2381');
    expect(await judged(unit(`ExecStartPost=/bin/sh -c '${answered}'`))).toEqual(passes);
  });

  test.each(['echo starting > /run/etcd-started', 'echo starting >&2'])(
    'next to a hook that prints: %s',
    async (script) => {
      const printing = `ExecStartPre=/bin/sh -c '${script}'`;

      expect(await judged(unit(printing))).toEqual(passes);
      const found = ['health-probe-rejected etcd-0 ExecStartPost 5'];
      expect(await judged(unit(`${printing}\nExecStartPost=/bin/sh -c '${ask}'`))).toEqual({
        status: 'fail',
        found,
        open: [],
      });
    },
  );

  test.each([
    `trap "exit 0" ERR; ${ask}`,
    `trap "exit 1" ERR; ${ask}; true`,
    `trap "exit \\$rc" EXIT; ${ask}; rc=$?; true`,
  ])('a trap may end the hook in another way: %s', async (script) => {
    expect(await judged(unit(`ExecStartPost=/bin/bash -c '${script}'`))).toMatchObject({
      status: 'incomplete',
      found: [],
    });
  });

  test('a trap of signals ends nothing', async () => {
    const hook = `ExecStartPost=/bin/bash -c 'trap "exit 0" TERM INT; ${ask}'`;

    expect((await judged(unit(hook))).found).toEqual([
      'health-probe-rejected etcd-0 ExecStartPost 4',
    ]);
  });

  test.each([
    `${ask} & wait $!`,
    `${ask} & pid=$!; wait $pid || exit 1`,
    `${ask} & wait -n`,
    `${ask} || exit $?`,
    `${ask}; [ $? -eq 0 ]`,
  ])('bash: its failure is that of the hook: %s', async (script) => {
    const hook = `ExecStartPost=/bin/bash -c '${script.replaceAll('$', '$$$$')}'`;

    expect((await judged(unit(hook))).found).toEqual([
      'health-probe-rejected etcd-0 ExecStartPost 4',
    ]);
  });

  test.each([
    `${ask} & wait`,
    `sleep 1 & ${ask} & wait`,
    `echo $(sleep 1); ${ask}; true`,
    `for i in $(seq 1 5); do ${ask} && exit 0; done; exit 0`,
    `${ask}; [[ $? -ge 0 ]]`,
  ])('bash: its failure does not count: %s', async (script) => {
    const hook = `ExecStartPost=/bin/bash -c '${script.replaceAll('$', '$$$$')}'`;

    expect(await judged(unit(hook))).toEqual(passes);
  });

  const asked = `$(${ask})`;

  test.each([
    `other & ${ask} & wait $!`,
    `if other; then ${ask} & fi; wait $!`,
    `${ask}; test $? -ne 7`,
    `while ${ask}; [ $? -eq 7 ]; do sleep 1; done`,
    `${ask}; [ $? -ne 52 ]`,
    `${ask}; exit $(($?-56))`,
    `${ask}; rc=$?; ((rc == 0))`,
    `${ask}; rc=$?; let rc=rc-56`,
    `${ask}; [[ $? -eq 0 && 1 -eq 1 ]]`,
    `${ask}; [ \${PIPESTATUS[0]} -eq 0 ]`,
    `case ${asked} in *true*) exit 0;; *) exit 1;; esac`,
    `for x in ${asked}; do exit 0; done; exit 1`,
    `a=(${asked}); [ \${#a[@]} -gt 0 ]`,
    `grep -q true <(${ask})`,
    `read -r x < <(${ask}); [ -n "$x" ]`,
    `((${asked.replace(')', ' | wc -l)')} > 0))`,
    `exit $((1 - ${asked.replace(')', ' | wc -l)')}))`,
    `x="\${H:-${asked}}"; [ -n "$x" ]`,
    `[[ -n ${asked} && 1 -eq 1 ]]`,
    `while read -r x; do exit 0; done < <(${ask}); exit 1`,
    `grep -q true <<< "${asked}"`,
  ])('bash: whether its failure counts is not followed: %s', async (script) => {
    const hook = `ExecStartPost=/bin/bash -c '${script.replaceAll('$', '$$$$')}'`;

    expect(await judged(unit(hook))).toMatchObject({ status: 'incomplete', found: [] });
    const answered = hook.replaceAll('https://127.0.0.1:2379', 'http://127.0.0.1:2381');
    expect(await judged(unit(answered))).toEqual(passes);
  });

  test('at another machine, or at another address of this one', async () => {
    const hook = `ExecStartPost=/bin/sh -c 'curl -s http://10.0.0.5:2379/health'`;
    const onEach = unit(hook);
    const onOne = {
      ...onEach,
      'etcd.service': onEach['etcd.service'].replaceAll('0.0.0.0', '10.0.0.1'),
    };

    expect(await judged(onEach)).toMatchObject({ status: 'incomplete', found: [] });
    expect(await judged(onOne)).toEqual(passes);
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

test('a container whose command prints into a file before it starts etcd', async () => {
  const script = `echo starting > /run/started; exec etcd ${flags('etcd').join(' ')}`;
  const { 'docker-compose.yml': text, ...given } = withShell(compose(''));
  const command = `command: ["sh", "-c", ${JSON.stringify(script)}]`;
  const printing = text?.replace(/command: .*/, command) ?? '';

  expect(await judged({ ...given, 'docker-compose.yml': printing })).toEqual(passes);
});

const other = (hook: string) => ({
  ...unit(''),
  'kube-apiserver.service': `[Service]\nUser=root\n${hook}\nExecStart=/usr/bin/kube-apiserver --etcd-servers=https://10.0.0.1:2379 --etcd-cafile=/etc/pki/ca.crt --etcd-certfile=/etc/pki/client.crt --etcd-keyfile=/etc/pki/client.key\n`,
});

describe('curl in a hook of another unit', () => {
  test('without a certificate', async () => {
    const hook = 'ExecStartPre=/usr/bin/curl -fsk https://10.0.0.1:2379/health';

    expect(await judged(other(hook))).toEqual({
      status: 'fail',
      found: [
        'client-skips-verification kube-apiserver-exec-start-pre 3',
        'client-without-certificate kube-apiserver-exec-start-pre 3',
      ],
      open: [],
    });
  });

  test.each([
    'ExecStartPre=-/usr/bin/curl -fsk https://10.0.0.1:2379/health',
    `ExecStartPre=/bin/sh -c 'curl -fsk https://10.0.0.1:2379/health || true'`,
    'ExecStartPre=/usr/bin/curl -f http://10.0.0.1:2381/health',
  ])('%s', async (hook) => {
    expect(await judged(other(hook))).toEqual(passes);
  });

  test('whether its failure counts is not followed', async () => {
    const hook = `ExecStartPre=/bin/sh -c 'curl -fsk https://10.0.0.1:2379/health || other'`;

    expect(await judged(other(hook))).toEqual({
      status: 'incomplete',
      found: [],
      open: ['3 whether the ExecStartPre fails where its `curl` fails is not followed'],
    });
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

const onFirst = (hook: string) =>
  `[Service]\nUser=root\nEnvironmentFile=/etc/default/etcd\n${hook}\nExecStart=/usr/bin/etcd\n`;

const asking = async (hook: string) => {
  await using set = await threeMembers({}, { 'n1/etc/systemd/system/etcd.service': onFirst(hook) });
  const { results, verdict } = await audit({ paths: [set.path], maps: [] });
  const failed = results.filter((result) => result.verdict.status === 'fail');
  return { status: verdict.status, found: failed.map(({ target }) => target.name) };
};

describe('a request of one member to another', () => {
  test.each([
    'ExecStartPre=/usr/bin/curl -fsk https://10.0.0.2:2379/health',
    'ExecStartPost=/usr/bin/wget -qO- http://n3:2379/health',
  ])('without a certificate: %s', async (hook) => {
    const { status, found } = await asking(hook);

    expect(status).toBe('fail');
    expect(found).toContain(`n1 ${hook.replace(/=.*/, '')}`);
  });

  test.each([
    'ExecStartPre=-/usr/bin/curl -fsk https://10.0.0.2:2379/health',
    'ExecStartPre=/usr/bin/curl -fsk https://10.0.0.9:2379/health',
  ])('that does not count, or goes to no member: %s', async (hook) => {
    expect((await asking(hook)).status).toBe('pass');
  });
});
