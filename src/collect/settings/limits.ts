import type { LocatedText } from '../../model/settings.ts';
import { table } from '../../model/table.ts';
import type { Location } from '../../model/target.ts';
import type { Requirement } from './before-start.ts';
import type { Ending } from './shell/ending.ts';

/** What a process may use at most. */
export interface Limit {
  /** As its settings call it: `MemoryMax`, `resources.limits.memory`. */
  readonly name: string;
  readonly of: Limited;
  /** As written. */
  readonly text: string;
  /** In bytes or pieces; undefined where the text says no number. */
  readonly amount: number | undefined;
  readonly location: Location;
}

type Limited =
  | 'memory'
  | 'tasks'
  | 'files'
  | 'files at first'
  | 'file size'
  | 'address space'
  | 'data'
  | 'processes';

const mebi = 1024 ** 2;
const gibi = 1024 ** 3;

/**
 * With how much no etcd starts, and with how much it depends on its release and its machine: seen on 3.3.25 to 3.7.3.
 * etcd itself refuses 150 files and fewer (embed/etcd.go), and its first log takes 64,000,000 bytes (wal/wal.go).
 */
const needs: Readonly<Record<Limited, { readonly fails: number; readonly asks: number }>> = {
  memory: { fails: 6 * mebi, asks: 32 * mebi },
  tasks: { fails: 4, asks: 15 },
  files: { fails: 150, asks: 150 },
  // Go 1.19 and later raise it to the hard limit.
  'files at first': { fails: -1, asks: 150 },
  'file size': { fails: 64_000_000 - 1, asks: 64_000_000 - 1 },
  'address space': { fails: gibi, asks: 16 * gibi },
  data: { fails: 16 * mebi, asks: 256 * mebi },
  // Root has no such limit, and all processes of a user count.
  processes: { fails: -1, asks: 15 },
};

/** Limits without which etcd starts, and with which it does not or may not. */
export function requiredLimits(limits: readonly Limit[]): readonly Requirement[] {
  return limits.map(({ name, text, location, of, amount }) => ({
    name,
    of: text,
    location,
    ending: endingWith(of, amount),
    why: 'limit-too-low' as const,
  }));
}

function endingWith(of: Limited, amount: number | undefined): Ending {
  if (amount === undefined || amount > needs[of].asks) return 'succeeds';
  return amount > needs[of].fails ? 'asks' : 'fails';
}

/** Directives of systemd (systemd.resource-control(5), systemd.exec(5)). */
const directives = table<Limited>({
  LimitAS: 'address space',
  LimitDATA: 'data',
  LimitFSIZE: 'file size',
  LimitNOFILE: 'files',
  LimitNPROC: 'processes',
  MemoryHigh: 'memory',
  MemoryLimit: 'memory',
  MemoryMax: 'memory',
  TasksMax: 'tasks',
});

interface Said {
  readonly name: string;
  readonly value: string;
  readonly location?: Location;
}

/** The last of each counts. */
export function limitsOfUnit(said: readonly Said[]): readonly Limit[] {
  return [...new Map(said.map((each) => [each.name, each])).values()].flatMap(
    ({ name, value, location }) => {
      const of = directives[name];
      if (of === undefined || location === undefined) return [];
      return ranged({ name, of, location }, value, ':');
    },
  );
}

/** `SOFT:HARD`, or both in one. */
function ranged(
  { name, of, location }: Pick<Limit, 'name' | 'of' | 'location'>,
  text: string,
  separator: string,
): readonly Limit[] {
  const [soft = '', hard] = text.split(separator);
  const limit = { name, text, location };
  if (hard === undefined) return [{ ...limit, of, amount: amountIn(soft) }];
  const both = { ...limit, of, amount: amountIn(hard) };
  return of === 'files'
    ? [both, { ...limit, of: 'files at first', amount: amountIn(soft) }]
    : [both];
}

/** `nofile=SOFT[:HARD]`, as container engines take it (docker-run(1)). */
export function limitOfEngine(name: string, written: LocatedText): readonly Limit[] {
  const { text, location } = written;
  if (location === undefined) return [];
  const [kind = '', value = ''] = /^([a-z]+)=(.*)$/s.exec(text)?.slice(1) ?? [];
  const of = ulimits[kind];
  return of === undefined ? [] : ranged({ name: `${name} ${kind}`, of, location }, value, ':');
}

const ulimits = table<Limited>({
  as: 'address space',
  data: 'data',
  fsize: 'file size',
  nofile: 'files',
  nproc: 'processes',
});

/** An amount of memory or tasks, of which an engine takes 0 for any. */
export function limitOf(
  name: string,
  of: Limited,
  { text, location }: LocatedText,
  amount: number | undefined = amountIn(text),
): readonly Limit[] {
  return location === undefined || amount === 0 ? [] : [{ name, of, text, amount, location }];
}

/** `512M`, with units of 1024; a share of what the machine has is not known. */
function amountIn(text: string): number | undefined {
  const [, number = '', unit = ''] = /^\s*(\d+(?:\.\d+)?)\s*([kmgtpe]?)i?b?\s*$/i.exec(text) ?? [];
  if (number === '') return undefined;
  return Number(number) * 1024 ** ' kmgtpe'.indexOf(unit === '' ? ' ' : unit.toLowerCase());
}

/** A quantity of Kubernetes: `1Mi` has units of 1024, `1M` of 1000, and `m` is a thousandth. */
export function quantityIn(text: string): number | undefined {
  const [, number = '', unit = '', binary = ''] =
    /^\s*(\d+(?:\.\d+)?(?:e\d+)?)([mkMGTPEK]?)(i?)\s*$/.exec(text) ?? [];
  if (number === '') return undefined;
  if (unit === 'm') return Number(number) / 1000;
  const exponent = ' kMGTPE'.indexOf(unit === '' ? ' ' : unit.replace('K', 'k'));
  return Number(number) * (binary === 'i' ? 1024 : 1000) ** exponent;
}
