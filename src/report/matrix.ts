import type { Edge } from '../model/forecast.ts';
import { printable } from './escape.ts';
import { wrap } from './layout.ts';
import { type Paint, plainPaint } from './style.ts';
import { table as lookUp } from '../model/table.ts';

/**
 * The forecast as tables: who dials stands in the rows, who listens in the columns. Fits 80 columns
 * for five members; more columns than fit are folded into further tables. Empty without edges.
 */
export function matrix(
  edges: readonly Edge[],
  width: number,
  paint: Paint = plainPaint,
): readonly string[] {
  const tables = tablesOf(edges).filter(({ rows }) => rows.length > 0);
  const lines = tables.flatMap((table, index) => [
    ...(index === 0 ? [] : ['']),
    ...tableLines(table, width, paint),
  ]);
  return lines.length === 0
    ? []
    : [
        ...lines,
        '',
        ...legend(edges)
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
  readonly cells: ReadonlyMap<string, readonly Edge[]>;
}

const elsewhere = 'elsewhere';

function tablesOf(edges: readonly Edge[]): readonly Table[] {
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

function intruderLabel(members: readonly string[]): (edge: Edge) => string {
  return ({ from }) => (members.includes(from) ? 'own certificate' : from);
}

function rowsOf(edges: readonly Edge[], labelOf: (edge: Edge) => string): readonly Row[] {
  const rows = new Map<string, Map<string, Edge[]>>();
  for (const edge of edges) {
    const label = labelOf(edge);
    const cells = rows.get(label) ?? new Map<string, Edge[]>();
    const column = edge.member ?? elsewhere;
    cells.set(column, [...(cells.get(column) ?? []), edge]);
    rows.set(label, cells);
  }
  return [...rows].map(([label, cells]) => ({ label, cells }));
}

const widestLabel = 18;
const cellWidth = 11;
const gap = 1;

function tableLines(table: Table, width: number, paint: Paint): readonly string[] {
  const { title, columns, rows } = table;
  // A title may be longer than labels are allowed to be: it has a line of its own then.
  const head = title.length > widestLabel ? '' : title;
  const labels = [head, ...rows.map(({ label }) => `  ${printable(label)}`)];
  const labelWidth = Math.min(widestLabel, Math.max(...labels.map(({ length }) => length)));
  const fitting = Math.max(1, Math.floor((width - labelWidth) / (cellWidth + gap)));

  const lines: string[] = [];
  for (let start = 0; start < columns.length; start += fitting) {
    const shown = columns.slice(start, start + fitting);
    if (head === '' && start === 0) lines.push(paint.strong(title));
    if (start > 0) lines.push('');
    lines.push(
      paint.strong(
        line(
          pad(head, labelWidth),
          shown.map((name) => pad(printable(name), cellWidth)),
        ),
      ),
    );
    for (const { label, cells } of rows) {
      const words = shown.map((name) => cellText(cells.get(name) ?? [], paint));
      lines.push(line(pad(`  ${printable(label)}`, labelWidth), words));
    }
  }
  return lines;
}

function line(label: string, cells: readonly string[]): string {
  return [label, ...cells].join(' '.repeat(gap)).trimEnd();
}

function pad(text: string, width: number): string {
  const characters = Array.from(text);
  const shown = characters.length > width ? `${characters.slice(0, width - 1).join('')}…` : text;
  return shown + ' '.repeat(Math.max(0, width - Array.from(shown).length));
}

function cellText(edges: readonly Edge[], paint: Paint): string {
  const worst = edges.toSorted((left, right) => badness(right) - badness(left))[0];
  if (worst === undefined) return pad('-', cellWidth);

  const brush = [paint.good, paint.unsure, paint.bad][badness(worst)] ?? paint.bad;
  return brush(pad(wordFor(worst), cellWidth));
}

function badness({ outcome, wanted }: Edge): 0 | 1 | 2 {
  if (wanted === 'either') return 0;
  if (outcome === 'not-sure') return 1;
  return outcome === wanted ? 0 : 2;
}

function wordFor({ outcome, refusedBy, edge }: Edge): string {
  if (outcome === 'accepted') return edge === 'intruder' ? 'let in' : 'ok';
  if (outcome === 'not-sure') return 'not sure';
  return words[refusedBy ?? 'server'];
}

const words = {
  server: 'refused',
  client: 'refuses',
  start: 'not running',
  'never-dials': 'cannot dial',
} as const satisfies Record<NonNullable<Edge['refusedBy']>, string>;

const meanings = lookUp<string>({
  refused: 'refused: the listening side refuses the certificate shown, or the lack of one',
  refuses: 'refuses: the dialling side refuses what it finds',
  'not running': 'not running: the listening process ends with an error',
  'cannot dial': 'cannot dial: the dialling process fails before it connects',
  'not sure': 'not sure: depends on what files cannot tell',
});

/** Explains the words that stand in the tables, and no others. */
function legend(edges: readonly Edge[]): readonly string[] {
  const used = new Set(edges.map(wordFor));
  const title = 'rows dial, columns listen';
  return [
    title,
    ...Object.entries(meanings).flatMap(([word, text]) => (used.has(word) ? [text] : [])),
  ];
}
