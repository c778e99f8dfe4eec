import { readEach, type SettingsForm } from '../settings-form.ts';
import { readShell } from '../shell/run.ts';
import { shellOf } from '../started.ts';

/** Files that scripts write with here-documents: `cat > /etc/systemd/system/etcd.service <<EOF`. */
export const form: SettingsForm = {
  name: 'here-document',
  layer: 'holder',
  alsoReadIn: ['script'],
  recognises: ({ text }) =>
    /^(?:(?!#).)*<<-?[ \t]*["'\\]?\w|^(?=((?:(?!#).)*?\becho\b))\1.*(?:>|\btee\b)/m.test(text) &&
    isShell(text),
  read: readEach(({ path, text }) => {
    const script = { text, file: path, line: 1 };
    const dialect = shellOf(text) === 'bash' ? 'bash' : 'sh';
    const { written, doubts } = readShell(script, { environment: [], complete: false, dialect });
    return {
      texts: written.map((file) => ({
        path: `${path}#${file.path}`,
        text: file.text,
        within: { file: path, line: file.line, ...(file.folded && { folded: true }) },
      })),
      notUnderstood: doubts,
    };
  }),
};

/** A here-document and its last line; Ruby's and Perl's files have those too, but are recognized by their names. */
function isShell(text: string): boolean {
  return /^#!.*sh\b/.test(text) || /\b(?:cat|tee|kubectl|echo)\b/.test(text);
}
