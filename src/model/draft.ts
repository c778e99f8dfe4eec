import type { NotUnderstood } from './evidence.ts';
import type { EnvironmentVariable, Setting, SettingsSource } from './settings.ts';
import type { Location } from './target.ts';
import type { SettingsProblem } from './settings-problem.ts';

/** The name of the form in which settings are written, e.g. `systemd`; each has a file in `collect/settings/forms`. */
export type SettingsKind = string;

/** A text file given by the operator, by the path as typed. */
export interface TextFile {
  readonly path: string;
  /** Without the byte order mark that it may begin with. */
  readonly text: string;
  readonly hasByteOrderMark?: true;
}

/** Everything that settings files say, before deployed paths are matched to the files given. */
export interface StatedSettings {
  readonly members: readonly MemberDraft[];
  readonly clients: readonly StatedClient[];
}

/** A client as evidence holds it: of PEM written into its settings the name alone, since it may be a key. */
export interface StatedClient extends Omit<ClientDraft, 'embedded'> {
  readonly embedded: readonly string[];
}

/** What the readers of settings files make of them. */
export interface SettingsDrafts {
  readonly members: readonly MemberDraft[];
  readonly clients: readonly ClientDraft[];
  /** What looks like settings and could not be read as such. */
  readonly notUnderstood: readonly UnreadText[];
  /** Certificates, keys and the like that files of settings write to a host. */
  readonly embedded: readonly TextFile[];
}

/** Text that looks like settings and could not be read as such. */
export interface UnreadText extends NotUnderstood {
  /** Set when the file breaks the syntax that it is written in: naming such a file is wrong usage. */
  readonly malformed?: true;
}

/** What a settings file says of one etcd process; `readMemberSettings` makes settings of its sources. */
export interface MemberDraft {
  readonly kind: SettingsKind;
  /** Where the process is described. */
  readonly origin: Location;
  /** The host it runs on, where evidence of several hosts was put together. */
  readonly host?: string;
  /** All files that had a say, in the order read. */
  readonly files: readonly string[];
  /** The member's name where the settings give one; never a guess from a path. */
  readonly name?: string;
  readonly sources: readonly SettingsSource[];
  readonly mounts: readonly Mount[];
  /** What is said of the process itself, in the words of systemd.exec(5): `User`, `ProtectHome`… */
  readonly directives?: readonly EnvironmentVariable[];
  /** Set for a process in a container, which sees nothing of the host but its mounts. */
  readonly container?: Container;
  /** Addresses and host names that the orchestrator gives the process, e.g. compose's `ipv4_address`. */
  readonly addresses: readonly string[];
  readonly hostnames: readonly string[];
  /** From the tag of a container image. */
  readonly etcdVersion?: Setting<string>;
  /**
   * True when the text leaves things out: a `...` line, a drop-in without its unit, a file referred to
   * and not given. What it does not set may then be set elsewhere, rather than at etcd's default.
   */
  readonly partial: boolean;
  /** Deployed settings files that are referred to and were not given. */
  readonly missingFiles: readonly string[];
  /** Set for a process that was seen running, for longer than etcd takes to join or to give up. */
  readonly runs?: true;
  /** Where a tool's configuration is from which this process was made: it runs with what is written here. */
  readonly superseded?: readonly Location[];
  /** What a tool's configuration asks for in the certificates that the tool issues. */
  readonly requestedNames?: readonly RequestedName[];
  /** What the file's own syntax leaves unsaid, e.g. a specifier that only the host can expand. */
  readonly problems: readonly SettingsProblem[];
  readonly network?: ProcessNetwork;
  /** Requests that something without a client certificate sends to it. */
  readonly bareProbes?: readonly BareProbe[];
  /** Programs that run before it starts, of which the names alone were given. */
  readonly unseenPrograms?: readonly string[];
  /** What has to hold or to succeed on its machine before it starts, and was not tried: `ExecStartPre=test`. */
  readonly untried?: readonly string[];
  /** Files and objects that need not exist, may set something, and were not given. */
  readonly optional?: readonly string[];
}

/** A name that a tool's configuration asks for in a certificate of the member. */
export interface RequestedName {
  readonly role: 'server' | 'peer';
  readonly name: string;
  /** The setting, e.g. `serverCertSANs`. */
  readonly setting: string;
  readonly location: Location;
}

/** Whose loopback a process in a container has. */
export interface ProcessNetwork {
  /** The pod or container; processes of the same one share their loopback. */
  readonly of: string;
  /** What the processes on one machine have in common: services of one compose file are on one. */
  readonly machine?: string;
  /** Set where it has the network of its host, and its loopback is the host's. */
  readonly isHost?: true;
}

/** A health probe that presents no client certificate and verifies nothing. */
export interface BareProbe {
  /** As its settings call it: `livenessProbe`, `healthcheck`. */
  readonly name: string;
  readonly by: 'kubelet' | 'curl' | 'wget' | 'Nomad';
  readonly scheme: 'http' | 'https' | 'grpc' | 'tcp';
  /** Absent for the address of the pod, or of the machine itself. */
  readonly host?: string;
  /** Set where the settings give the host to something else than the container. */
  readonly isOther?: true;
  /** A number, or a name that the container gives to none of its ports. */
  readonly port: string;
  /**
   * Who else may listen at the port on the same network: nothing does, or something else is known or likely to.
   * Absent where that is not known.
   */
  readonly neighbours?: 'none' | 'stated';
  /** Set where a script sends it, and was not followed as to whether it fails with it. */
  readonly failure?: 'unknown';
  readonly location: Location;
}

/** What a settings file says of something that dials members. */
export interface ClientDraft {
  readonly name: string;
  /** `etcdctl`, `kube-apiserver`, `flanneld`, `calico`… */
  readonly kind: string;
  readonly origin: Location;
  /** The host it runs on, where evidence of several hosts was put together. */
  readonly host?: string;
  /** As configured; the client's own default, with origin `default`, where nothing is. */
  readonly endpoints: Setting<readonly string[]>;
  readonly caFile?: Setting<string>;
  readonly certFile?: Setting<string>;
  readonly keyFile?: Setting<string>;
  readonly serverName?: Setting<string>;
  readonly insecureSkipVerify?: Setting<boolean>;
  /**
   * Set for what connects to something other than etcd, such as the user of a kubeconfig. `by-address`: it is a client
   * of etcd where its endpoints lead to a member.
   */
  readonly isOfEtcd?: false | 'by-address';
  readonly verifier: 'go' | 'openssl';
  readonly speaks: 'grpc' | 'gateway';
  readonly problems: readonly SettingsProblem[];
  readonly mounts: readonly Mount[];
  /** The process that connects, where its settings say how it is started. */
  readonly process?: StartedProcess;
  readonly network?: ProcessNetwork;
  /** PEM written into the settings themselves; the settings above name it by this path. */
  readonly embedded: readonly TextFile[];
}

/** What the settings of a process say of the process itself. */
export interface StartedProcess extends Pick<
  MemberDraft,
  'kind' | 'partial' | 'directives' | 'container'
> {}

/** Where a path inside a container, or in a service's own view of the host, comes from. */
export interface Mount {
  /** The path in the container, without a trailing slash. */
  readonly inside: string;
  /** Set where the names of the files in a directory follow the path after `_` (systemd.exec(5), LoadCredential=). */
  readonly joinsNames?: true;
  /**
   * `other`: what it holds is nowhere but in the running system. `written`: a command that runs before may have left
   * something else there. `empty`: a new directory without files. `inaccessible`: one that only root may look into,
   * and that is empty.
   */
  readonly from: 'host' | 'secret' | 'config-map' | 'other' | 'written' | 'empty' | 'inaccessible';
  /**
   * The host's path, `namespace/name` of the Secret or ConfigMap, the program that writes, or what else is mounted, in
   * words: `the volume data`.
   */
  readonly source: string;
  /** Permission bits of the files of a Secret or ConfigMap, where they are stated. */
  readonly mode?: number;
  /** The setting that says so, and its name. */
  readonly location?: Location;
  readonly name?: string;
}

const holders: Partial<Record<Mount['from'], string>> = {
  host: '',
  secret: 'secret/',
  'config-map': 'configmap/',
};

/** What is mounted, by the path under which it is given; undefined where its content is not known. */
export function sourceOf({ from, source }: Mount): string | undefined {
  const holder = holders[from];
  return holder === undefined ? undefined : `${holder}${source}`.replace(/(?<!\/)\/+$/, '');
}

/** Whether a path is that of a directory or leads into it. */
export function isBelow(path: string, directory: string): boolean {
  return path === directory || path.startsWith(`${directory}/`);
}

export interface Container {
  readonly image?: string;
}
