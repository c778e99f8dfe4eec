import type { FileMatch } from '../../model/inventory.ts';
import type { AssumedSetting, MemberSettings, Origin, TlsSettings } from '../../model/settings.ts';
import type { DraftedMember } from './build-member.ts';
import { hostsInUrls } from './member-hosts.ts';
import type { MemberPlan } from './plan.ts';
import { namesIn } from '../names.ts';
import { hostOf, isOnEveryMachine } from '../../model/host.ts';

/**
 * Members of which nothing was given: those that `initial-cluster` of another member names. Their peer
 * URLs are stated; their certificates and other settings are not known.
 */
export function planNamed(drafts: readonly DraftedMember[]): readonly MemberPlan[] {
  const plans = new Map<string, MemberPlan>();
  const all = describedBy(drafts);
  for (const draft of drafts) {
    const { initialCluster } = draft.reading.settings;
    if (initialCluster === undefined || draft.plan.supposed !== undefined) continue;
    const entries = initialCluster.value.filter(isWritten);
    // Where its own entry cannot be told from those of others, nobody can say whom it names.
    const itself = describedBy([draft]);
    if (!entries.some((entry) => isDescribed(entry, itself))) continue;
    const others = entries.filter((entry) => !isDescribed(entry, all));
    for (const name of new Set(others.map((entry) => entry.name))) {
      if (plans.has(name)) continue;
      const urls = others.filter((entry) => entry.name === name).map(({ url }) => url);
      plans.set(name, planAfter(draft, { name, urls, origin: initialCluster.origin }));
    }
  }
  return [...plans.values()];
}

interface Entry {
  readonly name: string;
  readonly url: string;
}

/** What the host or an orchestrator still has to fill in names nobody. */
export function isWritten({ name, url }: Entry): boolean {
  return name !== '' && ![name, url].some((text) => /[$%{}<>]/.test(text));
}

/** By what the members of which something was given are recognised. */
interface Described {
  readonly names: ReadonlySet<string>;
  readonly hosts: ReadonlySet<string>;
  readonly peerUrls: ReadonlySet<string>;
}

function describedBy(drafts: readonly DraftedMember[]): Described {
  const settings = drafts.map(({ reading }) => reading.settings);
  return {
    names: new Set([
      ...drafts.map(({ plan }) => plan.name),
      ...settings.flatMap(({ name }) => name?.value ?? []),
    ]),
    hosts: new Set(drafts.flatMap(hostsOf)),
    peerUrls: new Set(settings.flatMap((each) => each.initialAdvertisePeerUrls.value)),
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
  return isOnEveryMachine(host) ? peerUrls.has(url) : hosts.has(host);
}

interface Named {
  readonly name: string;
  readonly urls: readonly string[];
  readonly origin: Origin;
}

function planAfter({ plan, reading }: DraftedMember, { name, urls, origin }: Named): MemberPlan {
  const because = `${plan.name} names ${name} in initial-cluster; its own files were not given`;
  const suppose = (flag: string, value: string): AssumedSetting => ({ name: flag, value, because });
  const files = unknownFiles(reading.settings);
  return {
    name,
    origin: origin.location ?? plan.origin,
    sources: [
      {
        kind: 'assumed',
        settings: [
          suppose('name', name),
          suppose('initial-advertise-peer-urls', urls.join(',')),
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
    named: true,
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
