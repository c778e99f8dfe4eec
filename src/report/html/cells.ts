import type { Edge } from '../../model/forecast.ts';
import { type EdgeState, needsExplaining, stateOf } from './edge-words.ts';
import { groupBy } from '../../model/group-by.ts';

/** All edges from one member or client to one listener's port, as one cell of the matrix. */
export interface Cell {
  readonly edges: readonly Edge[];
  /** The worst of them. */
  readonly state: EdgeState;
  /** Where the explanation is; absent when there is nothing to explain. */
  readonly anchor?: string;
}

export interface Row {
  readonly title: string;
  /** By column title. */
  readonly cells: ReadonlyMap<string, Cell>;
}

export interface Band {
  readonly title: string;
  readonly rows: readonly Row[];
}

export interface Matrix {
  readonly columns: readonly string[];
  readonly bands: readonly Band[];
  /** Cells to explain below the matrix. */
  readonly explained: readonly Cell[];
}

/** The column of what is dialled and belongs to no member. */
const elsewhere = 'elsewhere';

const mostMembers = 12;
const mostExplained = 120;

/**
 * Lays edges out as members × members, clients × members and intruders × members. Of many members,
 * those that fail have rows and columns of their own, and the others share one.
 */
export function matrixOf(edges: readonly Edge[], members: readonly string[], prefix = ''): Matrix {
  const shown = members.length <= mostMembers ? members : troubled(edges, members);
  const others = members.length - shown.length;
  const group = shown.length === 0 ? `all ${others} members` : `${others} others`;
  const nameOf = (member: string): string =>
    members.includes(member) && !shown.includes(member) ? group : member;
  const bands = bandsOf(edges, { nameOf, clientOf: clientRows(edges) }, prefix);
  const cells = bands.flatMap(({ rows }) => rows.flatMap((row) => [...row.cells.values()]));
  const columns = new Set(
    bands.flatMap(({ rows }) => rows.flatMap((row) => [...row.cells.keys()])),
  );
  return {
    columns: [...shown, group, elsewhere].filter((column) => columns.has(column)),
    bands,
    explained: cells.filter(({ anchor }) => anchor !== undefined).slice(0, mostExplained),
  };
}

/** What a row or column is called, by the name of a member or client. */
interface Names {
  readonly nameOf: (member: string) => string;
  readonly clientOf: (client: string) => string;
}

/** Of many clients those have a row of their own that fail somewhere. */
function clientRows(edges: readonly Edge[]): Names['clientOf'] {
  const own = edges.filter(({ edge }) => edge === 'client');
  const all = new Set(own.map(({ from }) => from));
  const failing = new Set(own.filter(needsExplaining).map(({ from }) => from));
  const others = all.size - failing.size;
  if (all.size <= mostMembers || others < 2) return (client) => client;
  const group = failing.size === 0 ? `all ${others} clients` : `${others} other clients`;
  return (client) => (failing.has(client) ? client : group);
}

/** The fewest members, about, that have a part in every edge that needs explaining. */
function troubled(edges: readonly Edge[], members: readonly string[]): readonly string[] {
  const known = new Set(members);
  let open = edges
    .filter(needsExplaining)
    .map(({ from, member }) =>
      [from, member].filter((name) => name !== undefined && known.has(name)),
    );
  const chosen: string[] = [];
  while (chosen.length < mostMembers) {
    const counts = groupBy(open.flat(), (name) => name ?? '');
    const [worst] = [...counts].toSorted(([, one], [, other]) => other.length - one.length);
    if (worst === undefined) break;
    const [name] = worst;
    chosen.push(name);
    open = open.filter((names) => !names.includes(name));
  }
  return members.filter((name) => chosen.includes(name));
}

function bandsOf(edges: readonly Edge[], names: Names, prefix: string): readonly Band[] {
  const counter = { next: 0, prefix };
  const titles = [
    { title: 'Members connect to members', kinds: ['peer', 'self'] },
    { title: 'Clients connect to members', kinds: ['client'] },
    { title: 'Must be rejected', kinds: ['intruder'] },
  ];
  return titles
    .map(({ title, kinds }) => {
      const own = edges.filter(({ edge }) => kinds.includes(edge));
      const rows = [...groupBy(own, (edge) => rowTitle(edge, names))].map(([row, same]) => ({
        title: row,
        cells: cellsOf(same, names.nameOf, counter),
      }));
      return { title, rows: rows.toSorted((one, other) => shared(one) - shared(other)) };
    })
    .filter(({ rows }) => rows.length > 0);
}

interface Counter {
  next: number;
  readonly prefix: string;
}

/** Members that share a row are below those that have one. */
function shared({ title }: Row): number {
  return Number(/^(?:\d+ others|all \d+ (?:members|clients)|\d+ other clients)$/.test(title));
}

function rowTitle(edge: Edge, { nameOf, clientOf }: Names): string {
  if (edge.edge === 'intruder') {
    const may = edge.wanted === 'either' ? ' (allowed)' : '';
    return `${credentialOf(edge)}, ${edge.port} port${may}`;
  }
  return edge.edge === 'client' ? clientOf(edge.from) : nameOf(edge.from);
}

/** Who tries to get in, by what is presented. */
export function credentialOf({ from, member, credential = 'certificate' }: Edge): string {
  if (from === 'nobody') return 'no certificate';
  if (from === 'foreign') return 'foreign certificate';
  if (from === member) return 'member’s own';
  return `${from}’s ${credential.split('/').at(-1) ?? credential}`;
}

function cellsOf(
  edges: readonly Edge[],
  nameOf: (member: string) => string,
  counter: Counter,
): ReadonlyMap<string, Cell> {
  const byColumn = groupBy(edges, ({ member }) =>
    member === undefined ? elsewhere : nameOf(member),
  );
  return new Map([...byColumn].map(([column, same]) => [column, cellOf(same, counter)]));
}

function cellOf(edges: readonly Edge[], counter: Counter): Cell {
  const state = worstOf(edges);
  if (!edges.some(needsExplaining)) return { edges, state };
  counter.next += 1;
  return { edges, state, anchor: `${counter.prefix}handshake-${counter.next}` };
}

const worstFirst: readonly EdgeState[] = ['bad', 'unsure', 'note', 'good'];

function worstOf(edges: readonly Edge[]): EdgeState {
  const states = new Set(edges.map(stateOf));
  return worstFirst.find((state) => states.has(state)) ?? 'good';
}
