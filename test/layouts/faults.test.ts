import { expect, test } from 'vitest';
import { audit } from '../../src/audit.ts';
import { issueAuthority, type LeafOptions } from '../support/pki.ts';
import { directoryWith } from '../support/directory.ts';
import { variable } from './forms.ts';
import { kubernetesLayouts } from './kubernetes.ts';
import {
  type Files,
  filesOf,
  type LayoutPlan,
  type PlannedLeaf,
  type PlannedMember,
} from './plan.ts';
import { serviceLayouts } from './services.ts';

/** Layouts in ten forms, each with three members whose settings and certificates are their own. */
const tried = [
  'kubeadm, external etcd',
  'kubespray',
  'k3s',
  'k0s',
  'etcdadm',
  'Red Hat package',
  'Alpine package (OpenRC)',
  'etcd.conf.yml with a unit',
  'Docker Compose',
  'supervisord',
];
const layouts = [...kubernetesLayouts, ...serviceLayouts].filter(({ tool }) =>
  tried.includes(tool),
);

interface Fault {
  readonly what: string;
  /** What `check` has to find. */
  readonly finding: string;
  /** Where: a file, an endpoint of the member, or the line that has this setting of the member. */
  readonly at: 'server' | 'peer' | 'server key' | 'endpoint' | { readonly flag: string };
  readonly flags?: (flags: Flags, plan: LayoutPlan) => Flags;
  readonly leaf?: { readonly of: 'server' | 'peer'; readonly change: LeafOptions };
  /** Replaces what was issued. */
  readonly files?: (files: Files, leaves: Leaves) => Promise<Files> | Files;
}

type Flags = Readonly<Record<string, string>>;

interface Leaves {
  readonly server: PlannedLeaf;
  readonly peer: PlannedLeaf;
}

const faults: readonly Fault[] = [
  {
    what: 'clients need no certificate',
    finding: 'client-port-admits-anonymous',
    at: 'endpoint',
    flags: without('client-cert-auth', 'trusted-ca-file'),
  },
  {
    what: 'peers need no certificate',
    finding: 'peer-port-admits-anonymous',
    at: 'endpoint',
    flags: without('peer-client-cert-auth', 'peer-trusted-ca-file'),
  },
  {
    what: 'the client port speaks http',
    finding: 'plaintext-client-port',
    at: { flag: 'listen-client-urls' },
    flags: (flags) => ({
      ...flags,
      'listen-client-urls': (flags['listen-client-urls'] ?? '').replaceAll('https:', 'http:'),
      'advertise-client-urls': (flags['advertise-client-urls'] ?? '').replaceAll('https:', 'http:'),
    }),
  },
  {
    what: 'a boolean that etcd does not read',
    finding: 'settings-refused-at-start',
    at: { flag: 'client-cert-auth' },
    flags: (flags) => ({ ...flags, 'client-cert-auth': 'yes-please' }),
  },
  {
    what: 'both listeners on one port',
    finding: 'settings-refused-at-start',
    at: { flag: 'listen-client-urls' },
    flags: (flags) => ({
      ...flags,
      'listen-client-urls': flags['listen-peer-urls'] ?? '',
      'advertise-client-urls': (flags['advertise-client-urls'] ?? '').replace(/\d+$/, '2380'),
    }),
  },
  {
    what: 'the server certificate has expired',
    finding: 'certificate-expired',
    at: 'server',
    leaf: {
      of: 'server',
      change: { validFrom: new Date('2020-01-01'), validTo: new Date('2021-01-01') },
    },
  },
  {
    what: 'the server certificate names another address',
    finding: 'advertised-name-not-in-certificate',
    at: 'server',
    leaf: { of: 'server', change: { hosts: ['192.0.2.1', 'localhost', '127.0.0.1'] } },
  },
  {
    what: 'the peer certificate is for servers alone',
    finding: 'peer-certificate-without-client-auth',
    at: 'peer',
    leaf: { of: 'peer', change: { usages: ['serverAuth'] } },
  },
  {
    what: 'the peer certificate is of another CA',
    finding: 'unknown-authority',
    at: 'peer',
    files: async (files, { peer }) => {
      const other = await issueAuthority({ commonName: 'another-ca' });
      const issued = await other.issue(peer.leaf);
      return {
        ...files,
        [peer.certificate]: issued.certificatePem,
        [peer.key]: issued.privateKeyPem,
      };
    },
  },
  {
    what: 'the server key is of another certificate',
    finding: 'key-of-another-certificate',
    at: 'server key',
    files: async (files, { server }) => {
      const other = await issueAuthority({ commonName: 'another' });
      return { ...files, [server.key]: other.privateKeyPem };
    },
  },
];

const pairs = layouts.flatMap((layout) =>
  faults.map((fault) => ({ ...layout, fault, what: fault.what })),
);

test('ten faults are tried in ten layouts', () => {
  expect([layouts.length, faults.length]).toEqual([10, 10]);
});

test.each(pairs)('$tool: $what', async ({ plan, fault }) => {
  const { files, leaves, member } = await withFault(plan, fault);
  await using set = await directoryWith(files);

  const { results, verdict } = await audit({ paths: [set.path], maps: [], etcdVersion: '3.5.16' });
  const urgent = results.filter(
    ({ check, verdict: { status } }) =>
      status === 'fail' && ['critical', 'high'].includes(check.severity),
  );
  const expected = urgent.filter(({ check: { id } }) => id === fault.finding);
  const cited = expected.flatMap(({ target, verdict: each }) =>
    citedIn({ target, each }, set.path),
  );
  const isPlaced = {
    endpoint: () => expected.every(({ target }) => namesOf(member).includes(target.member ?? '')),
    file: (path: string) => cited.some(({ file }) => file === path),
    line: (flag: string) =>
      cited.some(({ file, line }) =>
        hasSetting(files[file]?.split('\n')[line - 1] ?? '', flag, member),
      ),
  };
  const { at } = fault;
  const placed =
    at === 'endpoint'
      ? isPlaced.endpoint()
      : typeof at === 'string'
        ? isPlaced.file(at === 'server key' ? leaves.server.key : leaves[at].certificate)
        : isPlaced.line(at.flag);

  expect(verdict.status).toBe('fail');
  expect(expected.length).toBeGreaterThan(0);
  expect(placed).toBe(true);
  // Nothing beside it is about a member that is sound, but what the same fault does to its peers.
  const others = urgent.filter(({ check: { id } }) => id !== fault.finding);
  expect(
    others
      .map(({ check, target }) => `${check.id} ${target.name}`)
      .filter((each) => !isConsequence(each, member)),
  ).toEqual([]);
});

/** A connection, or a member that cannot be reached, is what the fault leads to. */
function isConsequence(text: string, member: PlannedMember): boolean {
  return [...namesOf(member), member.host.address].some((name) => text.includes(name));
}

function namesOf({ host, flags }: PlannedMember): readonly string[] {
  return [host.name, flags['name'] ?? host.name];
}

interface Citation {
  readonly file: string;
  readonly line: number;
}

/** The places that a finding names, in its target or in its words. */
function citedIn(finding: unknown, directory: string): readonly Citation[] {
  const text = JSON.stringify(finding);
  const structured = text.matchAll(/"file":"([^"]*)"(?:,"line":(\d+))?/g);
  const written = text.matchAll(/(\/[^\s":,;]*):(\d+)/g);
  return [...structured, ...written].map(([, file = '', line = '1']) => ({
    file: file.replace(`${directory}/`, ''),
    line: Number(line),
  }));
}

/** Whether a line has the setting, in whichever way the form writes it. */
function hasSetting(text: string, flag: string, member: PlannedMember): boolean {
  const value = member.flags[flag];
  const names = [flag, variable(flag)];
  return names.some((name) => text.includes(name)) || (value !== undefined && text.includes(value));
}

async function withFault(plan: LayoutPlan, fault: Fault) {
  const [member] = plan.members;
  if (member === undefined) throw new Error('a layout without members');
  const own = plan.leaves.filter(
    ({ host }) => host === member.host || host?.name === member.host.name,
  );
  const leafFor = (role: 'server' | 'peer') => {
    const leaf = own.find((each) => each.role === role || each.role === 'both');
    if (leaf === undefined) throw new Error(`no ${role} certificate`);
    return leaf;
  };
  const leaves = { server: leafFor('server'), peer: leafFor('peer') };
  const changed = fault.leaf && leaves[fault.leaf.of];
  const faulty = { ...member, flags: fault.flags?.(member.flags, plan) ?? member.flags };
  const files = await filesOf({
    ...plan,
    members: plan.members.map((each) => (each === member ? faulty : each)),
    leaves: plan.leaves.map((each) =>
      each === changed ? { ...each, leaf: { ...each.leaf, ...fault.leaf?.change } } : each,
    ),
  });
  return { files: (await fault.files?.(files, leaves)) ?? files, leaves, member: faulty };
}

function without(...names: readonly string[]) {
  return (flags: Flags): Flags =>
    Object.fromEntries(Object.entries(flags).filter(([name]) => !names.includes(name)));
}
