import type { Edge } from '../../model/forecast.ts';
import { groupBy } from '../group.ts';
import { type EdgeState, needsExplaining, stateOf } from './edge-words.ts';

/** All edges of one dialler to one listener's port, as one cell of the matrix. */
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
  /** Members whose every handshake goes as it should, where they are too many to show. */
  readonly folded: readonly string[];
}

/** The column of what is dialled and belongs to no member. */
export const elsewhere = 'elsewhere';

const mostMembers = 12;
const mostTroubled = 30;
const mostExplained = 120;

/** Lays edges out as members × members, clients × members and intruders × members. */
export function matrixOf(edges: readonly Edge[], members: readonly string[]): Matrix {
  const shown = shownMembers(edges, members);
  const folded = members.filter((name) => !shown.includes(name));
  const visible = edges.filter((edge) => !isFolded(edge, folded));
  const strangers = visible.some(({ member }) => member === undefined || !members.includes(member));
  const bands = bandsOf(visible);
  const rows = bands.flatMap((band) => band.rows);
  const explained = rows.flatMap(({ cells }) =>
    [...cells.values()].filter(({ anchor }) => anchor !== undefined),
  );
  return {
    columns: [...shown, ...(strangers ? [elsewhere] : [])],
    bands,
    explained: explained.slice(0, mostExplained),
    folded,
  };
}

function shownMembers(edges: readonly Edge[], members: readonly string[]): readonly string[] {
  if (members.length <= mostMembers) return members;
  const troubled = new Set(
    edges.filter(needsExplaining).flatMap(({ from, member }) => [from, member]),
  );
  const shown = members.filter((name) => troubled.has(name));
  return shown.length === 0 ? members.slice(0, 1) : shown.slice(0, mostTroubled);
}

function isFolded({ edge, from, member }: Edge, folded: readonly string[]): boolean {
  return (
    (member !== undefined && folded.includes(member)) || (edge === 'peer' && folded.includes(from))
  );
}

function bandsOf(edges: readonly Edge[]): readonly Band[] {
  const counter = { next: 0 };
  const titles = [
    { title: 'Members dial members', kinds: ['peer', 'self'] },
    { title: 'Clients dial members', kinds: ['client'] },
    { title: 'Who must stay out', kinds: ['intruder'] },
  ];
  return titles
    .map(({ title, kinds }) => {
      const own = edges.filter(({ edge }) => kinds.includes(edge));
      const rows = [...groupBy(own, rowTitle)].map(([row, same]) => ({
        title: row,
        cells: cellsOf(same, counter),
      }));
      return { title, rows };
    })
    .filter(({ rows }) => rows.length > 0);
}

function rowTitle({ edge, from, port, credential, wanted }: Edge): string {
  if (edge !== 'intruder') return from;
  const who =
    { nobody: 'no certificate', foreign: 'foreign certificate' }[from] ??
    `${from}’s ${credential ?? 'certificate'}`;
  const either = wanted === 'either' ? ' (may enter)' : '';
  return `${who} on the ${port} port${either}`;
}

function cellsOf(edges: readonly Edge[], counter: { next: number }): ReadonlyMap<string, Cell> {
  const byColumn = groupBy(edges, ({ member }) => member ?? elsewhere);
  return new Map(
    [...byColumn].map(([column, same]) => {
      const explains = same.filter(needsExplaining);
      if (explains.length === 0) return [column, { edges: same, state: worstOf(same) }];
      counter.next += 1;
      const anchor = `handshake-${counter.next}`;
      return [column, { edges: same, state: worstOf(same), anchor }];
    }),
  );
}

const worstFirst: readonly EdgeState[] = ['bad', 'unsure', 'note', 'good'];

function worstOf(edges: readonly Edge[]): EdgeState {
  const states = new Set(edges.map(stateOf));
  return worstFirst.find((state) => states.has(state)) ?? 'good';
}
