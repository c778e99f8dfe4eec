import { table } from '../../model/table.ts';
import { whyOptionOpen } from './container-options.ts';
import { leavesSystemCalls } from './unit-directives.ts';

/** Settings that are read elsewhere, and those that change nothing of what is judged, by their section. */
const known = table<ReadonlySet<string>>({
  Exec: wordsIn(
    'AmbientCapability CPUAffinity Capability DropCapability Environment Ephemeral Hostname KillSignal LimitAS',
    'LimitCORE LimitCPU LimitDATA LimitFSIZE LimitLOCKS LimitMEMLOCK LimitMSGQUEUE LimitNICE LimitNOFILE LimitNPROC',
    'LimitRSS LimitRTPRIO LimitRTTIME LimitSIGPENDING LimitSTACK LinkJournal MachineID NoNewPrivileges NotifyReady',
    'OOMScoreAdjust Parameters Personality ProcessTwo ResolvConf SuppressSync Timezone User WorkingDirectory',
  ),
  Files: wordsIn(
    'Bind BindReadOnly Inaccessible Overlay OverlayReadOnly PrivateUsersChown PrivateUsersOwnership ReadOnly',
    'TemporaryFileSystem',
  ),
  Network: wordsIn(
    'Bridge IPVLAN Interface MACVLAN Port VirtualEthernet VirtualEthernetExtra Zone',
  ),
});

function wordsIn(...lines: readonly string[]): ReadonlySet<string> {
  return new Set(lines.flatMap((line) => line.split(' ')));
}

/** What settings take from a process or bring along, and nothing here judges (systemd.nspawn(5)). */
const notJudged = table<(values: Values) => string | undefined>({
  'Exec.Boot': ({ last }) => (isOff(last) ? undefined : argumentsOfInit),
  'Exec.PivotRoot': ({ last }) => `the root directory ${last} is not read`,
  'Exec.PrivateUsers': ({ last }) =>
    isOff(last) || last === 'identity'
      ? undefined
      : whyOptionOpen({ name: 'userns', value: { text: `PrivateUsers=${last}` } }),
  'Exec.SystemCallFilter': ({ all }) => {
    const denied = all.filter((value) => value.startsWith('~'));
    if (denied.every(leavesSystemCalls)) return undefined;
    return 'SystemCallFilter= restricts the system calls of the process, which is not judged';
  },
  'Files.BindUser': () => 'BindUser= maps users into the container, which is not judged',
  'Files.Volatile': ({ last }) =>
    isOff(last) ? undefined : `Volatile=${last} hides parts of the root directory`,
  'Network.Private': () => undefined,
});

/** The values of a setting, by its lines. */
interface Values {
  readonly all: readonly string[];
  readonly last: string;
}

function isOff(value: string): boolean {
  return /^(?:no|n|false|f|off|0)$/i.test(value);
}

/** systemd-nspawn@.service boots a container whose settings do not say `Boot=no`. */
export const argumentsOfInit =
  'without Boot=no, Parameters= are arguments of the init of the container';

/** Whether systemd-nspawn has a setting, of any of its releases. */
export function isKnownKey(section: string, key: string): boolean {
  return known[section]?.has(key) === true || `${section}.${key}` in notJudged;
}

/** Why a setting leaves open what runs, by the values of its lines. */
export function whySettingOpen(
  section: string,
  key: string,
  values: readonly string[],
): string | undefined {
  if (section.startsWith('X-') || key.startsWith('X-')) return undefined;
  if (!isKnownKey(section, key)) return `${key}= is not a known setting of [${section}]`;
  return notJudged[`${section}.${key}`]?.({ all: values, last: values.at(-1) ?? '' });
}

/** Whether a setting of `[Network]` gives a container with a network of its own a way out. */
export function isWayOut(key: string): boolean {
  return /^(?:Bridge|IPVLAN|Interface|MACVLAN|VirtualEthernet|VirtualEthernetExtra|Zone)$/.test(
    key,
  );
}
