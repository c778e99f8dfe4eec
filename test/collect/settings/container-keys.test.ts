import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { isKnownOption } from '../../../src/collect/settings/container-options.ts';
import { isKnownKey as isKnownInInspect } from '../../../src/collect/settings/inspect-keys.ts';
import { isKnownKey as isKnownInNspawn } from '../../../src/collect/settings/nspawn-keys.ts';
import { isKnownKey as isKnownInQuadlet } from '../../../src/collect/settings/quadlet-keys.ts';
import { skipWithout } from '../../support/skip-without.ts';

skipWithout('docker');

function unknown(
  names: string,
  least: number,
  isKnown: (name: string) => boolean,
): readonly string[] {
  const all = names.split(/\s+/).filter((name) => name !== '');
  expect(all.length).toBeGreaterThan(least);
  return all.filter((name) => !isKnown(name));
}

test.each([
  ['run', 90],
  ['exec', 7],
  ['service create', 60],
])('every option of `docker %s` is known', (command, least) => {
  const help = execFileSync('docker', [...command.split(' '), '--help'], { encoding: 'utf8' });
  const names = help.match(/(?<=^ +(?:-\w, )?--)[a-z0-9-]+/gm) ?? [];

  expect(unknown(names.join(' '), least, isKnownOption)).toEqual([]);
});

/** As podman-run(1) of Podman 5 lists them. */
const podmanOptions = `add-host annotation arch attach authfile blkio-weight blkio-weight-device cap-add cap-drop cert-dir
  cgroup-conf cgroup-parent cgroupns cgroups chrootdirs cidfile conmon-pidfile cpu-period cpu-quota cpu-rt-period
  cpu-rt-runtime cpu-shares cpus cpuset-cpus cpuset-mems creds decryption-key detach detach-keys device
  device-cgroup-rule device-read-bps device-read-iops device-write-bps device-write-iops disable-content-trust dns
  dns-option dns-search entrypoint env env-file env-host env-merge expose gidmap gpus group-add group-entry health-cmd
  health-interval health-log-destination health-max-log-count health-max-log-size health-on-failure health-retries
  health-start-period health-startup-cmd health-startup-interval health-startup-retries health-startup-success
  health-startup-timeout health-timeout help hostname hosts-file hostuser http-proxy image-volume init init-path
  interactive ip ip6 ipc label label-file link-local-ip log-driver log-opt mac-address memory memory-reservation
  memory-swap memory-swappiness mount name network network-alias no-healthcheck no-hostname no-hosts oom-kill-disable
  oom-score-adj os passwd passwd-entry personality pid pidfile pids-limit platform pod pod-id-file preserve-fd
  preserve-fds privileged publish publish-all pull quiet rdt-class read-only read-only-tmpfs replace requires restart
  retry retry-delay rm rmi rootfs sdnotify seccomp-policy secret security-opt shm-size shm-size-systemd sig-proxy
  stop-signal stop-timeout subgidname subuidname sysctl systemd timeout tls-verify tmpfs tty tz uidmap ulimit umask
  unsetenv unsetenv-all user userns uts variant volume volumes-from workdir`;

test('every option of `podman run` is known', () => {
  expect(unknown(podmanOptions, 120, isKnownOption)).toEqual([]);
});

/** As Podman's generator of 2026 supports them in `[Container]`. */
const quadletKeys = `AddCapability AddDevice AddHost Annotation AppArmor AutoUpdate CgroupsMode ContainerName
  ContainersConfModule DNS DNSOption DNSSearch DropCapability Entrypoint Environment EnvironmentFile EnvironmentHost
  Exec ExposeHostPort GIDMap GlobalArgs Group GroupAdd HealthCmd HealthInterval HealthLogDestination HealthMaxLogCount
  HealthMaxLogSize HealthOnFailure HealthRetries HealthStartPeriod HealthStartupCmd HealthStartupInterval
  HealthStartupRetries HealthStartupSuccess HealthStartupTimeout HealthTimeout HostName HttpProxy IP IP6 Image Label
  LogDriver LogOpt Mask Memory Mount Network NetworkAlias NoNewPrivileges Notify PidsLimit Pod PodmanArgs PublishPort
  Pull ReadOnly ReadOnlyTmpfs ReloadCmd ReloadSignal RemapGid RemapUid RemapUidSize RemapUsers Retry RetryDelay Rootfs
  RunInit SeccompProfile Secret SecurityLabelDisable SecurityLabelFileType SecurityLabelLevel SecurityLabelNested
  SecurityLabelType ServiceName ShmSize StartWithPod StopSignal StopTimeout SubGIDMap SubUIDMap Sysctl Timezone Tmpfs
  UIDMap Ulimit Unmask User UserNS VolatileTmp Volume WorkingDir`;

test('every key that Podman allows in a quadlet is known', () => {
  expect(unknown(quadletKeys, 80, isKnownInQuadlet)).toEqual([]);
});

/** As systemd 259 parses them (nspawn-gperf.gperf). */
const nspawnKeys: Readonly<Record<string, string>> = {
  Exec: `Boot Ephemeral ProcessTwo Parameters Environment User Capability AmbientCapability DropCapability KillSignal
    Personality MachineID WorkingDirectory PivotRoot PrivateUsers NotifyReady SystemCallFilter LimitCPU LimitFSIZE
    LimitDATA LimitSTACK LimitCORE LimitRSS LimitNOFILE LimitAS LimitNPROC LimitMEMLOCK LimitLOCKS LimitSIGPENDING
    LimitMSGQUEUE LimitNICE LimitRTPRIO LimitRTTIME Hostname NoNewPrivileges OOMScoreAdjust CPUAffinity ResolvConf
    LinkJournal Timezone SuppressSync`,
  Files: `ReadOnly Volatile Bind BindReadOnly TemporaryFileSystem Inaccessible Overlay OverlayReadOnly
    PrivateUsersChown PrivateUsersOwnership BindUser`,
  Network: `Private Interface MACVLAN IPVLAN VirtualEthernet VirtualEthernetExtra Bridge Zone Port`,
};

test.each(Object.entries(nspawnKeys))('every setting of [%s] is known', (section, names) => {
  expect(unknown(names, 8, (name) => isKnownInNspawn(section, name))).toEqual([]);
});

describe('what is printed of a container', () => {
  /** As Docker 28 (HostConfig of its API) and Podman 5 (InspectContainerHostConfig) print them. */
  const keys = {
    HostConfig: `Annotations AutoRemove AutoRemoveImage Binds BlkioDeviceReadBps BlkioDeviceReadIOps
      BlkioDeviceWriteBps BlkioDeviceWriteIOps BlkioWeight BlkioWeightDevice CapAdd CapDrop Cgroup CgroupConf
      CgroupManager CgroupMode CgroupParent Cgroups CgroupnsMode ConsoleSize ContainerIDFile CpuCount CpuPercent
      CpuPeriod CpuQuota CpuRealtimePeriod CpuRealtimeRuntime CpuShares CpusetCpus CpusetMems DeviceCgroupRules
      DeviceRequests Devices DiskQuota Dns DnsOptions DnsSearch ExtraHosts GroupAdd HostsFile IDMappings
      IOMaximumBandwidth IOMaximumIOps Init IntelRdtClosID IpcMode Isolation KernelMemory KernelMemoryTCP Links
      LogConfig MaskedPaths Memory MemoryReservation MemorySwap MemorySwappiness Mounts NanoCpus NetworkMode
      OomKillDisable OomScoreAdj PidMode PidsLimit PortBindings Privileged PublishAllPorts ReadonlyPaths ReadonlyRootfs
      RestartPolicy Runtime SecurityOpt ShmSize StorageOpt Sysctls Tmpfs UTSMode Ulimits UsernsMode VolumeDriver
      VolumesFrom`,
    Config: `Annotations AttachStderr AttachStdin AttachStdout ChrootDirs Cmd CreateCommand Domainname Entrypoint Env
      ExposedPorts HealthLogDestination Healthcheck HealthcheckMaxLogCount HealthcheckMaxLogSize
      HealthcheckOnFailureAction Hostname Image Labels OnBuild OpenStdin Passwd Secrets StartupHealthCheck StdinOnce
      StopSignal StopTimeout SystemdMode Timeout Timezone Tty Umask User Volumes WorkingDir sdNotifyMode
      sdNotifySocket`,
    container: `Id Created Path Args State Image ImageDigest ImageName Rootfs Pod ResolvConfPath HostnamePath HostsPath
      StaticDir OCIConfigPath OCIRuntime ConmonPidFile PidFile Name RestartCount Driver MountLabel ProcessLabel
      AppArmorProfile EffectiveCaps BoundingCaps ExecIDs GraphDriver SizeRw SizeRootFs Mounts Dependencies
      NetworkSettings Namespace IsInfra IsService KubeExitCodePropagation lockNumber Config HostConfig UseImageHosts
      UseImageHostname LogPath Platform`,
  } as const;

  test.each(['HostConfig', 'Config', 'container'] as const)('every key of %s is known', (part) => {
    expect(unknown(keys[part], 30, (name) => isKnownInInspect(part, name))).toEqual([]);
  });
});
