import type { Process } from './process.ts';
import { startedWords } from './programs.ts';

/** Commands of etcdctl that work on files, or print something (etcdctl/ctlv3/command). */
const localCommands = /^(?:version|help|completion|migrate|backup|snapshot (?:restore|status))\b/;

const switches = /^--?(?:debug|hex|insecure-[a-z-]+)$/;

/** Whether a tool of etcd is run for something else than a request; etcdutl works on files alone. */
export function connectsToNothing({ program = '', words }: Process): boolean {
  if (program === 'etcdutl') return true;
  if (program === 'find') return startedWords(program, words).length === 0;
  if (!/^etcdctl\d?$/.test(program)) return false;
  const texts = words.map(({ text }) => text);
  const command = texts.filter((text, index) => {
    const before = texts[index - 1] ?? '';
    const isValue = /^--?[^=]+$/.test(before) && !switches.test(before);
    return !text.startsWith('-') && !isValue;
  });
  return (
    texts.some((text) => /^(?:--?help|-h|--?version)$/.test(text)) ||
    localCommands.test(command.join(' ')) ||
    (command[0] === 'defrag' && texts.some((text) => /^--data-dir(?:=|$)/.test(text)))
  );
}
