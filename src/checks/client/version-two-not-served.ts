import { defineCheck, fail, pass } from '../../model/check.ts';
import { groupBy } from '../../model/group-by.ts';
import { enumerate, nameInWords } from '../../model/words.ts';
import { etcdConfiguration } from '../support/references.ts';

export const versionTwoNotServed = defineCheck({
  id: 'version-two-not-served',
  title: 'Client uses API version 2, which the members do not serve',
  severity: 'high',
  onceRunning: true,
  rationale:
    'Since 3.4 etcd serves API version 2 only with `--enable-v2`, and since 3.6 not at all. etcdctl with ' +
    '`ETCDCTL_API=2` connects, and every command fails. Both versions have their own keys: what one writes, the ' +
    'other does not see.',
  remediation:
    'Remove `ETCDCTL_API=2` and use the commands, flags and variables of API version 3, or, up to etcd 3.5, set ' +
    '`enable-v2: true` on every member.',
  references: [etcdConfiguration, 'https://etcd.io/docs/v3.5/upgrades/upgrade_3_4/'],

  needs: ['members', 'clients', 'forecast'],

  targets({ members, clients, forecast }) {
    const edges = groupBy(
      forecast.filter(({ edge }) => edge === 'client'),
      ({ from }) => from,
    );
    return clients.map((client) => {
      const reached = new Set(edges.get(client.name)?.flatMap(({ member }) => member ?? []));
      return { ...client, reached: members.filter(({ name }) => reached.has(name)) };
    });
  },

  examine({ name, kind, asksVersionTwo, reached }) {
    const silent = reached.filter((member) => member.servesVersionTwo !== true);
    if (asksVersionTwo !== true || silent.length === 0) return pass;

    const { three, two, says, fix } = kind === 'patroni' ? ofPatroni : ofEtcdctl;
    return fail({
      message: `${nameInWords(name)} uses API version 2, which ${enumerate(silent.map((each) => nameInWords(each.name)))} ${silent.length === 1 ? 'does' : 'do'} not serve`,
      expected: `${three}, or members up to etcd 3.5 with enable-v2`,
      actual: two,
      cause: `${nameInWords(name)} says: ${says}`,
      ...(fix !== undefined && { fix }),
    });
  },
});

interface Words {
  readonly three: string;
  readonly two: string;
  readonly says: string;
  readonly fix?: string;
}

const ofEtcdctl: Words = {
  three: 'ETCDCTL_API=3',
  two: 'ETCDCTL_API=2',
  says: 'client: response is invalid json. The endpoint is probably not valid etcd cluster endpoint',
};

const ofPatroni: Words = {
  three: 'the section `etcd3`',
  two: 'the section `etcd`',
  says: "EtcdException('Bad response : 404 page not found\\n')",
  fix: 'Name the section `etcd3` (or use the variables that begin with PATRONI_ETCD3_), or, up to etcd 3.5, set `enable-v2: true` on every member.',
};
