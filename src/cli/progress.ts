import type { LiveProgress } from '../collect/live.ts';
import type { Stage } from '../model/live.ts';
import { printable } from '../report/escape.ts';
import { table } from '../model/table.ts';

/** Shows how far the connections to endpoints have got. */
export interface Progress {
  readonly show: (progress: LiveProgress) => void;
  /** Leaves the screen as it was. */
  readonly end: () => void;
}

/** Where progress goes. Only a terminal can be drawn over. */
export interface ProgressScreen {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

/** The stages in order, with the headings of their columns. */
const stageTitles = {
  resolve: 'resolve',
  connect: 'connect',
  'first-bytes': 'bytes',
  tls: 'tls',
  application: 'answer',
} as const satisfies Readonly<Record<Stage['name'], string>>;

const stageNames = ['resolve', 'connect', 'first-bytes', 'tls', 'application'] as const;

/** Codes in a word that fits a column of the table. */
const shortCodes = table<string>({
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EHOSTUNREACH: 'no route',
  ENETUNREACH: 'no route',
  ENOTFOUND: 'no name',
  ETIMEDOUT: 'timeout',
  TIMEOUT: 'timeout',
});

interface EndpointProgress {
  readonly url: string;
  readonly stages: Map<Stage['name'], Stage>;
  finished: boolean;
}

/** A table that ticks on a terminal; elsewhere a line for each endpoint, if details were asked for. */
export function progressOn(
  screen: ProgressScreen,
  { quiet, verbose }: { readonly quiet: boolean; readonly verbose: boolean },
): Progress | undefined {
  if (quiet) return undefined;
  if (screen.isTTY === true) return tickingTable(screen);
  return verbose ? plainLines(screen) : undefined;
}

function plainLines(screen: ProgressScreen): Progress {
  const rows = new Map<string, EndpointProgress>();
  return {
    show(progress) {
      const row = note(rows, progress);
      if (!row.finished) return;
      const cells = [...row.stages.values()].map(
        (stage) => `${stage.name} ${cell(stage, (code) => code)}`,
      );
      screen.write(`${printable(row.url, 100)}: ${cells.join(', ')}\n`);
    },
    end: () => undefined,
  };
}

function tickingTable(screen: ProgressScreen): Progress {
  const rows = new Map<string, EndpointProgress>();
  let drawn = 0;
  const erase = (): string => (drawn === 0 ? '' : `\u001b[${drawn}A\u001b[J`);
  return {
    show(progress) {
      note(rows, progress);
      const lines = tableLines([...rows.values()], screen);
      screen.write(`${erase()}${lines.map((line) => `${line}\n`).join('')}`);
      drawn = lines.length;
    },
    end() {
      screen.write(erase());
      drawn = 0;
    },
  };
}

function tableLines(
  rows: readonly EndpointProgress[],
  { columns = 80, rows: height = 24 }: ProgressScreen,
) {
  const open = rows.filter(({ finished }) => !finished);
  const done = rows.length - open.length;
  const room = Math.max(1, Math.min(height - 3, 20));
  // Unfinished endpoints come first.
  const shown = [...open, ...rows.filter(({ finished }) => finished)].slice(0, room);
  const header = `${`${done} of ${rows.length} endpoints`.padEnd(34)}${stageNames.map((name) => stageTitles[name].padEnd(9)).join('')}`;
  const body = shown.map(
    ({ url, stages }) =>
      `${printable(url, 60).padEnd(33).slice(0, 33)} ${stageNames.map((name) => cell(stages.get(name), short).padEnd(9)).join('')}`,
  );
  return [header, ...body].map((line) => line.slice(0, columns - 1).trimEnd());
}

function cell(stage: Stage | undefined, inWords: (code: string) => string): string {
  if (stage === undefined) return '…';
  const time = `${Math.round(stage.milliseconds)}ms`;
  switch (stage.outcome) {
    case 'ok':
      return time;
    case 'failed':
      return inWords(stage.code ?? 'failed');
    case 'not-reached':
      return '-';
  }
}

function short(code: string): string {
  return (shortCodes[code] ?? code).slice(0, 8);
}

function note(
  rows: Map<string, EndpointProgress>,
  { endpoint, stage, state }: LiveProgress,
): EndpointProgress {
  const key = `${endpoint.url} ${endpoint.serves}`;
  const row = rows.get(key) ?? { url: endpoint.url, stages: new Map(), finished: false };
  rows.set(key, row);
  if (stage !== undefined) row.stages.set(stage.name, stage);
  row.finished = state === 'finished';
  return row;
}
