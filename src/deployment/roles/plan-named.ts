import type { FileMatch } from '../../model/inventory.ts';
import type { ListedMember, MemberListObservation } from '../../model/live.ts';
import type { AssumedSetting, MemberSettings, Origin, TlsSettings } from '../../model/settings.ts';
import type { DraftedMember } from './build-member.ts';
import { hostsInUrls } from './member-hosts.ts';
import type { MemberPlan } from './plan.ts';
import { answeredLists, nameOf } from '../member-lists.ts';
import { groupBy } from '../../model/group-by.ts';
import { namesIn } from '../names.ts';
import {
  canonicalHost,
  hostOf,
  isOnEveryMachine,
  joinHostPort,
  parseEndpoint,
} from '../../model/host.ts';

/**
 * Members of which nothing was given: those that `initial-cluster` of another member names. Their peer
 * URLs are stated; their certificates and other settings are not known.
 */
export function planNamed(drafts: readonly DraftedMember[]): readonly MemberPlan[] {
  const plans = new Map<string, MemberPlan>();
  const all = describedBy(drafts);
  for (const draft of drafts) {
    const { initialCluster } = draft.reading.settings;
    if (initialCluster === undefined || draft.plan.likeMember !== undefined) continue;
    const entries = initialCluster.value.filter(isWritten);
    // Where its own entry cannot be distinguished from others, the member that it names is unknown.
    const itself = describedBy([draft]);
    if (!entries.some((entry) => isDescribed(entry, itself))) continue;
    const others = entries.filter((entry) => !isDescribed(entry, all));
    for (const name of new Set(others.map((entry) => entry.name))) {
      if (plans.has(name)) continue;
      const peerUrls = others.filter((entry) => entry.name === name).map(({ url }) => url);
      const { origin } = initialCluster;
      const because = `${draft.plan.name} names ${name} in initial-cluster`;
      plans.set(name, planAfter(draft, { name, peerUrls, because, origin, known: 'named' }));
    }
  }
  return [...plans.values()];
}

/** Members that the running cluster lists, and of which nothing was given and no settings say anything. */
export function planListed(
  drafts: readonly DraftedMember[],
  lists: readonly Pick<MemberListObservation, 'outcome' | 'members'>[],
): readonly MemberPlan[] {
  const all = describedBy(drafts);
  const plans = new Map<string, MemberPlan>();
  for (const { members } of answeredLists(lists)) {
    const named = groupBy(members, ({ name }) => name);
    // etcd gives the name `default` to all that have none.
    const isOnly = (member: ListedMember): boolean => named.get(member.name)?.length === 1;
    const isKnown = (member: ListedMember, by: Described): boolean =>
      (isOnly(member) && by.names.has(member.name)) || isReachedAt(member, by);
    const giver = drafts.find(
      (draft) => isStated(draft) && members.some((member) => isKnown(member, describedBy([draft]))),
    );
    if (giver === undefined) continue;
    for (const member of members) {
      if (isKnown(member, all) || plans.has(member.id)) continue;
      const name = nameOf(member);
      const because = `the running cluster lists ${name} as a member`;
      plans.set(member.id, planAfter(giver, { ...member, name, because, known: 'listed' }));
    }
  }
  return [...plans.values()];
}

/** Whether settings or the inventory say anything of it: nothing follows from one that was only supposed. */
function isStated({ plan }: DraftedMember): boolean {
  return plan.known === undefined && plan.likeMember === undefined && plan.guessed !== true;
}

function isReachedAt(
  { peerUrls, clientUrls }: ListedMember,
  { hosts, peerUrls: peers, clientUrls: clients }: Described,
): boolean {
  const isAt = (url: string, urls: ReadonlySet<string>): boolean => {
    const host = hostOf(url);
    if (host === undefined) return false;
    return isOnEveryMachine(host) ? urls.has(addressOf(url)) : hosts.has(host);
  };
  return peerUrls.some((url) => isAt(url, peers)) || clientUrls.some((url) => isAt(url, clients));
}

interface Entry {
  readonly name: string;
  readonly url: string;
}

/** An entry that the host or an orchestrator still has to fill in names no member. */
export function isWritten({ name, url }: Entry): boolean {
  return name !== '' && ![name, url].some((text) => /[$%{}<>]/.test(text));
}

/** By what the members of which something was given are recognised. */
interface Described {
  readonly names: ReadonlySet<string>;
  readonly hosts: ReadonlySet<string>;
  /** Host and port: what distinguishes the URLs of a machine's own addresses. */
  readonly peerUrls: ReadonlySet<string>;
  readonly clientUrls: ReadonlySet<string>;
}

function describedBy(drafts: readonly DraftedMember[]): Described {
  const settings = drafts.map(({ reading }) => reading.settings);
  return {
    names: new Set([
      ...drafts.map(({ plan }) => plan.name),
      ...settings.flatMap(({ name }) => name?.value ?? []),
    ]),
    hosts: new Set(drafts.flatMap(hostsOf)),
    peerUrls: new Set(
      settings.flatMap((each) => each.initialAdvertisePeerUrls.value.map(addressOf)),
    ),
    clientUrls: new Set(settings.flatMap((each) => each.advertiseClientUrls.value.map(addressOf))),
  };
}

function hostsOf({ plan, reading, credentials }: DraftedMember): readonly string[] {
  const { peer, client } = hostsInUrls(reading.settings);
  const stated = [...plan.addresses, ...plan.hostnames, ...peer, ...client];
  // A certificate that all members share says nothing of which of them this is.
  return stated.length > 0 ? stated : credentials.flatMap(({ leaf }) => namesIn(leaf));
}

function isDescribed({ name, url }: Entry, { names, hosts, peerUrls }: Described): boolean {
  if (names.has(name)) return true;
  const host = hostOf(url);
  if (host === undefined) return false;
  return isOnEveryMachine(host) ? peerUrls.has(addressOf(url)) : hosts.has(host);
}

/** Host and port: a wrong scheme makes no other member. */
function addressOf(url: string): string {
  const { host, port } = parseEndpoint(url, true);
  return joinHostPort(canonicalHost(host), port);
}

interface Named {
  readonly name: string;
  readonly peerUrls: readonly string[];
  readonly clientUrls?: readonly string[];
  /** Who says that it is a member. */
  readonly because: string;
  readonly origin?: Origin;
  readonly known: 'named' | 'listed';
}

function planAfter(
  { plan, reading }: DraftedMember,
  { name, peerUrls, clientUrls = [], origin, known, ...stated }: Named,
): MemberPlan {
  const because = `${stated.because}; its own files were not given`;
  const suppose = (flag: string, value: string): AssumedSetting => ({ name: flag, value, because });
  const files = unknownFiles(reading.settings);
  return {
    name,
    origin: origin?.location ?? plan.origin,
    sources: [
      {
        kind: 'assumed',
        settings: [
          suppose('name', name),
          suppose('initial-advertise-peer-urls', peerUrls.join(',')),
          ...(clientUrls.length > 0
            ? [suppose('advertise-client-urls', clientUrls.join(','))]
            : []),
          ...files.map(([flag, value]) => suppose(flag, value)),
        ],
      },
    ],
    partial: true,
    mounts: [],
    addresses: [],
    hostnames: [],
    matches: files
      .filter(([, value]) => value !== 'true')
      .map(([, deployed]): FileMatch => ({
        deployed,
        because: `the files of ${name} were not given`,
      })),
    origins: new Map(),
    known,
    ...(plan.etcdVersion !== undefined && { etcdVersion: plan.etcdVersion }),
    ...(plan.goVersion !== undefined && { goVersion: plan.goVersion }),
  };
}

/** The files that the other member has, which this one has too, with other content. */
function unknownFiles({ client, peer }: MemberSettings): readonly (readonly [string, string])[] {
  return [...filesOf('', client), ...filesOf('peer-', peer)];
}

function filesOf(prefix: string, tls: TlsSettings): readonly (readonly [string, string])[] {
  const paths = [
    ['cert-file', tls.certFile?.value],
    ['key-file', tls.keyFile?.value],
    ['trusted-ca-file', tls.trustedCaFile?.value],
  ] as const;
  const named = paths.flatMap(([flag, value]) =>
    value === undefined ? [] : [[`${prefix}${flag}`, value] as const],
  );
  const demands = tls.clientCertAuth?.value === true;
  return demands ? [...named, [`${prefix}client-cert-auth`, 'true']] : named;
}
