import type { NextRefusal } from '../model/forecast.ts';
import type { Problems, SettingsProblem } from '../model/settings-problem.ts';
import { settingsWords } from '../etcd/settings-words.ts';
import { isRefusalRule } from '../model/refusal.ts';
import type { Judgement, Refusal } from './judgement.ts';

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
    ...(isApart(problem) && { isApart: true }),
  };
}

/** Settings that decide who connects where, and with which certificates. */
const deciding = /auth|ca-?file|cacert|cert|cipher|crl|discovery|endpoint|key|peers|tls|url/i;

/** After an argument that is no flag, etcd reads none. */
function isApart({ name, why }: SettingsProblem): boolean {
  return !deciding.test(name) && why !== 'stray-argument';
}

/** What is rejected once a process runs that ends over its settings today. */
export function afterStart(
  { isApart: isKnown }: Refusal,
  running: () => Judgement,
): readonly NextRefusal[] {
  if (isKnown !== true) return [];
  const { outcome, refusedBy, rule, blame, remedy, next = [] } = running();
  const isByOneSide = refusedBy === 'client' || refusedBy === 'server';
  if (outcome !== 'refused' || !isByOneSide || !isRefusalRule(rule)) return next;
  const first = {
    refusedBy,
    rule,
    ...(blame && { blame }),
    ...(remedy !== undefined && { remedy }),
  };
  return [first, ...next];
}
