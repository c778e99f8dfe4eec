import type { TextFile } from '../../model/draft.ts';

/** By what files of one kind are told from others. */
export interface FileSigns {
  /** One of them is in the text of every such file. To look for words takes less time than to compile a pattern. */
  readonly words?: readonly string[];
  /** Goes by the content, and by the name where the tool itself does. */
  readonly recognises: (file: TextFile) => boolean;
}

/** Whether a file is of the kind, by its signs. */
export function isTold(file: TextFile, { words, recognises }: FileSigns): boolean {
  return words?.some((word) => file.text.includes(word)) !== false && recognises(file);
}
