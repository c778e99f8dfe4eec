import type { TextFile } from '../../../model/draft.ts';
import { emptyProcess, processesOf } from '../process.ts';
import { readEach, type SettingsForm } from '../settings-form.ts';
import { lineAt, logicalLines } from '../words.ts';
import { readForCompose } from '../environment-file.ts';
import { readShell } from '../shell/run.ts';
import type { SettingsContext } from '../settings-context.ts';

export const reader: SettingsForm['read'] = readEach((file, context) => ({
  processes: processesIn(file, context),
}));

function processesIn({ path, text }: TextFile, context: SettingsContext) {
  const environmentFile = context.find('.env', path);
  const environment = environmentFile === undefined ? [] : readForCompose(environmentFile);
  return logicalLines(text, /^\s*#/).flatMap((line) => {
    const [, label, command] = /^([\w-]+):\s*(.+)$/s.exec(line.text) ?? [];
    if (label === undefined || command === undefined) return [];
    const origin = { file: path, line: lineAt(line, 0) };
    const base = {
      ...emptyProcess('procfile', origin),
      label,
      files: [path, ...(environmentFile === undefined ? [] : [environmentFile.path])],
    };
    const script = { text: command, file: path, line: origin.line, folded: true };
    const { commands } = readShell(script, { environment, complete: false });
    return commands.flatMap((each) => processesOf(base, { ...each, complete: false }));
  });
}
