import { readEach, type SettingsForm } from '../settings-form.ts';
import { readShell } from '../shell/run.ts';

/** Files that scripts write with here-documents: `cat > /etc/systemd/system/etcd.service <<EOF`. */
export const form: SettingsForm = {
  name: 'here-document',
  layer: 'holder',
  alsoReadIn: ['script'],
  recognises: ({ text }) => /^[^#\n]*\b(?:cat|tee)\b[^\n]*<<-?[ \t]*["'\\]?\w/m.test(text),
  read: readEach(({ path, text }) => {
    const script = { text, file: path, line: 1 };
    const { written } = readShell(script, { environment: [], complete: false });
    return {
      texts: written.map((file) => ({
        path: `${path}#${file.path}`,
        text: file.text,
        within: { file: path, line: file.line },
      })),
    };
  }),
};
