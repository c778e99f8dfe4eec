import type { Problems, SettingsProblem } from '../model/settings-problem.ts';
import { settingsWords } from '../etcd/settings-words.ts';
import type { Decided, Refusal } from './judgement.ts';

/** Why a process ends over its settings, before it opens a file or a port. */
export function refusedSettings(problems: Problems): Refusal | undefined {
  const problem = problems.find(({ kind }) => kind === 'refused-at-start');
  if (problem === undefined) return undefined;
  const { detail, remedy } = settingsWords(problem);
  return {
    rule: 'etcd.refused-at-start',
    text: problem.etcdSays ?? detail,
    blame: {
      ...(problem.location && { file: problem.location.file, location: problem.location }),
      setting: problem.name,
    },
    ...(remedy !== undefined && { remedy }),
    decides: decidedBy(problem),
  };
}

/** What settings decide of a connection, the first that fits a name; those of no row decide nothing of it. */
const parts: readonly (readonly [RegExp, Decided['part']])[] = [
  // Since 3.4 a CA file alone asks for certificates, and before it the flag that cannot be read asks for none.
  [/cert[-_]auth/i, 'none'],
  [/allowed|crl|san[-_]verification/i, 'details'],
  [/ca[-_]?file|cacert/i, 'trust'],
  [/cipher|tls[-_](?:min|max)/i, 'negotiation'],
  [/client[-_](?:cert|key)[-_]file/i, 'dialling'],
  [/auto[-_]tls|cert|key/i, 'credential'],
  [/url/i, 'address'],
  [/discovery(?![-_]fallback)|endpoint|peers|tls/i, 'unknown'],
];

function decidedBy({ name, why }: SettingsProblem): Decided {
  // After an argument that is no flag, etcd reads none.
  if (why === 'stray-argument') return { part: 'unknown' };
  const [, part = 'none'] = parts.find(([names]) => names.test(name)) ?? [];
  const isOfBothPorts = part === 'negotiation' || part === 'unknown';
  return isOfBothPorts ? { part } : { part, port: /peer/i.test(name) ? 'peer' : 'client' };
}
