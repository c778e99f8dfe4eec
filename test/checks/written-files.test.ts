import { describe, expect, test } from 'vitest';
import { files, flags, judged } from '../support/containers.ts';

type Files = Readonly<Record<string, string>>;

const image = 'quay.io/coreos/etcd:v3.5.30';
const line = flags('10.0.0.1').join(' ');
const names = ['ca.crt', 'server.crt', 'server.key'] as const;
const pems: Files = files;
const pem = (name: string) => pems[`pki/${name}`] ?? '';
const encoded = (text: string) => Buffer.from(text).toString('base64');
const unit = (start = `/usr/bin/etcd ${line}`) =>
  `[Service]\nUser=root\nExecStart=${start.replaceAll('=/pki', '=/srv/pki')}\n`;

function cloudConfig(contentOf: (name: string) => string, start?: string): Files {
  const written = names.map((name) => `- path: /srv/pki/${name}\n  ${contentOf(name)}\n`);
  const own = unit(start).replaceAll(/^/gm, '    ');
  return {
    'user-data': `#cloud-config\nwrite_files:\n- path: /etc/systemd/system/etcd.service\n  content: |\n${own}\n${written.join('')}`,
  };
}

function ignition(sourceOf: (name: string) => string): Files {
  const units = [{ name: 'etcd.service', contents: unit() }];
  const written = names.map((name) => ({
    path: `/srv/pki/${name}`,
    contents: { source: sourceOf(name) },
  }));
  const config = {
    ignition: { version: '3.3.0' },
    systemd: { units },
    storage: { files: written },
  };
  return { 'config.ign': JSON.stringify(config) };
}

function nomad(blocks: string, directory: string): Files {
  const args = JSON.stringify(
    flags('10.0.0.1').map((word) => word.replace('=/pki', `=${directory}`)),
  );
  return {
    'etcd.nomad.hcl': `job "etcd" {\n group "etcd" {\n task "etcd" {\n driver = "docker"\n user = "root"\n config {\n image = "${image}"\n command = "etcd"\n args = ${args}\n }\n${blocks}\n }\n }\n}\n`,
  };
}

const templates = (dataOf: (name: string) => string) =>
  names
    .map(
      (name) =>
        `template {\n destination = "secrets/${name}"\n data = <<EOF\n${dataOf(name)}EOF\n }`,
    )
    .join('\n');
const quadlet = (more: string): Files => ({
  'etcd.container': `[Container]\nImage=${image}\nUser=0\nVolume=/etc/pki:/pki\n${more}\nExec=etcd ${line}\n`,
});
const run = (option: string): Files => ({
  'etcd.service': `[Service]\nExecStart=/usr/bin/podman run -u 0 -v /etc/pki:/pki ${option} ${image} etcd ${line}\n`,
});
const inContainer = `/usr/bin/docker run -u 0 -v /srv/pki:/certs ${image} etcd ${line.replaceAll('=/pki', '=/certs')}`;

describe('a file that settings write with contents that were not seen is no given file of its name', () => {
  test.each<[string, Files]>([
    ['a placeholder in cloud-config', cloudConfig((name) => `content: \${${name}}`)],
    [
      'a placeholder in cloud-config in base64',
      cloudConfig(() => 'encoding: b64\n  content: ${pem}'),
    ],
    ['a template in cloud-config', cloudConfig(() => 'content: "{{ pem }}"')],
    ['a placeholder for a container', cloudConfig(() => 'content: ${pem}', inContainer)],
    ['a URL in Ignition', ignition((name) => `https://10.0.0.9/${name}`)],
    [
      'a template of Nomad',
      nomad(
        templates(() => '{{ key "pem" }}\n'),
        '/secrets',
      ),
    ],
    [
      'an artifact of Nomad',
      nomad(
        'artifact {\n source = "https://10.0.0.9/pki.tar"\n destination = "local/pki"\n }',
        '/local/pki',
      ),
    ],
    ['a secret of a quadlet', quadlet('Secret=key,target=/pki/server.key')],
    ['a secret of podman run', run('--secret key,target=/pki/server.key')],
    [
      'a variable in a secret of a quadlet',
      quadlet('Secret=ca,type=env,target=ETCD_CLIENT_CRL_FILE'),
    ],
    [
      'a credential in a unit',
      {
        'etc/systemd/system/etcd.service': `${unit().replaceAll('=/srv/pki', '=%d')}SetCredential=server.key:x\n`,
      },
    ],
    [
      'an image that a unit mounts',
      { 'etc/systemd/system/etcd.service': `${unit()}MountImages=/srv/pki.raw:/srv/pki\n` },
    ],
  ])('%s', async (_, given) => {
    const { status, found } = await judged({ ...files, ...given });

    expect({ status, found }).toEqual({ status: 'incomplete', found: [] });
  });

  test.each<[string, Files]>([
    ['cloud-config', cloudConfig((name) => `encoding: b64\n  content: ${encoded(pem(name))}`)],
    [
      'cloud-config for a container',
      cloudConfig((name) => `encoding: b64\n  content: ${encoded(pem(name))}`, inContainer),
    ],
    [
      'Nomad',
      nomad(
        templates((name) => pem(name)),
        '/secrets',
      ),
    ],
    [
      'here-documents of a script',
      {
        'start.sh': `#!/bin/sh\n${names.map((name) => `cat > /srv/pki/${name} <<'EOF'\n${pem(name)}EOF\n`).join('')}exec etcd ${line.replaceAll('=/pki', '=/srv/pki')}\n`,
      },
    ],
    ['Ignition', ignition((name) => `data:;base64,${encoded(pem(name))}`)],
  ])('contents that are in %s are judged', async (_, given) => {
    expect(await judged(given)).toEqual({ status: 'pass', found: [], open: [] });
  });
});
