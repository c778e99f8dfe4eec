import type { Edge, ObservedEdge } from '../model/forecast.ts';
import type { Report } from '../model/report.ts';
import { printable } from './escape.ts';
import { wrap } from './layout.ts';
import { type Paint, plainPaint } from './style.ts';
import { table as lookUp } from '../model/table.ts';
import { groupBy } from '../model/group-by.ts';

export interface MatrixStyle {
  readonly width: number;
  readonly paint?: Paint;
  /** `verify` tried connections, so that what nobody tried has to be told apart. */
  readonly command?: Report['command'];
}

/**
 * The forecast as tables, and for `verify` what was seen: who dials stands in the rows, who listens in
 * the columns. Fits 80 columns for five members; more columns than fit are folded into further tables.
 * Empty without edges.
 */
export function matrix(
  edges: readonly Edge[],
  { width, paint = plainPaint, command = 'check' }: MatrixStyle,
): readonly string[] {
  const tables = tablesOf(edges.map((edge) => cellOf(edge, command))).filter(
    ({ rows }) => rows.length > 0,
  );
  const cells = tables.flatMap(({ rows }) => rows.flatMap((row) => [...row.cells.values()].flat()));
  const cellWidth = Math.max(narrowestCell, ...cells.map(({ word }) => word.length));
  const lines = tables.flatMap((table, index) => [
    ...(index === 0 ? [] : ['']),
    ...tableLines(table, { width, paint, cellWidth }),
  ]);
  return lines.length === 0
    ? []
    : [
        ...lines,
        '',
        ...legend(cells)
          .flatMap((each) => wrap(each, width))
          .map((piece) => paint.faint(piece)),
      ];
}

interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

interface Row {
  readonly label: string;
  /** By column; several edges may lead from one dialler to one member. */
  readonly cells: ReadonlyMap<string, readonly Cell[]>;
}

/** One connection as the tables show it. */
interface Cell extends Pick<Edge, 'edge' | 'from' | 'member' | 'port'> {
  readonly badness: 0 | 1 | 2;
  /** Without marks. */
  readonly meaning: string;
  /** In brackets where `verify` did not try it, with `?` where an assumption decided and `!` where it was foreseen otherwise. */
  readonly word: string;
  readonly isUntried: boolean;
  readonly isAssumed: boolean;
  readonly isUnexpected: boolean;
}

const elsewhere = 'elsewhere';

function tablesOf(edges: readonly Cell[]): readonly Table[] {
  const of = (...kinds: readonly Edge['edge'][]) =>
    edges.filter(({ edge }) => kinds.includes(edge));
  const diallers = of('peer').map(({ from }) => from);
  const members = [...new Set([...diallers, ...edges.flatMap(({ member }) => member ?? [])])];
  const clients = of('client', 'self');
  const outside = clients.some(({ member }) => member === undefined);
  const intruders = of('intruder');
  return [
    { title: 'peers', columns: members, rows: rowsOf(of('peer'), ({ from }) => from) },
    {
      title: 'clients',
      columns: outside ? [...members, elsewhere] : members,
      rows: rowsOf(clients, ({ edge, from }) => (edge === 'self' ? 'itself (gateway)' : from)),
    },
    {
      title: 'intruders, client port',
      columns: members,
      rows: rowsOf(
        intruders.filter(({ port }) => port === 'client'),
        intruderLabel(members),
      ),
    },
    {
      title: 'intruders, peer port',
      columns: members,
      rows: rowsOf(
        intruders.filter(({ port }) => port === 'peer'),
        intruderLabel(members),
      ),
    },
  ];
}

function intruderLabel(members: readonly string[]): (edge: Cell) => string {
  return ({ from }) => (members.includes(from) ? 'own certificate' : from);
}

function rowsOf(edges: readonly Cell[], labelOf: (edge: Cell) => string): readonly Row[] {
  return [...groupBy(edges, labelOf)].map(([label, row]) => ({
    label,
    cells: groupBy(row, ({ member }) => member ?? elsewhere),
  }));
}

const widestLabel = 18;
const narrowestCell = 11;
const gap = 1;

interface Page {
  readonly width: number;
  readonly paint: Paint;
  readonly cellWidth: number;
}

function tableLines(table: Table, page: Page): readonly string[] {
  const { width, paint, cellWidth } = page;
  const { title, columns, rows } = table;
  // A title may be longer than labels are allowed to be: it has a line of its own then.
  const head = title.length > widestLabel ? '' : title;
  const labels = [head, ...rows.map(({ label }) => `  ${printable(label)}`)];
  const labelWidth = Math.min(widestLabel, Math.max(...labels.map(({ length }) => length)));
  const fitting = Math.max(1, Math.floor((width - labelWidth) / (cellWidth + gap)));

  const heads = headsOf(columns, cellWidth);

  const lines: string[] = [];
  for (let start = 0; start < columns.length; start += fitting) {
    const shown = columns.slice(start, start + fitting);
    if (head === '' && start === 0) lines.push(paint.strong(title));
    if (start > 0) lines.push('');
    lines.push(
      paint.strong(
        line(
          pad(head, labelWidth),
          shown.map((name) => pad(heads.get(name) ?? '', cellWidth)),
        ),
      ),
    );
    for (const { label, cells } of rows) {
      const words = shown.map((name) => cellText(cells.get(name) ?? [], page));
      lines.push(line(pad(`  ${printable(label)}`, labelWidth), words));
    }
  }
  return lines;
}

/** Names that are alike up to where they would be cut keep their ends instead. */
function headsOf(names: readonly string[], width: number): ReadonlyMap<string, string> {
  const cut = names.map((name) => pad(printable(name), width));
  const isTold = new Set(cut).size === new Set(names).size;
  return new Map(
    names.map((name, index) => [
      name,
      isTold ? (cut[index] ?? '') : tailOf(printable(name), width),
    ]),
  );
}

function tailOf(text: string, width: number): string {
  const characters = Array.from(text);
  return characters.length > width ? `…${characters.slice(1 - width).join('')}` : text;
}

function line(label: string, cells: readonly string[]): string {
  return [label, ...cells].join(' '.repeat(gap)).trimEnd();
}

function pad(text: string, width: number): string {
  const characters = Array.from(text);
  const shown = characters.length > width ? `${characters.slice(0, width - 1).join('')}…` : text;
  return shown + ' '.repeat(Math.max(0, width - Array.from(shown).length));
}

function cellText(cells: readonly Cell[], { paint, cellWidth }: Page): string {
  // Among equals the one that was not seen stands for all.
  const worst = cells.toSorted(
    (left, right) =>
      right.badness - left.badness || Number(right.isUntried) - Number(left.isUntried),
  )[0];
  if (worst === undefined) return pad('-', cellWidth);

  const brush = [paint.good, paint.unsure, paint.bad][worst.badness] ?? paint.bad;
  return brush(pad(worst.word, cellWidth));
}

function cellOf(edge: Edge, command: Report['command']): Cell {
  const { from, member, port, observed, basis } = edge;
  const isUntried = command === 'verify' && observed === undefined;
  const isAssumed = observed === undefined && basis === 'assumed' && edge.outcome !== 'not-sure';
  const meaning = meaningOf(edge);
  const isUnexpected = isUnforeseen({ outcome: edge.outcome, observed });
  const marked = `${meaning}${isAssumed ? '?' : ''}${isUnexpected ? '!' : ''}`;
  return {
    edge: edge.edge,
    from,
    port,
    ...(member !== undefined && { member }),
    badness: badness(edge),
    meaning,
    word: isUntried ? `(${marked})` : marked,
    isUntried,
    isAssumed,
    isUnexpected,
  };
}

/** By what was seen, where that was tried. */
function badness({ outcome, observed, wanted }: Edge): Cell['badness'] {
  if (wanted === 'either') return 0;
  const seen = observed?.outcome;
  const decided = seen === 'accepted' || seen === 'refused' ? seen : outcome;
  if (decided === 'not-sure') return 1;
  if (decided !== wanted) return 2;
  return seen === 'unreachable' || seen === 'unclear' || isUnforeseen({ outcome, observed })
    ? 1
    : 0;
}

/** Whether it went otherwise than predicted. */
function isUnforeseen({ outcome, observed }: Prediction): boolean {
  if (observed?.outcome !== 'accepted' && observed?.outcome !== 'refused') return false;
  return outcome !== 'not-sure' && outcome !== observed.outcome;
}

interface Prediction {
  readonly outcome: Edge['outcome'];
  readonly observed: ObservedEdge | undefined;
}

function meaningOf({ outcome, observed, refusedBy, edge }: Edge): string {
  const decided = observed?.outcome ?? outcome;
  if (decided === 'accepted') return edge === 'intruder' ? 'let in' : 'ok';
  if (decided !== 'refused') return undecided[decided];
  const by = observed === undefined ? refusedBy : observed.refusedBy;
  return words[by ?? 'server'];
}

const undecided = {
  'not-sure': 'not sure',
  unreachable: 'not reached',
  unclear: 'unclear',
} as const satisfies Partial<Record<Edge['outcome'] | ObservedEdge['outcome'], string>>;

const words = {
  server: 'refused',
  client: 'refuses',
  network: 'not reached',
  start: 'not running',
  'never-dials': 'cannot dial',
} as const satisfies Record<NonNullable<Edge['refusedBy'] | ObservedEdge['refusedBy']>, string>;

const meanings = lookUp<string>({
  refused: 'refused: the listening side refuses the certificate shown, or the lack of one',
  refuses: 'refuses: the dialling side refuses what it finds',
  'not running': 'not running: the listening process ends with an error',
  'cannot dial': 'cannot dial: the dialling process fails before it connects',
  'not sure': 'not sure: depends on what files cannot tell',
  'not reached': 'not reached: no connection to the port came about',
  unclear: 'unclear: what came back does not tell',
});

/** Explains the words and marks that stand in the tables, and no others. */
function legend(cells: readonly Cell[]): readonly string[] {
  const used = new Set(cells.map(({ meaning }) => meaning));
  return [
    'rows dial, columns listen',
    ...Object.entries(meanings).flatMap(([word, text]) => (used.has(word) ? [text] : [])),
    ...(cells.some(({ isUntried }) => isUntried)
      ? ['(in brackets): predicted, not observed; without brackets: observed']
      : []),
    ...(cells.some(({ isAssumed }) => isAssumed)
      ? ['?: rests on an assumption, for want of settings']
      : []),
    ...(cells.some(({ isUnexpected }) => isUnexpected)
      ? ['!: seen, and predicted otherwise from the files']
      : []),
  ];
}
