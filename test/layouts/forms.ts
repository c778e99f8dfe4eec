import type { Files, Host, PlannedMember } from './plan.ts';
import { on } from './plan.ts';

type Members = readonly PlannedMember[];

/** Several sets of files as one. */
export function merged(all: readonly Files[]): Files {
  return Object.fromEntries(all.flatMap((files) => Object.entries(files)));
}

/** One file for each member. */
function each(write: (member: PlannedMember) => Files) {
  return (members: Members): Files => merged(members.map(write));
}

export const variable = (flag: string): string => `ETCD_${flag.toUpperCase().replaceAll('-', '_')}`;

function flagLines({ flags }: PlannedMember): readonly string[] {
  return Object.entries(flags).map(([name, value]) => `--${name}=${value}`);
}

/** A unit whose ExecStart has one flag a line. */
export function unit(program = '/usr/local/bin/etcd', path = '/etc/systemd/system/etcd.service') {
  return each((member) => ({
    [on(member.host, path)]: `[Unit]
Description=etcd

[Service]
Type=notify
ExecStart=${[program, ...flagLines(member)].join(' \\\n  ')}
Restart=on-failure

[Install]
WantedBy=multi-user.target
`,
  }));
}

/** A unit, unless it is another's, and its environment file. */
export function environmentFile(path: string, unitText?: string, quote = '"') {
  return each((member) => ({
    [on(member.host, path)]: variables(member, quote),
    ...(unitText !== undefined && {
      [on(member.host, '/lib/systemd/system/etcd.service')]: unitText,
    }),
  }));
}

function variables({ flags }: PlannedMember, quote: string): string {
  return Object.entries(flags)
    .map(([name, value]) => `${variable(name)}=${quote}${value}${quote}\n`)
    .join('');
}

/** etcd's configuration file, with its two sections. */
export function configFile(path: string, unitText?: string) {
  return each((member) => ({
    [on(member.host, path)]: configText(member),
    ...(unitText !== undefined && {
      [on(member.host, '/etc/systemd/system/etcd.service')]: unitText,
    }),
  }));
}

const tlsKeys = ['cert-file', 'key-file', 'client-cert-auth', 'trusted-ca-file'];

function isTls(name: string): boolean {
  return tlsKeys.includes(name.replace(/^peer-/, ''));
}

function configText({ flags }: PlannedMember): string {
  const plain = Object.entries(flags).filter(([name]) => !isTls(name));
  const section = (prefix: string) =>
    Object.entries(flags)
      .filter(([name]) => isTls(name) && name.startsWith('peer-') === (prefix === 'peer-'))
      .map(([name, value]) => `  ${name.replace(/^peer-/, '')}: ${value}\n`)
      .join('');
  return `${plain.map(([name, value]) => `${name}: ${value}\n`).join('')}client-transport-security:
${section('')}peer-transport-security:
${section('peer-')}`;
}

export interface PodShape {
  readonly path: string;
  readonly image?: string;
  readonly namespace?: string;
  /** Host directories that are mounted at the same place. */
  readonly mounts: readonly string[];
  readonly command?: readonly string[];
  readonly hostNetwork?: boolean;
  readonly name?: (host: Host) => string;
}

/** A static pod. */
export function staticPod(shape: PodShape) {
  return each((member) => ({ [on(member.host, shape.path)]: podText(member, shape) }));
}

function podText(member: PlannedMember, shape: PodShape): string {
  const { image = 'registry.k8s.io/etcd:3.5.15-0', namespace = 'kube-system', mounts } = shape;
  const words = [...(shape.command ?? ['etcd']), ...flagLines(member)];
  return `apiVersion: v1
kind: Pod
metadata:
  name: ${shape.name?.(member.host) ?? 'etcd'}
  namespace: ${namespace}
  labels:
    component: etcd
    tier: control-plane
spec:
  containers:
  - name: etcd
    image: ${image}
    command:
${words.map((word) => `    - ${word}\n`).join('')}    volumeMounts:
${mounts.map((path, index) => `    - mountPath: ${path}\n      name: volume-${index}\n`).join('')}  hostNetwork: ${shape.hostNetwork ?? true}
  volumes:
${mounts.map((path, index) => `  - hostPath:\n      path: ${path}\n      type: DirectoryOrCreate\n    name: volume-${index}\n`).join('')}`;
}

/** One compose file for all members, by variables. */
export function compose(image: string, volumes: (host: Host) => string) {
  return (members: Members): Files => ({
    'docker-compose.yml': `services:
${members
  .map(
    (member) => `  ${member.host.name}:
    image: ${image}
    hostname: ${member.host.name}
    environment:
${Object.entries(member.flags)
  .map(([name, value]) => `      ${variable(name)}: "${value}"\n`)
  .join('')}    volumes:
      - ${volumes(member.host)}
    networks:
      etcd:
        ipv4_address: ${member.host.address}
`,
  )
  .join('')}networks:
  etcd:
    ipam:
      config:
        - subnet: 10.20.0.0/24
`,
  });
}

/** What `docker inspect` prints of a container that runs etcd. */
export function dockerInspect(path: string, name: string, binds: readonly string[], image: string) {
  return each((member) => ({
    [on(member.host, path)]: `${JSON.stringify(
      [
        {
          Id: 'f00d',
          Name: `/${name}`,
          Path: '/usr/local/bin/etcd',
          Args: flagLines(member),
          Config: {
            Image: image,
            Env: ['ETCDCTL_API=3'],
            Cmd: ['/usr/local/bin/etcd', ...flagLines(member)],
          },
          HostConfig: { NetworkMode: 'host', Binds: binds },
          Mounts: binds.map((bind) => {
            const [source, destination] = bind.split(':');
            return { Type: 'bind', Source: source, Destination: destination };
          }),
          State: { Running: true },
        },
      ],
      undefined,
      2,
    )}\n`,
  }));
}

/** A job of Nomad with a group for each member. */
export function nomadJob(path: string, image: string, volume: string) {
  const group = (member: PlannedMember) => `  group "${member.host.name}" {
    constraint {
      attribute = "\${attr.unique.hostname}"
      value     = "${member.host.name}"
    }
    task "etcd" {
      driver = "docker"
      config {
        image        = "${image}"
        network_mode = "host"
        command      = "/usr/local/bin/etcd"
        args = [
${flagLines(member)
  .map((word) => `          "${word}",\n`)
  .join('')}        ]
        volumes = ["${volume}:${volume}:ro", "/var/lib/etcd:/var/lib/etcd"]
      }
    }
  }
`;
  return (members: Members): Files => ({
    [path]: `job "etcd" {
  datacenters = ["dc1"]
${members.map(group).join('')}}
`,
  });
}

export function procfile() {
  return (members: Members): Files => ({
    Procfile: members
      .map((member) => `${member.host.name}: etcd ${flagLines(member).join(' ')}\n`)
      .join(''),
  });
}

export function supervisor(path: string) {
  return each((member) => ({
    [on(member.host, path)]: `[program:etcd]
command=/usr/local/bin/etcd ${flagLines(member).join(' ')}
autorestart=true
user=etcd
`,
  }));
}

export function openRc() {
  return each((member) => ({
    [on(member.host, '/etc/init.d/etcd')]: `#!/sbin/openrc-run
supervisor=supervise-daemon
name=etcd
command=/usr/bin/etcd
command_user=etcd:etcd
`,
    [on(member.host, '/etc/conf.d/etcd')]: Object.entries(member.flags)
      .map(([name, value]) => `export ${variable(name)}="${value}"\n`)
      .join(''),
  }));
}

export function quadlet(image: string, volume: string) {
  return each((member) => ({
    [on(member.host, '/etc/containers/systemd/etcd.container')]: `[Unit]
Description=etcd

[Container]
Image=${image}
Network=host
Volume=${volume}
Exec=/usr/local/bin/etcd ${flagLines(member).join(' ')}

[Install]
WantedBy=multi-user.target
`,
  }));
}

/** A script that runs the container as etcd's documentation does. */
export function dockerRun(image: string, volume: string) {
  return each((member) => ({
    [on(member.host, '/usr/local/bin/run-etcd.sh')]: `#!/bin/sh
docker run --net=host --name etcd \\
  --volume ${volume} \\
  ${image} \\
  /usr/local/bin/etcd \\
  ${flagLines(member).join(' \\\n  ')}
`,
  }));
}

/** Debian's unit, as its package installs it: its variables come from /etc/default/etcd. */
export const debianUnit = `[Unit]
Description=etcd - highly-available key value store
After=network.target

[Service]
Environment=DAEMON_ARGS=
Environment=ETCD_NAME=%H
Environment=ETCD_DATA_DIR=/var/lib/etcd/default
EnvironmentFile=-/etc/default/%p
Type=notify
User=etcd
ExecStart=/usr/bin/etcd $DAEMON_ARGS
Restart=on-abnormal

[Install]
WantedBy=multi-user.target
`;

/** The unit of Red Hat's package. */
export const redHatUnit = `[Unit]
Description=Etcd Server
After=network.target

[Service]
Type=notify
WorkingDirectory=/var/lib/etcd/
EnvironmentFile=-/etc/etcd/etcd.conf
User=etcd
ExecStart=/bin/bash -c "GOMAXPROCS=$(nproc) /usr/bin/etcd"
Restart=on-failure

[Install]
WantedBy=multi-user.target
`;

export const configUnit = (path: string): string => `[Unit]
Description=etcd

[Service]
Type=notify
ExecStart=/usr/local/bin/etcd --config-file=${path}

[Install]
WantedBy=multi-user.target
`;
