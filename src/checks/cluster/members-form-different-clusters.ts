import { type Bootstrap, disagreements } from '../../deployment/bootstrap.ts';
import { answeredLists } from '../../deployment/member-lists.ts';
import { defaultToken } from '../../etcd/cluster-id.ts';
import { aboutSetting } from '../../model/about.ts';
import { defineCheck, fail, pass } from '../../model/check.ts';
import type { Setting } from '../../model/settings.ts';
import { openAtStart } from '../support/first-start.ts';
import { etcdConfiguration } from '../support/references.ts';
import { enumerate } from '../../model/words.ts';

export const membersFormDifferentClusters = defineCheck({
  id: 'members-form-different-clusters',
  title: 'Members would form different clusters',
  severity: 'high',
  effect: 'stops-connections',
  rationale:
    'At its first start a member computes the cluster id from the peer URLs in `initial-cluster` and from ' +
    '`initial-cluster-token`. Members with another list or token reject each other after a successful TLS ' +
    'handshake, and the cluster does not get a leader.',
  remediation:
    'Give every new member the same `initial-cluster` and `initial-cluster-token`. A member that joins a ' +
    'running cluster needs `initial-cluster-state: existing` and `etcdctl member add` first.',
  references: [etcdConfiguration, 'https://etcd.io/docs/latest/op-guide/clustering/'],

  decidedBy: 'forecast',
  needs: ['members'],
  welcomes: ['memberLists'],

  // A cluster that answers has been formed: its members' bootstrap settings no longer matter.
  targets: ({ members, memberLists = [] }) => {
    if (answeredLists(memberLists).length > 0) return [];
    const { asked, different } = disagreements(members);
    if (asked.length < 2) return [];
    return asked.map((own) => {
      const disagreement = different.find((each) => each.own === own);
      const setting = disagreement && blamed(disagreement.own, disagreement.reference);
      const { target } = own.member;
      const location = setting?.setting?.origin.location ?? target.location;
      return { target: { ...target, ...(location && { location }) }, disagreement, setting };
    });
  },

  examine({ disagreement, setting }) {
    if (disagreement === undefined || setting === undefined) return pass;
    const { own, reference } = disagreement;
    const { name, started } = own.member;
    const message = `${name} would form a different cluster than ${reference.member.name}: ${setting.flag} differs`;
    if (started !== false) return openAtStart(name, message);
    return fail({
      about: [aboutSetting(name, setting.flag)],
      message,
      expected: setting.expected,
      actual: setting.actual,
      ...(own.means === 'static' &&
        reference.means === 'static' && {
          cause: `the cluster id of ${name} is ${own.identity}, that of ${reference.member.name} is ${reference.identity}: both log "request cluster ID mismatch"`,
        }),
    });
  },
});

interface Blamed {
  readonly flag: string;
  readonly setting: Setting<unknown> | undefined;
  readonly expected: string;
  readonly actual: string;
}

/** The setting in which two members differ, the list before the token. */
function blamed(own: Bootstrap, reference: Bootstrap): Blamed {
  if (own.means !== reference.means || own.means === 'discovery')
    return byDiscovery(own, reference);
  const isSameList = urlsOf(own).join() === urlsOf(reference).join();
  return isSameList && tokenOf(own) !== tokenOf(reference)
    ? byToken(own, reference)
    : byList(own, reference);
}

function byToken(own: Bootstrap, reference: Bootstrap): Blamed {
  const { initialCluster, initialClusterToken } = own.member.settings;
  return {
    flag: 'initial-cluster-token',
    setting: initialClusterToken ?? initialCluster,
    expected: tokenOf(reference),
    actual: initialClusterToken?.value ?? `${defaultToken}, etcd's default`,
  };
}

function byList(own: Bootstrap, reference: Bootstrap): Blamed {
  const [ours, theirs] = [urlsOf(own), urlsOf(reference)];
  const extra = ours.filter((url) => !theirs.includes(url));
  const lacking = theirs.filter((url) => !ours.includes(url));
  return {
    flag: 'initial-cluster',
    setting: own.member.settings.initialCluster,
    expected: enumerate(lacking.length === 0 ? theirs : lacking),
    actual: extra.length === 0 ? `only ${enumerate(ours)}` : enumerate(extra),
  };
}

function byDiscovery(own: Bootstrap, reference: Bootstrap): Blamed {
  const { discovery, discoverySrv, initialCluster } = own.member.settings;
  return {
    flag: discovery === undefined && discoverySrv !== undefined ? 'discovery-srv' : 'discovery',
    setting: discovery ?? discoverySrv ?? initialCluster,
    expected: foundBy(reference),
    actual: foundBy(own),
  };
}

function foundBy({ member: { settings }, means, entries }: Bootstrap): string {
  if (means === 'static') return enumerate(entries.map(({ name, url }) => `${name}=${url}`));
  return settings.discovery?.value ?? settings.discoverySrv?.value ?? 'discovery';
}

function tokenOf({ member }: Bootstrap): string {
  return member.settings.initialClusterToken?.value ?? defaultToken;
}

/** Peer URLs with their members: which of them belong together is a part of the id. */
function urlsOf({ entries }: Bootstrap): readonly string[] {
  return entries.map(({ url }) => url).toSorted();
}
