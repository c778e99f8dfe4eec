import { table } from '../../model/table.ts';
import type { LocatedText } from '../../model/settings.ts';

/** An option of `docker run` and its like, or what another file says in its place. */
export interface Option {
  /** The long name. */
  readonly name: string;
  /** What another program than Docker calls it, with its dashes. */
  readonly written?: string;
  /** `true` for an option that has none. */
  readonly value: LocatedText;
}

function words(...lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) => line.split(' '));
}

const withoutValue = new Set(
  words(
    'detach disable-content-trust env-host help http-proxy init interactive no-healthcheck no-hostname no-hosts no-resolve-image',
    'oom-kill-disable passwd privileged publish-all quiet read-only read-only-tmpfs replace rm rmi rootfs sig-proxy',
    'tls-verify tty unsetenv-all use-api-socket with-registry-auth',
  ),
);

/** Options that are read elsewhere, and those that change nothing of what is judged. */
const known = new Set([
  ...withoutValue,
  ...words(
    // Read as commands, variables, users, networks and files.
    'cap-add cap-drop entrypoint env env-file group group-add health-cmd health-startup-cmd hostname ip ip6 mount name',
    'secret tmpfs user volume workdir',
    // How much it may use, and what else it has of the host.
    'add-host arch blkio-weight blkio-weight-device cgroup-conf cgroup-parent cgroupns cgroups cpu-count cpu-percent',
    'cpu-period cpu-quota cpu-rt-period cpu-rt-runtime cpu-shares cpus cpuset-cpus cpuset-mems device',
    'device-cgroup-rule device-read-bps device-read-iops device-write-bps device-write-iops dns dns-opt dns-option',
    'dns-search domainname gpus hosts-file io-maxbandwidth io-maxiops ipc isolation kernel-memory link link-local-ip',
    'log-driver log-opt mac-address memory memory-reservation memory-swap memory-swappiness network-alias',
    'oom-score-adj os personality pid pids-limit platform rdt-class runtime shm-size shm-size-systemd storage-opt',
    'sysctl tz ulimit umask uts variant volume-driver',
    // What it is made from, when it starts and ends, and what others are told of it.
    'annotation attach authfile cert-dir chrootdirs cidfile conmon-pidfile creds decryption-key detach-keys expose',
    'group-entry health-interval health-log-destination health-max-log-count health-max-log-size health-on-failure',
    'health-retries health-start-interval health-start-period health-startup-interval health-startup-retries',
    'health-startup-success health-startup-timeout health-timeout hostuser image-volume init-ctr init-path label',
    'label-file passwd-entry pidfile pod-id-file preserve-fd preserve-fds publish pull requires restart retry',
    'retry-delay sdnotify stop-signal stop-timeout systemd timeout unsetenv',
    // Of nerdctl alone.
    'cosign-certificate-identity cosign-certificate-identity-regexp cosign-certificate-oidc-issuer',
    'cosign-certificate-oidc-issuer-regexp cosign-key ipfs-address verify',
    // How a service of Swarm is placed and replaced.
    'constraint container-label credential-spec endpoint-mode generic-resource host limit-cpu limit-memory limit-pids',
    'max-concurrent mode placement-pref replicas-max-per-node reserve-cpu reserve-memory restart-condition',
    'restart-delay restart-max-attempts restart-window rollback-delay rollback-failure-action',
    'rollback-max-failure-ratio rollback-monitor rollback-order rollback-parallelism stop-grace-period update-delay',
    'update-failure-action update-max-failure-ratio update-monitor update-order update-parallelism',
    // Judged below.
    'specification config env-merge gidmap net network pod replicas seccomp-policy security-opt subgidname subuidname uidmap userns volumes-from',
  ),
]);

const otherUsers = (value: string) =>
  /^(?:host)?$/.test(value)
    ? undefined
    : `users of the container are mapped to others of the host (${value}), which is not judged`;

/** What options take from a process or bring along, and nothing here judges (docker-run(1), podman-run(1)). */
const notJudged = table<(value: string) => string | undefined>({
  config: (value) => `the config ${value} of Swarm is not read`,
  'env-host': () => 'the variables of the engine are passed on, which are not read',
  'env-merge': (value) =>
    `the variable ${value.split('=')[0] ?? ''} depends on the image, which is not read`,
  gidmap: otherUsers,
  net: whyNetworkOpen,
  network: whyNetworkOpen,
  pod: (value) => `the pod ${value} is not read`,
  replicas: (value) =>
    value === '1' ? undefined : `${value} containers are started with these settings`,
  rootfs: () => 'the root directory that takes the place of an image is not read',
  'seccomp-policy': (value) =>
    value === 'default' ? undefined : profileOpen(`seccomp-policy ${value}`),
  'security-opt': (value) => whySecurityOpen([value]),
  specification: (value) => `the specification ${value} of the container is not read`,
  subgidname: otherUsers,
  subuidname: otherUsers,
  uidmap: otherUsers,
  userns: otherUsers,
  'volumes-from': () => 'the volumes of other containers are not read',
});

/** Whether it is known what an option of Docker or Podman does to what is judged here. */
export function isKnownOption(name: string): boolean {
  return known.has(name);
}

/** Why an option leaves open what its process reads or who reaches it; undefined where nothing is open. */
export function whyOptionOpen({ name, value: { text } }: Option): string | undefined {
  if (!isKnownOption(name))
    return `the option ${name.length === 1 ? '-' : '--'}${name} is not known`;
  if (withoutValue.has(name) && !isSet(text)) return undefined;
  return notJudged[name]?.(text);
}

/** A boolean as Go's strconv.ParseBool reads it. */
export function isSet(text: string): boolean {
  return /^(?:1|t|true)$/i.test(text);
}

const letters = table<string>({
  a: 'attach',
  c: 'cpu-shares',
  e: 'env',
  h: 'hostname',
  l: 'label',
  m: 'memory',
  p: 'publish',
  u: 'user',
  v: 'volume',
  w: 'workdir',
});

const lettersAlone = table<string>({
  d: 'detach',
  i: 'interactive',
  t: 'tty',
  P: 'publish-all',
  q: 'quiet',
});

/** Options come before the image, and all but a few have a value (spf13/pflag). */
export function takeApart(given: readonly LocatedText[]): {
  readonly options: readonly Option[];
  /** The image and what is started in it. */
  readonly command: readonly LocatedText[];
} {
  const options: Option[] = [];
  let rest = given;
  while (rest[0]?.text.startsWith('-') === true) {
    const [word, next] = rest;
    const { flags, name, attached } = optionIn(word.text);
    options.push(...flags.map((flag) => ({ name: flag, value: { ...word, text: 'true' } })));
    const takesNext = name !== undefined && attached === undefined && !withoutValue.has(name);
    const value = attached === undefined ? 'true' : attached;
    if (name !== undefined) {
      if (!takesNext) options.push({ name, value: { ...word, text: value } });
      else if (next !== undefined) options.push({ name, value: next });
    }
    rest = rest.slice(takesNext ? 2 : 1);
  }
  return { options, command: rest };
}

/** `--name=value`, `--name`, `-eNAME=value`, and `-ite` with the value in the next word. */
function optionIn(text: string): {
  readonly flags: readonly string[];
  readonly name?: string;
  readonly attached?: string | undefined;
} {
  if (text.startsWith('--')) {
    const [name = '', attached] = text.slice(2).split(/=(.*)/s);
    return { flags: [], name, attached };
  }
  const [, alone = '', letter, rest = ''] = /^-([ditPq]*)([A-Za-z])?=?(.*)$/s.exec(text) ?? [];
  const flags = Array.from(alone, (each) => lettersAlone[each] ?? each);
  if (letter === undefined) return { flags };
  return { flags, name: letters[letter] ?? letter, attached: rest === '' ? undefined : rest };
}

/** Options that take nothing from a process, or give it more than usual, and the profiles that engines bring along. */
const harmless =
  /^no-new-privileges\b|^(?:systempaths|unmask)[=:]|^label[=:]nested$|[=:](?:unconfined|disable)$|\b(?:spc_t|container_t|container_init_t)$|^seccomp[=:]builtin$|^apparmor[=:](?:docker-default|containers-default-[\d.]+|nerdctl-default)$/;

/** Why a `--security-opt` of a container leaves open what its process can do (docker-run(1), podman-run(1)). */
function whySecurityOpen(options: readonly string[]): string | undefined {
  const profile = options.find((text) => !harmless.test(text));
  return profile && profileOpen(`the security option ${profile}`);
}

function profileOpen(what: string): string {
  return `${what} restricts the process, which is not judged`;
}

function whyNetworkOpen(mode: string | undefined): string | undefined {
  return mode === 'none' ? 'the container has no network' : undefined;
}
