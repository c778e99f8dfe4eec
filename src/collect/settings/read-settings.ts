import type {
  ClientDraft,
  MemberDraft,
  SettingsDrafts,
  SettingsKind,
  TextFile,
  UnreadText,
} from '../../model/draft.ts';
import type { DocumentNode } from '../../model/settings.ts';
import { clientsInConfig } from './clients/by-config.ts';
import { clientsOf } from './clients/index.ts';
import { processesInScript } from './command-line.ts';
import { processesInCompose } from './compose.ts';
import { enterContainer } from './containers.ts';
import { processesInManifest } from './kubernetes.ts';
import { configSource, isMember, memberDraft } from './member-draft.ts';
import { emptyProcess, type Process } from './process.ts';
import { recogniseSettings } from './recognise-settings.ts';
import type { SettingsContext } from './settings-context.ts';
import { readUnit } from './systemd.ts';
import { groupUnits } from './units.ts';
import { malformedYaml, readYaml } from './yaml.ts';

/**
 * Reads all settings files of a cert set at once, since some belong together: a unit and its drop-ins,
 * an environment file that a unit names. Never rejects: what cannot be read is a problem in the answer.
 */
export async function readSettings(
  files: readonly TextFile[],
  context: SettingsContext,
): Promise<SettingsDrafts> {
  const kinds = new Map(files.map((file) => [file, recogniseSettings(file)]));
  const ofKind = (kind: SettingsKind) => files.filter((file) => kinds.get(file) === kind);

  const units = groupUnits(ofKind('systemd')).map((unit) => readUnit(unit, context));
  const manifests = await readAll(ofKind('manifest'), processesInManifest);
  const compose = await readAll(ofKind('compose'), (documents) =>
    documents.flatMap((document) => processesInCompose(document, context)),
  );
  const commands = ofKind('command-line').flatMap(processesInScript);
  const started = [...units, ...manifests.processes, ...compose.processes, ...commands].map(
    (process) => enterContainer(process, context),
  );

  const used = new Set(started.flatMap((process) => process.files));
  const scripts = [...ofKind('environment-file'), ...ofKind('client-environment')]
    .filter(({ path }) => !used.has(path))
    .flatMap(processesInScript);
  const entered = scripts.map((process) => enterContainer(process, context));
  const drafts = await draft([...started, ...entered], context);
  const configured = await Promise.all(ofKind('client-config').map(clientsInConfig));
  const alone = await configFilesAlone(ofKind('etcd-config'), drafts.members);
  return {
    members: [...drafts.members, ...alone],
    clients: [...drafts.clients, ...configured.flatMap(({ clients }) => clients)],
    notUnderstood: [
      ...manifests.notUnderstood,
      ...compose.notUnderstood,
      ...configured.flatMap(({ notUnderstood }) => notUnderstood),
    ],
  };
}

async function readAll(
  files: readonly TextFile[],
  processesIn: (documents: readonly DocumentNode[]) => readonly Process[],
): Promise<{ processes: readonly Process[]; notUnderstood: readonly UnreadText[] }> {
  const processes: Process[] = [];
  const notUnderstood: UnreadText[] = [];
  for (const file of files) {
    const read = await readYaml(file);
    if (read.ok) processes.push(...processesIn(read.documents));
    else notUnderstood.push(malformedYaml(file.path, read));
  }
  return { processes, notUnderstood };
}

async function draft(
  processes: readonly Process[],
  context: SettingsContext,
): Promise<{ members: readonly MemberDraft[]; clients: readonly ClientDraft[] }> {
  const members: MemberDraft[] = [];
  for (const process of processes) {
    if (isMember(process)) members.push(await memberDraft(process, context));
  }
  return { members, clients: distinct(processes.flatMap(clientsOf)) };
}

/** A script that calls a client five times with the same settings has one client. */
function distinct(clients: readonly ClientDraft[]): readonly ClientDraft[] {
  const seen = new Set<string>();
  return clients.filter(({ kind, origin, endpoints, caFile, certFile, keyFile }) => {
    const files = [caFile, certFile, keyFile].map((setting) => setting?.value ?? '');
    const key = JSON.stringify([kind, origin.file, endpoints.value, ...files]);
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

/** Configuration files that no process names: each makes a member of its own. */
async function configFilesAlone(
  files: readonly TextFile[],
  members: readonly MemberDraft[],
): Promise<readonly MemberDraft[]> {
  const used = new Set(members.flatMap((member) => member.files));
  const drafts: MemberDraft[] = [];
  for (const file of files.filter(({ path }) => !used.has(path))) {
    drafts.push(await aloneDraft(file));
  }
  return drafts;
}

async function aloneDraft(file: TextFile): Promise<MemberDraft> {
  const process = emptyProcess('etcd-config', { file: file.path });
  const member = await memberDraft(process, { find: () => undefined });
  const source = await configSource(file.path, file);
  return { ...member, ...namedBy(source), sources: [source] };
}

function namedBy(source: Awaited<ReturnType<typeof configSource>>): { name?: string } {
  if (source.kind !== 'config-file' || source.document?.kind !== 'map') return {};
  const name = source.document.entries.findLast(({ key }) => key === 'name')?.value;
  return name?.kind === 'scalar' && typeof name.value === 'string' ? { name: name.value } : {};
}
