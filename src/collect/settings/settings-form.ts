import type { ClientDraft, TextFile, UnreadText } from '../../model/draft.ts';
import type { DocumentNode } from '../../model/settings.ts';
import type { DraftedMember } from './member-draft.ts';
import type { FileSigns } from './file-signs.ts';
import type { PatchText } from './patches.ts';
import type { Process } from './process.ts';
import type { SettingsContext } from './settings-context.ts';
import { malformedYaml, readYaml } from './yaml.ts';

/**
 * One way in which settings are written down: a unit of systemd, a pod, a Procfile. Each is in a file
 * of its own under `forms/`, where the index is generated from the files; what reads it, under `readers/`, unless
 * most cert sets have it.
 */
export interface SettingsForm extends FileSigns {
  /** What reports call it, and what drafts carry as their kind. */
  readonly name: string;
  readonly layer: Layer;
  /** As which layers a holder's files are read in addition; none means that all they say is in the files they hold. */
  readonly alsoReadIn?: readonly Layer[];
  /** Reads all files of this form at once, since some belong together. Never rejects over what they hold. */
  readonly read: (
    files: readonly TextFile[],
    context: SettingsContext,
  ) => FormReading | Promise<FormReading>;
}

/**
 * When a form is asked and read. `holder`: files with other files in them, which are read next. `starter`:
 * whatever starts processes. `script`: scripts that none of these starts. `settings`: settings by themselves,
 * read only where no process names the file.
 */
export type Layer = 'holder' | 'starter' | 'script' | 'settings';

/** What files of one form come to. */
export interface FormReading {
  readonly processes?: readonly Process[];
  /** Further processes, of which it matters alone what they write. */
  readonly writers?: readonly Process[];
  readonly members?: readonly DraftedMember[];
  readonly clients?: readonly ClientDraft[];
  readonly texts?: readonly EmbeddedText[];
  /** Files that a holder writes to its host, whatever is known of their contents, as `FILE#PATH`. */
  readonly written?: readonly string[];
  readonly notUnderstood?: readonly UnreadText[];
  /** Files of which others take the place. */
  readonly replaced?: readonly string[];
  /** Changes of objects that are not applied, which matter where the objects start etcd or a client. */
  readonly patches?: readonly PatchText[];
}

/** A file within another one, such as one that cloud-init writes. */
export interface EmbeddedText extends TextFile {
  readonly within: {
    readonly file: string;
    /** The line of `file` on which the text begins. */
    readonly line: number;
    /** Set when the text has no lines of its own there, as base64 has none. */
    readonly folded?: boolean;
  };
}

/** A reader that is loaded when there is a file for it: of most forms there is none. */
export function readLater(
  load: () => Promise<{ readonly reader: SettingsForm['read'] }>,
): SettingsForm['read'] {
  return async (files, context) => await (await load()).reader(files, context);
}

/** Reads each file by itself. */
export function readEach(
  readOne: (file: TextFile, context: SettingsContext) => FormReading | Promise<FormReading>,
): SettingsForm['read'] {
  return async (files, context) => {
    const readings: FormReading[] = [];
    for (const file of files) readings.push(await readOne(file, context));
    return joined(readings);
  };
}

/** Reads each file of YAML by itself; one that is not YAML is not understood. */
export function readEachYaml(
  readOne: (
    documents: readonly DocumentNode[],
    file: TextFile,
    context: SettingsContext,
  ) => FormReading | Promise<FormReading>,
): SettingsForm['read'] {
  return readEach(async (file, context) => {
    const yaml = await readYaml(file);
    if (!yaml.ok) return { notUnderstood: [malformedYaml(file.path, yaml)] };
    return await readOne(yaml.documents, file, context);
  });
}

/** Everything that several readings say. */
export function joined(readings: readonly FormReading[]): Required<FormReading> {
  return {
    processes: readings.flatMap(({ processes = [] }) => processes),
    writers: readings.flatMap(({ writers = [] }) => writers),
    members: readings.flatMap(({ members = [] }) => members),
    clients: readings.flatMap(({ clients = [] }) => clients),
    texts: readings.flatMap(({ texts = [] }) => texts),
    written: readings.flatMap(({ written = [] }) => written),
    notUnderstood: readings.flatMap(({ notUnderstood = [] }) => notUnderstood),
    replaced: readings.flatMap(({ replaced = [] }) => replaced),
    patches: readings.flatMap(({ patches = [] }) => patches),
  };
}
