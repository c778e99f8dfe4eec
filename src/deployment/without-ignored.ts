import type { CollectedFacts, IgnoredFile } from '../model/evidence.ts';
import { ignoringPattern } from '../model/ignored.ts';

/** Evidence as if the files were not there that the inventory says to ignore. */
export function withoutIgnored(facts: Partial<CollectedFacts>): Partial<CollectedFacts> {
  const { inventory, files = [], texts = [], settings, notUnderstood = [] } = facts;
  const patterns = inventory?.ignore ?? [];
  if (patterns.length === 0) return facts;

  const ignored = new Map((facts.ignored ?? []).map((file) => [file.path, file]));
  const isKept = (path: string): boolean => {
    const file = ignoredFile(path, patterns);
    if (file !== undefined) ignored.set(path, file);
    return file === undefined;
  };
  const kept = {
    files: files.filter(({ path }) => isKept(path)),
    texts: texts.filter(isKept),
    notUnderstood: notUnderstood.filter(({ path }) => isKept(path)),
    ...(settings && {
      settings: {
        members: settings.members.filter(({ origin }) => isKept(origin.file)),
        clients: settings.clients.filter(({ origin }) => isKept(origin.file)),
      },
    }),
  };
  return { ...facts, ...kept, ignored: [...ignored.values()] };
}

function ignoredFile(path: string, patterns: readonly string[]): IgnoredFile | undefined {
  const pattern = ignoringPattern(path, patterns);
  return pattern === undefined ? undefined : { path, pattern };
}
