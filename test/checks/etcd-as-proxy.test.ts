import { describe, expect, test } from 'vitest';
import { audit } from '../../src/audit.ts';
import { threeMembers } from '../support/three-members.ts';

async function judged(proxy: string, etcdVersion?: string) {
  await using set = await threeMembers({ n1: { ETCD_PROXY: proxy } });
  const { verdict } = await audit({
    paths: [set.path],
    maps: [],
    ...(etcdVersion !== undefined && { etcdVersion }),
  });
  return verdict;
}

/** Real etcd 3.3.25, 3.4.23 and 3.5.30 then answer no client of API version 3. */
describe.each(['3.3.25', '3.4.23', '3.5.30'])('to etcd %s', (release) => {
  test.each(['on', 'readonly'])('a proxy of API version 2 is no member: %s', async (proxy) => {
    const { status, sentence } = await judged(proxy, release);

    expect(status).toBe('incomplete');
    expect(sentence).toContain('ETCD_PROXY: etcd runs as a proxy of API version 2');
  });

  test('a member is one without', async () => {
    expect(await judged('off', release)).toMatchObject({ status: 'pass' });
  });
});

/** Real etcd 3.6.16 warns of a variable that it does not know, and serves as a member. */
test('etcd 3.6 is a member, whatever ETCD_PROXY says', async () => {
  expect(await judged('on', '3.6.4')).toMatchObject({ status: 'pass' });
});

test('the release decides, where it is not given', async () => {
  expect(await judged('on')).toMatchObject({ status: 'incomplete' });
  expect(await judged('off')).toMatchObject({ status: 'pass' });
});
