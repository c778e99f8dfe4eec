import type { TextFile } from '../../../model/draft.ts';
import type { EnvironmentVariable } from '../../../model/settings.ts';
import { defined } from '../../../model/defined.ts';
import { emptyProcess, processesOf, runsAs } from '../process.ts';
import { readEach, type SettingsForm } from '../settings-form.ts';
import { assignment, splitWords } from '../words.ts';

export const reader: SettingsForm['read'] = readEach((file) => ({ processes: programsIn(file) }));

interface Entry {
  readonly value: string;
  readonly line: number;
}

function programsIn(file: TextFile) {
  return sectionsOf(file).flatMap(({ label, line, entries }) => {
    const command = entries.get('command');
    if (command === undefined) return [];
    const origin = { file: file.path, line: command.line };
    const variables = environmentOf(file, entries.get('environment'));
    const words = splitWords(withoutEscapes(command.value, label), 'shell').map(({ text }) => ({
      text,
      location: origin,
    }));
    const user = entries.get('user');
    const base = {
      ...emptyProcess('supervisor', { file: file.path, line }),
      label,
      ...defined({ directory: entries.get('directory')?.value }),
      ...runsAs(user && { text: user.value, location: { file: file.path, line: user.line } }),
    };
    return processesOf({ ...base, origin }, { words, variables, complete: false });
  });
}

interface Section {
  readonly label: string;
  readonly line: number;
  readonly entries: ReadonlyMap<string, Entry>;
}

interface OpenSection extends Section {
  readonly isProgram: boolean;
  readonly entries: Map<string, Entry>;
  key: string;
}

/** Values go on in lines that are indented; ` ;` begins a comment. */
function sectionsOf({ text }: TextFile): readonly Section[] {
  const sections: OpenSection[] = [];
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    if (/^[;#]/.test(raw)) continue;
    const content = raw.replace(/\s;.*$/s, '');
    const header = /^\[(program:)?([^\]]+)\]/.exec(content);
    const line = index + 1;
    if (header === null) addLine(sections.at(-1), content, line);
    else {
      const [, program, label = ''] = header;
      sections.push({ label, line, isProgram: program !== undefined, entries: new Map(), key: '' });
    }
  }
  return sections.filter(({ isProgram }) => isProgram);
}

function addLine(section: OpenSection | undefined, content: string, line: number): void {
  if (section === undefined) return;
  const { entries } = section;
  const [, name, value = ''] = /^([\w.]+)\s*[=:]\s*(.*)$/s.exec(content) ?? [];
  if (name !== undefined) {
    section.key = name.toLowerCase();
    entries.set(section.key, { value, line });
    return;
  }
  const known = entries.get(section.key);
  if (known !== undefined && /^\s+\S/.test(content)) {
    entries.set(section.key, { ...known, value: `${known.value} ${content.trim()}` });
  }
}

/** `%(program_name)s` and its like; a percent sign is doubled. */
function withoutEscapes(text: string, label: string): string {
  return text.replaceAll('%(program_name)s', label).replaceAll('%%', '%');
}

/** `KEY="value",OTHER=value` */
function environmentOf(
  { path }: TextFile,
  entry: Entry | undefined,
): readonly EnvironmentVariable[] {
  if (entry === undefined) return [];
  const location = { file: path, line: entry.line };
  const parts = entry.value.match(/(?<!\w)[A-Za-z_]\w*\s*=\s*(?:"[^"]*"|'[^']*'|[^,]*)/g) ?? [];
  return parts.flatMap((part) => {
    const plain = part.replace(/(?<!\s)\s*=\s*/, '=').replace(/^([^=]*=)(["'])(.*)\2$/s, '$1$3');
    return assignment(withoutEscapes(plain.trim(), ''), location) ?? [];
  });
}
