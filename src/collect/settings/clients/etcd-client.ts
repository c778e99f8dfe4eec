import type { ClientDraft, TextFile } from '../../../model/draft.ts';
import type { DocumentNode } from '../../../model/settings.ts';
import type { FileSigns } from '../file-signs.ts';
import type { Process } from '../process.ts';

/**
 * A program that connects to etcd, and where it takes what it needs for that. Each is in a file of its
 * own in this folder, where the index is generated from the files.
 */
export interface EtcdClient extends Partial<FileSigns> {
  readonly name: string;
  /** Off the command line and environment of a process. */
  readonly inProcess?: (process: Process) => readonly ClientDraft[];
  /** Whether its own variables set what its command line leaves out, or end it next to a flag that sets the same. */
  readonly variables?: 'fill in' | 'conflict';
  /** In a document of YAML, JSON or TOML, of the program's own configuration file. */
  readonly inDocument?: (document: DocumentNode, file: string) => readonly ClientDraft[];
  /** In a file of any other form. */
  readonly inFile?: (file: TextFile) => readonly ClientDraft[];
}
