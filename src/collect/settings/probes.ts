import type { BareProbe, UnreadText } from '../../model/draft.ts';
import type { LocatedText } from '../../model/settings.ts';
import type { Location } from '../../model/target.ts';
import { defined } from '../../model/defined.ts';
import { canonicalHost, isHttps, parseHttpUrl } from '../../model/host.ts';
import { asksEtcd, bareUrlsOf, mayAskEtcd } from './clients/curl.ts';
import { type HttpRequest, httpRequestOf } from './clients/http-request.ts';
import { mayHoldRequest, namesEtcd } from './mentions.ts';
import { isMember } from './is-member.ts';
import { type Process, processOf } from './process.ts';
import { isEtcd, isWithoutEffect } from './programs.ts';
import { isShell } from './shell-calls.ts';
import { type Requirement, requirementOf, withProbeFailures } from './before-start.ts';
import type { CommandLine, Started, Starts } from './starts.ts';
import { startedBy } from './started.ts';
import { isTextFilter } from './text-filters.ts';
import { unreadAt } from './unread-at.ts';

/** A command that runs inside a container apart from its process: a health probe, a hook. */
export interface Command {
  /** As its settings call it: `livenessProbe`, `healthcheck`. */
  readonly name: string;
  readonly words: readonly LocatedText[];
  readonly location: Location;
}

/** Docker's form of a health check: `CMD` and words, `CMD-SHELL` and a text, a text alone, or `NONE`. */
export function healthCommand(test: readonly LocatedText[]): readonly Command[] {
  const name = 'healthcheck';
  const [first, ...rest] = test;
  if (first?.location === undefined || first.text === 'NONE' || first.text === '') return [];
  const { location } = first;
  if (first.text === 'CMD') return rest.length === 0 ? [] : [{ name, words: rest, location }];
  const text = first.text === 'CMD-SHELL' ? rest[0] : first;
  if (text === undefined) return [];
  const shell = ['/bin/sh', '-c'].map((word) => ({ text: word, location }));
  return [{ name, words: [...shell, text], location }];
}

/** Podman's `--health-cmd`: a list in JSON, else a text for the shell (podman-run(1)). */
export function podmanHealth(written: LocatedText): readonly Command[] {
  const { text, location } = written;
  if (!/^\s*\[/.test(text)) return healthCommand([written]);
  const words = (text.match(/"(?:[^"\\]|\\.)*(?:"|\\?$)/gs) ?? []).map((word) => ({
    text: word.slice(1, -1).replaceAll(/\\(.)/g, '$1'),
    ...(location && { location }),
  }));
  return healthCommand(words);
}

/** The processes of a service, and what its hooks run. */
export function withHookRuns(
  processes: readonly Process[],
  runs: readonly Run[],
): readonly Process[] {
  const bareProbes = runs.flatMap(({ bare }) => bare);
  const senders = processes.some(isMember) ? [] : runs.flatMap((run) => run.senders);
  return [
    ...senders,
    ...runs.flatMap((run) => run.processes),
    ...processes.map((process) =>
      bareProbes.length > 0 && isMember(process) ? { ...process, bareProbes } : process,
    ),
  ];
}

/** What is sent to a container's process, and who else may receive it. */
interface Probes {
  readonly commands: readonly Command[];
  readonly bare?: readonly BareProbe[];
  /** Who, apart from the container itself, listens at a port of its network. */
  readonly neighbours?: (port: string) => BareProbe['neighbours'];
  /** Whether a name leads to something else than the container. */
  readonly isOther?: (name: string) => boolean;
}

const unknownNeighbours = (): undefined => undefined;

/** The processes of a container, its probes and hooks among them. */
export function withProbes(
  processes: readonly Process[],
  base: Process,
  line: CommandLine,
  { commands, bare = [], neighbours = unknownNeighbours, isOther = () => false }: Probes,
): readonly Process[] {
  const isOfEtcd = processes.some(isMember);
  const place = isOfEtcd ? 'container of etcd' : 'another container';
  const ports = portsIn(processes);
  const read = commands.map((command) =>
    runsOfHook({ ...base, place }, { ...line, ports }, command),
  );
  const sent = [...bare, ...read.flatMap((each) => each.bare)];
  const isAlone = sent.length > 0 && startsNothingElse(processes, line);
  const probes = sent.map((probe) => {
    const others = neighbours(probe.port);
    const isKnown = others === 'stated' || (others === 'none' && isAlone);
    return {
      ...probe,
      ...(isKnown && { neighbours: others }),
      ...(isOther(probe.host ?? '') && { isOther: true as const }),
    };
  });
  const required = read.map((run) => run.required('probe-fails'));
  return [
    // Of equal clients the first one counts, and a probe says more than variables alone.
    ...read.flatMap(({ processes: own, senders }) => (isOfEtcd ? own : [...senders, ...own])),
    ...withProbeFailures(processes, required).map((process) =>
      probes.length > 0 && isMember(process) ? { ...process, bareProbes: probes } : process,
    ),
  ];
}

/** Whether a container runs etcd and nothing else that may listen at a port. */
function startsNothingElse(processes: readonly Process[], line: CommandLine): boolean {
  const areKnown = processes.every(
    ({ program, doubts }) => program !== undefined && isEtcd(program) && doubts.length === 0,
  );
  const { started, unfollowed } = startedBy(line);
  const areHarmless = started.every(({ program }) => program === undefined || isHarmless(program));
  return areKnown && areHarmless && unfollowed.length === 0;
}

/** The ports of the URLs that processes are given, of which those of etcd are some. */
export function portsIn(processes: readonly Process[]): readonly string[] {
  const texts = processes.flatMap(({ words, variables }) => [
    ...words.map(({ text }) => text),
    ...variables.map(({ value }) => value),
  ]);
  const url = /https?:\/\/(?:\[[^\]]*\]|[^/:,\s]*):(\d{1,5})\b/g;
  const ports = texts.flatMap((text) => [...text.matchAll(url)].map(([, port = '']) => port));
  return [...new Set(ports)];
}

/** What a command is started with, and the ports at which etcd may listen next to it. */
export interface HookLine extends Omit<CommandLine, 'words'> {
  readonly ports: readonly string[];
}

/**
 * What a hook of a process runs that connects to etcd: etcdctl, and curl or wget at a URL of etcd. Other programs
 * there may do anything, and curl may download something.
 */
export function runsOfHook(base: Process, line: HookLine, command: Command): HookRun {
  const starts = startedBy({ directory: base.directory, ...line, words: command.words });
  const hook = {
    ...base,
    origin: command.location,
    asClient: `${base.label ?? 'etcd'}-${kebab(command.name)}`,
  };
  const runs = starts.started.map((started) => runOf(processOf(hook, started), started, command));
  return {
    processes: [
      ...runs.flatMap(({ processes }) => processes),
      ...doubtful(hook, openIn(hook, line, command, starts)),
    ],
    bare: runs.flatMap(({ bare }) => bare.map((probe) => withoutOwnName(probe, line))),
    senders: runs.flatMap(({ senders }) => senders),
    required: (why) => requirementOf(command, starts.ending(), why),
  };
}

function runOf(process: Process, started: Started, command: Command): Run {
  if (started.isUnseen) return { ...nothing(), processes: doubtful(process, started.doubts) };
  if (isEtcdctl(process)) return { ...nothing(), processes: [process] };
  return isInContainerOfEtcd(process)
    ? otherProbe(process, started, command)
    : otherHook(process, started, command);
}

function isEtcdctl({ program = '' }: Process): boolean {
  return /^etcdctl\d?$/.test(program);
}

function isInContainerOfEtcd({ place }: Process): boolean {
  return place === 'container of etcd';
}

/** What was not followed may hold a request, where a hook has to do with any: that is so of all in a container of etcd. */
function openIn(
  hook: Process,
  line: HookLine,
  command: Command,
  { started, unfollowed, scripts }: Starts,
): readonly UnreadText[] {
  if (isInContainerOfEtcd(hook)) return unfollowed;
  if (!namesEtcd(textOf(command, line, scripts), line.ports)) return [];
  const requests = started.map((each) => unreadRequest(processOf(hook, each), command));
  return [...unfollowed, ...requests.flat()];
}

/** What runs next to other things: a request is one of etcd by its URL, or where a member listens there. */
function otherHook(process: Process, started: Started, command: Command): Run {
  if (asksEtcd(process)) return otherProbe(process, started, command);
  if (!mayAskEtcd(process) || process.words.length === 0) return nothing();
  const { processes, bare, senders } = otherProbe(process, started, command);
  return {
    processes: processes.filter(({ program }) => program !== 'sh'),
    // At other ports something else listens.
    bare: bare.map((probe) => ({ ...probe, neighbours: 'stated' as const })),
    senders: senders.filter(({ program }) => program !== 'sh'),
  };
}

/** What a command comes to: clients of etcd, and requests without a client certificate. */
export interface Run {
  readonly processes: readonly Process[];
  readonly bare: readonly BareProbe[];
  /** Who sends these, where the hook is none of etcd. */
  readonly senders: readonly Process[];
}

/** What a hook comes to, and that it has to succeed. */
export interface HookRun extends Run {
  readonly required: (why: Requirement['why']) => Requirement;
}

function nothing(): Run {
  return { processes: [], bare: [], senders: [] };
}

/** All that a hook is written in: its words, its scripts, and the variables that these name. */
function textOf({ words }: Command, { variables }: HookLine, scripts: Starts['scripts']): string {
  const written = [...words.map(({ text }) => text), ...scripts].join('\n');
  const names = new Set(written.match(/[A-Za-z_]\w*/g));
  const values = variables.filter(({ name }) => names.has(name)).map(({ value }) => value);
  return [written, ...values].join('\n');
}

/** A program that may send requests, in a way that was not followed. */
function unreadRequest(process: Process, { location }: Command): readonly UnreadText[] {
  const { program = '', words } = process;
  const isRead = isEtcdctl(process) || mayAskEtcd(process);
  const isUnknown = !/^[\w.+-]+$/.test(program);
  const may =
    isUnknown || [program, ...words.map(({ text }) => text)].some((text) => mayHoldRequest(text));
  const isSafe = isHarmless(program) && program !== 'curl' && program !== 'wget';
  if (isRead || isSafe || !may) return [];
  const { file: path, line } = location;
  const subject = isUnknown ? 'a program' : `\`${program}\``;
  return [{ path, ...defined({ line }), reason: `where ${subject} connects to is not known` }];
}

/** The name of the machine or container itself, which shells have in `$HOSTNAME`. */
function withoutOwnName(probe: BareProbe, { hostname }: Omit<CommandLine, 'words'>): BareProbe {
  const { host = '', ...rest } = probe;
  const isOwn =
    /^\$(?:hostname|\{hostname\})$/i.test(host) ||
    (hostname !== undefined && canonicalHost(host) === canonicalHost(hostname));
  return isOwn ? rest : probe;
}

function kebab(name: string): string {
  return name.replaceAll(/(?!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
}

/** What a probe of etcd runs that is not etcdctl. */
function otherProbe(process: Process, started: Started, command: Command): Run {
  const { program = '', words, doubts } = started;
  const { file, line } = command.location;
  const unknown = (what: string): Run => {
    const reason = `the ${command.name} runs ${what}, so that its connections to etcd are not known`;
    const own = unreadAt(file, line, reason);
    return { ...nothing(), processes: doubtful(process, [own, ...doubts]) };
  };
  if (program === 'curl' || program === 'wget') {
    const request = requestIn(process, program, words);
    if (request.unread !== undefined) return unknown(`\`${program}\` ${request.unread}`);
    const urls = bareUrlsOf(request);
    if (urls === undefined) return { ...nothing(), processes: [process] };
    return sentBy(
      process,
      started,
      command,
      urls.flatMap((url) => bareProbe(command, program, url)),
    );
  }
  const isOfBitnami = ofBitnami.test(command.words.map(({ text }) => text).join(' '));
  if (isHarmless(program) || isTextFilter(program, words) || isOfBitnami) {
    return { ...nothing(), processes: doubtful(process, doubts) };
  }
  // A command substitution or a word with other characters may hold anything, a password too.
  const name = /^[\w.+-]+$/.test(program) ? `\`${program}\`` : 'a program';
  return unknown(`${name}, which was not given`);
}

/** What requests without a certificate come to, where the command fails with them and where it does not. */
function sentBy(
  process: Process,
  { program = '', doubts, failure: failureOf }: Started,
  { name, location: { file, line } }: Command,
  bare: readonly BareProbe[],
): Run {
  const processes = doubtful(process, doubts);
  const failure = failureOf?.();
  if (failure === 'goes-on') return { ...nothing(), processes };
  // A client is judged at the members' client ports, and metrics ports answer without TLS.
  const isClient = bare.some(({ scheme, port }) => scheme === 'https' || port === '2379');
  if (failure !== 'unknown') return { processes, bare, senders: isClient ? [process] : [] };
  const reason = `whether the ${name} fails where its \`${program}\` fails is not followed`;
  const own = unreadAt(file, line, reason);
  return {
    processes,
    bare: bare.map((probe) => ({ ...probe, failure })),
    senders: isClient ? doubtful(process, [own]) : [],
  };
}

/**
 * BusyBox's wget knows fewer options than GNU's, and whether it verifies a server depends on how it was built. Where an
 * image may have either, what they do differently is not known.
 */
function requestIn(
  { image, contained }: Process,
  program: 'curl' | 'wget',
  words: Started['words'],
): HttpRequest {
  const named = image?.text ?? '';
  if (program === 'curl' || contained !== true || ofGnu.test(named)) {
    return httpRequestOf(program, words);
  }
  const busyBox = httpRequestOf('wget of BusyBox', words);
  const request = ofBusyBox.test(named) ? busyBox : httpRequestOf(program, words);
  const unread = request.unread ?? differing(busyBox);
  return { ...request, ...(unread !== undefined && { unread }) };
}

function differing({ unread, urls, insecureSkipVerify }: HttpRequest): string | undefined {
  if (unread !== undefined) return 'with an option that BusyBox does not have';
  const verifies = urls.some(({ text }) => isHttps(text)) && insecureSkipVerify?.value !== true;
  return verifies ? 'without `--no-check-certificate`, which BusyBox may need' : undefined;
}

const ofBusyBox = /alpine|busybox/i;

/** Distributions whose wget is GNU's. */
const ofGnu =
  /debian|ubuntu|bookworm|bullseye|trixie|jammy|noble|centos|fedora|rocky|alma|\bubi\d|bitnami/i;

function isHarmless(program: string): boolean {
  return (
    isWithoutEffect(program) ||
    isShell(program) ||
    isEtcd(program) ||
    /^(?:true|false|:|\[|exit|etcdutl|jq|tee)$/.test(program)
  );
}

/** Scripts of Bitnami's image, which take etcdctl's files from the settings of etcd. */
const ofBitnami = /(?:^|\s)\/opt\/bitnami\/scripts\//;

function doubtful(process: Process, doubts: Process['doubts']): readonly Process[] {
  return doubts.length === 0
    ? []
    : [{ ...process, program: 'sh', words: [], variables: [], doubts }];
}

function bareProbe(
  { name, location }: Command,
  by: BareProbe['by'],
  url: string,
): readonly BareProbe[] {
  const address = parseHttpUrl(url);
  if (address === undefined) return [];
  const { scheme, host, port } = address;
  return [{ name, by, scheme, host, port: String(port), location }];
}
