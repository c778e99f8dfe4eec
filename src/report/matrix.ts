import { largest } from '../model/extremes.ts';
import type { Edge, ObservedEdge } from '../model/forecast.ts';
import type { Report } from '../model/report.ts';
import { printable } from './escape.ts';
import { wrap } from './layout.ts';
import { type Paint, plainPaint } from './style.ts';
import { table as lookUp } from '../model/table.ts';
import { naturally } from '../model/natural-order.ts';
import { enumerate } from '../model/words.ts';
import { groupBy } from '../model/group-by.ts';

export interface MatrixStyle {
  readonly width: number;
  readonly paint?: Paint;
  /** `verify` tried connections, so connections that were not tried have to be marked. */
  readonly command?: Report['command'];
  /** Also the rows and columns in which everything is as it should be. */
  readonly isWhole?: boolean;
}

/**
 * The forecast as tables, and for `verify` what was observed: clients and peers that connect are rows,
 * members that listen are columns. Rows and columns in which all is as it should be are only counted. Fits
 * 80 columns for five members; more columns than fit are folded into further tables. Empty without edges.
 */
export function matrix(
  edges: readonly Edge[],
  { width, paint = plainPaint, command = 'check', isWhole = false }: MatrixStyle,
): readonly string[] {
  const all = edges.map((edge) => cellOf(edge, command));
  const tables = tablesOf(all)
    .map((table) => (isWhole ? table : withoutSound(table)))
    .filter(({ rows }) => rows.length > 0);
  const cells = tables.flatMap(({ rows }) => rows.flatMap((row) => [...row.cells.values()].flat()));
  const cellWidth = largest(
    cells.map(({ word }) => word.length),
    narrowestCell,
  );
  const counts = soundWords(all).flatMap((sentence) => wrap(sentence, width));
  const blocks = [
    ...tables.map((table) => tableLines(table, { width, paint, cellWidth })),
    ...(cells.length === 0 ? [] : [legend(cells, width).map((piece) => paint.faint(piece))]),
    counts,
  ];
  return blocks
    .filter((lines) => lines.length > 0)
    .flatMap((lines, index) => (index === 0 ? lines : ['', ...lines]));
}

/** Only the rows and columns with a connection that is not as it should be. */
function withoutSound(table: Table): Table {
  const rows = table.rows.filter(({ cells }) => [...cells.values()].flat().some(isUnsound));
  const columns = table.columns.filter((name) =>
    rows.some(({ cells }) => (cells.get(name) ?? []).some(isUnsound)),
  );
  const shown = rows.map(({ label, cells }) => ({
    label,
    cells: new Map([...cells].filter(([name]) => columns.includes(name))),
  }));
  return { ...table, columns, rows: shown };
}

function isUnsound(cell: Cell): boolean {
  return cell.badness > 0;
}

/** One line for the connections that are as they should be, e.g. `all 6 peer connections …`. */
function soundWords(cells: readonly Cell[]): readonly string[] {
  const kinds = [
    ['peer', cells.filter(({ edge }) => edge === 'peer')],
    ['client', cells.filter(({ edge }) => edge === 'client' || edge === 'self')],
  ] as const;
  const wanted = kinds.flatMap(([kind, some]) => kindCounts(kind, some));
  const unwanted = kindCounts(
    'unauthorized',
    cells.filter(({ edge, isWanted }) => edge === 'intruder' && isWanted === false),
  );
  return [
    ...sentences(wanted, 'to succeed', 'succeeded'),
    ...sentences(unwanted, 'to be rejected', 'were rejected'),
  ];
}

/** How it is known that a connection is as it should be; `unclear`: tried, and predicted alone. */
type Knowledge = 'observed' | 'predicted' | 'unclear';

function knowledgeOf(cell: Cell): Knowledge | undefined {
  if (cell.isUnclear) return 'unclear';
  if (isUnsound(cell)) return undefined;
  return cell.isObserved ? 'observed' : 'predicted';
}

interface KindCount {
  /** E.g. `all 6 peer` or `3 of 6 client`. */
  readonly words: string;
  readonly sound: number;
  readonly knowledge: Knowledge;
  readonly assumed: number;
}

function kindCounts(kind: string, cells: readonly Cell[]): readonly KindCount[] {
  return (['observed', 'predicted', 'unclear'] as const).flatMap((knowledge) => {
    const sound = cells.filter((cell) => knowledgeOf(cell) === knowledge);
    if (sound.length === 0) return [];
    const words =
      sound.length === cells.length
        ? `${sound.length > 1 ? 'all ' : ''}${sound.length} ${kind}`
        : `${sound.length} of ${cells.length} ${kind}`;
    const assumed = sound.filter(({ isAssumed }) => isAssumed).length;
    return [{ words, sound: sound.length, knowledge, assumed }];
  });
}

function sentences(counts: readonly KindCount[], predicted: string, observed: string) {
  const of = (wanted: Knowledge) => counts.filter(({ knowledge }) => knowledge === wanted);
  const [seen, others, unclear] = [of('observed'), of('predicted'), of('unclear')];
  const assumed = others.reduce((sum, count) => sum + count.assumed, 0);
  const because = assumed > 0 ? ` (${assumed} on an assumption, because settings are missing)` : '';
  const are = (some: readonly KindCount[]) => `${connections(some)} ${isOne(some) ? 'is' : 'are'}`;
  return [
    ...(seen.length > 0 ? [`${connections(seen)} ${observed}`] : []),
    ...(others.length > 0 ? [`${are(others)} predicted ${predicted}${because}`] : []),
    ...(unclear.length > 0 ? [`${are(unclear)} unclear and predicted ${predicted}`] : []),
  ];
}

function connections(counts: readonly KindCount[]): string {
  const noun = isOne(counts) && !counts[0]?.words.includes(' of ') ? 'connection' : 'connections';
  return `${enumerate(counts.map(({ words }) => words))} ${noun}`;
}

function isOne(counts: readonly KindCount[]): boolean {
  return counts.length === 1 && counts[0]?.sound === 1;
}

interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

interface Row {
  readonly label: string;
  /** By column; several edges may lead from one client to one member. */
  readonly cells: ReadonlyMap<string, readonly Cell[]>;
}

/** One connection as the tables show it. */
interface Cell extends Pick<Edge, 'edge' | 'from' | 'member' | 'port'> {
  readonly badness: 0 | 1 | 2;
  /** Without marks. */
  readonly meaning: string;
  /** In brackets where `verify` did not try it, with `?` where an assumption decided and `!` where the prediction differs. */
  readonly word: string;
  readonly isUntried: boolean;
  readonly isObserved: boolean;
  /** It was tried, what was seen does not show the outcome, and the prediction is as it should be. */
  readonly isUnclear: boolean;
  /** Why an outcome is unclear. */
  readonly reason?: string;
  /** Whether the connection should succeed; undefined where either outcome is fine. */
  readonly isWanted: boolean | undefined;
  readonly isAssumed: boolean;
  readonly isUnexpected: boolean;
}

const elsewhere = 'elsewhere';

function tablesOf(edges: readonly Cell[]): readonly Table[] {
  const of = (...kinds: readonly Edge['edge'][]) =>
    edges.filter(({ edge }) => kinds.includes(edge));
  const peers = of('peer').map(({ from }) => from);
  const members = [...new Set([...peers, ...edges.flatMap(({ member }) => member ?? [])])].toSorted(
    naturally,
  );
  const clients = of('client', 'self');
  const outside = clients.some(({ member }) => member === undefined);
  const intruders = of('intruder');
  return [
    { title: 'peers', columns: members, rows: rowsOf(of('peer'), ({ from }) => from) },
    {
      title: 'clients',
      columns: outside ? [...members, elsewhere] : members,
      rows: rowsOf(clients, ({ edge, from }) => (edge === 'self' ? 'gateway (itself)' : from)),
    },
    {
      title: 'not authorized, client port',
      columns: members,
      rows: rowsOf(
        intruders.filter(({ port }) => port === 'client'),
        intruderLabel(members),
      ),
    },
    {
      title: 'not authorized, peer port',
      columns: members,
      rows: rowsOf(
        intruders.filter(({ port }) => port === 'peer'),
        intruderLabel(members),
      ),
    },
  ];
}

const credentials = lookUp<string>({ nobody: 'no certificate', foreign: "another CA's" });

function intruderLabel(members: readonly string[]): (edge: Cell) => string {
  return ({ from }) => (members.includes(from) ? 'own certificate' : (credentials[from] ?? from));
}

function rowsOf(edges: readonly Cell[], labelOf: (edge: Cell) => string): readonly Row[] {
  return [...groupBy(edges, labelOf)]
    .toSorted(([one], [other]) => naturally(one, other))
    .map(([label, row]) => ({
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
  const labelWidth = Math.min(widestLabel, largest(labels.map(({ length }) => length)));
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
  const areDistinct = new Set(cut).size === new Set(names).size;
  return new Map(
    names.map((name, index) => [
      name,
      areDistinct ? (cut[index] ?? '') : tailOf(printable(name), width),
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
  const [worst] = cells.toSorted(
    (left, right) => right.badness - left.badness || proof(right) - proof(left),
  );
  if (worst === undefined) return pad('-', cellWidth);

  const brush = [paint.good, paint.unsure, paint.bad][worst.badness] ?? paint.bad;
  return brush(pad(worst.word, cellWidth));
}

/** Among equals the cell shows a fault that was observed, and a success that was not. */
function proof(cell: Cell): number {
  return Number(cell.isUntried !== isUnsound(cell));
}

function cellOf(edge: Edge, command: Report['command']): Cell {
  const { from, member, port, observed, basis } = edge;
  const isUntried = command === 'verify' && observed === undefined;
  const isAssumed = observed === undefined && basis === 'assumed' && edge.outcome !== 'not-sure';
  const meaning = meaningOf(edge);
  const isUnexpected = differs({ outcome: edge.outcome, observed });
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
    isObserved: observed !== undefined,
    ...doubtOf(edge),
    isWanted: edge.wanted === 'either' ? undefined : edge.wanted === 'accepted',
    isAssumed,
    isUnexpected,
  };
}

function doubtOf({ observed, outcome, wanted }: Edge): Pick<Cell, 'isUnclear' | 'reason'> {
  if (observed?.outcome !== 'unclear') return { isUnclear: false };
  const { error } = observed;
  return { isUnclear: outcome === wanted, ...(error !== undefined && { reason: error }) };
}

/** By the observation, where there is one. */
function badness({ outcome, observed, wanted }: Edge): Cell['badness'] {
  if (wanted === 'either') return 0;
  const seen = observed?.outcome;
  const decided = seen === 'accepted' || seen === 'refused' ? seen : outcome;
  if (decided === 'not-sure') return 1;
  if (decided !== wanted) return 2;
  return seen === 'unreachable' || seen === 'unclear' || differs({ outcome, observed }) ? 1 : 0;
}

/** Whether the observation differs from the prediction. */
function differs({ outcome, observed }: Prediction): boolean {
  if (observed?.outcome !== 'accepted' && observed?.outcome !== 'refused') return false;
  return outcome !== 'not-sure' && outcome !== observed.outcome;
}

interface Prediction {
  readonly outcome: Edge['outcome'];
  readonly observed: ObservedEdge | undefined;
}

function meaningOf({ outcome, observed, refusedBy, edge }: Edge): string {
  const decided = observed?.outcome ?? outcome;
  if (decided === 'accepted') return edge === 'intruder' ? 'accepted' : 'ok';
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
  server: 'rejected',
  client: 'rejects',
  network: 'not reached',
  start: 'not running',
  'never-dials': 'no attempt',
} as const satisfies Record<NonNullable<Edge['refusedBy'] | ObservedEdge['refusedBy']>, string>;

const meanings = lookUp<string>({
  rejected: 'rejected: the server rejects the client certificate, or requires one',
  rejects: 'rejects: the client rejects the server',
  'not running': 'not running: the server process exits with an error',
  'no attempt': 'no attempt: the client process fails before it connects',
  'not sure': 'not sure: the files do not decide the outcome',
  'not reached': 'not reached: no connection to the port was established',
  unclear: 'unclear: the response does not show the outcome',
});

/** Explains the words and marks that the tables use, and no others. */
function legend(cells: readonly Cell[], width: number): readonly string[] {
  const used = new Set(cells.map(({ meaning }) => meaning));
  const explained = Object.entries(meanings).filter(([word]) => used.has(word));
  return [
    'rows connect, columns listen',
    ...explained.flatMap(([word, text]) => [
      ...wrap(text, width),
      ...(word === undecided.unclear ? reasonLines(cells, width) : []),
    ]),
    ...[
      ...(cells.some(({ isUntried }) => isUntried)
        ? ['(in brackets): predicted, not observed; without brackets: observed']
        : []),
      ...(cells.some(({ isAssumed }) => isAssumed)
        ? ['?: rests on an assumption, because settings are missing']
        : []),
      ...(cells.some(({ isUnexpected }) => isUnexpected)
        ? ['!: observed, and not what the files predict']
        : []),
    ].flatMap((each) => wrap(each, width)),
  ];
}

const mostReasons = 4;

/** Why outcomes are unclear, by connecting member and target, e.g. `node1 to node2 and node3: …`. */
function reasonLines(cells: readonly Cell[], width: number): readonly string[] {
  const unclear = cells.filter(({ reason }) => reason !== undefined);
  const alike = [
    ...groupBy(unclear, ({ from, reason }) => JSON.stringify([from, reason])).values(),
  ];
  const said = alike.slice(0, mostReasons).map(([first, ...others]) => {
    const members = [first, ...others].map(({ member }) => member ?? elsewhere);
    const to = enumerate([...new Set(members)].toSorted(naturally), 4);
    return `${fromWords(first)} to ${to}: ${first.reason ?? ''}`;
  });
  const rest = alike.length - said.length;
  return [...said, ...(rest > 0 ? [`and ${rest} more`] : [])]
    .flatMap((each) => wrap(printable(each), width - 2))
    .map((piece) => `  ${piece}`);
}

function fromWords({ edge, from }: Cell): string {
  return edge === 'intruder' ? (credentials[from] ?? from) : from;
}
