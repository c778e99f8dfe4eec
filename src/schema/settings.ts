import { z } from 'zod';
import { problemReasons } from '../model/problem-words.ts';
import type { DocumentNode } from '../model/settings.ts';
import { type Complete, location, type Plain, setting, text, texts } from './basics.ts';
import {
  problemValues,
  settingsProblemKinds,
  type SettingsProblem,
} from '../model/settings-problem.ts';

const textSetting = setting(text).exactOptional();

const lifetime = z.union([z.object({ since: text }), z.object({ before: text })]);

/** Reports let through what a later release adds; evidence is what this one knows. */
export const problemFields = {
  kind: z.enum(settingsProblemKinds),
  why: z.enum(problemReasons),
  location: location.exactOptional(),
  name: text,
  values: z.partialRecord(z.enum(problemValues), text).exactOptional(),
  during: lifetime.exactOptional(),
  etcdSays: text.exactOptional(),
} satisfies Complete<SettingsProblem>;

const problem: z.ZodType<SettingsProblem> = z.object(problemFields);

/** A piece of text and where it is. */
export type LocatedText = Plain<typeof located>;
const located = z.object({ text, location: location.exactOptional() });

export type EnvironmentVariable = Plain<typeof variable>;
const variable = z.object({ name: text, value: text, location: location.exactOptional() });

/** Deeper documents are no settings, and would end in an overflow of the stack. */
const deepest = 200;

export const documentNode = nodeOf(deepest);

function nodeOf(depth: number): z.ZodType<DocumentNode> {
  return z.lazy(() => {
    if (depth === 0) return z.never();
    const value = nodeOf(depth - 1);
    return z.discriminatedUnion('kind', [
      z.object({
        location,
        kind: z.literal('scalar'),
        value: z.union([text, z.number(), z.boolean(), z.null()]),
        asText: text.exactOptional(),
        isBlock: z.boolean().exactOptional(),
      }),
      z.object({ location, kind: z.literal('list'), items: z.array(value) }),
      z.object({
        location,
        kind: z.literal('map'),
        entries: z.array(z.object({ key: text, location, value })),
      }),
    ]);
  });
}

export type AssumedSetting = Plain<typeof assumed>;
const assumed = z.object({
  /** A flag's name without dashes, e.g. `listen-client-urls`. */
  name: text,
  /** As written on the command line. */
  value: text,
  because: text,
  /** Set where the value is not known, and names what may set it. */
  isPlace: z.literal(true).exactOptional(),
});

/** One place from which an etcd process takes settings. Later variables and keys win over earlier ones. */
export type SettingsSource = Plain<typeof source>;
const source = z.discriminatedUnion('kind', [
  /** What follows the program's name on its command line. */
  z.object({ kind: z.literal('flags'), arguments: z.array(located) }),
  z.object({ kind: z.literal('environment'), variables: z.array(variable) }),
  z.object({
    kind: z.literal('config-file'),
    /** The path as etcd gets it, e.g. `/etc/etcd/etcd.conf.yml`. */
    path: text,
    /** Absent when the file was not given, or is no YAML. */
    document: documentNode.exactOptional(),
    /** Why there is no document although the file was given. */
    unreadable: z.object({ error: text, location }).exactOptional(),
  }),
  /** Flag names and values that the tool supposes where no other source sets them. */
  z.object({ kind: z.literal('assumed'), settings: z.array(assumed) }),
]);

/** Where a path inside a container, or in a service's own view of the host, comes from. */
export type Mount = Plain<typeof mount>;
const mount = z.object({
  /** The path in the container, without a trailing slash. */
  inside: text,
  /** Set where the names of the files in a directory follow the path after `_` (systemd.exec(5), LoadCredential=). */
  joinsNames: z.literal(true).exactOptional(),
  /**
   * `other`: what it holds is nowhere but in the running system. `written`: a command that runs before may have left
   * something else there. `empty`: a new directory without files. `inaccessible`: one that only root may look into,
   * and that is empty.
   */
  from: z.literal(['host', 'secret', 'config-map', 'other', 'written', 'empty', 'inaccessible']),
  /**
   * The host's path, `namespace/name` of the Secret or ConfigMap, the program that writes, or what else is mounted, in
   * words: `the volume data`.
   */
  source: text,
  /** Permission bits of the files of a Secret or ConfigMap, where they are stated. */
  mode: z.int().exactOptional(),
  /** The setting that says so, and its name. */
  location: location.exactOptional(),
  name: text.exactOptional(),
});

export type Container = Plain<typeof container>;
const container = z.object({
  image: text.exactOptional(),
  /** Set for a command in a container that runs already: `docker exec`. */
  entered: z.literal(true).exactOptional(),
});

/** The absolute path that a process starts in, as it sees it; absent where that is not known. */
const directory = text;

/** Whose loopback a process in a container has. */
export type ProcessNetwork = Plain<typeof network>;
const network = z.object({
  /** The pod or container; processes of the same one share their loopback. */
  of: text,
  /** What the processes on one machine have in common: services of one compose file are on one. */
  machine: text.exactOptional(),
  /** Set where it has the network of its host, and its loopback is the host's. */
  isHost: z.literal(true).exactOptional(),
});

/** A health probe that presents no client certificate and verifies nothing. */
export type BareProbe = Plain<typeof bareProbe>;
const bareProbe = z.object({
  /** As its settings call it: `livenessProbe`, `healthcheck`. */
  name: text,
  by: z.literal(['kubelet', 'curl', 'wget', 'Nomad']),
  scheme: z.literal(['http', 'https', 'grpc', 'tcp']),
  /** Absent for the address of the pod, or of the machine itself. */
  host: text.exactOptional(),
  /** Set where the settings give the host to something else than the container. */
  isOther: z.literal(true).exactOptional(),
  /** A number, or a name that the container gives to none of its ports. */
  port: text,
  /**
   * Who else may listen at the port on the same network: nothing does, or something else is known or likely to.
   * Absent where that is not known.
   */
  neighbours: z.literal(['none', 'stated']).exactOptional(),
  /** Set where a script sends it, and was not followed as to whether it fails with it. */
  failure: z.literal('unknown').exactOptional(),
  location,
});

/** A name that a tool's configuration asks for in a certificate of the member. */
export type RequestedName = Plain<typeof requestedName>;
const requestedName = z.object({
  role: z.literal(['server', 'peer']),
  name: text,
  /** The setting, e.g. `serverCertSANs`. */
  setting: text,
  location,
});

/** What a settings file says of one etcd process; `readMemberSettings` makes settings of its sources. */
export type MemberDraft = Plain<typeof member>;
const member = z.object({
  kind: text,
  /** Where the process is described. */
  origin: location,
  /** All files that had a say, in the order read. */
  files: texts,
  /** The member's name where the settings give one; never a guess from a path. */
  name: text.exactOptional(),
  /** The host it runs on, where evidence of several hosts was put together. */
  host: text.exactOptional(),
  sources: z.array(source),
  mounts: z.array(mount),
  /** What is said of the process itself, in the words of systemd.exec(5): `User`, `ProtectHome`… */
  directives: z.array(variable).exactOptional(),
  /** Set for a process in a container, which sees nothing of the host but its mounts. */
  container: container.exactOptional(),
  directory: directory.exactOptional(),
  /** Addresses and host names that the orchestrator gives the process, e.g. compose's `ipv4_address`. */
  addresses: texts,
  hostnames: texts,
  /** From the tag of a container image. */
  etcdVersion: textSetting,
  /**
   * True when the text leaves things out: a `...` line, a drop-in without its unit, a file referred to
   * and not given. What it does not set may then be set elsewhere, rather than at etcd's default.
   */
  partial: z.boolean(),
  /** Deployed settings files that are referred to and were not given. */
  missingFiles: texts,
  /** Set for a process that was seen running, for longer than etcd takes to join or to give up. */
  runs: z.literal(true).exactOptional(),
  /** Where a tool's configuration is from which this process was made: it runs with what is written here. */
  superseded: z.array(location).exactOptional(),
  /** What a tool's configuration asks for in the certificates that the tool issues. */
  requestedNames: z.array(requestedName).exactOptional(),
  /** What the file's own syntax leaves unsaid, e.g. a specifier that only the host can expand. */
  problems: z.array(problem),
  network: network.exactOptional(),
  /** Requests that something without a client certificate sends to it. */
  bareProbes: z.array(bareProbe).exactOptional(),
  /** Programs that run before it starts, of which the names alone were given. */
  unseenPrograms: texts.exactOptional(),
  /** What has to hold or to succeed on its machine before it starts, and was not tried: `ExecStartPre=test`. */
  untried: texts.exactOptional(),
  /** Files and objects that need not exist, may set something, and were not given. */
  optional: texts.exactOptional(),
});

/** What the settings of a process say of the process itself. */
export type StartedProcess = Plain<typeof startedProcess>;
const startedProcess = z.object({
  kind: text,
  partial: z.boolean(),
  directives: z.array(variable).exactOptional(),
  container: container.exactOptional(),
  directory: directory.exactOptional(),
});

export const clientFields = {
  name: text,
  /** `etcdctl`, `kube-apiserver`, `flanneld`, `calico`… */
  kind: text,
  /** The host it runs on, where evidence of several hosts was put together. */
  host: text.exactOptional(),
  origin: location,
  /** As configured; the client's own default, with origin `default`, where nothing is. */
  endpoints: setting(texts),
  caFile: textSetting,
  certFile: textSetting,
  keyFile: textSetting,
  serverName: textSetting,
  insecureSkipVerify: setting(z.boolean()).exactOptional(),
  verifier: z.literal(['go', 'openssl']),
  speaks: z.literal(['grpc', 'gateway']),
  /** Hosts of its endpoints to which HTTPS_PROXY of its process leads. What the variable holds may be a password. */
  proxied: setting(texts).exactOptional(),
  /** Set for etcdctl with API version 2, which members serve with `enable-v2` alone. */
  asksVersionTwo: z.literal(true).exactOptional(),
  /** Files that need not exist, may set what is set already, with which it would end, and were not given. */
  optional: texts.exactOptional(),
};

/** A client as evidence holds it: of PEM written into its settings the name alone, since it may be a key. */
export type StatedClient = Plain<typeof client>;
const client = z.object({
  ...clientFields,
  /**
   * Set for what connects to something other than etcd, such as the user of a kubeconfig. `by-address`: it is a client
   * of etcd where its endpoints lead to a member.
   */
  isOfEtcd: z.union([z.literal(false), z.literal('by-address')]).exactOptional(),
  problems: z.array(problem),
  mounts: z.array(mount),
  /** The process that connects, where its settings say how it is started. */
  process: startedProcess.exactOptional(),
  network: network.exactOptional(),
  /** From the tag of the image that the client is in. */
  etcdVersion: textSetting,
  /** The releases of etcd whose client reads its settings like this. */
  lifetime: lifetime.exactOptional(),
  /** PEM written into the settings themselves; the settings above name it by this path. */
  embedded: texts,
});

/**
 * Something that starts or configures a process and mentions etcd, or holds a certificate or key, and that
 * could not be read as the program that it is meant for reads it. A set that has such a file is never PASS.
 */
export type NotUnderstood = Plain<typeof notUnderstood>;
export const notUnderstood = z.object({
  /** As the operator would type it. */
  path: text,
  line: z.int().positive().exactOptional(),
  /** What could not be read and why, in words an operator can act on. Holds no secret. */
  reason: text,
  /** The member that reads this at its first start alone: where its settings are. */
  atFirstStartOf: location.exactOptional(),
  /** Set for settings that were read and that nothing reads which was given. */
  isUnused: z.literal(true).exactOptional(),
  /** Set for program source and other texts that may be about settings: no question, and no part of a PASS. */
  isSource: z.literal(true).exactOptional(),
  /** What to do about it, where that is something else than to write it in another form. */
  give: text.exactOptional(),
});

/** Everything that settings files say, before deployed paths are matched to the files given. */
export type StatedSettings = Plain<typeof drafts>;
export const drafts = z.object({ members: z.array(member), clients: z.array(client) });
