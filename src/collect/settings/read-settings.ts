import type { ClientDraft, SettingsDrafts, TextFile, UnreadText } from '../../model/draft.ts';
import { clients as clientsOfEtcd } from './clients/index.ts';
import {
  configuredPatroni,
  type Overriding,
  setsPatroni,
  withoutOverridden,
} from './clients/patroni-process.ts';
import { type SeenClients, withUnseenVariables } from './clients/unseen-variables.ts';
import { enterContainer } from './containers.ts';
import { isTold } from './file-signs.ts';
import { forms } from './forms/index.ts';
import { boundedContext } from './bounded-context.ts';
import { withoutSuperseded } from './generated-member.ts';
import { embeddedContext, relocate } from './embedded-context.ts';
import { isMember } from './is-member.ts';
import { type DraftedMember, memberDraft } from './member-draft.ts';
import { isOfMake, tellsOfCommands } from './mentions.ts';
import { withNeighbours } from './neighbours.ts';
import { distinctTexts, passedOver } from './passed-over.ts';
import { isAbout } from './patches.ts';
import type { Process } from './process.ts';
import {
  type FormReading,
  type EmbeddedText,
  joined,
  type Layer,
  type SettingsForm,
} from './settings-form.ts';
import type { SettingsContext } from './settings-context.ts';
import { groupBy } from '../../model/group-by.ts';
import { hostOf, isLoopback } from '../../model/host.ts';
import { once, oncePerText } from '../../model/once.ts';
import { unitFolders } from './units.ts';
import { withoutUnread } from './unread-settings.ts';
import { controlLine, openSettings, withSettledEndpoints } from './unresolved.ts';
import { withUnseenFiles } from './written-files.ts';

/**
 * Reads all settings files of a cert set at once, since some belong together: a unit and its drop-ins,
 * an environment file that a unit names. Never rejects: what cannot be read is in the answer, with the
 * reason.
 */
export async function readSettings(
  files: readonly TextFile[],
  unbounded: SettingsContext,
): Promise<SettingsDrafts> {
  const { context: given, exceeded } = boundedContext(unbounded);
  const opened = await openHolders(
    files.filter((file) => !tellsOfCommands(file.path, file.text) && !hasNativeUnit(file, files)),
    given,
  );
  const all: readonly TextFile[] = [...opened.closed, ...opened.embeddedTexts];
  const context = embeddedContext(given, opened.embeddedTexts, all);
  const templates = templatesAmong(all);

  const steps = [{ ...opened.reading, ...(await draft(opened.reading, context, templates)) }];
  let left = all;
  for (const layer of ['starter', 'script', 'settings'] as const) {
    const reading = await readLayer(layer, left, context);
    steps.push({ ...reading, ...(await draft(reading, context, templates)) });
    const used = new Set(
      steps.flatMap((step) => [
        ...step.used,
        ...step.replaced,
        ...step.processes.flatMap((process) => process.files),
      ]),
    );
    left = left.filter(({ path }) => !used.has(path));
  }

  const seen = steps.flatMap(({ drafted }) => drafted.filter((each) => each.isUnseen !== true));
  const started = withoutUnread(seen);
  const { kept, read } = withoutSuperseded(started.kept);
  const unseen = steps
    .flatMap(({ drafted }) => drafted.filter((each) => each.isUnseen === true))
    .filter(({ isWritten }) => !kept.some(({ member }) => isWritten?.(member)));
  const { written } = opened.reading;
  const complete = withUnseenFiles({ written, texts: opened.embeddedTexts });
  const patroni = withoutOverridden(
    steps.flatMap(({ clients }) => clients),
    steps.flatMap(({ overriding }) => overriding),
  );
  const drafts = {
    members: kept.map(({ member }) => complete.member(member)),
    clients: distinct(patroni.clients).map(complete.client),
  };
  const alreadyListed = [
    ...steps.flatMap(({ notUnderstood, open }) => [...notUnderstood, ...open]),
    ...[...kept, ...unseen].flatMap(({ open }) => open),
    ...started.unread,
    ...patroni.open,
    ...exceeded(),
    ...patchesOf(steps),
  ];
  const processes = steps.flatMap(({ idle }) => idle);
  const readFiles = new Set([
    ...drafts.members.flatMap(({ files: own }) => own),
    ...drafts.clients.map(({ origin }) => origin.file),
    ...steps.flatMap((step) => [...step.understood, ...step.replaced]),
    ...unseen.flatMap(({ member }) => member.files),
    ...read,
    ...started.left.flatMap(({ member }) => member.files),
  ]);
  const understood = new Set(readFiles);
  // What holds a file that is understood is understood with it; what is within another text comes after that.
  for (const { path, within } of opened.embeddedTexts.toReversed()) {
    if (understood.has(path)) understood.add(within.file);
  }
  const unread = passedOver({
    files: all,
    drafts,
    processes,
    alreadyListed,
    understood: [...understood],
  });
  return relocate(
    {
      ...drafts,
      notUnderstood: distinctTexts([...alreadyListed, ...unread]),
      embedded: opened.embeddedTexts.filter(({ text }) => /-----BEGIN /.test(text)),
    },
    opened.embeddedTexts,
  );
}

/** Patches of the objects that start etcd or a client of it. */
function patchesOf(
  steps: readonly Pick<Reading, 'patches' | 'processes'>[],
): readonly UnreadText[] {
  const patches = steps.flatMap((step) => step.patches);
  if (patches.length === 0) return [];
  const objects = steps
    .flatMap(({ processes }) => processes)
    .filter((process) => isMember(process) || clientsOf(process).clients.length > 0)
    .flatMap(({ object }) => object ?? []);
  return patches.filter((patch) => isAbout(patch, objects)).map(({ of: _of, ...text }) => text);
}

type Reading = Required<FormReading>;

/** Takes files apart that hold other files, and those within them. */
async function openHolders(
  files: readonly TextFile[],
  context: SettingsContext,
  depth = 0,
): Promise<{
  readonly closed: readonly TextFile[];
  readonly embeddedTexts: readonly EmbeddedText[];
  readonly reading: Reading;
}> {
  const reading = await readLayer('holder', files, context);
  const closed = files.filter((file) =>
    formsOf(file, 'holder').every(({ alsoReadIn }) => alsoReadIn !== undefined),
  );
  if (reading.texts.length === 0 || depth >= deepestHolder) {
    return { closed, embeddedTexts: reading.texts, reading };
  }
  const inside = await openHolders(reading.texts, context, depth + 1);
  const embeddedTexts = [...reading.texts, ...inside.embeddedTexts];
  return { closed, embeddedTexts, reading: joined([reading, inside.reading]) };
}

/** cloud-config may hold a manifest with a ConfigMap with a file; nothing real goes deeper. */
const deepestHolder = 4;

function formsOf(file: TextFile, layer: Layer): readonly SettingsForm[] {
  return formsByLayer(file)(layer);
}

/** Each layer asks of the same files which holders they are. */
const formsByLayer = once((file: TextFile) =>
  oncePerText((layer) =>
    isOfMake(file.path) ? [] : forms.filter((form) => form.layer === layer && isTold(file, form)),
  ),
);

/** The form of a settings file; undefined for what is none. */
export function recogniseSettings(file: TextFile): string | undefined {
  return tellsOfCommands(file.path, file.text) || isOfMake(file.path)
    ? undefined
    : forms.find((form) => isTold(file, form))?.name;
}

/** systemd passes over an init script where a unit of the same host has its name (systemd-sysv-generator(8)). */
function hasNativeUnit({ path }: TextFile, files: readonly TextFile[]): boolean {
  const [, etc, name] = /^((?:.*\/)?)(?<!rc\.d\/)(?:rc\.d\/)?init\.d\/([^/]+)$/.exec(path) ?? [];
  if (etc === undefined) return false;
  const [root] = /^(?:.*\/)?(?=etc\/$)/.exec(etc) ?? [];
  // A copy of /etc alone has its directories at its root.
  const folders = root === undefined ? [etc] : unitFolders.map((folder) => `${root}${folder}/`);
  const units = folders.map((folder) => `${folder}systemd/system/${name}.service`);
  return files.some((file) => units.includes(file.path));
}

/** Each file is read by the first form that recognises it; a holder's files by every one that does. */
async function readLayer(
  layer: Layer,
  files: readonly TextFile[],
  context: SettingsContext,
): Promise<Reading> {
  const recognised = files.flatMap((file) => {
    const holders = layer === 'holder' ? [] : formsOf(file, 'holder');
    if (!holders.every(({ alsoReadIn = [] }) => alsoReadIn.includes(layer))) return [];
    const found = formsOf(file, layer);
    return (layer === 'holder' ? found : found.slice(0, 1)).map((form) => ({ form, file }));
  });
  const byForm = groupBy(
    recognised,
    ({ form }) => form,
    ({ file }) => file,
  );
  const readings: FormReading[] = [];
  for (const [form, own] of byForm) readings.push(await form.read(own, context));
  return joined(readings);
}

interface Drafted extends Pick<Reading, 'clients'> {
  readonly drafted: readonly DraftedMember[];
  /** Processes that are neither a member nor a client. */
  readonly idle: readonly Process[];
  /** Files of the processes that are a client, such as the environment files that a unit names. */
  readonly understood: readonly string[];
  readonly used: readonly string[];
  readonly open: readonly UnreadText[];
  readonly overriding: readonly Overriding[];
}

/** The lines of files at which a template decides what follows, by path. */
type Templates = ReadonlyMap<string, string>;

function templatesAmong(files: readonly TextFile[]): Templates {
  return new Map(
    files.flatMap(({ path, text }) => {
      const line = controlLine(text);
      return line === undefined ? [] : [[path, `${path}:${line}`]];
    }),
  );
}

function withTemplate(process: Process, templates: Templates): Process {
  const template = process.files.flatMap((path) => templates.get(path) ?? [])[0];
  return template === undefined ? process : { ...process, template };
}

async function draft(
  reading: Reading,
  context: SettingsContext,
  templates: Templates,
): Promise<Drafted> {
  const drafted: DraftedMember[] = [...reading.members];
  const clients: ClientDraft[] = reading.clients.map(withSettledEndpoints);
  const idle: Process[] = [];
  const understood: string[] = [];
  const overriding: Overriding[] = [];
  const patroniFiles: string[] = [];
  const openInClients: UnreadText[] = [...openSettings(reading.clients)];
  const { kept, left } = withinValues(reading.processes);
  const entered = kept.flatMap((each) => enterContainer(each, context));
  for (const written of withNeighbours(entered, reading.writers)) {
    const process = withTemplate(written, templates);
    const patroni = await configuredPatroni(process, context);
    const isOverriding = patroni === undefined && setsPatroni(process);
    const { clients: own, open } = patroni ?? clientsOf(process);
    const settled = own.map(withSettledEndpoints);
    if (isOverriding) overriding.push({ process, clients: settled });
    else clients.push(...settled);
    if (patroni !== undefined) {
      patroniFiles.push(patroni.file.path);
      understood.push(...process.files);
    }
    openInClients.push(...open);
    if (own.length > 0) {
      openInClients.push(...process.doubts, ...openSettings(own));
      understood.push(...process.files);
    }
    if (isMember(process)) drafted.push(await memberDraft(process, context));
    else if (own.length === 0 && patroni === undefined) idle.push(process);
  }
  const used = [...drafted.flatMap(({ member }) => member.files), ...patroniFiles];
  return {
    drafted,
    clients,
    idle,
    understood: [...understood, ...patroniFiles],
    used,
    overriding,
    open: [...openInClients, ...left],
  };
}

/** More words and variables than all processes of ten thousand hosts have. */
const mostValues = 300_000;

/** Processes as long as there is room for what they are given: files can multiply one with the other. */
function withinValues(processes: readonly Process[]): {
  readonly kept: readonly Process[];
  readonly left: readonly UnreadText[];
} {
  let room = mostValues;
  const kept = processes.filter(({ words, variables }) => {
    room -= words.length + variables.length;
    return room >= 0;
  });
  const passed = processes.slice(kept.length).map(({ origin }) => origin.file);
  const reason = `what is started here comes to more than ${mostValues} words and variables, and the rest is not read`;
  return { kept, left: [...new Set(passed)].map((path) => ({ path, reason })) };
}

/** A script that calls a client five times with the same settings has one client. */
function distinct(clients: readonly ClientDraft[]): readonly ClientDraft[] {
  const seen = new Set<string>();
  const started = new Set(
    clients.filter(({ process }) => process !== undefined).map((client) => settingsOf(client)),
  );
  return clients.filter((client) => {
    // What an installer's configuration says of a client that was given as it is started.
    const isPassedOn = client.process === undefined && client.kind === 'kube-apiserver';
    if (isPassedOn && started.has(settingsOf(client))) return false;
    const key = JSON.stringify([
      client.origin.file,
      settingsOf(client),
      surroundingsOf(client),
      client.problems.map(({ name, why }) => [name, why]),
    ]);
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

/** What settings say of a client's connections. */
function settingsOf(client: ClientDraft): string {
  const { kind, endpoints, network, lifetime } = client;
  const { caFile, certFile, keyFile, serverName, insecureSkipVerify } = client;
  const others = [caFile, certFile, keyFile, serverName, insecureSkipVerify];
  // What API version is the default is no other client.
  const isUsual = lifetime !== undefined && 'since' in lifetime && lifetime.since === '3.4.0';
  const ofReleases = isUsual ? undefined : lifetime;
  // Loopback of another container leads elsewhere.
  const dialsItself = endpoints.value.some((url) => isLoopback(hostOf(url) ?? ''));
  const from = dialsItself && network?.isHost !== true ? network?.of : undefined;
  return JSON.stringify([
    kind,
    endpoints.value,
    ...others.map((each) => each?.value ?? ''),
    from,
    ofReleases,
  ]);
}

/** What a process finds at a path, and may read. */
function surroundingsOf({ mounts, process }: ClientDraft): string {
  const { kind, directives = [], container } = process ?? {};
  return JSON.stringify([
    mounts.map(({ inside, from, source, mode }) => [inside, from, source, mode]),
    directives.map(({ name, value }) => [name, value]),
    kind,
    container,
  ]);
}

/** The etcd clients that a process is or has. */
function clientsOf(process: Process): SeenClients {
  const seen = clientsOfEtcd.map((each) =>
    withUnseenVariables(each.inProcess?.(process) ?? [], each, process),
  );
  return {
    clients: seen.flatMap(({ clients }) => clients),
    open: seen.flatMap(({ open }) => open),
  };
}
