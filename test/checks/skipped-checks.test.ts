import { describe, expect, test } from 'vitest';
import { audit } from '../../src/audit.ts';
import { files, flags } from '../support/containers.ts';
import { directoryWith } from '../support/directory.ts';

/** A member that etcd refuses at its first start, or another one. */
function unit(cluster: string) {
  const words = flags('10.0.0.1')
    .map((flag) => flag.replaceAll('/pki/', '/etc/pki/'))
    .map((flag) => (flag.startsWith('--initial-cluster=') ? `--initial-cluster=${cluster}` : flag));
  return { ...files, 'etcd.service': `[Service]\nUser=root\nExecStart=etcd ${words.join(' ')}\n` };
}

async function verdictWithout(given: Readonly<Record<string, string>>, skipped: readonly string[]) {
  await using set = await directoryWith(given);
  const maps = [{ prefix: '/etc/pki', directory: set.at('pki') }];
  const selects = ({ id }: { readonly id: string }) => !skipped.includes(id);
  return (await audit({ paths: [set.path], maps }, { selects })).verdict;
}

const sound = unit('etcd-0=https://10.0.0.1:2380');
const refused = unit('etcd-9=https://10.0.0.1:2380');

describe('a check that is skipped', () => {
  test('leaves open whether the member starts', async () => {
    const skipped = ['settings-refused-at-start'];
    const { status, sentence } = await verdictWithout(refused, skipped);

    expect(status).toBe('incomplete');
    expect(sentence).toContain('the outcome depends on etcd-0 having started before');
    expect((await verdictWithout(refused, [])).sentence).toContain('whether etcd-0 has started');
    expect((await verdictWithout(sound, skipped)).status).toBe('pass');
  });

  test.each([
    ['settings-refused-at-start', 'settings-refused-at-start was skipped'],
    ['client-port-admits-anonymous', 'client-port-admits-anonymous was skipped'],
  ])('%s is no part of a PASS', async (id, words) => {
    const { status, sentence, skipped } = await verdictWithout(sound, [id]);

    expect(status).toBe('pass');
    expect(sentence).toContain(`${words}, so whether etcd accepts this set is not known`);
    expect(sentence).not.toContain('real etcd accepts');
    expect(skipped?.map((each) => each.id)).toEqual([id]);
  });

  test('of less than the threshold changes nothing', async () => {
    expect((await verdictWithout(sound, ['long-lived-certificate'])).sentence).toContain(
      'real etcd accepts this set',
    );
    expect((await verdictWithout(sound, [])).sentence).toContain('real etcd accepts this set');
  });
});
