import { defineCheck, fail, pass } from '../../model/check.ts';
import { type EndpointObservation, isAt, type ListedMember } from '../../model/live.ts';
import { hasJoined, wasEverLed } from '../../deployment/member-lists.ts';
import { hostOf } from '../../model/host.ts';
import { etcdRuntimeReconfiguration } from '../support/references.ts';
import { isSilent, membersInLists } from '../support/unanswered.ts';

export const unstartedMember = defineCheck({
  id: 'unstarted-member',
  title: 'Member was added and never joined',
  severity: 'high',
  decidedBy: 'observation',
  rationale:
    'A member counts for the quorum from the moment it is added: with three members and one that never ' +
    'joined, the loss of one more stops all writes. Wrong TLS settings are the usual reason.',
  remediation:
    'Start the member and read its log (`journalctl -u etcd | etcd-tls-audit explain -`), or, while there ' +
    'is a quorum, remove it with `etcdctl member remove ID`.',
  references: [etcdRuntimeReconfiguration],

  needs: ['memberLists'],
  welcomes: ['endpoints', 'statuses'],

  targets: ({ endpoints = [], ...lists }) => {
    const subjects = membersInLists(lists);
    const all = subjects.flatMap((subject) => (isSilent(subject) ? [] : [subject.listed]));
    if (!subjects.some(isSilent) && !wasEverLed(all)) return [];
    return subjects.map((subject) => {
      if (isSilent(subject)) return subject;
      const others = all.filter((each) => each !== subject.listed);
      return { ...subject, listens: listensAt(subject.listed, others, endpoints) };
    });
  },

  examine(subject) {
    if (isSilent(subject)) return subject.unanswered;
    const { listed, listens } = subject;
    if (hasJoined(listed)) return pass;

    const member = `the member at ${listed.peerUrls.join(', ')}`;
    return fail({
      message:
        listens === undefined
          ? `${member} has never started`
          : `${member} has not joined the cluster, although a process ${listens}`,
      expected: 'a name and client URLs',
      actual: `id ${listed.id} without ${listed.name === '' ? 'a name' : 'client URLs'}`,
    });
  },
});

/**
 * What shows that a process runs where the member is listed: its peer port, or on a host of no other member a client
 * port, which etcd opens before it serves it.
 */
function listensAt(
  { peerUrls }: ListedMember,
  others: readonly ListedMember[],
  endpoints: readonly EndpointObservation[],
): string | undefined {
  const isItsPeerPort = ({ endpoint }: EndpointObservation) =>
    peerUrls.some((url) => isAt(endpoint, { url }));
  if (endpoints.some((each) => each.speaks !== 'unreachable' && isItsPeerPort(each))) {
    return 'answers there';
  }
  const taken = hostsOf(others.flatMap((other) => other.peerUrls));
  const own = hostsOf(peerUrls);
  const open = endpoints.find(
    ({ endpoint: { serves, host }, stages }) =>
      serves === 'client' &&
      own.has(host) &&
      !taken.has(host) &&
      stages.some(({ name, outcome }) => name === 'connect' && outcome === 'ok'),
  );
  return open && `listens at ${String(open.endpoint.url)}`;
}

function hostsOf(urls: readonly string[]): ReadonlySet<string> {
  return new Set(urls.flatMap((url) => hostOf(url) ?? []));
}
