import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { audit } from '../../../src/audit.ts';
import { readMemberSettings } from '../../../src/etcd/read-member-settings.ts';
import { etcdVersion } from '../../../src/etcd/version.ts';
import { forms } from '../../../src/collect/settings/forms/index.ts';
import { readSettings } from '../../../src/collect/settings/read-settings.ts';
import type { TextFile } from '../../../src/model/draft.ts';

/** A folder in which each file exports one thing by the same name, and the index that lists them. */
const folders = [
  {
    folder: 'src/collect/settings/forms',
    exported: 'form',
    type: 'SettingsForm',
    from: '../settings-form.ts',
    about: 'Every form of settings.',
    list: 'forms',
  },
  {
    folder: 'src/collect/settings/clients',
    exported: 'client',
    type: 'EtcdClient',
    from: './etcd-client.ts',
    about: 'Every client of etcd whose settings are read.',
    list: 'clients',
  },
];

function variable(name: string): string {
  return name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

test.each(folders)('the index of $folder lists all of its files', async (each) => {
  const { folder, exported, type, from, about, list } = each;
  const names = readdirSync(folder)
    .filter((name) =>
      readFileSync(`${folder}/${name}`, 'utf8').includes(`export const ${exported}: ${type}`),
    )
    .map((name) => name.replace(/\.ts$/, ''))
    .toSorted();
  const index = [
    '// Generated from the files of this folder by test/collect/settings/forms.test.ts; `npm run docs` updates it.',
    ...names.map((name) => `import { ${exported} as ${variable(name)} } from './${name}.ts';`),
    `import type { ${type} } from '${from}';`,
    '',
    `/** ${about} */`,
    `export const ${list}: readonly ${type}[] = [`,
    ...names.map((name) => `  ${variable(name)},`),
    '];',
    '',
  ];

  await expect(index.join('\n')).toMatchFileSnapshot(`../../../${folder}/index.ts`);
});

const flags =
  '--name e1 --listen-client-urls https://10.0.0.1:2379 --advertise-client-urls https://10.0.0.1:2379 --cert-file /etc/etcd/server.crt --key-file /etc/etcd/server.key';
const words = JSON.stringify(flags.split(' '));

/** The same settings in every form: the client port is encrypted and no certificate is asked for. */
const written: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'a unit that runs bash': {
    'etcd.service': `[Service]\nExecStart=/bin/bash -c "GOMAXPROCS=$(nproc) /usr/bin/etcd ${flags}"\n`,
  },
  'a unit with nice and ionice': {
    'etcd.service': `[Service]\nExecStart=/usr/bin/nice -n -19 /usr/bin/ionice -c2 -n0 /usr/bin/etcd ${flags}\n`,
  },
  'a unit with a versioned binary': {
    'etcd.service': `[Service]\nExecStart=/opt/etcd-v3.5.16-linux-amd64/etcd-3.5.16 ${flags}\n`,
  },
  'a unit that runs a script': {
    'etc/systemd/system/etcd.service': '[Service]\nExecStart=/usr/local/bin/run-etcd --name e1\n',
    'usr/local/bin/run-etcd': `#!/bin/sh\nset -eu\nexec /usr/bin/etcd "$@" ${flags.replace('--name e1 ', '')} >>/var/log/etcd.log 2>&1\n`,
  },
  'a unit with setpriv and numactl': {
    'etcd.service': `[Service]\nExecStart=/usr/bin/setpriv --reuid etcd --clear-groups -- numactl -N 0 -m 0 etcd ${flags}\n`,
  },
  'a unit of podman': {
    'etcd.service': `[Service]\nExecStart=/usr/bin/podman run --rm --network host -v /etc/etcd:/etc/etcd:Z quay.io/coreos/etcd:v3.5.16 etcd ${flags}\n`,
  },
  'a template of units with the instance in a file name': {
    'etc/systemd/system/etcd@.service':
      '[Service]\nEnvironmentFile=/etc/etcd/%i.env\nExecStart=/usr/bin/etcd $OPTS\n',
    'etc/etcd/e1.env': `OPTS=${flags}\n`,
  },
  'a quadlet': {
    'etcd.container': `[Container]\nImage=quay.io/coreos/etcd:v3.5.16\nExec=etcd ${flags}\nVolume=/etc/etcd:/etc/etcd\n`,
  },
  'a Procfile': { Procfile: `e1: bin/etcd ${flags}\n` },
  'output of ps': { 'ps.txt': `root 812 1 0 etcd ${flags}\n` },
  'output of ps aux': {
    'ps.txt': `USER PID %CPU %MEM VSZ RSS TTY STAT START TIME COMMAND\netcd 812 0.0 0.1 1 1 ? Ssl 10:00 0:01 /usr/bin/etcd ${flags}\n`,
  },
  'output of systemctl status': {
    'status.txt': `● etcd.service - etcd\n   Main PID: 812 (etcd)\n     CGroup: /system.slice/etcd.service\n             └─812 /usr/bin/etcd ${flags}\n`,
  },
  'output of systemctl show': {
    'show.txt': ['ExecStart', 'ExecStartEx']
      .map(
        (name) =>
          `${name}={ path=/usr/bin/etcd ; argv[]=/usr/bin/etcd ${flags} ; ignore_errors=no ; start_time=[n/a] ; pid=0 }\n`,
      )
      .join(''),
  },
  supervisor: {
    'etcd.ini': `[program:etcd]\ncommand=/usr/bin/etcd ${flags} ; comment\nuser=etcd\n`,
  },
  OpenRC: {
    'etc/init.d/etcd': `#!/sbin/openrc-run\ncommand="/usr/bin/etcd"\ncommand_args="\${ETCD_OPTS}"\n`,
    'etc/conf.d/etcd': `ETCD_OPTS="${flags}"\n`,
  },
  'a property list of launchd': {
    'etcd.plist': `<?xml version="1.0" encoding="UTF-8"?>\n<plist version="1.0">\n<dict>\n<key>Label</key>\n<string>etcd</string>\n<!-- <key>Program</key> -->\n<key>ProgramArguments</key>\n<array>\n<string>/usr/local/bin/etcd</string>\n${flags
      .split(' ')
      .map((word) => `<string>${word}</string>`)
      .join('\n')}\n</array>\n<key>KeepAlive</key>\n<true/>\n</dict>\n</plist>\n`,
  },
  'a job of Nomad': {
    'etcd.nomad.hcl': `job "etcd" {\n  group "etcd" {\n    task "etcd" {\n      driver = "exec"\n      config {\n        command = "/usr/bin/etcd"\n        args = ${words}\n      }\n    }\n  }\n}\n`,
  },
  'an init script': {
    'etc/init.d/etcd': `#!/bin/sh\ncase "$1" in\nstart)\n  start-stop-daemon --start --chuid etcd --exec /usr/bin/etcd -- ${flags}\n  ;;\nesac\n`,
  },
  'an init script of Red Hat’s functions': {
    'etc/rc.d/init.d/etcd': `#!/bin/bash\n. /etc/rc.d/init.d/functions\n[ -f /etc/sysconfig/etcd ] && . /etc/sysconfig/etcd\ndaemon --user=etcd /usr/bin/etcd $ETCD_ARGS\n`,
    'etc/sysconfig/etcd': `ETCD_ARGS="${flags}"\n`,
  },
  'an init script of Debian’s interpreter': {
    'etc/init.d/etcd': `#!/bin/sh /lib/init/init-d-script\nNAME=etcd\nDAEMON=/usr/bin/etcd\nSTART_ARGS="--chuid etcd --background"\n[ -r /etc/default/$NAME ] && . /etc/default/$NAME\n`,
    'etc/default/etcd': `DAEMON_ARGS="${flags}"\n`,
  },
  'an init script next to a unit': {
    'etc/init.d/etcd': '#!/bin/sh\nexec /usr/bin/etcd --name other\n',
    'lib/systemd/system/etcd.service': `[Service]\nExecStart=/usr/bin/etcd ${flags}\n`,
  },
  'an init script named as the program': {
    'etc/init.d/etcd': `#!/bin/sh\nDAEMON=/usr/bin/etcd\nstart-stop-daemon --start --exec $DAEMON -- ${flags}\n`,
  },
  'cloud-config with units': {
    'user-data': `#cloud-config\ncoreos:\n  units:\n  - name: etcd-member.service\n    content: |\n      [Service]\n      ExecStart=/usr/bin/etcd ${flags}\n`,
  },
  'cloud-config with files': {
    'user-data': `#cloud-config\nwrite_files:\n- path: /etc/systemd/system/etcd.service\n  encoding: b64\n  content: ${Buffer.from(`[Service]\nExecStart=/usr/bin/etcd ${flags}\n`).toString('base64')}\n`,
  },
  Ignition: {
    'config.ign': JSON.stringify({
      ignition: { version: '3.4.0' },
      systemd: {
        units: [
          { name: 'etcd.service', contents: `[Service]\nExecStart=/usr/bin/etcd ${flags}\n` },
        ],
      },
    }),
  },
  Butane: {
    'config.bu': `variant: fcos\nversion: 1.5.0\nsystemd:\n  units:\n  - name: etcd.service\n    contents: |\n      [Service]\n      ExecStart=/usr/bin/etcd ${flags}\n`,
  },
  'a script that writes a unit': {
    'install.sh': `#!/bin/bash\ncat <<EOF | sudo tee /etc/systemd/system/etcd.service\n[Service]\nExecStart=/usr/local/bin/etcd \\\\\n  ${flags}\nEOF\n`,
  },
  'a pod with a shell': {
    'etcd.yaml': `kind: Pod\nspec:\n  containers:\n  - name: etcd\n    image: registry.k8s.io/etcd:3.5.16-0\n    command: [/bin/sh, -c]\n    args:\n    - |\n      #!/bin/sh\n      set -euo pipefail\n      exec nice -n -19 ionice -c2 -n0 etcd ${flags} || mv a b\n`,
  },
  'a pod with flags alone': {
    'etcd.json': `{"apiVersion":"v1","kind":"Pod","spec":{"containers":[{"image":"rancher/mirrored-coreos-etcd:v3.5.16","args":${words}}]}}`,
  },
  'a compose file': {
    'compose.yaml': `services:\n  e1:\n    image: quay.io/coreos/etcd:v3.5.16\n    command: >\n      etcd ${flags}\n`,
  },
  'docker inspect': {
    'inspect.json': `[{"Path":"/usr/local/bin/etcd","Args":${words},"Config":{"Env":["PATH=/bin"],"Cmd":null,"Image":"etcd:v3.5.16"},"HostConfig":{"Binds":["/etc/etcd:/etc/etcd"]}}]`,
  },
  'a Dockerfile': {
    Dockerfile: `FROM quay.io/coreos/etcd:v3.5.16\nCMD ["etcd", ${words.slice(1)}\n`,
  },
  'arguments of MicroK8s': {
    'args/etcd': `${flags.replaceAll(' --', '\n--').replaceAll(/ (?=[^-])/g, '=')}\n`,
  },
  'a run file of runit': {
    'etc/sv/etcd/run': `#!/bin/sh\nexec 2>&1\nexec chpst -u etcd /usr/bin/etcd ${flags}\n`,
  },
  'a stack of docker swarm': {
    'stack.yml': `version: "3.8"\nservices:\n  e1:\n    image: quay.io/coreos/etcd:v3.5.16\n    command: etcd ${flags}\n    deploy:\n      replicas: 1\n`,
  },
  'cloud-config with packed files': {
    'user-data': `#cloud-config\nwrite_files:\n- path: /etc/systemd/system/etcd.service\n  encoding: gz+b64\n  content: ${gzipSync(`[Service]\nExecStart=/usr/bin/etcd ${flags}\n`).toString('base64')}\n`,
  },
  'functions that are never called': {
    'run.sh': `#!/bin/sh\ntls() {\n  export ETCD_CLIENT_CERT_AUTH=true\n}\nfalse && tls\n( tls )\nexec etcd ${flags}\n`,
  },
  'a shell script with an array': {
    'start.sh': `#!/bin/bash\nARGS=(${flags.replaceAll(' --', '\n  --')})\nexec etcd "\${ARGS[@]}"\n`,
  },
};

test.each(Object.entries(written))('reads %s', async (_, texts) => {
  const { members, notUnderstood } = await read(texts);

  expect(notUnderstood).toEqual([]);
  expect(members).toMatchObject([{ name: 'e1' }]);
  const sources = members.flatMap((member) => member.sources);
  const said = sources.flatMap((source) => (source.kind === 'flags' ? source.arguments : []));
  expect(said.map(({ text }) => text.split('=')[0])).toContain('--cert-file');
  // What is said of a setting is said where it is written.
  for (const { text, location } of said.filter((word) => word.text.startsWith('--cert-file'))) {
    const file = Object.entries(texts).find(([path]) => path === location?.file)?.[1] ?? '';
    const line = file.split('\n')[(location?.line ?? 0) - 1] ?? '';
    expect(/^[ \t]*content: |^\{/.test(line) || line.includes(text)).toBe(true);
  }
});

/** What is not settled in the files, or is in a form that nobody here reads. */
const open: Readonly<Record<string, readonly [path: string, line: number, text: string]>> = {
  'a Helm template': [
    'etcd.yaml',
    5,
    'kind: Pod\nspec:\n  containers:\n  - name: etcd\n    command: [etcd, "--client-cert-auth={{ .Values.auth }}"]\n',
  ],
  'an Ansible template': [
    'etcd.env.j2',
    2,
    'ETCD_NAME=e1\nETCD_CLIENT_CERT_AUTH={{ etcd_client_auth }}\n',
  ],
  'a template that decides': [
    'etcd.env.j2',
    2,
    'ETCD_NAME=e1\n{% if tls %}\nETCD_CERT_FILE=/a\n{% endif %}\n',
  ],
  'arguments of a caller': ['entrypoint.sh', 2, '#!/bin/sh\nexec etcd "$@"\n'],
  'a program of another name': [
    'etcd.service',
    2,
    '[Service]\nExecStart=/opt/run --initial-cluster a=https://a:2380 --cert-file /a\n',
  ],
  'a command in a command': [
    'run.sh',
    2,
    '#!/bin/sh\nexec etcd --name e1 --listen-client-urls https://$(get-ip):2379\n',
  ],
  'a branch': [
    'run.sh',
    2,
    `#!/bin/sh\nif test -d /etc/tls; then export ETCD_CLIENT_CERT_AUTH=true; fi\nexec etcd ${flags}\n`,
  ],
  'a case': [
    'run.sh',
    2,
    `#!/bin/sh\ncase $(uname) in Linux) export ETCD_CLIENT_CERT_AUTH=true ;; esac\nexec etcd ${flags}\n`,
  ],
  'one of two commands': [
    'run.sh',
    2,
    `#!/bin/sh\nif test -d /etc/tls; then exec etcd ${flags} --client-cert-auth; fi\nexec etcd ${flags}\n`,
  ],
  'what eval runs': ['run.sh', 2, `#!/bin/sh\neval "$(cat /etc/etcd/env)"\nexec etcd ${flags}\n`],
  'what sed writes': [
    'run.sh',
    2,
    `#!/bin/sh\nsed -i s/ETCD_CLIENT_CERT_AUTH=false/ETCD_CLIENT_CERT_AUTH=true/ /etc/etcd/env\nexec etcd ${flags}\n`,
  ],
  'a script for fish': ['run.fish', 1, `#!/usr/bin/fish\nexec etcd ${flags}\n`],
  'what sudo keeps back': ['run.sh', 2, '#!/bin/sh\nexport ETCD_NAME=e1\nsudo etcd\n'],
  'a variable that docker passes on': [
    'run.sh',
    2,
    `#!/bin/sh\ndocker run -e ETCD_CLIENT_CERT_AUTH quay.io/coreos/etcd:v3.5.16 etcd ${flags}\n`,
  ],
  'a variable that Compose passes on': [
    'compose.yaml',
    5,
    `services:\n  e1:\n    image: quay.io/coreos/etcd:v3.5.16\n    environment:\n    - ETCD_CLIENT_CERT_AUTH\n    command: etcd ${flags}\n`,
  ],
  'a variable of a Secret': [
    'pod.yaml',
    7,
    `kind: Pod\nspec:\n  containers:\n  - name: etcd\n    command: [etcd]\n    env:\n    - name: ETCD_CLIENT_CERT_AUTH\n      valueFrom: {secretKeyRef: {name: a, key: b}}\n`,
  ],
  'a patch of Talos’ machine configuration': [
    'patch.yaml',
    4,
    'cluster:\n  etcd:\n    extraArgs:\n      client-cert-auth: "false"\n',
  ],
  'RKE1’s cluster.yml': [
    'cluster.yml',
    4,
    'services:\n  etcd:\n    extra_args:\n      client-cert-auth: "false"\n',
  ],
  'k0s’ ClusterConfig': [
    'k0s.yaml',
    7,
    'kind: ClusterConfig\nspec:\n  storage:\n    type: etcd\n    etcd:\n      extraArgs:\n        client-cert-auth: "false"\n',
  ],
  'Cluster API’s KubeadmControlPlane': [
    'control-plane.yaml',
    8,
    'kind: KubeadmControlPlane\nspec:\n  kubeadmConfigSpec:\n    clusterConfiguration:\n      etcd:\n        local:\n          extraArgs:\n            client-cert-auth: "false"\n',
  ],
  'a process without its environment': [
    'proc/812/cmdline',
    1,
    `etcd\0${flags.replaceAll(' ', '\0')}\0`,
  ],
  'a task of Nomad outside its group': [
    'etcd.nomad.hcl',
    4,
    'job "etcd" {\n  task "etcd" {\n    config {\n      args = ["--initial-cluster", "a"]\n    }\n  }\n}\n',
  ],
  'broken HCL': ['etcd.nomad.hcl', 3, 'job "etcd" {\n  args = ["--initial-cluster"]\n  ]\n}\n'],
  'a kustomization': [
    'kustomization.yaml',
    5,
    'patches:\n- patch: |-\n    - op: add\n      path: /spec/template/spec/containers/0/args/-\n      value: --client-cert-auth=false\n',
  ],
  'a patch of kustomize': [
    'patch.yaml',
    9,
    'apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: etcd}\nspec:\n  template:\n    spec:\n      containers:\n      - name: etcd\n        env: [{name: ETCD_CLIENT_CERT_AUTH, value: "false"}]\n',
  ],
  'a configuration of a client that is not known': [
    'milvus.yaml',
    2,
    'etcd:\n  endpoints: [10.0.0.1:2379]\n  ssl:\n    tlsCACert: /ca.pem\n',
  ],
  'a program that connects to etcd': [
    'stolon.service',
    2,
    '[Service]\nExecStart=/usr/bin/stolon-keeper --store-endpoints=https://10.0.0.1:2379\n',
  ],
  'output of systemctl status that is cut off': [
    'status.txt',
    2,
    '     CGroup: /system.slice/etcd.service\n             └─812 /usr/bin/etcd --name e1 --initial-cluster e1=https://10.0.0.1:2380 --trusted-ca-file /etc/etcd/pk…\n',
  ],
  'a client that is not known, at an IPv6 address': [
    'app.conf',
    1,
    'endpoint = https://[fd00::1]:2379\nca = /etc/app/ca.pem\n',
  ],
  'a module of NixOS': [
    'configuration.nix',
    2,
    '{ config, ... }: {\n  services.etcd = {\n    enable = true;\n    certFile = "/etc/etcd/server.crt";\n  };\n}\n',
  ],
  'output of kubectl describe': [
    'describe.txt',
    7,
    'Name:         etcd\nNamespace:    kube-system\nContainers:\n  etcd:\n    Command:\n      etcd\n      --initial-cluster=a\n',
  ],
  'Helm values': ['values.yaml', 3, 'etcd:\n  extraEnv:\n    ETCD_CLIENT_CERT_AUTH: "false"\n'],
  'a property list that starts nothing': [
    'etcd.plist',
    3,
    '<plist>\n<array>\n<string>--listen-client-urls</string>\n</array>\n</plist>\n',
  ],
};

test.each(Object.entries(open))(
  'says that %s was not understood',
  async (_, [path, line, text]) => {
    const { notUnderstood } = await read({ [path]: text });

    expect(notUnderstood).toMatchObject([{ path, line }]);
  },
);

test.each([
  ['an address in a comment', 'a.conf', '# https://10.0.0.1:2379\n'],
  [
    'an address without TLS',
    'haproxy.cfg',
    'backend etcd\n  mode tcp\n  server n1 10.0.0.1:2379\n',
  ],
  ['a longer number', 'a.conf', 'peer https://10.0.0.1:23790\n'],
  ['prose', 'notes.txt', 'etcd answers at https://10.0.0.1:2379\n'],
])('passes over %s', async (_, path, text) => {
  expect((await read({ [path]: text })).notUnderstood).toEqual([]);
});

test('takes the environment out of what systemctl show prints', async () => {
  const { members } = await read({
    'show.txt': `Environment=ETCD_LISTEN_CLIENT_HTTP_URLS=http://0.0.0.0:8080 "ETCD_NAME=e 2"\nEnvironmentFiles=/etc/default/etcd (ignore_errors=yes)\nEnvironmentFiles=/etc/other (ignore_errors=no)\nExecStart={ path=/usr/bin/etcd ; argv[]=/usr/bin/etcd ${flags} ; ignore_errors=no ; pid=0 }\n`,
    'etc/default/etcd': 'ETCD_CLIENT_CRL_FILE=/crl.pem\n',
  });
  const set = members.flatMap(({ sources }) =>
    sources.flatMap((source) => (source.kind === 'environment' ? source.variables : [])),
  );

  expect(set.map(({ name, value, location }) => [name, value, location?.line])).toEqual([
    ['ETCD_LISTEN_CLIENT_HTTP_URLS', 'http://0.0.0.0:8080', 1],
    ['ETCD_NAME', 'e 2', 1],
    ['ETCD_CLIENT_CRL_FILE', '/crl.pem', 1],
  ]);
  expect(members).toMatchObject([{ missingFiles: ['/etc/other'] }]);
});

test('an init script is read where the unit of its name is of another host', async () => {
  const { members } = await read({
    'etc/init.d/etcd': '#!/bin/sh\nexec /usr/bin/etcd --name other\n',
    'node2/etc/systemd/system/etcd.service': `[Service]\nExecStart=/usr/bin/etcd ${flags}\n`,
  });

  expect(new Set(members.map(({ name }) => name))).toEqual(new Set(['e1', 'other']));
});

test('a file of the name of the program is the program, unless it is an init script', async () => {
  const unit = { path: 'etcd.service', text: `[Service]\nExecStart=/opt/etcd/etcd ${flags}\n` };
  const text = '#!/bin/sh\nexec /opt/etcd/etcd.real "$@" --data-dir /d\n';
  const wordsWith = async (path: string) => {
    const script = { path, text };
    const { members } = await readSettings([unit, script], {
      find: (wanted) => (wanted === '/opt/etcd/etcd' ? script : undefined),
    });
    return members.flatMap(({ sources }) =>
      sources.flatMap((source) => (source.kind === 'flags' ? source.arguments : [])),
    );
  };

  expect((await wordsWith('bin/etcd')).map((word) => word.text)).toContain('--data-dir');
  expect((await wordsWith('etc/init.d/etcd'))[1]?.text).toBe('e1');
});

/** Forms of which the text is in another test of this folder. */
const elsewhere = new Set([
  'kubeadm',
  'rancher',
  'talos',
  'config-map',
  'client-config',
  'environment-file',
  'etcd-config',
  'issued',
]);

test.each(forms.map((form) => [form.name, form] as const))(
  'the form %s is tried here',
  (name, form) => {
    const texts = [
      ...Object.values(written).flatMap((files) => Object.entries(files)),
      ...Object.values(open).map(([path, , text]) => [path, text] as const),
    ];
    const isTried = texts.some(([path, text]) => form.recognises({ path, text }));

    expect(isTried || elsewhere.has(name)).toBe(true);
  },
);

test('variables and the user of a property list of launchd are those of its process', async () => {
  const { members } = await read({
    'etcd.plist': `<plist version="1.0"><dict>\n<key>ProgramArguments</key><array><string>etcd</string></array>\n<key>UserName</key><string>etcd</string>\n<key>EnvironmentVariables</key><dict>\n<key>ETCD_NAME</key><string>a &amp; b</string>\n<key>ETCD_CERT_FILE</key><string/>\n</dict></dict></plist>`,
  });

  expect(members).toMatchObject([{ name: 'a & b', kind: 'launchd' }]);
  expect(members[0]?.directives).toMatchObject([{ name: 'User', value: 'etcd' }]);
});

test('the environment next to a command line is that of its process', async () => {
  const { members, notUnderstood } = await read({
    'proc/812/cmdline': '/usr/bin/etcd\0--name\0e1\0--initial-cluster-token\0\0',
    'proc/812/environ': 'HOME=/\0ETCD_CERT_FILE=/etc/etcd/a b.crt\0',
  });

  expect(notUnderstood).toEqual([]);
  expect(members).toMatchObject([{ name: 'e1', files: ['proc/812/cmdline', 'proc/812/environ'] }]);
  const variables = members[0]?.sources.flatMap((source) =>
    source.kind === 'environment' ? source.variables : [],
  );
  expect(variables).toContainEqual(
    expect.objectContaining({ name: 'ETCD_CERT_FILE', value: '/etc/etcd/a b.crt' }),
  );
});

test('a carriage return at the end of a line that a shell sources is part of the value', async () => {
  const { members } = await read({
    'run.sh': '#!/bin/sh\nset -a\n. ./etcd.env\nexec etcd\n',
    'etcd.env': 'ETCD_NAME=e1\r\nETCD_CLIENT_CERT_AUTH=true\r\n',
  });

  expect(members[0]?.name).toBe('e1\r');
});

test('systemd passes over lines that begin with export', async () => {
  const { notUnderstood } = await read({
    'etc/systemd/system/etcd.service':
      '[Service]\nEnvironmentFile=/etc/etcd/env\nExecStart=/usr/bin/etcd\n',
    'etc/etcd/env': 'ETCD_NAME=e1\nexport ETCD_CLIENT_CERT_AUTH=true\n',
  });

  expect(notUnderstood).toMatchObject([{ path: 'etc/etcd/env', line: 2 }]);
});

test('an override file of Compose is no member, and is not understood', async () => {
  const base = {
    'docker-compose.yml':
      'services:\n  e1:\n    image: quay.io/coreos/etcd:v3.5.12\n    environment:\n      ETCD_NAME: e1\n',
  };
  const path = 'docker-compose.override.yml';
  const text = 'services:\n  e1:\n    environment:\n      ETCD_CLIENT_CERT_AUTH: "false"\n';

  const whole = await read(base);
  const { members, notUnderstood } = await read({ ...base, [path]: text });

  expect(whole.notUnderstood).toEqual([]);
  expect(members.map(({ origin }) => origin.file)).toEqual(['docker-compose.yml']);
  expect(notUnderstood).toMatchObject([{ path }]);
});

test('systemd takes a byte order mark for a part of the first name', async () => {
  const path = 'etc/etcd/env';
  const unit = {
    path: 'etc/systemd/system/etcd.service',
    text: '[Service]\nEnvironmentFile=/etc/etcd/env\nExecStart=/usr/bin/etcd\n',
  };
  const file = { path, text: 'ETCD_NAME=e1\nETCD_CLIENT_CERT_AUTH=true\n' };
  const marked: TextFile = { ...file, hasByteOrderMark: true };

  const sound = await readSettings([unit, file], { find: () => file });
  const broken = await readSettings([unit, marked], { find: () => marked });

  expect(sound.members[0]?.name).toBe('e1');
  expect(sound.notUnderstood).toEqual([]);
  expect(broken.members[0]?.name).not.toBe('e1');
  expect(broken.notUnderstood).toMatchObject([{ path, line: 1 }]);
});

test('an environment file whose variables are in a client’s command line is understood', async () => {
  const { clients, notUnderstood } = await read({
    'etc/systemd/system/flanneld.service':
      '[Service]\nEnvironmentFile=/etc/sysconfig/flanneld\nExecStart=/usr/bin/flanneld -etcd-endpoints=${FLANNEL_ETCD_ENDPOINTS} $FLANNEL_OPTIONS\n',
    'etc/sysconfig/flanneld':
      'FLANNEL_ETCD_ENDPOINTS="https://a:2379"\nFLANNEL_OPTIONS="-etcd-cafile=/ca.pem -etcd-certfile=/c.pem -etcd-keyfile=/k.pem"\n',
  });

  expect(clients).toMatchObject([{ kind: 'flanneld', certFile: { value: '/c.pem' } }]);
  expect(notUnderstood).toEqual([]);
});

test.each([
  {
    what: 'prose',
    path: 'NOTES.md',
    text: 'Start it:\n\n    etcd --listen-client-urls https://a:2379\n',
  },
  {
    what: 'a log',
    path: 'journal',
    text: 'Nov 28 10:00:00 a etcd[1]: ETCD_NAME=a --initial-cluster b\n',
  },
  {
    what: 'program source',
    path: 'main.go',
    text: 'cmd := exec.Command("etcd", "--listen-client-urls", url)\n',
  },
  { what: 'a comment', path: 'etcd.cfg', text: '# ETCD_NAME=a\n' },
  {
    what: 'OpenSSL’s configuration',
    path: 'openssl.cnf',
    text: '[ etcd ]\nsubjectAltName = DNS:etcd-0\n',
  },
])('passes over $what', async ({ path, text }) => {
  expect(await read({ [path]: text })).toMatchObject({ members: [], notUnderstood: [] });
});

async function read(texts: Readonly<Record<string, string>>) {
  const files = Object.entries(texts).map(([path, text]) => ({ path, text }));
  return await readSettings(files, {
    find: (deployed) =>
      files.find(({ path }) => deployed === `/${path}` || deployed.endsWith(path)),
    paths: files.map(({ path }) => path),
  });
}

const found = new URL('../../../../shared/found/sets/', import.meta.url);

/** Sets that lie beside the repository where they are at hand; each has one fault, in one form. */
describe.skipIf(!existsSync(found))('sets that were found wrong', () => {
  const sets = existsSync(found) ? readdirSync(new URL('forms/', found)) : [];

  test.each(sets)('%s gives the finding, or is not understood', async (set) => {
    const directory = fileURLToPath(new URL(`forms/${set}`, found));
    const report = await audit({ paths: [directory], maps: [] });
    const failed = report.results.filter(({ verdict }) => verdict.status === 'fail');

    expect(
      failed.some(({ check }) => check.id === 'client-port-admits-anonymous') ||
        (report.facts.notUnderstood ?? []).length > 0,
    ).toBe(true);
  });
});

test('takes the peer URL that a member listens on where all that starts a cluster is left out', async () => {
  const text = 'name: n1\nlisten-peer-urls: https://10.0.0.1:2380\n';
  const { members } = await read({ 'etcd.conf.yml': text });
  const { settings } = readMemberSettings(members[0]?.sources ?? [], etcdVersion('3.5.21'));

  expect(settings.initialAdvertisePeerUrls).toMatchObject({
    value: ['https://10.0.0.1:2380'],
    origin: { via: 'assumed' },
  });
});
