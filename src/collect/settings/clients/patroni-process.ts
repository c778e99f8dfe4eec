import { posix } from 'node:path';
import type { ClientDraft, TextFile, UnreadText } from '../../../model/draft.ts';
import { enumerate } from '../../../model/words.ts';
import { filesInside } from '../container-files.ts';
import type { Process } from '../process.ts';
import type { SettingsContext } from '../settings-context.ts';
import { unreadAt } from '../unread-at.ts';
import { baseName } from '../words.ts';
import { malformedYaml, readYaml } from '../yaml.ts';
import { clientWith } from './patroni.ts';
import { type Sections, sectionsIn } from './patroni-section.ts';
import { decidingVariables, merged, sectionsOfVariables } from './patroni-variables.ts';
import { isWhole, type SeenClients, withUnseenVariables } from './unseen-variables.ts';

/** Patroni with its file and its variables together. */
interface Configured extends SeenClients {
  readonly file: TextFile;
}

/** Reads the file that a process of Patroni names, under its variables; undefined where it names none that is here. */
export async function configuredPatroni(
  process: Process,
  context: SettingsContext,
): Promise<Configured | undefined> {
  const path = configOf(process);
  const file = path === undefined ? undefined : filesInside(process, context)(path);
  if (file === undefined) return undefined;
  const read = await readYaml(file, '1.1');
  if (!read.ok) return { file, clients: [], open: [malformedYaml(file.path, read)] };
  const [document] = read.documents;
  if (document === undefined) return undefined;
  const sections = merged(sectionsIn(document), sectionsOfVariables(process));
  const clients = clientWith(sections, process);
  if (clients.length === 0) return { file, clients, open: withoutEndpoint(sections, process) };
  // What a file that was not given sets replaces what is set here.
  return { file, ...withUnseenVariables(clients, { variables: 'conflict' }, process) };
}

/** The section of etcd counts where there is one, and Patroni does not start when it names no endpoint. */
function withoutEndpoint(sections: Sections, { origin }: Process): readonly UnreadText[] {
  if (sections.has('consul') || sections.size === 0) return [];
  const reason = 'Patroni is given no hosts of etcd, and does not start without them';
  return [unreadAt(origin.file, origin.line, reason, 'write the hosts of etcd in its file')];
}

/** The file that Patroni is started with: its only argument that is no option (patroni/daemon.py). */
function configOf({ program = '', words, directory }: Process): string | undefined {
  const texts = [program, ...words.map(({ text }) => text)];
  const start = texts.findIndex((text) => /^patroni(?:\.py)?$/.test(baseName(text)));
  const path = start < 0 ? undefined : texts.slice(start + 1).find((text) => !text.startsWith('-'));
  if (path === undefined || directory === undefined || path.startsWith('/')) return path;
  return posix.join(directory, path);
}

/** A process whose variables for Patroni are over a file that was not read, and the clients that they make alone. */
export interface Overriding {
  readonly process: Process;
  readonly clients: readonly ClientDraft[];
}

/** Whether variables of a process are for Patroni. */
export function setsPatroni(process: Process): boolean {
  return decidingVariables(process).length > 0;
}

/**
 * Patroni puts each of its variables over the same key of its file. Where that is not known, variables that leave
 * something to a file make an open question, and nothing is concluded of either alone.
 */
export function withoutOverridden(
  clients: readonly ClientDraft[],
  overriding: readonly Overriding[],
): SeenClients {
  const all = [...clients, ...overriding.flatMap((each) => each.clients)];
  const own = all.filter(({ kind }) => kind === 'patroni');
  const files = own.filter(({ process }) => process === undefined);
  const first = overriding.find((each) => !each.clients.some(isWhole));
  if (
    first === undefined ||
    (own.length > 0 && files.length === 0 && configOf(first.process) === undefined)
  ) {
    return { clients: all, open: [] };
  }
  return { clients: clients.filter((each) => !files.includes(each)), open: [openFor(first)] };
}

function openFor({ process }: Overriding): UnreadText {
  const set = decidingVariables(process);
  const names = enumerate([...new Set(set.map(({ name }) => name))], 3);
  const { file, line } = set[0]?.location ?? process.origin;
  const path = configOf(process);
  const give =
    path === undefined
      ? 'give what starts Patroni with its file as well, such as its unit, or write all that it needs for etcd in its variables'
      : `give ${path} as well`;
  const where = path ?? 'which is not known here';
  const reason = `${names} replace the same settings in the file of Patroni, ${where}${path === undefined ? '' : ', which was not given'}`;
  return unreadAt(file, line, reason, give);
}
