import type { UnreadText } from '../../model/draft.ts';
import { table } from '../../model/table.ts';
import type { DocumentNode, LocatedText } from '../../model/settings.ts';
import { isSet, type Option, whyOptionOpen } from './container-options.ts';
import { at, entriesOf, isUnset, locatedTexts } from './document.ts';
import { notJudgedAt } from './unread-at.ts';

/** The options of `docker run` that keys of `HostConfig` show, of those that may leave something open. */
const optionOf = table<string>({
  NetworkMode: 'network',
  SecurityOpt: 'security-opt',
  UsernsMode: 'userns',
  VolumesFrom: 'volumes-from',
});

type Part = 'container' | 'Config' | 'HostConfig';

/** Keys that are read, those that are judged here, and those that change nothing of what is judged. */
const known: Readonly<Record<Part, ReadonlySet<string>>> = {
  container: wordsIn(
    'AppArmorProfile Args BoundingCaps Config ConmonPidFile Created Dependencies Driver EffectiveCaps ExecIDs',
    'GraphDriver HostConfig HostnamePath HostsPath Id Image ImageDigest ImageManifestDescriptor ImageName IsInfra',
    'IsService KubeExitCodePropagation LogPath MountLabel Mounts Name Namespace NetworkSettings Node OCIConfigPath',
    'OCIRuntime Path PidFile Platform Pod ProcessLabel ResolvConfPath RestartCount Rootfs SizeRootFs SizeRw State',
    'StaticDir Storage UseImageHostname UseImageHosts lockNumber',
  ),
  Config: wordsIn(
    'Annotations ArgsEscaped AttachStderr AttachStdin AttachStdout ChrootDirs Cmd CreateCommand Domainname Entrypoint',
    'Env ExposedPorts HealthLogDestination Healthcheck HealthcheckMaxLogCount HealthcheckMaxLogSize',
    'HealthcheckOnFailureAction Hostname Image Labels MacAddress NetworkDisabled OnBuild OpenStdin Passwd Secrets',
    'Shell StartupHealthCheck StdinOnce StopSignal StopTimeout SystemdMode Timeout Timezone Tty Umask User Volumes',
    'WorkingDir sdNotifyMode sdNotifySocket',
  ),
  HostConfig: wordsIn(
    'Annotations AutoRemove AutoRemoveImage Binds BlkioDeviceReadBps BlkioDeviceReadIOps BlkioDeviceWriteBps',
    'BlkioDeviceWriteIOps BlkioWeight BlkioWeightDevice CapAdd CapDrop Cgroup CgroupConf CgroupManager CgroupMode',
    'CgroupParent Cgroups CgroupnsMode ConsoleSize ContainerIDFile CpuCount CpuPercent CpuPeriod CpuQuota',
    'CpuRealtimePeriod CpuRealtimeRuntime CpuShares CpusetCpus CpusetMems DeviceCgroupRules DeviceRequests Devices',
    'DiskQuota Dns DnsOptions DnsSearch ExtraHosts GroupAdd HostsFile IDMappings IOMaximumBandwidth IOMaximumIOps Init',
    'IntelRdtClosID IpcMode Isolation KernelMemory KernelMemoryTCP Links LogConfig MaskedPaths Memory',
    'MemoryReservation MemorySwap MemorySwappiness Mounts NanoCpus NetworkMode OomKillDisable OomScoreAdj PidMode',
    'PidsLimit PortBindings Privileged PublishAllPorts ReadonlyPaths ReadonlyRootfs RestartPolicy Runtime SecurityOpt',
    'ShmSize StorageOpt Sysctls Tmpfs UTSMode Ulimits UsernsMode VolumeDriver VolumesFrom',
  ),
};

export function wordsIn(...lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.flatMap((line) => line.split(' ')));
}

/** Whether `docker inspect` or `podman inspect` prints a key of a container. */
export function isKnownKey(part: Part, key: string): boolean {
  return known[part].has(key);
}

/**
 * What an engine prints of a container that may change what it reads or who reaches it, and of which no more than
 * that is understood.
 */
export function notReadOfInspected(container: DocumentNode): readonly UnreadText[] {
  const host = at(container, 'HostConfig');
  const options = entriesOf(host).flatMap(({ key, value }): readonly Option[] => {
    const name = optionOf[key];
    return name === undefined ? [] : textsOf(value).map((each) => ({ name, value: each }));
  });
  const open = [...options, ...moreOptions(container)].flatMap((option) => {
    const reason = whyOptionOpen(option);
    return reason === undefined ? [] : [unread(option.value, reason)];
  });
  const parts = [
    ['container', container],
    ['Config', at(container, 'Config')],
    ['HostConfig', host],
  ] as const;
  return [...open, ...parts.flatMap(([part, node]) => unknownIn(part, node))];
}

/** What is shown elsewhere than in `HostConfig` itself, as the option that leads to it. */
function moreOptions(container: DocumentNode): readonly Option[] {
  const said = (name: string, read: (text: string) => string, ...keys: readonly string[]) =>
    textsOf(at(container, ...keys)).map(({ text, ...place }): Option => ({
      name,
      value: { ...place, text: read(text) },
    }));
  return [
    ...said('security-opt', (profile) => `apparmor=${profile}`, 'AppArmorProfile'),
    ...said(
      'security-opt',
      (label) => `label=type:${label.split(':')[2] ?? label}`,
      'ProcessLabel',
    ),
    ...said('uidmap', (map) => map, 'HostConfig', 'IDMappings', 'UidMap').slice(0, 1),
    ...said('rootfs', () => 'true', 'Rootfs'),
    ...said('network', (off) => (isSet(off) ? 'none' : ''), 'Config', 'NetworkDisabled'),
  ];
}

function textsOf(node: DocumentNode | undefined): readonly LocatedText[] {
  return locatedTexts(node).filter(({ text }) => text !== '');
}

function unknownIn(part: Part, node: DocumentNode | undefined): readonly UnreadText[] {
  return unknownKeys(part === 'container' ? 'a container' : part, known[part], node);
}

/** Keys of later engines: what is empty, zero or off says nothing. */
export function unknownKeys(
  where: string,
  names: ReadonlySet<string>,
  node: DocumentNode | undefined,
): readonly UnreadText[] {
  return entriesOf(node).flatMap(({ key, value, location }) =>
    names.has(key) || isUnset(value)
      ? []
      : [unread({ text: key, location }, `${key} is not a known key of ${where}`)],
  );
}

export function unread({ location }: LocatedText, reason: string): UnreadText {
  return notJudgedAt(location?.file ?? '', location?.line, reason);
}
