import { expect, test } from 'vitest';
import { audit } from '../../src/audit.ts';
import { threeMembers } from '../support/three-members.ts';

async function judged(proxy: string) {
  await using set = await threeMembers({ n1: { ETCD_PROXY: proxy } });
  const { verdict } = await audit({ paths: [set.path], maps: [], etcdVersion: '3.4.23' });
  return { status: verdict.status, reasons: verdict.notUnderstood.map(({ reason }) => reason) };
}

/** Real etcd 3.3.25, 3.4.23 and 3.5.30 then answer no client of API version 3. */
test.each(['on', 'readonly'])(
  'etcd as a proxy of API version 2 is no member: %s',
  async (proxy) => {
    expect(await judged(proxy)).toEqual({
      status: 'incomplete',
      reasons: [
        `with proxy ${proxy} etcd is a proxy of API version 2 and no member, which is not judged`,
      ],
    });
  },
);

test('etcd is a member without', async () => {
  expect(await judged('off')).toEqual({ status: 'pass', reasons: [] });
});
