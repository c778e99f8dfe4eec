import { expect, test } from 'vitest';
import { audit } from '../../src/audit.ts';
import { threeMembers } from '../support/three-members.ts';

const key = '/etc/etcd/jwt.key';

test.each([
  [`jwt,sign-method=RS256,priv-key=${key},pub-key=/etc/etcd/jwt.pub`, true, 0],
  [`jwt,sign-method=HS256,priv-key=${key}`, true, 0],
  // A key that both sides share is private (server/auth/options.go hmacKey).
  ['jwt,sign-method=HS256,pub-key=/etc/etcd/jwt.pub', true, 3],
  ['jwt,sign-method=RS255', false, 3],
  ['simple', false, 0],
])('--auth-token=%s names keys that were not read: %j, and ends %i members', async (...row) => {
  const [token, isOpen, ended] = row;
  const own = { ETCD_AUTH_TOKEN: token };
  await using set = await threeMembers({ n1: own, n2: own, n3: own });
  const { verdict, results } = await audit({ paths: [set.path], maps: [] });
  const told = verdict.assumptions.flatMap(({ notCovered }) => notCovered ?? []);
  const refused = results.filter(({ target }) => target.name.endsWith(' ETCD_AUTH_TOKEN'));

  expect(told.includes('the keys that `--auth-token` names were not read')).toBe(isOpen);
  expect(refused.length).toBe(ended);
});
