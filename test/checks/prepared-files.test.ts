import { audit } from '../../src/audit.ts';
import { directoryWith } from '../support/directory.ts';
import { describe, expect, test } from 'vitest';
import { files, flags, judged } from '../support/containers.ts';

type Files = Readonly<Record<string, string>>;

const image = 'quay.io/coreos/etcd:v3.5.30';
const line = flags('10.0.0.1').join(' ');
const onHost = line.replaceAll('=/pki', '=/srv/pki');
const unit = (more: string, start = `/usr/bin/etcd ${onHost}`): Files => ({
  'etc/systemd/system/etcd.service': `[Service]\nUser=root\n${more}\nExecStart=${start}\n`,
});
const inShell = (commands: string) => unit(`ExecStartPre=/bin/bash -c '${commands}'`);
const started = (commands: string): Files => ({
  'compose.yaml': `services:\n  etcd:\n    image: registry.k8s.io/etcd:3.5.30-0\n    user: "0"\n    entrypoint: [sh, -c, "${commands} && exec etcd ${line}"]\n    volumes: ["./pki:/pki", "./data:/var/lib/etcd"]\n`,
});
const script = (commands: string): Files => ({
  ...unit('', '/usr/local/bin/start.sh'),
  'start.sh': `#!/bin/sh\nset -e\n${commands}\nexec etcd ${onHost}\n`,
});
const built = (dockerfile: string, build = 'build: .'): Files => ({
  'compose.yaml': `services:\n  etcd:\n    ${build}\n    user: "0"\n    command: ${JSON.stringify(['etcd', ...flags('10.0.0.1')])}\n    volumes: ["./data:/var/lib/etcd"]\n`,
  ...(dockerfile !== '' && { Dockerfile: dockerfile }),
});
const pod = (prepare: string, mount = '{name: pki, mountPath: /out}'): Files => ({
  'etcd.yaml': `apiVersion: v1
kind: Pod
metadata: {name: etcd-0, namespace: kube-system}
spec:
  initContainers: [{name: prepare, image: tools, command: ${prepare}, volumeMounts: [${mount}]}]
  containers:
  - name: etcd
    image: ${image}
    securityContext: {runAsUser: 0}
    command: ${JSON.stringify(['etcd', ...flags('10.0.0.1')])}
    volumeMounts: [{name: pki, mountPath: /pki}, {name: data, mountPath: /var/lib/etcd}]
  volumes:
  - {name: pki, hostPath: {path: /etc/pki}}
  - {name: data, hostPath: {path: /var/lib/etcd}}
`,
});
const from = `FROM ${image}\n`;
const moved = Object.fromEntries(
  Object.entries(files).map(([name, text]) => [name.replace('pki/', 'certs/'), text]),
);
const statuses = async (given: Files) => {
  const { status, found } = await judged(given);
  return { status, found };
};

describe('what a command or an image puts at a path is no given file of its name', () => {
  test.each<[string, Files]>([
    [
      'a command before the start',
      unit('ExecStartPre=/usr/bin/aws s3 cp s3://b/k /srv/pki/server.key'),
    ],
    ['a command after the start', unit('ExecStartPost=/bin/rm /srv/pki/server.key')],
    ['a command after the end', unit('ExecStopPost=-/bin/mv /srv/pki/server.key /root/')],
    ['a command for a reload', unit('ExecReload=/usr/bin/cp /root/new.key /srv/pki/server.key')],
    [
      'a command with an option',
      unit('ExecStartPre=/usr/bin/vault-get --output=/srv/pki/server.crt'),
    ],
    ['curl', unit('ExecStartPre=/usr/bin/curl -fsSo /srv/pki/ca.crt https://10.0.0.9/ca.crt')],
    ['a directory', unit('ExecStartPre=/usr/bin/gsutil rsync gs://b /srv/pki')],
    ['an archive', unit('ExecStartPre=/usr/bin/tar -xf /opt/pki.tar -C /srv/pki')],
    [
      'a redirection',
      unit(`ExecStartPre=/bin/sh -c 'vault read -field=key secret/etcd > /srv/pki/server.key'`),
    ],
    [
      'a copy of what was not given',
      unit('ExecStartPre=/usr/bin/cp /root/k8s-key.pem /srv/pki/server.key'),
    ],
    ['a link', unit('ExecStartPre=/usr/bin/ln -sf /run/fetched/key.pem /srv/pki/server.key')],
    ['what a builtin prints', unit(`ExecStartPre=/bin/sh -c 'echo "$$KEY" > /srv/pki/server.key'`)],
    ['a directory that a command enters', inShell('cd /srv/pki && aws s3 cp s3://b/k server.key')],
    ['a directory that is left again', inShell('pushd /srv/pki; vault kv get x > ca.crt; popd')],
    [
      'the directory of a unit',
      unit('WorkingDirectory=/srv\nExecStartPre=/usr/bin/git clone https://x/pki.git'),
    ],
    ['the directory of a service', unit('ExecStartPre=/usr/bin/unzip /x.zip -d srv/pki')],
    ['a directory that is not known', inShell('cd "$(cat /dir)" && aws s3 cp s3://b/k server.key')],
    ['a path that is not known', inShell('d=$(cat /dir); aws s3 cp s3://b/k $$d/server.key')],
    [
      'the home of a user',
      unit('WorkingDirectory=~\nExecStartPre=/usr/bin/curl -Os https://x/ca.crt'),
    ],
    ['an option', unit('ExecStartPre=/usr/bin/env -C /srv/pki tar -xf /opt/pki.tar')],
    ['install', unit('ExecStartPre=/usr/bin/install -m600 -t/srv/pki /root/new/*')],
    ['a copy that may be left out', inShell('[ -f /srv/pki/ca.crt ] || cp /root/ca.crt /srv/pki/')],
    [
      'a container in a directory of its own',
      pod('[curl, -o, server.key, "https://10.0.0.9/k"], workingDir: /out'),
    ],
    [
      'an init container in a directory that is not known',
      pod('[curl, -o, server.key, "https://10.0.0.9/k"]'),
    ],
    [
      'an init container that runs an unknown program too',
      pod('[sh, -c, "curl -o /tmp/x https://x; fetch"]'),
    ],
    [
      'a service in a directory that is not known',
      started('curl -o server.key https://10.0.0.9/k'),
    ],
    ['a script that starts etcd', script('aws s3 cp "s3://b/k" /srv/pki/server.key')],
    ['a script that generates', script('cd /tmp\nopenssl genrsa -out /srv/pki/server.key 2048')],
    ['a variable in a script', script('d=/srv/pki\ngsutil cp gs://b/k "$d/server.key"')],
    ['an init container with the directory of the host', pod('[fetch-certs]')],
    ['an init container with curl', pod('[curl, -o, /out/server.key, "https://10.0.0.9/k"]')],
    ['an image that is built without its Dockerfile', built('')],
    ['an image that copies another directory', built(`${from}COPY other/ /pki/\n`)],
    ['an image that adds another directory', built(`${from}ADD other /pki\n`)],
    [
      'an image that copies from another stage',
      built(`FROM alpine AS made\nRUN make /pki\n${from}COPY --from=made /pki/ /pki/\n`),
    ],
    ['an image with files of its base', built(`FROM registry.example.org/etcd\n`)],
    [
      'an image that replaces a file',
      built(`${from}COPY pki/ /pki/\nRUN openssl genrsa -out /pki/server.key 2048\n`),
    ],
    [
      'an image that replaces a directory',
      built(`${from}COPY pki/ /pki/\nCOPY --from=made / /pki/\n`),
    ],
    [
      'an image from another directory',
      built(`${from}COPY pki/ /pki/\n`, 'build: https://x/y.git'),
    ],
    [
      'an image of a Dockerfile alone',
      {
        Dockerfile: `${from}USER 0\nCOPY other/ /pki/\nCMD ${JSON.stringify(['etcd', ...flags('10.0.0.1')])}\n`,
      },
    ],
    [
      'an image of which nothing is known, below a directory of the system',
      {
        'compose.yaml': `services:\n  etcd:\n    image: registry.example.org/etcd\n    user: "0"\n    command: ${JSON.stringify(['etcd', ...flags('10.0.0.1').map((word) => word.replace('=/pki', '=/opt/pki'))])}\n`,
      },
    ],
    [
      'a credential that another one is not',
      {
        'etc/systemd/system/etcd.service': `[Service]\nUser=root\nLoadCredential=tls.pem:/srv/pki/ca.crt\nExecStart=/usr/bin/etcd ${line.replaceAll('=/pki/', '=%d/')}\n`,
      },
    ],
  ])('%s', async (_, given) => {
    expect(await statuses({ ...files, ...given })).toEqual({ status: 'incomplete', found: [] });
  });
});

describe('what does not write a file leaves it as given', () => {
  test.each<[string, Files]>([
    ['a signal for a reload', unit('ExecReload=/bin/kill -HUP $MAINPID')],
    ['a command after the end for another file', unit('ExecStopPost=/bin/rm -rf /run/etcd')],
    ['a command that changes the owner', unit('ExecStartPre=/usr/bin/chown -R root /srv/pki')],
    ['a command that reads', unit('ExecStartPre=/usr/bin/test -f /srv/pki/server.key')],
    ['openssl', unit('ExecStartPre=/usr/bin/openssl x509 -in /srv/pki/server.crt -noout')],
    ['a new directory', unit('ExecStartPre=/usr/bin/mkdir -p /srv/pki')],
    ['a command for another directory', unit('ExecStartPre=/usr/bin/aws s3 cp s3://b/k /srv/k')],
    ['a command in another directory', inShell('cd /srv/k && aws s3 cp s3://b/k server.key')],
    ['a subshell', inShell('(cd /srv/pki); aws s3 cp s3://b/k server.key')],
    [
      'the directory of a unit',
      unit('WorkingDirectory=/opt\nExecStartPre=/usr/bin/git clone https://x/pki.git'),
    ],
    [
      'a new directory that is made with install',
      unit('ExecStartPre=/usr/bin/install -d /srv/pki'),
    ],
    ['a temporary file', inShell('t=$(mktemp); vault kv get x > $$t')],
    ['a command that searches', unit('ExecStartPre=/usr/bin/find /srv/pki -name "*.key"')],
    [
      'a service in a directory of its own',
      started('cd /tmp && curl -o server.key https://10.0.0.9/k'),
    ],
    ['a copy of a given file', unit('ExecStartPre=/usr/bin/cp /root/pki/server.key /srv/pki/')],
    ['a script that reads', script('test -f /srv/pki/server.key || exit 1\nls /srv/pki')],
    ['an init container that changes modes', pod('[chmod, "600", /out/server.key]')],
    [
      'an init container that cannot write',
      pod('[fetch-certs]', '{name: pki, mountPath: /out, readOnly: true}'),
    ],
    ['an image that copies given files', built(`${from}COPY pki/ /pki/\n`)],
    ['an image that copies one by one', built(`${from}COPY pki/ca.crt pki/server.* /pki/\n`)],
    [
      'an image with given files and others',
      built(
        `${from}WORKDIR /pki\nCOPY ./pki .\nCOPY compose.yaml /pki/\nCOPY --from=x /b /usr/bin/\n`,
      ),
    ],
    [
      'an image that gets its files where it runs',
      {
        Dockerfile: `${from}USER 0\nCMD ${JSON.stringify(['etcd', ...flags('10.0.0.1')])}\n`,
      },
    ],
    [
      'an image with given files that a command reads',
      built(`${from}ADD --chown=0:0 ["pki", "/pki"]\nRUN chmod 600 /pki/*\n`),
    ],
  ])('%s', async (_, given) => {
    expect(await statuses({ ...files, ...given })).toEqual({ status: 'pass', found: [] });
  });

  test('a directory of credentials holds what its files hold', async () => {
    const given = {
      'etc/systemd/system/etcd.service': `[Service]\nUser=root\nLoadCredential=tls:/srv/certs\nExecStart=/usr/bin/etcd ${line.replaceAll('=/pki/', '=%d/tls_')}\n`,
    };

    expect(await statuses({ ...moved, ...given })).toEqual({ status: 'pass', found: [] });
  });
});

test('a directory of credentials is not where files are called like them', async () => {
  const named = Object.entries(files).map(([name, text]) => [name.replace('pki/', 'x/tls_'), text]);
  const given = {
    'etc/systemd/system/etcd.service': `[Service]\nUser=root\nLoadCredential=tls:/srv/other\nExecStart=/usr/bin/etcd ${line.replaceAll('=/pki/', '=%d/tls_')}\n`,
  };

  expect(await statuses({ ...Object.fromEntries(named), ...given })).toEqual({
    status: 'incomplete',
    found: [],
  });
});

test('the open question names the command and the given file', async () => {
  const given = unit('ExecStartPre=/usr/bin/aws s3 cp s3://b/k /srv/pki/server.key');
  await using set = await directoryWith({ ...files, ...given });
  const { verdict } = await audit({ paths: [set.path], maps: [] });

  expect(verdict.sentence).toContain(
    'the settings of etcd-0 refer to it, but what `aws` may write there was not given',
  );
  expect(verdict.next).toBe(
    `if ${set.at('pki/server.key')} is that file, say so with \`--map /srv/pki=${set.at('pki')}\``,
  );
});
