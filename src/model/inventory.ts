import type { BuildFact } from './host-facts.ts';
import type { BareProbe, ProcessNetwork, RequestedName } from './draft.ts';
import type { Unreadable } from './files.ts';
import type { MemberSettings, Setting } from './settings.ts';
import type { Location, Target } from './target.ts';
import type { Problems } from './settings-problem.ts';

/** One etcd node: its name, its hosts, its settings and which given files they mean. */
export interface Member {
  readonly name: string;
  /** The host it runs on, by evidence or the places of its settings. */
  readonly host?: string;
  /** The cluster that it is of, where there are several. */
  readonly cluster?: string;
  readonly target: Target;
  /**
   * How it is known: by settings or the inventory; supposed from certificates, or after another member's
   * settings; or, without any file of its own, named by another member or listed by the running cluster alone.
   */
  readonly known: 'settings' | 'supposed' | 'named' | 'listed';
  /** What its settings are assumed to be, where that is more than a sound default, e.g. `like those of node1`. */
  readonly assumedSettings?: string;
  /**
   * Drop-ins, environment files and excerpts that were read as all of its settings; none of them where they are in
   * a tool's configuration, to which the tool adds what was not seen.
   */
  readonly excerpts?: readonly string[];
  /** IP addresses from which it dials others. */
  readonly addresses: readonly string[];
  /** Everything else under which it is reached: names, and addresses that it does not dial from. */
  readonly hostnames: readonly string[];
  /** PTR answers for its addresses, where the operator gave them: address to names. */
  readonly reverseNames?: Readonly<Record<string, readonly string[]>>;
  /** Forward answers for names in certificates, where the operator gave them: name to addresses. */
  readonly forwardAddresses?: Readonly<Record<string, readonly string[]>>;
  /** Set where it runs in a container with a network of its own: ports may be published under other numbers. */
  readonly mayBeMapped?: true;
  readonly network?: ProcessNetwork;
  /** Where its data directory is on its host, or in which volume. */
  readonly dataPlace?: string;
  /** Whether it has started before, where that is known: then it does not read `initial-*` and discovery. */
  readonly started?: boolean;
  /** Health probes of it that present no client certificate. */
  readonly bareProbes?: readonly BareProbe[];
  /** Programs that run before it starts, of which the names alone were given. */
  readonly unseenPrograms?: readonly string[];
  /** What has to hold or to succeed on its machine before it starts, and was not tried. */
  readonly untried?: readonly string[];
  /** Files and objects that need not exist, may set something, and were not given. */
  readonly optional?: readonly string[];
  /** Names that a tool's configuration asks for in its certificates. */
  readonly requestedNames?: readonly RequestedName[];
  readonly settings: MemberSettings;
  readonly problems: Problems;
  /** How the paths in its settings were matched to the files given. */
  readonly files: readonly FileMatch[];
  /**
   * What of its process nothing shows: as which user it runs, or who owns its files where it opens them. That it
   * may open them is assumed then.
   */
  readonly unseen?: 'account' | 'owners';
  /** etcd's version without `v`, e.g. `3.5.21`; `known` says whether it was given or supposed. */
  readonly etcdVersion: Setting<string>;
  /** Set where API version 2 is on. */
  readonly servesVersionTwo?: true;
  /** Set where the rules of that release are not known and may be quite others: nothing is concluded. */
  readonly isTooOld?: true;
  /** Go's release, e.g. `1.23.8`. */
  readonly goVersion: Setting<string>;
  /** How its program was built, where that was given. */
  readonly build?: BuildFact;
}

/** A deployed path and the given file for it. */
export interface FileMatch {
  /** As written in the settings, e.g. `/etc/ssl/certs/etcd/node_1_cert.pem`. */
  readonly deployed: string;
  /** `path` of a FileFact; absent when no given file matches. */
  readonly file?: string;
  /** Set when the place where it will be deployed was looked through and no file is there. */
  readonly missing?: true;
  /** What is there where no file is: a directory, or a file on the way. */
  readonly instead?: Extract<Unreadable['kind'], 'directory' | 'not-a-directory'>;
  /** Set when the process cannot open it, whatever is there. */
  readonly barrier?: Barrier;
  /** Why it is not known whether the process may open it, and what to give so that it is. */
  readonly doubt?: Doubt;
  /** What was not given and holds it: a Secret, a ConfigMap, a volume. */
  readonly holder?: string;
  /** How to say what a volume holds. */
  readonly give?: string;
  /** `name`: found by the name of the file alone. `several`: that many have the name, and none was taken. */
  readonly by?: 'name' | 'several';
  /** How it was matched, or why not: shown to the operator. */
  readonly because: string;
}

/** What is not known of a process and a file. */
export interface Doubt {
  readonly because: string;
  readonly give: string;
}

/** What keeps a process from a file. */
export interface Barrier {
  /** `account`: its user may not open it. `view`: a sandbox or container hides it. */
  readonly kind: 'account' | 'view';
  readonly error: 'permission denied' | 'no such file or directory';
  /** One clause: what is between them, with values. */
  readonly because: string;
  /** The directive or field that decides, and where it is. */
  readonly setting?: string;
  readonly location?: Location;
  readonly remedy: string;
}

/** Something that dials members: etcdctl, kube-apiserver, flanneld, an application. */
export interface Client {
  readonly name: string;
  readonly kind: string;
  /** The host it runs on, by evidence or the places of its settings. */
  readonly host?: string;
  readonly network?: ProcessNetwork;
  /** The cluster that it dials, where there are several. */
  readonly cluster?: string;
  readonly target: Target;
  /** How it is known: by settings, the inventory or the command line, or supposed from an unused certificate. */
  readonly known: 'settings' | 'supposed';
  readonly origin: Location;
  /** As configured; the client dials exactly these. */
  readonly endpoints: Setting<readonly string[]>;
  readonly caFile?: Setting<string>;
  readonly certFile?: Setting<string>;
  readonly keyFile?: Setting<string>;
  /** Overrides the name verified in the server's certificate. */
  readonly serverName?: Setting<string>;
  readonly insecureSkipVerify?: Setting<boolean>;
  /** Which rules judge the server's certificate: Go's, or OpenSSL's (Python, Lua, curl). */
  readonly verifier: 'go' | 'openssl';
  readonly goVersion: Setting<string>;
  /** Whether it talks gRPC or the JSON gateway, which needs the member's self-dial. */
  readonly speaks: 'grpc' | 'gateway';
  /** Hosts of its endpoints to which HTTPS_PROXY of its process leads. */
  readonly proxied?: Setting<readonly string[]>;
  /** Set for etcdctl with API version 2, which members serve with `enable-v2` alone. */
  readonly asksVersionTwo?: true;
  /** Files that need not exist, may set what is set already, with which it would end, and were not given. */
  readonly optional?: readonly string[];
  readonly problems: Problems;
  readonly files: readonly FileMatch[];
}

/** What the tool concluded about a file or a role from content, said so that a person can object. */
export interface Guess {
  /** E.g. `node_1_cert.pem`. */
  readonly about: string;
  /** E.g. `server and peer certificate of node1`. */
  readonly conclusion: string;
  /** E.g. `its SANs hold 10.104.100.236; its key is node_1_key_insecure.pem`. */
  readonly because: string;
  /** The member that the conclusion is about, where `about` is a file of it. */
  readonly owner?: string;
  /** True when other readings were possible; checks and reports then say so. */
  readonly ambiguous: boolean;
}
