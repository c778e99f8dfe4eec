import { expect, test } from 'vitest';
import { audit } from '../../src/audit.ts';
import type { Report } from '../../src/model/report.ts';
import { isAtLeast } from '../../src/model/severity.ts';
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
import { urgentIn } from './urgent.ts';

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

test.each(pairs)('$tool: $what', async ({ tool, plan, fault }) => {
  const { files, leaves, member } = await withFault(plan, fault);
  await using set = await directoryWith(files);

  const report = await audit({ paths: [set.path], maps: [], etcdVersion: '3.5.16' });

  expect(report.verdict.status).toBe('fail');
  const expected = [
    `${fault.finding} ${placeOf(fault, { files, leaves, member })}`,
    ...others(fault, tool),
  ].map((line) => line.replace('*', leaves.server.certificate));
  expect(urgentIn(report, set.path).map(idAndFile).toSorted()).toEqual(expected.toSorted());
  if (typeof fault.at === 'string') return;
  expect(citedBy(report, set.path)).toContain(lineWith(fault.at.flag, files, member));
});

/** The source address of a member that is advertised by its name is looked for in the same certificate. */
function others({ what }: Fault, tool: string): readonly string[] {
  if (tool === 'Docker Compose' && what.includes('names another address')) {
    return ['peer-source-not-in-certificate *'];
  }
  // The API server of this layout connects to 2379, and is not corrected with the member's peer port.
  return tool === 'kubeadm, external etcd' && what === 'both listeners on one port'
    ? ['handshake-refused cp-1/etc/kubernetes/manifests/kube-apiserver.yaml']
    : [];
}

/** `check file`, or `check endpoint` where no file is to blame. */
function idAndFile(finding: string): string {
  const [, id = '', name = '', file = ''] =
    /^([\w-]+): (.*?)(?: at ([^:]*):\d*)?$/.exec(finding) ?? [];
  const isOfSetting = /-refused-at-start$|^plaintext-client-port$|-admits-anonymous$/.test(id);
  return isOfSetting ? `${id} ${name.split(' ')[0]}` : `${id} ${file === '' ? name : file}`;
}

interface Faulty {
  readonly files: Files;
  readonly leaves: Leaves;
  readonly member: PlannedMember;
}

function placeOf({ at, finding }: Fault, { leaves, member }: Faulty): string {
  if (at === 'server key') return leaves.server.key;
  if (at === 'server' || at === 'peer') return leaves[at].certificate;
  if (at !== 'endpoint') return member.flags['name'] ?? member.host.name;
  const { address } = member.host;
  return `https://${address}:${finding.startsWith('peer') ? 2380 : 2379}`;
}

/** The first line that gives the member this setting, in whichever way the form writes it. */
function lineWith(flag: string, files: Files, { host, flags }: PlannedMember): string {
  const value = flags[flag] ?? '';
  const names = [flag, variable(flag)];
  const isOwn = (path: string) => host.directory === '' || path.startsWith(`${host.directory}/`);
  const lines = Object.entries(files)
    .filter(([path, text]) => isOwn(path) && !text.includes('-----BEGIN'))
    .flatMap(([path, text]) =>
      text.split('\n').map((line, index) => ({ line, place: `${path}:${index + 1}` })),
    );
  const found = lines.find(
    ({ line }) => names.some((name) => line.includes(name)) && line.includes(value),
  );
  if (found === undefined) throw new Error(`no file gives ${flag}`);
  return found.place;
}

/** Every `file:line` that the urgent findings name, as their place or in their words. */
function citedBy({ results }: Report, directory: string): readonly string[] {
  const urgent = results.filter(
    ({ check, verdict }) => verdict.status === 'fail' && isAtLeast(check.severity, 'high'),
  );
  return urgent.flatMap(({ target: { location }, verdict }) => {
    const written = JSON.stringify(verdict).matchAll(/[^\s":,;]+:\d+/g);
    const place = location === undefined ? [] : [`${location.file}:${location.line ?? ''}`];
    return [...place, ...[...written].map(([text]) => text)].map((text) =>
      text.replace(`${directory}/`, ''),
    );
  });
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
