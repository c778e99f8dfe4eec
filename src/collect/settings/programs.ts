import type { LocatedText } from '../../model/settings.ts';
import { baseName } from './process.ts';
import { splitWords } from './words.ts';

/** Splits a command line into the program and what follows it, looking through shells and their like. */
export function programOf(command: readonly LocatedText[]): {
  readonly program?: string;
  readonly words: readonly LocatedText[];
} {
  const [first, ...rest] = afterAssignments(command);
  if (first === undefined) return { words: [] };

  const name = baseName(first.text);
  if (/^(?:ba|da|z|k|a)?sh$/.test(name)) return insideShell(rest) ?? { program: name, words: rest };
  if (/^(?:exec|nohup|sudo|env|tini|dumb-init)$/.test(name)) return programOf(afterWrapper(rest));
  if (name.startsWith('-')) return { words: command };
  return { program: name, words: rest };
}

/** `ETCDCTL_API=3 etcdctl …`: variables for one command stand before it. */
function afterAssignments(words: readonly LocatedText[]): readonly LocatedText[] {
  const index = words.findIndex(({ text }) => !/^[A-Za-z_]\w*=/.test(text));
  return index < 0 ? [] : words.slice(index);
}

function afterWrapper(words: readonly LocatedText[]): readonly LocatedText[] {
  const index = words.findIndex(({ text }) => !/^-|^[A-Za-z_]\w*=/.test(text));
  return index < 0 ? [] : words.slice(index);
}

/** Programs that a script may start and that have something to do with etcd. */
export const ofInterest =
  /^(?:etcd|etcdctl\d?|kube-apiserver|flanneld|external-dns|k3s|rke2|traefik|docker|podman|nerdctl)$/;

/** The first command of interest in the script after `-c`. */
function insideShell(words: readonly LocatedText[]): ReturnType<typeof programOf> | undefined {
  const index = words.findIndex(({ text }) => /^-\w*c$/.test(text));
  const script = words[index + 1];
  if (index < 0 || script === undefined) return undefined;

  for (const command of commands(script)) {
    const found = programOf(command);
    if (found.program !== undefined && ofInterest.test(found.program)) return found;
  }
  return undefined;
}

/** The commands of a script, as far as blanks, quotes and separators tell. */
function commands(script: LocatedText): readonly (readonly LocatedText[])[] {
  const joined = script.text.replaceAll(/\\\n/g, ' ');
  return joined
    .split(/\n|;|&&|\|\|?/)
    .map((text) => splitWords(text, 'shell').map((word) => ({ ...script, text: word.text })));
}
