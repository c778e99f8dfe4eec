import { isOn } from '../../model/directives.ts';
import type { Directive } from '../../model/directives.ts';
import { table } from '../../model/table.ts';
import { type Option, takeApart } from './container-options.ts';
import { leavesProcess } from './unit-directives.ts';
import { splitWords } from './words.ts';

/** How the values of a key become those of an option of `podman run`. */
interface Key {
  readonly option: string;
  /** `words`: several in a line. */
  readonly of?: 'words' | 'boolean';
  /** What the option puts before the value. */
  readonly before?: string;
}

const words = (option: string): Key => ({ option, of: 'words' });
const boolean = (option: string): Key => ({ option, of: 'boolean' });
const profile = (before: string): Key => ({ option: 'security-opt', before });

/** Keys that stand for options whose values are judged (podman-container.unit(5)). */
const keys = table<Key>({
  AddCapability: words('cap-add'),
  AppArmor: profile('apparmor='),
  ContainerName: { option: 'name' },
  DropCapability: words('cap-drop'),
  Entrypoint: words('entrypoint'),
  Environment: words('env'),
  EnvironmentFile: words('env-file'),
  EnvironmentHost: boolean('env-host'),
  GIDMap: { option: 'gidmap' },
  GroupAdd: { option: 'group-add' },
  HealthCmd: { option: 'health-cmd' },
  HealthStartupCmd: { option: 'health-startup-cmd' },
  HostName: { option: 'hostname' },
  IP: { option: 'ip' },
  IP6: { option: 'ip6' },
  Mask: profile('mask='),
  Memory: { option: 'memory' },
  Mount: words('mount'),
  Network: { option: 'network' },
  PidsLimit: { option: 'pids-limit' },
  Pod: { option: 'pod' },
  ReadOnly: boolean('read-only'),
  RemapGid: { option: 'gidmap' },
  RemapUid: { option: 'uidmap' },
  RemapUsers: { option: 'userns' },
  SeccompProfile: profile('seccomp='),
  Secret: words('secret'),
  SecurityLabelFileType: profile('label=filetype:'),
  SecurityLabelLevel: profile('label=level:'),
  SecurityLabelType: profile('label=type:'),
  SubGIDMap: { option: 'subgidname' },
  SubUIDMap: { option: 'subuidname' },
  Tmpfs: { option: 'tmpfs' },
  UIDMap: { option: 'uidmap' },
  Ulimit: { option: 'ulimit' },
  UserNS: { option: 'userns' },
  Volume: { option: 'volume' },
  WorkingDir: { option: 'workdir' },
});

/** Keys that are read elsewhere, and those that change nothing of what is judged. */
const known = new Set(
  [
    'Exec Group Image PodmanArgs Rootfs User',
    'AddDevice AddHost Annotation AutoUpdate CgroupsMode DNS DNSOption DNSSearch ExposeHostPort HealthInterval',
    'HealthLogDestination HealthMaxLogCount HealthMaxLogSize HealthOnFailure HealthRetries HealthStartPeriod',
    'HealthStartupInterval HealthStartupRetries HealthStartupSuccess HealthStartupTimeout HealthTimeout HttpProxy',
    'Label LogDriver LogOpt NetworkAlias NoNewPrivileges Notify PublishPort Pull ReadOnlyTmpfs',
    'ReloadCmd ReloadSignal RemapUidSize Retry RetryDelay RunInit SecurityLabelDisable SecurityLabelNested',
    'ServiceName ShmSize StartWithPod StopSignal StopTimeout Sysctl Timezone Unmask VolatileTmp',
  ].flatMap((line) => line.split(' ')),
);

/** Keys of which no more is known than that they may change what runs. */
const notRead = new Set(['ContainersConfModule', 'GlobalArgs']);

/** Whether Podman has a key for containers, of any of its releases. */
export function isKnownKey(name: string): boolean {
  return name in keys || known.has(name) || notRead.has(name);
}

/** The options that a key stands for. */
export function optionsOf({ name, value, location }: Directive): readonly Option[] {
  const place = location && { location };
  if (name === 'PodmanArgs') {
    return takeApart(splitWords(value, 'systemd').map(({ text }) => ({ text, ...place }))).options;
  }
  if (name === 'Rootfs') return [{ name: 'rootfs', value: { text: 'true', ...place } }];
  const key = keys[name];
  if (key === undefined) return [];
  const option = (text: string): Option => ({
    name: key.option,
    value: { text: `${key.before ?? ''}${text}`, ...place },
  });
  if (key.of === 'words') return splitWords(value, 'systemd').map(({ text }) => option(text));
  if (key.of === 'boolean') return [option(String(isOn({ name, value })))];
  return [option(value)];
}

/** Why a key of `[Container]` leaves open what runs. */
export function whyKeyOpen({ name }: Directive): string | undefined {
  if (notRead.has(name)) return `what ${name}= gives to Podman is not read`;
  return isKnownKey(name) ? undefined : `${name}= is not a known key of a container`;
}

/** Why a directive of `[Service]`, which is Podman's own, leaves open what runs. Commands before the start are read. */
export function whyServiceOpen({ name }: Directive): string | undefined {
  return leavesProcess(name) || /^Exec(?:StartPre|Condition)$/.test(name)
    ? undefined
    : `${name}= of the service of a quadlet is not read`;
}
