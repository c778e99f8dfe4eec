import { describe, expect, test } from 'vitest';
import { audit } from '../../src/audit.ts';
import { open, written } from '../collect/settings/written.ts';
import { directoryWith } from '../support/directory.ts';
import { issueAuthority } from '../support/pki.ts';
import { configFile, configUnit, variable } from './forms.ts';
import { addressing, type Files, memberLeaf, mutualTls } from './plan.ts';

type Flags = Readonly<Record<string, string>>;

const host = { name: 'e1', address: '10.0.0.1', directory: '' };
const pki = '/etc/etcd';
const paths = { cert: `${pki}/server.crt`, key: `${pki}/server.key`, ca: `${pki}/ca.crt` };
const sound: Flags = { ...addressing(host, [host], { loopback: false }), ...mutualTls(paths) };

const faults = [
  {
    what: 'clients need no certificate',
    flags: without('trusted-ca-file', 'client-cert-auth'),
    finding: 'client-port-admits-anonymous',
  },
  {
    what: 'the client port speaks http',
    flags: {
      ...sound,
      'listen-client-urls': 'http://10.0.0.1:2379',
      'advertise-client-urls': 'http://10.0.0.1:2379',
    },
    finding: 'plaintext-client-port',
  },
  {
    what: 'a boolean that etcd does not read',
    flags: { ...sound, 'client-cert-auth': 'maybe' },
    finding: 'settings-refused-at-start',
  },
];

function without(...names: readonly string[]): Flags {
  return Object.fromEntries(Object.entries(sound).filter(([name]) => !names.includes(name)));
}

/** Everything but words of a command line. */
const unnamed: Readonly<Record<string, (flags: Flags) => Files>> = {
  'an environment file': (flags) => ({
    'etc/systemd/system/etcd.service':
      '[Service]\nEnvironmentFile=/etc/etcd/env\nExecStart=/usr/bin/etcd\n',
    'etc/etcd/env': lines(flags, ''),
  }),
  'variables of a unit': (flags) => ({
    'etcd.service': `[Service]\n${lines(flags, 'Environment=')}ExecStart=/usr/bin/etcd\n`,
  }),
  'variables of a quadlet': (flags) => ({
    'etcd.container': `[Container]\nImage=quay.io/coreos/etcd:v3.5.16\n${lines(flags, 'Environment=')}Volume=/etc/etcd:/etc/etcd\nNetwork=host\n`,
  }),
  'variables that systemctl show prints': (flags) => ({
    'show.txt': `Environment=${variables(flags).join(' ')}\nExecStart={ path=/usr/bin/etcd ; argv[]=/usr/bin/etcd ; ignore_errors=no ; start_time=[n/a] ; pid=0 }\n`,
  }),
  'variables of a process': (flags) => ({
    'proc/812/cmdline': '/usr/bin/etcd\0',
    'proc/812/environ': variables(flags)
      .map((each) => `${each}\0`)
      .join(''),
  }),
  'variables of a script': (flags) => ({
    'run.sh': `#!/bin/sh\n${lines(flags, 'export ')}exec etcd\n`,
  }),
  'variables of docker run': (flags) => ({
    'run.sh': `#!/bin/sh\ndocker run --net host -v /etc/etcd:/etc/etcd ${variables(flags)
      .map((each) => `-e ${each}`)
      .join(' ')} quay.io/coreos/etcd:v3.5.16\n`,
  }),
  'variables of OpenRC': (flags) => ({
    'etc/init.d/etcd': '#!/sbin/openrc-run\ncommand="/usr/bin/etcd"\n',
    'etc/conf.d/etcd': lines(flags, 'export '),
  }),
  'variables of a compose file': (flags) => ({
    'compose.yaml': `services:\n  e1:\n    image: quay.io/coreos/etcd:v3.5.16\n    network_mode: host\n    volumes: ["/etc/etcd:/etc/etcd"]\n    environment:\n${lines(flags, '    - ')}`,
  }),
  'variables of docker inspect': (flags) => ({
    'inspect.json': `[{"Path":"/usr/local/bin/etcd","Args":[],"Config":{"Env":${JSON.stringify(variables(flags))},"Cmd":null,"Image":"etcd:v3.5.16"},"HostConfig":{"Binds":["/etc/etcd:/etc/etcd"]}}]`,
  }),
  'a ConfigMap of variables': (flags) => ({
    'etcd.yaml': `kind: ConfigMap\napiVersion: v1\nmetadata: {name: etcd}\ndata:\n${keys(flags, variable)}---\n${pod('envFrom: [{configMapRef: {name: etcd}}]\n    command: [etcd]')}`,
  }),
  'a configuration file': (flags) => ({
    ...configFile(
      '/etc/etcd/etcd.conf.yml',
      configUnit('/etc/etcd/etcd.conf.yml'),
    )([{ host, flags }]),
  }),
  'a ConfigMap with a configuration file': (flags) => {
    const files = configFile('/etcd.conf.yml')([{ host, flags }]);
    const text = (files['etcd.conf.yml'] ?? '').replaceAll(/^/gm, '    ');
    return {
      'etcd.yaml': `kind: ConfigMap\napiVersion: v1\nmetadata: {name: etcd}\ndata:\n  etcd.conf.yml: |\n${text}\n---\n${pod('command: [etcd, --config-file=/conf/etcd.conf.yml]', '{name: conf, mountPath: /conf}', '{name: conf, configMap: {name: etcd}}')}`,
    };
  },
};

function variables(flags: Flags): readonly string[] {
  return Object.entries(flags).map(([name, value]) => `${variable(name)}=${value}`);
}

function lines(flags: Flags, before: string): string {
  return variables(flags)
    .map((each) => `${before}${each}\n`)
    .join('');
}

function keys(flags: Flags, nameOf: (flag: string) => string): string {
  return Object.entries(flags)
    .map(([name, value]) => `  ${nameOf(name)}: ${JSON.stringify(value)}\n`)
    .join('');
}

function pod(container: string, mount = '', volume = ''): string {
  const [mounts, volumes] = [
    [`{name: pki, mountPath: ${pki}}`, mount],
    [`{name: pki, hostPath: {path: ${pki}}}`, volume],
  ].map((items) => items.filter((item) => item !== '').join(', '));
  return `kind: Pod
apiVersion: v1
metadata: {name: etcd}
spec:
  hostNetwork: true
  containers:
  - name: etcd
    image: registry.k8s.io/etcd:3.5.16-0
    ${container}
    volumeMounts: [${mounts}]
  volumes: [${volumes}]
`;
}

const forms: Readonly<Record<string, (flags: Flags) => Files>> = {
  ...Object.fromEntries(
    Object.keys(written('')).map((form) => [form, (flags: Flags) => onLine(form, flags)]),
  ),
  ...unnamed,
};

function onLine(form: string, flags: Flags): Files {
  const words = Object.entries(flags).map(([name, value]) =>
    name.endsWith('-auth') ? `--${name}=${value}` : `--${name} ${value}`,
  );
  return { ...written(words.join(' '))[form] };
}

async function judged(texts: Readonly<Record<string, string>>) {
  const authority = await issueAuthority({ commonName: 'etcd-ca' });
  const issued = await authority.issue(memberLeaf(host));
  await using set = await directoryWith({
    'etc/etcd/ca.crt': authority.certificatePem,
    'etc/etcd/server.crt': issued.certificatePem,
    'etc/etcd/server.key': issued.privateKeyPem,
    ...texts,
  });
  const { verdict, results } = await audit({ paths: [set.path], maps: [], etcdVersion: '3.5.21' });
  const urgent = results
    .filter(({ verdict: { status } }) => status === 'fail')
    .filter(({ check: { severity } }) => ['critical', 'high'].includes(severity))
    .map(({ check: { id } }) => id);
  return { verdict, urgent };
}

describe.each(Object.entries(forms))('%s', (_, filesWith) => {
  test.each(faults)('$what', async ({ flags, finding }) => {
    const { urgent } = await judged(filesWith(flags));

    expect(urgent).toEqual([finding]);
  });

  test('nothing is found in the sound set', async () => {
    const { urgent, verdict } = await judged(filesWith(sound));

    expect(urgent).toEqual([]);
    expect(verdict.notUnderstood).toEqual([]);
    expect(verdict.status).toBe('pass');
  });
});

test.each(Object.entries(open))('%s is no PASS', async (_, [path, , text]) => {
  const { verdict } = await judged({ [path]: text });

  expect(verdict.status).not.toBe('pass');
});
