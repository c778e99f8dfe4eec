import { describe, expect, test } from 'vitest';
import { blocksOf, readHcl } from '../../../src/collect/settings/hcl.ts';
import { readSettings } from '../../../src/collect/settings/read-settings.ts';
import { readMemberSettings } from '../../../src/etcd/read-member-settings.ts';
import { etcdVersion } from '../../../src/etcd/version.ts';

const file = (text: string) => ({ path: 'etcd.nomad.hcl', text });

/** A task of the docker driver whose block begins on line 3. */
const job = (task: string) => `job "etcd" {
  group "etcd" {
    task "etcd" {
      driver = "docker"
${task}    }
  }
}
`;

async function read(task: string) {
  const { members, notUnderstood } = await readSettings([file(job(task))], {
    find: () => undefined,
  });
  const [member] = members;
  const reading = member && readMemberSettings(member.sources, etcdVersion('3.5.21'));
  return { members, member, notUnderstood, settings: reading?.settings };
}

test('the arguments and variables of a task are those of etcd', async () => {
  const { settings, notUnderstood } = await read(`      config {
        image   = "quay.io/coreos/etcd:v3.5.21"
        command = "/usr/local/bin/etcd"
        args    = [
          "--name=n1", # a comment
          "--cert-file", "/certs/\\u0061.crt",
        ]
      }
      env {
        ETCD_CLIENT_CERT_AUTH = true
        ETCD_KEY_FILE         = "/certs/server.key"
      }
`);

  expect(notUnderstood).toEqual([]);
  expect(settings?.name).toMatchObject({ value: 'n1', origin: { location: { line: 9 } } });
  expect(settings?.client).toMatchObject({
    clientCertAuth: { value: true, origin: { location: { line: 14 } } },
    keyFile: { value: '/certs/server.key' },
  });
});

test('a template is the configuration file that it becomes', async () => {
  const { settings, member } = await read(`      config {
        image = "quay.io/coreos/etcd:v3.5.21"
        args  = ["etcd", "--config-file", "/local/etcd.yml"]
      }
      template {
        destination = "local/etcd.yml"
        data        = <<-EOF
          name: n1
          client-transport-security:
            client-cert-auth: true
          EOF
      }
`);

  expect(member?.missingFiles).toEqual([]);
  expect(settings?.client.clientCertAuth).toMatchObject({
    value: true,
    origin: { location: { file: 'etcd.nomad.hcl', line: 14 } },
  });
});

test('a template of variables is an environment, and what Nomad fills in is named', async () => {
  const { settings, notUnderstood } = await read(`      config {
        image   = "quay.io/coreos/etcd:v3.5.21"
        command = "etcd"
      }
      template {
        destination = "secrets/etcd.env"
        env         = true
        data        = <<EOF
ETCD_NAME=n1
ETCD_TRUSTED_CA_FILE={{ key "ca" }}
EOF
      }
`);

  expect(settings?.name?.value).toBe('n1');
  expect(notUnderstood).toEqual([
    {
      path: 'etcd.nomad.hcl',
      line: 14,
      reason:
        'ETCD_TRUSTED_CA_FILE is `{{ key "ca" }}`, a placeholder that is replaced before etcd reads it',
    },
  ]);
});

test.each([
  { what: 'a variable in a word', args: '["--client-cert-auth=${var.auth}"]' },
  { what: 'a variable for a word', args: '["--client-cert-auth", var.auth]' },
  { what: 'a call for all words', args: 'concat(["--client-cert-auth"], local.more)' },
  { what: 'a conditional', args: 'var.auth ? ["--client-cert-auth"] : []' },
])('$what is named, not guessed', async ({ args }) => {
  const { notUnderstood } = await read(`      config {
        image   = "quay.io/coreos/etcd:v3.5.21"
        command = "etcd"
        args    = ${args}
      }
`);

  expect(notUnderstood.map(({ path, line }) => `${path}:${line}`)).toEqual(['etcd.nomad.hcl:8']);
});

const etcd = `      config {
        image = "quay.io/coreos/etcd:v3.5.21"
        args  = ["etcd", "--name=n1"]
      }
`;

test.each([
  {
    what: 'an environment that is an expression',
    text: 'env = merge({ETCD_CIPHER_SUITES="bogus"}, var.extra)',
    reason: 'the environment is an expression, not a map of values',
  },
  {
    what: 'a list for the value of a variable',
    text: 'env = { ETCD_CIPHER_SUITES = ["a"] }',
    reason: 'the value of ETCD_CIPHER_SUITES is not plain text',
  },
  {
    what: 'a dynamic block',
    text: 'dynamic "env" { }',
    reason: 'Nomad makes the `env` blocks from a `dynamic` block',
  },
  {
    what: 'an HTTP check',
    text: 'service { \n check { \n type = "http"\n protocol = "https"\n } \n }',
    line: 10,
    reason: 'whether etcd accepts the request of this check (type `http`) is not examined',
  },
])('$what is named, not left out', async ({ text, line = 9, reason }) => {
  const { members, notUnderstood } = await read(`${etcd}${text}\n`);

  expect(members).toHaveLength(1);
  expect(notUnderstood).toEqual([{ path: 'etcd.nomad.hcl', line, reason }]);
});

test('tasks that Nomad makes are named where the job has to do with etcd', async () => {
  const text = `job "etcd" {
  group "etcd" {
    dynamic "task" {
      content {
        env = { ETCD_CERT_FILE = "/certs/a.crt" }
      }
    }
  }
}
`;
  const { notUnderstood } = await readSettings([file(text)], { find: () => undefined });

  expect(notUnderstood[0]).toEqual({
    path: 'etcd.nomad.hcl',
    line: 3,
    reason: 'Nomad makes the `task` blocks from a `dynamic` block',
  });
});

test('checks that connect, and dynamic blocks that change nothing about TLS, are not named', async () => {
  const { notUnderstood } = await read(
    `${etcd}service { \n check { \n type = "tcp"\n } \n }\ndynamic "constraint" { }\n`,
  );

  expect(notUnderstood).toEqual([]);
});

const check = `service {
  check {
    type    = "script"
    task    = "etcd"
    command = "etcdctl"
    args    = ["--endpoints=https://nope:2379", "endpoint", "health"]
  }
}
`;

test.each([
  { level: 'task', text: job(`${etcd}${check}`) },
  { level: 'group', text: job(etcd).replace('    task', `${check}    task`) },
])('the script of a check of a $level is a client', async ({ text }) => {
  const { clients, notUnderstood } = await readSettings([file(text)], { find: () => undefined });

  expect(notUnderstood).toEqual([]);
  const current = clients.filter(({ lifetime }) => lifetime === undefined || 'since' in lifetime);
  expect(current).toMatchObject([{ kind: 'etcdctl' }]);
  expect(JSON.stringify(clients)).toContain('nope');
});

test('volumes and mounts lead to the host', async () => {
  const { member } = await read(`      user = "1000:1000"
      config {
        image   = "quay.io/coreos/etcd:v3.5.21"
        command = "etcd"
        volumes = ["/etc/pki:/certs:ro", "local/ca.pem:/ca.pem"]
        mount {
          type   = "bind"
          source = "/srv/etcd"
          target = "/data"
        }
      }
`);

  expect(member?.mounts).toMatchObject([
    { inside: '/certs', source: '/etc/pki' },
    { inside: '/ca.pem', source: '/local/ca.pem' },
    { inside: '/data', source: '/srv/etcd' },
    { inside: '/local' },
    { inside: '/secrets' },
    { inside: '/alloc' },
  ]);
  expect(member?.directives).toMatchObject([
    { name: 'User', value: '1000' },
    { name: 'Group', value: '1000' },
  ]);
});

describe('reads the syntax', () => {
  test('of blocks, comments, objects and here-documents', () => {
    const reading = readHcl(
      file(`/* first
   lines */
service "a" b {
  port = -1.5e3 // number
  map  = { "x y" = [true, null,], z : "\\"q\\"\\n" }
  text = <<EOT
  a
EOT
  inner { v = "$\{x["y"]}" }
}
`),
    );
    if (!reading.ok) throw new Error(`line ${reading.line}`);
    const [block] = blocksOf(reading.body, 'service');

    expect(block?.labels).toEqual(['a', 'b']);
    expect(block?.location.line).toBe(3);
    expect(block?.attributes).toMatchObject({
      entries: [
        { key: 'port', value: { value: -1500, asText: '-1.5e3' } },
        {
          key: 'map',
          value: {
            entries: [
              { key: 'x y', value: { items: [{ value: true }, { value: null }] } },
              { key: 'z', value: { value: '"q"\n' } },
            ],
          },
        },
        { key: 'text', location: { line: 6 }, value: { value: '  a\n', isBlock: true } },
      ],
    });
    expect(blocksOf(block, 'inner')[0]?.attributes).toMatchObject({
      entries: [{ value: { value: '${x["y"]}' } }],
    });
  });

  test.each(['a {', 'a = ', 'a = <<EOF\n', '}', 'a = [1 2]\n{', 'a {'.repeat(100)])(
    'and refuses %j',
    (text) => {
      expect(readHcl(file(text)).ok).toBe(false);
    },
  );

  test('in linear time', () => {
    const text = `a = "${'${'.repeat(50_000)}\nb = [${'"x", '.repeat(50_000)}]\n`;

    expect(readHcl(file(text)).ok).toBe(true);
  });
});
