import type { Member } from '../../model/inventory.ts';
import type { SettingsProblem } from '../../model/settings-problem.ts';
import { settingsWords } from '../../etcd/settings-words.ts';

/** Settings that make a port ask for certificates; `ca-file` did so up to etcd 3.3. */
const asking = ['client-cert-auth', 'trusted-ca-file', 'ca-file'];

/** A setting that was to make a port ask for certificates, and that etcd passes over. */
export function ignoredAuthentication(
  { problems }: Member,
  port: 'client' | 'peer',
): SettingsProblem | undefined {
  const flags = asking.map((name) => (port === 'peer' ? `peer-${name}` : name));
  return problems.find(
    (problem) =>
      problem.kind !== 'refused-at-start' &&
      meantFlags(problem).some((flag) => flags.includes(flag)),
  );
}

/** What the finding about the port says of it. */
export function wordsOfIgnored(problem: SettingsProblem | undefined): {
  readonly cause?: string;
  readonly fix?: string;
} {
  if (problem === undefined) return {};
  const { detail, remedy } = settingsWords(problem);
  const { name, location } = problem;
  const place =
    location === undefined
      ? ''
      : ` (${location.file}${location.line === undefined ? '' : `:${location.line}`})`;
  return {
    cause: `${name}${place}: ${detail}`,
    ...(remedy !== undefined && { fix: `${remedy} Then restart the members one at a time.` }),
  };
}

/** The setting as it is written, and as etcd would have read it, by the flag's name. */
function meantFlags({ name, values = {} }: SettingsProblem): readonly string[] {
  const { nearest, section, key } = values;
  if (section !== undefined) {
    const prefix = section === 'peer-transport-security' ? 'peer-' : '';
    return [key, nearest].flatMap((each) => (each === undefined ? [] : `${prefix}${each}`));
  }
  return [name, nearest ?? ''].map((each) =>
    each
      .toLowerCase()
      .replace(/^etcd_/, '')
      .replaceAll('_', '-'),
  );
}
