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

    expect(readHcl(file(text)).ok).toBeDefined();
  });
});
