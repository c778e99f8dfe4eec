import { changedTexts, isAboutEtcd } from '../changed-texts.ts';
import { mayBeAboutEtcd } from '../mentions.ts';
import type { FindText } from '../settings-context.ts';
import { startedByScript } from '../started.ts';
import { readEach, type SettingsForm } from '../settings-form.ts';
import { readShell } from '../shell/run.ts';
import { shellOf } from '../shell-calls.ts';

/** Files that scripts write with here-documents: `cat > /etc/systemd/system/etcd.service <<EOF`. */
export const form: SettingsForm = {
  name: 'here-document',
  layer: 'holder',
  alsoReadIn: ['script'],
  words: ['<<', 'echo'],
  recognises: ({ text }) =>
    /^(?:(?!#).)*<<-?[ \t]*["'\\]?\w|^(?=((?:(?!#).)*?\becho\b))\1.*(?:>|\btee\b)/m.test(text) &&
    isShell(text),
  read: readEach((file, context) => {
    const { path, text } = file;
    const script = { text, file: path, line: 1 };
    const dialect = shellOf(text) === 'bash' ? 'bash' : 'sh';
    const { written, doubts } = readShell(script, { environment: [], complete: false, dialect });
    const find: FindText = (wanted, as) => context.find(wanted, path, as);
    const own = written.filter((each) => isAboutEtcd(each.text));
    const changed = changedTexts(own, startedByScript(file, { find }), { file: path });
    return {
      texts: written.map((each) => ({
        path: `${path}#${each.path}`,
        text: each.text,
        within: { file: path, line: each.line, ...(each.folded && { folded: true }) },
      })),
      notUnderstood: [...(mayBeAboutEtcd(text) ? doubts : []), ...changed],
    };
  }),
};

/** Units and manifests have scripts within values, which are part of what they start. */
function isShell(text: string): boolean {
  if (text.startsWith('#!')) return /^#!.*sh\b/.test(text);
  return /\b(?:cat|tee|kubectl|echo)\b/.test(text) && !begins.test(text);
}

/** How units, YAML, JSON, Dockerfiles and XML begin, behind comments. */
const begins =
  /^(?:[ \t]*(?:[#;].*)?\r?\n)*[ \t]*(?:\[[\w-]+[\]:]|\[\s*[{"]|\{\s*"|---|-[ \t]|[\w."'-]+:(?:\s|$)|(?:FROM|ARG)[ \t]|<[?!a-z])/;
