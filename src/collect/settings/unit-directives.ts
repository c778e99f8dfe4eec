import type { UnreadText } from '../../model/draft.ts';
import { type Directive, isOn } from '../../model/directives.ts';
import { groupBy } from '../../model/group-by.ts';
import { table } from '../../model/table.ts';
import { notJudgedAt } from './unread-at.ts';

/** What a restriction takes from a service. */
type Restricted = 'network' | 'files' | 'system calls' | 'rights' | 'environment';

interface Restriction {
  readonly of: Restricted;
  /** Whether the values, in the order of their lines, may take away something that etcd or a client needs. */
  readonly applies: (values: readonly string[]) => boolean;
}

const wherePresent = (values: readonly string[]): boolean => values.length > 0;

const whereOn = (values: readonly string[]): boolean =>
  values.slice(-1).some((value) => isOn({ name: '', value }));

/** Directives that may keep a process from what it needs, and of which no more than that is understood. */
const restrictions = table<Restriction>({
  AppArmorProfile: { of: 'files', applies: wherePresent },
  BPFProgram: { of: 'network', applies: wherePresent },
  ExtensionDirectories: { of: 'files', applies: wherePresent },
  ExtensionImages: { of: 'files', applies: wherePresent },
  IPAddressDeny: { of: 'network', applies: wherePresent },
  IPEgressFilterPath: { of: 'network', applies: wherePresent },
  IPIngressFilterPath: { of: 'network', applies: wherePresent },
  NetworkNamespacePath: { of: 'network', applies: wherePresent },
  NoExecPaths: { of: 'files', applies: wherePresent },
  PAMName: { of: 'environment', applies: wherePresent },
  PrivateNetwork: { of: 'network', applies: whereOn },
  RestrictAddressFamilies: { of: 'network', applies: lacksInternet },
  RestrictFileSystems: { of: 'files', applies: wherePresent },
  RestrictNetworkInterfaces: { of: 'network', applies: wherePresent },
  SELinuxContext: { of: 'files', applies: wherePresent },
  SecureBits: { of: 'rights', applies: wherePresent },
  SmackProcessLabel: { of: 'files', applies: wherePresent },
  SocketBindDeny: { of: 'network', applies: wherePresent },
  SystemCallArchitectures: {
    of: 'system calls',
    applies: (values) => values.length > 0 && !values.some((value) => /\bnative\b/.test(value)),
  },
  SystemCallFilter: { of: 'system calls', applies: (values) => !values.every(leavesSystemCalls) },
});

/** Go's net package opens sockets of both families. */
function lacksInternet(values: readonly string[]): boolean {
  const needed = ['AF_INET', 'AF_INET6'];
  const [first = ''] = values;
  const allowed = new Set(first === '' || first.startsWith('~') ? needed : []);
  for (const value of values) {
    const families = value.replace(/^~/, '').split(/\s+/);
    for (const family of families) {
      if (value.startsWith('~')) allowed.delete(family);
      else allowed.add(family);
    }
  }
  return !needed.every((family) => allowed.has(family));
}

/** Groups of system calls that neither etcd nor Go's runtime makes (`systemd-analyze syscall-filter`). */
const unused = new Set(
  '@clock @cpu-emulation @debug @keyring @module @mount @obsolete @pkey @privileged @raw-io @reboot @swap'.split(
    ' ',
  ),
);

/** Whether a filter leaves all that etcd and Go's runtime need. */
export function leavesSystemCalls(value: string): boolean {
  const groups = value.replace(/^~/, '').split(/\s+/);
  return value.startsWith('~')
    ? groups.every((group) => unused.has(group))
    : groups.some((group) => /^@(?:known|system-service)$/.test(group));
}

/** Directives that are read elsewhere, as commands, variables, users, files and directories. */
const read = new Set(
  [
    'AmbientCapabilities BindPaths BindReadOnlyPaths CapabilityBoundingSet DynamicUser Environment EnvironmentFile',
    'ExecCondition ExecReload ExecStart ExecStartPost ExecStartPre ExecStop ExecStopPost Group ImportCredential',
    'InaccessibleDirectories InaccessiblePaths LoadCredential LoadCredentialEncrypted MountImages PassEnvironment',
    'PrivateTmp PrivateUsers ProtectHome ProtectSystem ReadOnlyDirectories ReadOnlyPaths ReadWriteDirectories',
    'ReadWritePaths RootDirectory RootImage SetCredential SetCredentialEncrypted StateDirectory SupplementaryGroups',
    'TemporaryFileSystem UMask UnsetEnvironment User WorkingDirectory',
  ].flatMap((line) => line.split(' ')),
);

/** Directives that change nothing of what is judged. */
const harmless = new Set(
  [
    // When a process starts and ends, and by which signals.
    'BusName ExitType FailureAction FinalKillSignal GuessMainPID KillMode KillSignal NotifyAccess OOMPolicy PIDFile',
    'PermissionsStartOnly RebootArgument ReloadSignal RemainAfterExit Restart RestartForceExitStatus',
    'RestartKillSignal RestartMaxDelaySec RestartMode RestartPreventExitStatus RestartSec RestartSteps',
    'RootDirectoryStartOnly RuntimeMaxSec RuntimeRandomizedExtraSec SendSIGHUP SendSIGKILL Sockets StartLimitAction',
    'StartLimitBurst StartLimitInterval StartLimitIntervalSec SuccessExitStatus SurviveFinalKillSignal',
    'TimeoutAbortSec TimeoutCleanSec TimeoutSec TimeoutStartFailureMode TimeoutStartSec TimeoutStopFailureMode',
    'TimeoutStopSec Type USBFunctionDescriptors USBFunctionStrings WatchdogSec WatchdogSignal',
    // How much it may use.
    'AllowedCPUs AllowedMemoryNodes BlockIOAccounting BlockIODeviceWeight BlockIOReadBandwidth BlockIOWeight',
    'BlockIOWriteBandwidth CPUAccounting CPUAffinity CPUQuota CPUQuotaPeriodSec CPUSchedulingPolicy',
    'CPUSchedulingPriority CPUSchedulingResetOnFork CPUShares CPUWeight CoredumpFilter CoredumpReceive',
    'DefaultMemoryLow DefaultMemoryMin DefaultStartupMemoryLow Delegate DelegateSubgroup DisableControllers',
    'IOAccounting IODeviceLatencyTargetSec IODeviceWeight IOReadBandwidthMax IOReadIOPSMax IOSchedulingClass',
    'IOSchedulingPriority IOWeight IOWriteBandwidthMax IOWriteIOPSMax IPAccounting LimitAS LimitCORE LimitCPU',
    'LimitDATA LimitFSIZE LimitLOCKS LimitMEMLOCK LimitMSGQUEUE LimitNICE LimitNOFILE LimitNPROC LimitRSS LimitRTPRIO',
    'LimitRTTIME LimitSIGPENDING LimitSTACK ManagedOOMMemoryPressure ManagedOOMMemoryPressureDurationSec',
    'ManagedOOMMemoryPressureLimit ManagedOOMPreference ManagedOOMSwap MemoryAccounting MemoryHigh MemoryKSM',
    'MemoryLimit MemoryLow MemoryMax MemoryMin MemoryPressureThresholdSec MemoryPressureWatch MemorySwapMax',
    'MemoryZSwapMax MemoryZSwapWriteback NUMAMask NUMAPolicy Nice OOMScoreAdjust Slice StartupAllowedCPUs',
    'StartupAllowedMemoryNodes StartupBlockIOWeight StartupCPUShares StartupCPUWeight StartupIOWeight',
    'StartupMemoryHigh StartupMemoryLow StartupMemoryMax StartupMemorySwapMax StartupMemoryZSwapMax TasksAccounting',
    'TasksMax TimerSlackNSec',
    // What it writes, and other terminals, users, devices and kernel interfaces than etcd's.
    'CacheDirectory CacheDirectoryMode ConfigurationDirectory ConfigurationDirectoryMode DeviceAllow DevicePolicy',
    'ExecPaths ExecSearchPath FileDescriptorStoreMax FileDescriptorStorePreserve IPAddressAllow IPCNamespacePath',
    'IgnoreSIGPIPE KeyringMode LockPersonality LogExtraFields LogFilterPatterns LogLevelMax LogNamespace',
    'LogRateLimitBurst LogRateLimitIntervalSec LogsDirectory LogsDirectoryMode MemoryDenyWriteExecute MountAPIVFS',
    'MountFlags NFTSet NoNewPrivileges NonBlocking OpenFile Personality PrivateDevices PrivateIPC PrivateMounts',
    'PrivatePIDs ProcSubset ProtectClock ProtectControlGroups ProtectHostname ProtectKernelLogs',
    'ProtectKernelModules ProtectKernelTunables ProtectProc RemoveIPC RestrictNamespaces RestrictRealtime',
    'RestrictSUIDSGID RootEphemeral RootHash RootHashSignature RootImageOptions RootVerity RuntimeDirectory',
    'RuntimeDirectoryMode RuntimeDirectoryPreserve SetLoginEnvironment SocketBindAllow StandardError StandardInput',
    'StandardInputData StandardInputText StandardOutput StateDirectoryMode SyslogFacility SyslogIdentifier',
    'SyslogLevel SyslogLevelPrefix SystemCallErrorNumber SystemCallLog TTYColumns TTYPath TTYReset TTYRows',
    'TTYVHangup TTYVTDisallocate UtmpIdentifier UtmpMode',
  ].flatMap((line) => line.split(' ')),
);

/** Whether it is known what a directive of `[Service]` does to what is judged here. */
export function isKnownDirective(name: string): boolean {
  return read.has(name) || harmless.has(name) || name in restrictions;
}

/** Whether a directive leaves as they are what a process reads, and who reaches it. */
export function leavesProcess(name: string): boolean {
  return harmless.has(name) || /^Exec(?:Reload|Stop|StopPost)$/.test(name) || name.startsWith('X-');
}

/**
 * What a unit takes from its process (systemd.exec(5), systemd.resource-control(5)) and nothing here judges. Of
 * directives, an empty one has taken back those before it.
 */
export function restrictionsIn(directives: readonly Directive[]): readonly UnreadText[] {
  return [...groupBy(directives, ({ name }) => name)].flatMap(([name, lines]) => {
    const restriction = restrictions[name];
    const last = lines.at(-1);
    if (last?.location === undefined) return [];
    const { file: path, line } = last.location;
    if (!isKnownDirective(name)) {
      return [notJudgedAt(path, line, `${name}= is not a known directive of a service`)];
    }
    if (restriction?.applies(lines.map(({ value }) => value)) !== true) return [];
    const what = `${name}=${last.value}`;
    const reason = `${what} restricts the ${restriction.of} of the process, which is not judged`;
    return [notJudgedAt(path, line, reason)];
  });
}
