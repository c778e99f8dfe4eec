import { audit } from '../../src/audit.ts';
import { threeMembers } from './three-members.ts';

/** What is said of three sound members and of other files next to them. */
export async function judged(
  files: Readonly<Record<string, string>>,
  options: { readonly etcdVersion?: string } = {},
) {
  await using set = await threeMembers({}, files);
  const { verdict, results } = await audit({ paths: [set.path], maps: [], ...options });
  const failing = results.filter(({ verdict: { status }, check }) => {
    return status === 'fail' && ['critical', 'high'].includes(check.severity);
  });
  return {
    status: verdict.status,
    failing: failing.map(({ check }) => check.id),
    reasons: verdict.notUnderstood.map(({ reason }) => reason),
    assumed: verdict.assumptions.flatMap(({ notCovered }) => notCovered ?? []),
  };
}
