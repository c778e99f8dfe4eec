import { defined } from '../../model/defined.ts';
import type { LocatedText } from '../../model/settings.ts';
import { table } from '../../model/table.ts';

/** A program that starts another one: which of its options take a value, and what comes before the command. */
interface Wrapper {
  /** Options that take the next word as their value, unless it is attached to them. */
  readonly valued?: RegExp;
  /** Words between the options and the command. */
  readonly operands?: number;
  /** Options that name the user that the command runs as. */
  readonly user?: RegExp;
  /** The operand that is the user, counted from 0. */
  readonly userOperand?: number;
  /** The operand that is the root of what the command sees, counted from 0. */
  readonly rootOperand?: number;
  /** Options that name the directory that the command starts in. */
  readonly directory?: RegExp;
  /** The option, or the operand counted from 0, that names a directory with a file for each variable. */
  readonly environment?: RegExp | number;
  /** Which variables of its own environment it hands on; all of them where absent. */
  readonly keeps?: Kept;
  /** Options with which a login shell runs the command. */
  readonly login?: RegExp;
}

type Kept = (options: readonly Option[]) => (name: string) => boolean;

const none: Wrapper = {};

function nothing(): boolean {
  return false;
}

function everything(): boolean {
  return true;
}

/** `env -i` starts from nothing, `-u NAME` leaves one out (env(1)). */
function keptByEnv(options: readonly Option[]): (name: string) => boolean {
  if (options.some(({ option }) => /^(?:-[^\Wi]*i\w*|--ignore-environment)$/.test(option)))
    return nothing;
  const dropped = options.flatMap(({ option, value }) =>
    /^(?:-u|--unset)$/.test(option) ? [value?.text] : [/^-u(.+)/.exec(option)?.[1]],
  );
  return (name) => !dropped.includes(name);
}

/** sudo resets the environment (sudoers(5), `env_reset`, on by default). */
function keptBySudo(options: readonly Option[]): (name: string) => boolean {
  const asked = options.filter(({ option }) => /^(?:-[^\WE]*E\w*|--preserve-env)$/.test(option));
  if (asked.some(({ option, isAttached }) => option !== '--preserve-env' || !isAttached)) {
    return everything;
  }
  const names = asked.flatMap(({ value }) => value?.text.split(',') ?? []);
  return (name) => names.includes(name);
}

/** Flags that start the command with an environment of its own. */
function keptUnless(resetting: RegExp): Kept {
  return (options) => (options.some(({ option }) => resetting.test(option)) ? nothing : everything);
}

/** By name, after the manual page of each. */
const wrappers = table<Wrapper>({
  busybox: none,
  catatonit: none,
  chpst: { valued: /^-[uUbeo/nlLmdofpPrtc]$/, user: /^-u$/, environment: /^-e$/ },
  chroot: { operands: 1, rootOperand: 0, valued: /^--(?:userspec|groups)$/, user: /^--userspec$/ },
  chrt: { valued: /^-[TPD]$|^--sched-/, operands: 1 },
  command: none,
  // Of Red Hat's /etc/rc.d/init.d/functions.
  daemon: { valued: /^--(?:user|pidfile|check)$/, user: /^--user$/ },
  'dumb-init': { valued: /^(?:-r|--rewrite)$/ },
  env: { valued: /^(?:-u|--unset|-C|--chdir)$/, directory: /^(?:-C|--chdir)$/, keeps: keptByEnv },
  envdir: { operands: 1, environment: 0 },
  envuidgid: { operands: 1 },
  exec: { valued: /^-a$/, keeps: keptUnless(/^-\w*c/) },
  flock: { valued: /^-[wE]$/, operands: 1 },
  gosu: { operands: 1, userOperand: 0 },
  ionice: { valued: /^(?:-c|-n|--class|--classdata)$/ },
  nice: { valued: /^(?:-n|--adjustment)$/ },
  nohup: none,
  nsenter: { valued: /^-[tSG]$/ },
  numactl: {
    valued:
      /^(?:-[ipmNCPw]|--(?:interleave|preferred|membind|cpunodebind|physcpubind|weighted-interleave))$/,
  },
  prlimit: none,
  runuser: {
    valued: /^(?:-[ugGsw]|--(?:user|group|shell))$/,
    user: /^(?:-u|--user)$/,
    keeps: keptUnless(/^(?:-l|--login)$/),
  },
  's6-envdir': { valued: /^-c$/, operands: 1, environment: 0 },
  's6-envuidgid': { operands: 1 },
  's6-setlock': { operands: 1 },
  's6-setuidgid': { operands: 1, userOperand: 0 },
  setpriv: {
    valued:
      /^--(?:reuid|regid|groups|ruid|euid|rgid|egid|inh-caps|ambient-caps|bounding-set|securebits|pdeathsig)$/,
    user: /^--(?:reuid|ruid)$/,
    keeps: keptUnless(/^--reset-env$/),
  },
  setlock: { operands: 1 },
  setsid: none,
  softlimit: { valued: /^-[madslfocprt]$/ },
  's6-softlimit': { valued: /^-[madslfocprt]$/ },
  setuidgid: { operands: 1, userOperand: 0 },
  stdbuf: { valued: /^-[ioe]$/ },
  'su-exec': { operands: 1, userOperand: 0 },
  sudo: {
    valued: /^-[A-Za-z]*[ughpCrtUTD]$|^--(?:user|group|chdir)$/,
    user: /^(?:-[A-Za-z]*u|--user)$/,
    directory: /^(?:-D|--chdir)$/,
    keeps: keptBySudo,
    login: /^(?:-[^\Wu]*i\w*|--login)$/,
  },
  'systemd-cat': { valued: /^-[tp]$/ },
  'systemd-inhibit': none,
  'systemd-run': {
    valued: /^-[putE]$|^--(?:unit|property|uid|gid|slice|setenv)$/,
    user: /^--uid$/,
    // The command becomes a unit of the service manager's, with its environment.
    keeps: () => nothing,
  },
  taskset: { operands: 1 },
  time: { valued: /^-[fo]$/ },
  timeout: { valued: /^(?:-[sk]|--signal|--kill-after)$/, operands: 1 },
  tini: { valued: /^-[pe]$/ },
  'tini-static': { valued: /^-[pe]$/ },
  unshare: { valued: /^-[SG]$/ },
  'with-contenv': none,
});

/** What a wrapper starts. */
export interface Unwrapped {
  readonly command: readonly LocatedText[];
  readonly user?: LocatedText;
  /** The directory that it starts the command in, where it changes that, and the one that it makes its root. */
  readonly directory?: LocatedText;
  readonly root?: LocatedText;
  /** The directory with a file for each variable that it sets. */
  readonly environment?: LocatedText;
  /** Whether the command inherits a variable of this name. */
  readonly keeps: (name: string) => boolean;
  /** Set where a login shell runs the command. */
  readonly isLogin?: true;
}

/** The command that a wrapper starts; undefined for a program that is none. */
export function unwrap(name: string, words: readonly LocatedText[]): Unwrapped | undefined {
  if (name === 'ip') return insideNetworkNamespace(words);
  if (name === 'start-stop-daemon') return daemonOf(words);
  const wrapper = Object.hasOwn(wrappers, name) ? wrappers[name] : undefined;
  if (wrapper === undefined || looksOnly(name, words)) return undefined;

  return unwrapped(wrapper, words, name === 'env' && words[0]?.text === '-');
}

/** `command -v NAME` */
function looksOnly(name: string, words: readonly LocatedText[]): boolean {
  return name === 'command' && /^-\w*[vV]/.test(words[0]?.text ?? '');
}

/** `env - NAME=value command` is `env -i`. */
function unwrapped(wrapper: Wrapper, words: readonly LocatedText[], isBare: boolean): Unwrapped {
  const { options, rest } = takeOptions(isBare ? words.slice(1) : words, wrapper);
  const user = userOf(wrapper, options, rest);
  const directory = options.findLast(({ option }) => wrapper.directory?.test(option))?.value;
  const root = wrapper.rootOperand === undefined ? undefined : rest[wrapper.rootOperand];
  return {
    ...defined({ directory, root, environment: environmentOf(wrapper, options, rest) }),
    command: rest.slice(wrapper.operands ?? 0),
    keeps: isBare ? nothing : (wrapper.keeps?.(options) ?? everything),
    ...(user && { user }),
    ...(options.some(({ option }) => wrapper.login?.test(option)) && { isLogin: true }),
  };
}

function environmentOf(
  { environment }: Wrapper,
  options: readonly Option[],
  rest: readonly LocatedText[],
): LocatedText | undefined {
  return typeof environment === 'number'
    ? rest[environment]
    : options.findLast(({ option }) => environment?.test(option) === true)?.value;
}

function userOf(
  { user, userOperand }: Wrapper,
  options: readonly Option[],
  rest: readonly LocatedText[],
): LocatedText | undefined {
  return userOperand === undefined
    ? options.findLast(({ option }) => user?.test(option) === true)?.value
    : rest[userOperand];
}

interface Option {
  readonly option: string;
  /** `--option=value` in one word. */
  readonly isAttached: boolean;
  readonly value: LocatedText | undefined;
}

function takeOptions(words: readonly LocatedText[], { valued }: Wrapper) {
  const options: Option[] = [];
  let rest = words;
  while (rest[0] !== undefined && /^-./.test(rest[0].text)) {
    const [word, next] = rest;
    if (word.text === '--') return { options, rest: rest.slice(1) };
    const [option = '', attached] = word.text.split(/=(.*)/s);
    const isValued = attached === undefined && valued?.test(option) === true;
    options.push({
      option,
      isAttached: attached !== undefined,
      value: attached === undefined ? next : { ...word, text: attached },
    });
    rest = rest.slice(isValued ? 2 : 1);
  }
  return { options, rest };
}

/** Debian's and OpenRC's `start-stop-daemon --start --exec PROGRAM -- ARGUMENT…`. */
function daemonOf(words: readonly LocatedText[]): Unwrapped | undefined {
  const valued =
    /^(?:-[xapcugndNIkPr]|--(?:exec|startas|pidfile|chuid|user|group|name|chdir|nicelevel|umask|chroot))$/;
  const { options, rest } = takeOptions(words, { valued });
  const find = (names: RegExp) => options.find(({ option }) => names.test(option))?.value;
  const program = find(/^(?:-a|--startas)$/) ?? find(/^(?:-x|--exec)$/);
  const user = find(/^(?:-c|--chuid)$/) ?? find(/^(?:-u|--user)$/);
  const directory = find(/^(?:-d|--chdir)$/);
  return (
    program && {
      command: [program, ...rest],
      keeps: everything,
      ...(user && { user }),
      ...defined({ directory, root: find(/^(?:-r|--chroot)$/) }),
    }
  );
}

/** `ip netns exec NAME command` */
function insideNetworkNamespace(words: readonly LocatedText[]): Unwrapped | undefined {
  const at = words.findIndex(({ text }) => text === 'exec');
  return words[0]?.text.startsWith('netns') === true && at >= 0
    ? { command: words.slice(at + 2), keeps: everything }
    : undefined;
}
